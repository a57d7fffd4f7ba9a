"""An `enum` lists a value twice.

Most likely one of the two is a slip for a value that is now missing. (JSON Schema Validation 2020-12, 6.1.2: elements
should be unique.)

Bad:

    enum: [small, small, large]

Good:

    enum: [small, medium, large]
"""

from collections.abc import Iterator

import orjson

from watchword.ground import Severity, redact
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "truth"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per value that its list has before."""
    for spot in subject.of("schema"):
        enum = spot.node.get("enum")
        seen: set[object] = set()
        for node in enum.items() if enum else ():
            key = _key(node.value)
            if key in seen:
                yield Problem(node, f"{redact(node.value, secret=False)} is listed twice")
            seen.add(key)


def _key(value: object) -> object:
    if isinstance(value, str | bool) or value is None:
        return type(value), value
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except (TypeError, orjson.JSONEncodeError):
        return repr(value)
