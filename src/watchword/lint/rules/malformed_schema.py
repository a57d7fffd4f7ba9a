"""A schema breaks the meta-schema of JSON Schema.

A validator refuses the whole schema, or leaves the keyword out and accepts what it should not. OpenAPI 3.1 and later
only; for 3.0 `malformed-structure` covers schemas too. (JSON Schema 2020-12; OpenAPI 3.1.1, 4.8.24.)

Bad:

    type: strin

Good:

    type: string
"""

from collections.abc import Iterator

from watchword.document import Node
from watchword.ground import Severity, render_pointer
from watchword.lint.metaschema import schema_errors
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "structure"
_OUTERMOST = ("schema", "itemSchema", "schemas")
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per error, in schemas of the dialect that OpenAPI 3.1 has by default."""
    if subject.version == "3.0" or not _is_ours(subject.document.value.get("jsonSchemaDialect", _DIALECT)):
        return
    foreign = [
        f"{spot.node.pointer}/"
        for spot in subject.of("schema")
        if isinstance(spot.node.value, dict) and not _is_ours(spot.node.value.get("$schema", _DIALECT))
    ]
    for spot in subject.of("schema"):
        if spot.via in _OUTERMOST:
            for tokens, message in schema_errors(spot.node.value):
                pointer = spot.node.pointer + render_pointer(tokens)
                if not any(f"{pointer}/".startswith(each) for each in foreign):
                    yield Problem(Node(spot.node.document, pointer, None), message)


def _is_ours(dialect: object) -> bool:
    """Whether it is JSON Schema 2020-12, or OpenAPI's dialect of it."""
    return dialect == _DIALECT or str(dialect).startswith("https://spec.openapis.org/oas/")
