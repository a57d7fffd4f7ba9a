"""`x-watchword-ignore`: findings that the document's author has answered, each with a reason.

    x-watchword-ignore:
      open-pattern: a prefix is all that the vendor promises

On any object: it silences these rules there and below. What is silenced without a reason, or not needed, is said.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from watchword.document import Document, Node
from watchword.ground import Finding, Severity

KEY = "x-watchword-ignore"


@dataclass(eq=False, slots=True)
class Ignore:
    """One entry: a rule silenced at a pointer and below."""

    node: Node
    file: str
    pointer: str
    rule: str
    has_reason: bool
    used: bool = field(default=False)

    def covers(self, finding: Finding) -> bool:
        """Whether it silences the finding."""
        place = finding.place
        if place is None or finding.rule != self.rule or place.file != self.file:
            return False
        return place.pointer == self.pointer or place.pointer.startswith(self.pointer + "/")


def ignores_of(documents: tuple[Document, ...]) -> list[Ignore]:
    """All entries of the documents, document order."""
    return [ignore for document in documents if KEY in document.text for ignore in _entries(document.root)]


def silenced(findings: list[Finding], ignores: list[Ignore]) -> list[Finding]:
    """The findings that no entry with a reason covers; marks the entries that cover one."""
    kept = []
    for finding in findings:
        covering = [ignore for ignore in ignores if ignore.covers(finding)]
        for ignore in covering:
            ignore.used = True
        if not any(ignore.has_reason for ignore in covering):
            kept.append(finding)
    return kept


def complaints(ignores: list[Ignore], active: frozenset[str]) -> Iterator[Finding]:
    """Entries without a reason, and entries of a rule that looked and found nothing there."""
    for ignore in ignores:
        if not ignore.has_reason:
            message = f"`{ignore.rule}` is silenced without a reason, and so is not"
            yield Finding("ignore-without-reason", message, Severity.WARNING, place=ignore.node.place)
        elif not ignore.used and ignore.rule in active:
            message = f"`{ignore.rule}` finds nothing here"
            yield Finding("unused-ignore", message, Severity.WARNING, place=ignore.node.place)


def _entries(root: Node) -> Iterator[Ignore]:
    pending = [root]
    while pending:
        node = pending.pop()
        held = node.get(KEY)
        if held is not None:
            for rule, reason in held.members():
                has_reason = isinstance(reason.value, str) and bool(reason.value.strip())
                yield Ignore(reason, node.document.file, node.pointer, rule, has_reason)
        children = [*(child for _, child in node.members()), *node.items()]
        pending.extend(child for child in reversed(children) if isinstance(child.value, dict | list))
