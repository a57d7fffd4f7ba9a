"""Rulesets in Spectral's form, as far as they use the common functions. Our own rules stand in for `extends`.

rules:
  paths-kebab-case:
    given: $.paths[*]~
    severity: warn
    message: "{{property}} is not in kebab case"
    then: { function: pattern, functionOptions: { match: '^(/[a-z0-9-{}]+)+$' } }
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from watchword.document import Node, load
from watchword.ground import Severity, WatchwordError, cut
from watchword.lint.functions import FUNCTIONS, Check
from watchword.lint.jsonpath import Hit, parse_path
from watchword.lint.problem import Problem
from watchword.lint.protocol import Rule
from watchword.lint.subject import Subject

Json = Any

_SEVERITIES: Mapping[Json, Severity] = {
    **dict.fromkeys(("error", 0), Severity.ERROR),
    **dict.fromkeys(("warn", 1), Severity.WARNING),
    **dict.fromkeys(("info", 2, "hint", 3), Severity.OBSERVATION),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One `then`: a function on the value or on one member of it (`@key`: on the names of its members)."""

    field: str | None
    check: Check


@dataclass(frozen=True, slots=True)
class RulesetRule:
    """A rule of a ruleset; satisfies `Rule`."""

    SEVERITY: Severity
    GROUP: str
    description: str
    message: str
    given: tuple[Callable[[Node], Iterator[Hit]], ...]
    steps: tuple[Step, ...]

    @property
    def __doc__(self) -> str:  # type: ignore[override]
        """Its page."""
        return self.description

    def problems(self, subject: Subject) -> Iterator[Problem]:
        """One problem per value and function that it does not pass."""
        for search in self.given:
            for hit in search(subject.root):
                for step in self.steps:
                    yield from self._judged(hit, step)

    def _judged(self, hit: Hit, step: Step) -> Iterator[Problem]:
        for node, key, value in _targets(hit, step.field):
            reason = step.check(value)
            if reason is not None:
                message = self.message or f"`{{{{property}}}}` {reason}"
                for name, text in (("property", key), ("error", reason), ("description", self.description)):
                    message = message.replace(f"{{{{{name}}}}}", cut(text))
                yield Problem(node, message)


def read_ruleset(path: Path) -> dict[str, Rule]:
    """The rules of a file by name, those left out that are `off`.

    Raises `UnreadableInput`, `BrokenDocument`, or `WatchwordError` naming the rule and what in it is not understood.
    """
    document = load(path)
    rules = document.value.get("rules") if isinstance(document.value, dict) else None
    if not isinstance(rules, dict):
        raise WatchwordError(f"{path}: a ruleset has `rules`")
    found: dict[str, Rule] = {}
    for name, value in rules.items():
        if isinstance(value, dict) and value.get("severity") != "off":
            found[name] = _rule(value, f"{path}: rule `{name}`")
    return found


def _rule(value: Mapping[str, Json], where: str) -> RulesetRule:
    given, then = value.get("given"), value.get("then")
    paths = given if isinstance(given, list) else [given]
    steps = then if isinstance(then, list) else [then]
    severity = value.get("severity", "warn")
    if severity not in _SEVERITIES:
        raise WatchwordError(f"{where}: severity `{severity}` is not error, warn, info, hint or off")
    if not all(isinstance(path, str) for path in paths):
        raise WatchwordError(f"{where}: `given` must be a JSONPath or a list of them")
    return RulesetRule(
        _SEVERITIES[severity],
        "house",
        str(value.get("description", "A rule of a ruleset.")),
        str(value.get("message", "")),
        tuple(parse_path(str(path)) for path in paths),
        tuple(_step(step, where) for step in steps),
    )


def _step(value: Json, where: str) -> Step:
    if not isinstance(value, dict) or value.get("function") not in FUNCTIONS:
        name = value.get("function") if isinstance(value, dict) else value
        raise WatchwordError(f"{where}: function `{cut(str(name))}` is not one of {', '.join(FUNCTIONS)}")
    options = value.get("functionOptions") or {}
    field = value.get("field")
    return Step(field if isinstance(field, str) else None, FUNCTIONS[value["function"]](options, where))


def _targets(hit: Hit, field: str | None) -> Iterator[tuple[Node, str, Json]]:
    """Node to point at, its name, and value to judge."""
    if hit.is_key:
        yield hit.node, hit.key, hit.key
    elif field is None:
        yield hit.node, hit.key, hit.node.value
    elif field == "@key":
        for name, node in hit.node.members():
            yield node, name, name
    elif isinstance(hit.node.value, dict):
        found: Node | None = hit.node
        for token in field.split("."):
            found = found.get(token) if found is not None else None
        yield found or hit.node, field, found.value if found is not None else None
