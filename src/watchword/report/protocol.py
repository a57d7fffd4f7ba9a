"""What a report format offers. Holds no behaviour."""

from collections.abc import Iterable
from typing import Protocol, TextIO

from watchword.ground import Finding


class Format(Protocol):
    """One format of reports."""

    ENDINGS: tuple[str, ...]
    """File endings that stand for the format, lower case, with their dot."""

    def write(self, findings: Iterable[Finding], stream: TextIO, /) -> None:
        """Write all findings, in the given order."""
