"""An array of OpenAPI 3.0 does not say what its items are.

Generators refuse it, or make a type of their own. From OpenAPI 3.1 on it may be left out. (OpenAPI 3.0.4, 4.7.24: "If
`type` is `array` then `items` MUST be present".)

Bad:

    type: array
    maxItems: 10

Good:

    type: array
    maxItems: 10
    items: { type: string }
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "structure"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per schema of a document of OpenAPI 3.0."""
    if subject.version != "3.0":
        return
    for spot in subject.of("schema"):
        value = spot.node.value
        if isinstance(value, dict) and value.get("type") == "array" and not {"items", "$ref"} & set(value):
            yield Problem(spot.node.child("type"), "an array without `items`")
