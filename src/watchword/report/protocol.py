"""What a report format offers. Holds no behaviour."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TextIO

from watchword.ground import Finding, Tally


class Format(Protocol):
    """One format of reports."""

    ENDINGS: tuple[str, ...]
    """File endings that stand for the format, lower case, with their dot."""

    def write(self, findings: Iterable[Finding], stream: TextIO, /) -> None:
        """Write all findings, in the given order."""


class TallyingFormat(Protocol):
    """A format that has a place for what was tried and found right as well."""

    def write(self, findings: Iterable[Finding], stream: TextIO, tallies: Sequence[Tally], /) -> None:
        """Write all findings and all tallies, in the given order."""
