"""What an audit says of one exchange. Holds no judging."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from watchword.ground import Certainty, Finding, Side


class Outcome(StrEnum):
    """The verdict on one side of an exchange, best first."""

    VALID = "valid"
    ABSENT = "absent"
    ASSUMED = "assumed"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One exchange, or one line that holds none, judged.

    `position` counts lines from 1, or is the index of a HAR entry, as `unit` says. `id` is the exchange's own, if it
    has one; a HAR entry's is its index. `operation` reads `kii changeThingPassword`, None where no contract has one.
    `request` is absent only where there is no exchange at all.
    """

    file: str
    unit: str
    position: int
    id: Any
    operation: str | None
    request: Outcome
    response: Outcome
    findings: tuple[Finding, ...] = ()

    @property
    def spot(self) -> str:
        """What to write after the file's name: `:7` or `#/log/entries/6`."""
        return f":{self.position}" if self.unit == "line" else f"#{entry_pointer(self.position)}"


def entry_pointer(index: int) -> str:
    """The JSON Pointer (RFC 6901) of an entry of a HAR file, which counts from 0 and cannot be misread."""
    return f"/log/entries/{index}"


def outcome(findings: tuple[Finding, ...], side: Side) -> Outcome:
    """Invalid if a documented clause is broken on that side, assumed if only assumed ones are, else valid."""
    given = {finding.certainty for finding in findings if (finding.side or Side.REQUEST) is side}
    if Certainty.DOCUMENTED in given:
        return Outcome.INVALID
    return Outcome.ASSUMED if given else Outcome.VALID
