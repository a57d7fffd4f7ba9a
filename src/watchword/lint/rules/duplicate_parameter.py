"""A list of parameters has one parameter twice.

Tools take the first or the last. (OpenAPI 3.1.1, 4.8.10: the list must not include duplicates; a parameter is name
and place together.)

Bad:

    parameters:
      - { name: kind, in: query, schema: { type: string } }
      - { name: kind, in: query, schema: { type: integer } }

Good:

    parameters:
      - { name: kind, in: query, schema: { type: string } }
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "structure"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per parameter that its list has before."""
    for spot in (*subject.of("path-item"), *subject.of("operation")):
        listed = spot.node.get("parameters")
        seen: set[tuple[str, str]] = set()
        for node in listed.items() if listed else ():
            target = subject.follow(node)
            if target is None or not isinstance(target.value, dict) or "name" not in target.value:
                continue
            key = str(target.value.get("in")), str(target.value["name"])
            if key in seen:
                yield Problem(node, f"the {key[0]} parameter `{key[1]}` is listed twice")
            seen.add(key)
