"""What a rule yields, before severity and selection make a `Finding` of it."""

from dataclasses import dataclass

from watchword.document import Node
from watchword.ground import Severity


@dataclass(frozen=True, slots=True)
class Problem:
    """One defect at one node.

    `message` is worded as STYLE.md has it; values in it went through `redact`. `suggestion` is a sure correction.
    `severity` overrides the rule's own where one rule finds things of different weight.
    """

    node: Node
    message: str
    suggestion: str | None = None
    severity: Severity | None = None
