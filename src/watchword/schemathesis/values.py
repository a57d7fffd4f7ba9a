"""Exact strategies for the parts of a request that Schemathesis asks for one by one. Knows no whole requests."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import SearchStrategy

from watchword.contract import Operation, Parameter
from watchword.ground import PatternError, RuleTooLarge
from watchword.schemathesis.service import Service
from watchword.strategies.drawn_requests import carried_strings
from watchword.strategies.drawn_values import values_at
from watchword.strategies.instances import Impossible
from watchword.strategies.shape import node_of, types_of
from watchword.strategies.wire import media_kind, sent_type
from watchword.validation.media import parse_media_type

Strategy = SearchStrategy[Any]


def parameters(service: Service, operation: Operation, where: str) -> Strategy | None:
    """Dictionaries of the parameters in one place; those that name a device have its values.

    `None` where one of them is more than strings, numbers and flags: its spelling is Schemathesis' business.
    """
    devices = service.devices if where == "path" else ()
    named = devices[0].path if devices else {}
    required: dict[str, Strategy] = {}
    optional: dict[str, Strategy] = {}
    for parameter in operation.parameters:
        if parameter.where != where:
            continue
        drawn = st.just(named[parameter.name]) if parameter.name in named else _parameter(service, operation, parameter)
        if drawn is None:
            return None
        (required if parameter.required else optional)[parameter.name] = drawn
    return st.fixed_dictionaries(required, optional=optional) if required or optional else None


def _parameter(service: Service, operation: Operation, parameter: Parameter) -> Strategy | None:
    if parameter.media is not None:
        return None
    try:
        node = service.frame(operation).parameter_node(parameter)
        kinds = types_of(node.value, node.resolve)
        if kinds == {"string"}:
            return carried_strings(node, parameter.where)
        return values_at(node) if kinds <= {"integer", "number", "boolean"} else None
    except (Impossible, InvalidArgument, PatternError, RuleTooLarge):
        return None


def body(operation: Operation) -> Strategy | None:
    """Values of the body, where every media type of it is JSON and they share one schema."""
    content = operation.body.content if operation.body else ()
    nodes = {}
    for media in content:
        given = parse_media_type(media.media_type)
        if (
            media.schema is None
            or given is None
            or not given.is_json
            or media_kind(sent_type(media.media_type)) is None
        ):
            return None
        node = node_of(media.schema)
        nodes[node.at] = node
    if len(nodes) != 1:
        return None
    try:
        return values_at(next(iter(nodes.values())))
    except (InvalidArgument, PatternError, RuleTooLarge):
        return None
