"""A step looks in the reply for a member that no schema of the operation's replies has.

What is not there is null: an output has nothing in it, a criterion does not hold. Sources that lie beside the document
are read; here the reply has a member `key`. (Arazzo 1.0.1, 4.7, Runtime Expressions.)

Bad:

    outputs:
      key: $response.body#/kye

Good:

    outputs:
      key: $response.body#/key
"""

import re
from collections.abc import Iterator

from watchword.contract import Operation, Schema
from watchword.contract.shape import may_have
from watchword.ground import Severity, cut, parse_pointer
from watchword.lint.arazzo import expressions, source_operations
from watchword.lint.arazzo import listed as objects
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject
from watchword.validation.media import parse_media_type

SEVERITY = Severity.WARNING
GROUP = "workflow"
_IN_REPLY = re.compile(r"\$response\.body#(/[^\s<>=!&|()',{}\[\]]*)")


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per expression."""
    known = source_operations(subject)
    for workflow in objects(subject.root, "workflows"):
        for step in objects(workflow, "steps"):
            name = str(step.value.get("operationId", "")).rsplit(".", 1)[-1]
            schemas = _schemas(known[name]) if name in known else []
            for node, text in expressions(step) if schemas else ():
                for pointer in dict.fromkeys(_IN_REPLY.findall(text)):
                    if not any(may_have(each.value, each.resolve, parse_pointer(pointer)) for each in schemas):
                        yield Problem(node, f"no reply of `{cut(name)}` has `{cut(pointer)}`")


def _schemas(operation: Operation) -> list[Schema]:
    """Those of all JSON replies; none where one of them says nothing of its body."""
    found = []
    for reply in operation.replies:
        for media in reply.content:
            given = parse_media_type(media.media_type)
            if given is None or not given.is_json:
                continue
            if media.schema is None:
                return []
            found.append(media.schema)
    return found
