"""The statement that every producer yields and every report takes. Holds no wording of any rule."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters; `observation` means an assumed clause was broken and never fails a run."""

    ERROR = "error"
    WARNING = "warning"
    OBSERVATION = "observation"

    @property
    def rank(self) -> int:
        """0 for the most severe."""
        return _RANKS[self]


_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.OBSERVATION: 2}


class Certainty(StrEnum):
    """Whether the vendor's text says it, or the contract's author had to decide."""

    DOCUMENTED = "documented"
    ASSUMED = "assumed"


class Side(StrEnum):
    """Which half of an exchange a finding is about."""

    REQUEST = "request"
    RESPONSE = "response"


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in a file: `line` and `column` count from 1, in code points; `pointer` is an RFC 6901 JSON Pointer."""

    file: str
    line: int
    column: int
    pointer: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement about a contract, an exchange or a traffic log: data, never an exception.

    `rule` names the defect (`reply-status`) or the broken rule of a schema (`Password/digit`).
    `location` is an OpenAPI runtime expression without its `$request.` or `$response.` (`body#/password`,
    `path.device_id`, `header.Content-Type`, `query.action_id`, `statusCode`); `side` says which half.
    `message` is lower case, without a full stop; every value in it went through `redact`.
    `place` points into the document that states the broken clause, `source` names the vendor text behind it.
    `operation` reads `kii changeThingPassword`. `case` is a stable case id, `repeat` a command that repeats it.
    """

    rule: str
    message: str
    severity: Severity = Severity.ERROR
    certainty: Certainty = Certainty.DOCUMENTED
    side: Side | None = None
    location: str | None = None
    source: str | None = None
    place: Place | None = None
    operation: str | None = None
    case: str | None = None
    repeat: str | None = None
