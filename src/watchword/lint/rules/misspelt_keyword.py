"""A schema has a keyword that nobody knows, but for a letter or two.

From OpenAPI 3.1 on unknown keywords are allowed, and ignored: the rule that was meant does not hold. The same goes for
`x-source` and its like everywhere. (JSON Schema Core 2020-12, 6.5.)

Bad:

    type: string
    maxLenght: 20

Good:

    type: string
    maxLength: 20
"""

from collections.abc import Iterator
from difflib import get_close_matches

from watchword.contract.schema import LIST, MAP, ONE
from watchword.ground import Severity, cut
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "structure"
_ALIKE = 0.84
_KEYWORDS = (
    ONE
    | LIST
    | MAP
    | {"$anchor", "$comment", "$dynamicAnchor", "$dynamicRef", "$id", "$ref", "$schema", "$vocabulary"}
    | {"const", "contentEncoding", "contentMediaType", "default", "dependentRequired", "deprecated", "description"}
    | {"discriminator", "enum", "example", "examples", "exclusiveMaximum", "exclusiveMinimum", "externalDocs", "format"}
    | {"maxContains", "maxItems", "maxLength", "maxProperties", "maximum", "minContains", "minItems", "minLength"}
    | {"minProperties", "minimum", "multipleOf", "nullable", "pattern", "readOnly", "required", "title", "type"}
    | {"uniqueItems", "writeOnly", "xml"}
)
_OWN = frozenset(
    {"x-assumed", "x-certainty", "x-source", "x-watchword-echo", "x-watchword-fresh", "x-watchword-ignore"}
)


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per keyword; what OpenAPI 3.0 refuses anyway is left to its meta-schema."""
    for spot in subject.spots:
        value = spot.node.value
        if not isinstance(value, dict):
            continue
        for name in value:
            if name.startswith("x-"):
                known = _OWN if subject.has_sources or name.startswith("x-watch") else frozenset()
            elif spot.kind == "schema" and subject.version != "3.0" and not name.startswith("$"):
                known = _KEYWORDS
            else:
                continue
            near = get_close_matches(name, known, 1, _ALIKE) if known and name not in known else []
            if near:
                yield Problem(spot.node.child(name), f"`{cut(name)}` is no keyword", near[0])
