"""What a lint rule offers. Holds no behaviour."""

from collections.abc import Iterable
from typing import Protocol

from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

GROUPS = ("structure", "truth", "language", "secrets", "provenance", "workflow", "house", "pedantic")
"""What rules are about. `house` and `pedantic` are off in documents of others."""


class Rule(Protocol):
    """One rule; a module of `rules` is one, and so is whatever an entry point of `watchword.lint` names.

    Its docstring is its page: one sentence on the defect, why it matters, a `Bad:` and a `Good:` example.
    """

    @property
    def SEVERITY(self) -> Severity:  # noqa: N802 - modules hold constants
        """How much its findings matter, unless the configuration says otherwise."""

    @property
    def GROUP(self) -> str:  # noqa: N802
        """One of GROUPS."""

    def problems(self, subject: Subject, /) -> Iterable[Problem]:
        """The defects in one document, in any order."""
