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
from typing import Any

from watchword.contract import Operation, Schema
from watchword.contract.kinds import Resolve, listed
from watchword.ground import Severity, cut, parse_pointer
from watchword.lint.arazzo import expressions, source_operations
from watchword.lint.arazzo import listed as objects
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject
from watchword.validation.media import parse_media_type
from watchword.validation.shape import items, properties

Json = Any

SEVERITY = Severity.WARNING
GROUP = "workflow"
_IN_REPLY = re.compile(r"\$response\.body#(/[^\s<>=!&|()',{}\[\]]*)")
_OPEN = ("patternProperties", "additionalProperties", "unevaluatedProperties", "if", "not")
_DEEPEST = 20


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per expression."""
    known = source_operations(subject)
    for workflow in objects(subject.root, "workflows"):
        for step in objects(workflow, "steps"):
            name = str(step.value.get("operationId", "")).rsplit(".", 1)[-1]
            schemas = _schemas(known[name]) if name in known else []
            for node, text in expressions(step) if schemas else ():
                for pointer in dict.fromkeys(_IN_REPLY.findall(text)):
                    if not any(_has(each.value, each.resolve, parse_pointer(pointer)) for each in schemas):
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


def _has(schema: Json, resolve: Resolve, tokens: list[str], depth: int = _DEEPEST) -> bool:
    """Whether there may be a value at a pointer; a member that a schema does not name is there only if it says so."""
    if not tokens or not isinstance(schema, dict) or not depth:
        return True
    token, *rest = tokens
    named = properties(schema, resolve)
    inner = items(schema, resolve)
    if token in named:
        return _has(named[token], resolve, rest, depth - 1)
    if inner is not True and (token.isdecimal() or token == "-"):
        return _has(inner, resolve, rest, depth - 1)
    return (not named and inner is True) or _is_open(schema, resolve)


def _is_open(schema: Json, resolve: Resolve, depth: int = _DEEPEST) -> bool:
    if not isinstance(schema, dict) or not depth:
        return True
    if any(schema.get(keyword, False) is not False for keyword in _OPEN):
        return True
    reference = schema.get("$ref")
    parts = [part for keyword in ("allOf", "anyOf", "oneOf") for part in listed(schema, keyword)]
    if isinstance(reference, str):
        parts.append(resolve(reference)[0])
    return any(_is_open(part, resolve, depth - 1) for part in parts)
