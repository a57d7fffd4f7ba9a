"""A value of an `enum` breaks another rule of its schema, so that it is never valid.

Clients offer it, and are refused. Where all values break a rule, `contradictory-rules` and `unsatisfiable-schema` say
so. (JSON Schema Validation 2020-12, 6.1.2.)

Bad:

    type: string
    maxLength: 4
    enum: [lamp, window]

Good:

    type: string
    maxLength: 6
    enum: [lamp, window]
"""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from watchword.document import Node
from watchword.ground import PatternError, Severity, redact
from watchword.language import rust_pattern
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "truth"
_BOUNDS = ("maxLength", "maximum", "minLength", "minimum", "multipleOf", "pattern")
_EXCLUSIVE = ("exclusiveMaximum", "exclusiveMinimum")


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per value, if others of the `enum` are possible."""
    for spot in subject.of("schema"):
        enum = spot.node.get("enum")
        listed = list(enum.items()) if enum is not None else []
        rules = _rules(subject, spot.node.value) if listed else {}
        if not rules:
            continue
        try:
            validator = jsonschema_rs.Draft202012Validator(rules)
            wrong = [node for node in listed if not validator.is_valid(node.value)]
        except (ValueError, OverflowError, jsonschema_rs.ValidationError):
            continue  # `malformed-schema` tells why
        if len(wrong) < len(listed):
            yield from (Problem(node, _message(node)) for node in wrong)


def _message(node: Node) -> str:
    return f"{redact(node.value, secret=False)} breaks another rule of the schema"


def _rules(subject: Subject, schema: dict[str, Any]) -> dict[str, Any]:
    """What the schema asks beside the `enum`, as JSON Schema 2020-12."""
    for rewriting in subject.rewritings:
        schema = rewriting(schema)
    found = {keyword: schema[keyword] for keyword in (*_BOUNDS, *_EXCLUSIVE) if keyword in schema}
    if isinstance(found.get("pattern"), str):
        try:
            found["pattern"] = rust_pattern(found["pattern"])
        except PatternError:
            del found["pattern"]
    return found
