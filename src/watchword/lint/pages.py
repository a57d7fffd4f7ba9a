"""The rules as text: one page each, a list, and `docs/rules.md`. Everything comes from their docstrings."""

from collections.abc import Mapping
from inspect import cleandoc

from watchword.lint.protocol import GROUPS, Rule
from watchword.lint.settings import ON_REQUEST, OWN_ONLY

_HEADS = {
    "structure": "Structure",
    "truth": "Truthfulness",
    "language": "Rules as languages",
    "secrets": "Secrets",
    "provenance": "Provenance",
    "workflow": "Workflows (Arazzo documents)",
    "house": "House style",
    "pedantic": "On request",
}


def page(name: str, rules: Mapping[str, Rule]) -> str:
    """The page of a rule, or the list of a group's rules."""
    if name not in rules:
        return listed({each: rule for each, rule in rules.items() if name == rule.GROUP})
    rule = rules[name]
    return f"{name}  ({rule.SEVERITY}, {rule.GROUP}{_state(rule)})\n\n{_docstring(rule)}\n"


def listed(rules: Mapping[str, Rule]) -> str:
    """One line a rule: name, severity, what it finds."""
    width = max(map(len, rules), default=0)
    return "".join(
        f"{name:<{width}}  {rule.SEVERITY:<11}  {_docstring(rule).splitlines()[0]}\n" for name, rule in rules.items()
    )


def rules_page(rules: Mapping[str, Rule]) -> str:
    """`docs/rules.md`."""
    lines = [
        "# Lint rules",
        "",
        "Generated from the docstrings of the rules; `watchword lint --explain RULE` prints one of them.",
        "",
    ]
    for group in GROUPS:
        named = {name: rule for name, rule in rules.items() if group == rule.GROUP}
        lines += [f"## {_HEADS[group]}", ""]
        if note := _NOTES.get(group):
            lines += [note, ""]
        for name, rule in named.items():
            lines += [f"### {name}", "", f"Severity: {rule.SEVERITY}.", "", _docstring(rule), ""]
    return "\n".join(lines).rstrip() + "\n"


_NOTES = {
    **dict.fromkeys(OWN_ONLY, "On by default in the bundled contracts and in documents that `[lint] specs` names."),
    **dict.fromkeys(ON_REQUEST, "Off unless selected."),
}


def _state(rule: Rule) -> str:
    return ", on request" if rule.GROUP in ON_REQUEST else ", own documents only" if rule.GROUP in OWN_ONLY else ""


def _docstring(rule: Rule) -> str:
    return cleandoc(rule.__doc__ or "An undocumented rule.")
