"""A `$ref` leads to a component of another kind.

A schema where a reply should stand is no reply: tools fail, or take none of it. (OpenAPI 3.1.1, 4.8.23.)

Bad:

    responses:
      '404': { $ref: '#/components/schemas/Error' }

Good:

    responses:
      '404': { $ref: '#/components/responses/NotFound' }
"""

from collections.abc import Iterator

from watchword.ground import Severity, parse_pointer
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject
from watchword.lint.walk import FIELDS

SEVERITY = Severity.ERROR
GROUP = "structure"
_KINDS = {field: kind for field, (_, kind) in FIELDS["components"].items()}


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per reference."""
    for reference in subject.references:
        if reference.target is None:
            continue
        tokens = parse_pointer(reference.target.pointer)
        field = tokens[1] if len(tokens) == 3 and tokens[0] == "components" else ""
        kind = _KINDS.get(field, reference.holder.kind)
        if kind != reference.holder.kind:
            wanted = _ARTICLES.get(reference.holder.kind, f"a {reference.holder.kind}")
            yield Problem(reference.holder.node.child("$ref"), f"is in `{field}`, where {wanted} is wanted")


_ARTICLES = {
    "body": "a request body",
    "example": "an example",
    "media": "a media type",
    "operation": "an operation",
    "path-item": "a path item",
    "response": "a reply",
    "security-scheme": "a security scheme",
}
