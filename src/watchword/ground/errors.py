"""Mistakes of the caller. Problems of a contract, service or log are `Finding`s and never raised.

WatchwordError              exit code 2: one message, no traceback
├── UnknownContract         a name that is neither bundled nor a file
├── BrokenDocument          a document that cannot be used; carries all its findings
├── UnreadableInput         a file that cannot be opened or decoded
├── Unreachable             no connection to the target, or it broke down
├── UnsupportedPattern      a pattern that is no regular language, or no pattern
└── RuleTooLarge            a rule whose automaton passes a stated limit
"""

from collections.abc import Sequence

from watchword.ground.finding import Finding


class WatchwordError(Exception):
    """The call or its input is wrong; the message says what to do next."""


class UnknownContract(WatchwordError):
    """The contract name is not bundled and no file has that path."""


class UnreadableInput(WatchwordError):
    """A file or stream cannot be opened or decoded."""


class Unreachable(WatchwordError):
    """The target did not answer: refused, timed out, TLS failure, or not HTTP.

    `sent` is false where no byte of the request left, so that nothing can have happened.
    """

    def __init__(self, message: str, *, sent: bool = True) -> None:
        self.sent = sent
        super().__init__(message)


class BrokenDocument(WatchwordError):
    """The document has errors that make it unusable; `findings` holds all of them in document order."""

    def __init__(self, file: str, findings: Sequence[Finding]) -> None:
        self.file = file
        self.findings = tuple(findings)
        lines = [f"{finding.place or file}: {finding.message}" for finding in self.findings]
        super().__init__("\n".join(lines))


class PatternError(WatchwordError):
    """A pattern cannot be compiled; shows the pattern with a caret under `position` (0-based, code points)."""

    def __init__(self, reason: str, pattern: str, position: int) -> None:
        self.reason = reason
        self.pattern = pattern
        self.position = position
        shown, caret = _excerpt(pattern, position)
        super().__init__(f"{reason} at position {position}\n  {shown}\n  {' ' * caret}^")


class UnsupportedPattern(PatternError):
    """The pattern is malformed, or uses a construct that describes no regular language (a back-reference)."""


class RuleTooLarge(WatchwordError):
    """Compiling the rule would pass a limit; the message names the construct, the limit and its value."""


def _excerpt(pattern: str, position: int, width: int = 72) -> tuple[str, int]:
    """A one-line window of the pattern around the position, and the caret's column in it."""
    printable = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in pattern)
    start = max(0, min(position - width // 2, len(printable) - width))
    return printable[start : start + width], position - start
