"""A keyword cannot apply to any value of the schema's type.

`pattern` says nothing about an integer: the rule that the author wrote holds for no value. (JSON Schema Validation
2020-12, section 6: a keyword about another type is met by every value.)

Bad:

    type: integer
    pattern: '^[0-9]{4}$'

Good:

    type: integer
    minimum: 1000
    maximum: 9999
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "structure"
_NUMBER = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_ARRAY = ("items", "minItems", "maxItems", "uniqueItems", "prefixItems", "contains")
_OBJECT = ("properties", "required", "minProperties", "maxProperties", "patternProperties")
_TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
_APPLIES: dict[str, frozenset[str]] = {
    keyword: frozenset(types)
    for keywords, types in (
        (("pattern", "minLength", "maxLength"), ("string",)),
        (_NUMBER, ("number", "integer")),
        (_ARRAY, ("array",)),
        (_OBJECT, ("object",)),
    )
    for keyword in keywords
}


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per keyword."""
    for spot in subject.of("schema"):
        value = spot.node.value
        declared = value.get("type") if isinstance(value, dict) else None
        types = (
            {declared}
            if isinstance(declared, str)
            else set(map(str, declared))
            if isinstance(declared, list)
            else set()
        )
        if not types or not types <= _TYPES:
            continue
        for keyword in value:
            applies = _APPLIES.get(keyword)
            if applies is not None and not applies & types and not _is_idle(keyword, value[keyword]):
                named = ", ".join(sorted(types - {"null"}) or ["null"])
                yield Problem(spot.node.child(keyword), f"`{keyword}` says nothing about a value of type `{named}`")


def _is_idle(keyword: str, value: object) -> bool:
    """Left-overs of generators that ask for nothing anyway."""
    return value in (None, [], {}, False) or (keyword in _NUMBER and value is True)
