"""A value of an `enum` does not have the schema's type.

It is listed as allowed, and refused by `type`: `"5"` is no integer. In YAML, `on` and `2020-01-01` are texts, `5` and
`true` are not. (JSON Schema Validation 2020-12, 6.1.)

Bad:

    type: integer
    enum: ['1', '2']

Good:

    type: integer
    enum: [1, 2]
"""

from collections.abc import Iterator

from watchword.ground import Severity, redact
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject
from watchword.lint.types import is_of_type, types_of

SEVERITY = Severity.ERROR
GROUP = "truth"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per value of `enum` or `const`."""
    for spot in subject.of("schema"):
        value = spot.node.value
        types = types_of(value, subject.version)
        if types is None:
            continue
        enum = spot.node.get("enum")
        listed = [*(enum.items() if enum else ()), *filter(None, [spot.node.get("const")])]
        for node in listed:
            if not any(is_of_type(node.value, name) for name in types):
                is_null = node.value is None and subject.version == "3.0"
                shown = redact(node.value, secret=False)
                hint = " without `nullable: true`" if is_null else ""
                yield Problem(node, f"{shown} is not of type {' or '.join(sorted(types))}{hint}")
