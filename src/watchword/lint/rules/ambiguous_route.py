"""A request can match two paths of which neither is more specific.

Which operation answers is up to the tool: routers decide differently. A literal segment beats a template
(`/things/mine` before `/things/{id}`), but `/{kind}/mine` and `/things/{id}` both match `/things/mine`, and nothing
says which is meant. (OpenAPI 3.1.1, 4.8.8.2.)

Bad:

    /{kind}/mine: { get: ... }
    /things/{id}: { get: ... }

Good:

    /things/mine: { get: ... }
    /things/{id}: { get: ... }
"""

import re
from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.subject import Operation, Subject

SEVERITY = Severity.WARNING
GROUP = "structure"
_MOST_COMPARED = 400


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per operation that collides with an earlier one of its method."""
    groups: dict[tuple[str, int], list[tuple[Operation, list[str]]]] = {}
    for operation in subject.operations:
        segments = operation.path.split("/")
        groups.setdefault((operation.method, len(segments)), []).append((operation, segments))
    for group in groups.values():
        earlier: dict[str, list[tuple[Operation, list[str]]]] = {}  # by their first segment, templates under ""
        for operation, segments in group[:_MOST_COMPARED]:
            first = "" if "{" in segments[1] else segments[1]
            near = group if not first else [*earlier.get("", ()), *earlier.get(first, ())]
            other = _first_ambiguous(operation, segments, near)
            earlier.setdefault(first, []).append((operation, segments))
            if other is not None:
                example = _common(other.path, operation.path)
                message = f"`{example}` matches this path and `{other.path}` at line {other.node.place.line}"
                yield Problem(operation.item, message)


def _first_ambiguous(
    operation: Operation, segments: list[str], others: list[tuple[Operation, list[str]]]
) -> Operation | None:
    for other, its_segments in others:
        if other is operation:
            return None  # what comes later looks back itself
        if _is_ambiguous(its_segments, segments):
            return other
    return None


def _is_ambiguous(left: list[str], right: list[str]) -> bool:
    """Whether some path matches both, each being the more specific one somewhere."""
    left_wins = right_wins = False
    for ours, theirs in zip(left, right, strict=True):
        if ours == theirs:
            continue
        is_template, is_other_template = ours.startswith("{"), theirs.startswith("{")
        if (not is_template and "{" in ours) or (not is_other_template and "{" in theirs):
            return False  # partly literal segments: too rare to be judged without proof
        if not is_template and not is_other_template:
            return False
        left_wins |= is_other_template and not is_template
        right_wins |= is_template and not is_other_template
    return left_wins and right_wins


def _common(left: str, right: str) -> str:
    segments = zip(left.split("/"), right.split("/"), strict=True)
    chosen = [theirs if ours.startswith("{") else ours for ours, theirs in segments]
    return re.sub(r"\{[^{}]*\}", "x", "/".join(chosen))
