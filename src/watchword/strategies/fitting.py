"""Whether a given value fits a schema, as far as its keywords are understood here; for examples of documents.

The validator is the judge of exchanges; this one only keeps a masked or outdated example from being sent.
"""

from typing import Any

import jsonschema_rs

from watchword.contract.kinds import json_type
from watchword.ground import Certainty
from watchword.strategies.formats import SAMPLES
from watchword.strategies.instances import Impossible, Instances, bounds, combined, literals, within
from watchword.strategies.shape import Node, View, has_flag, types_of, view

Json = Any


class Unfit(Exception):
    """The value does not fit for sure."""


def fits(instances: Instances, node: Node, value: Json) -> Certainty:
    """How sure it is that a value is allowed: `assumed` where an assumed exemption allows it. Raises `Unfit`."""
    kind = json_type(value)
    if kind not in types_of(node.value, node.resolve) or has_flag(node, "readOnly"):
        raise Unfit
    if kind == "string":
        return _text_fits(instances, node, value)
    found = instances.view(node, kind)
    listed = literals(found)
    if not found.sure or (listed is not None and value not in listed):
        raise Unfit
    if kind in ("integer", "number") and not within(value, bounds(found)):
        raise Unfit
    if kind == "object":
        return _object_fits(instances, found, value)
    return _array_fits(instances, found, value) if kind == "array" else Certainty.DOCUMENTED


def _text_fits(instances: Instances, node: Node, text: str) -> Certainty:
    try:
        texts = instances.texts(node)
    except Impossible:
        raise Unfit from None
    formats = [keyword.value for keyword in view(node, "string").all("format") if keyword.value in SAMPLES]
    if not texts.rules.accepts(text):
        raise Unfit
    for name in formats:
        if not jsonschema_rs.is_valid({"format": name}, text, validate_formats=True):
            raise Unfit
    return Certainty.DOCUMENTED if texts.stated(text) else Certainty.ASSUMED


def _object_fits(instances: Instances, found: View, value: dict[str, Json]) -> Certainty:
    members = found.members()
    if any(name not in value for name in found.required()):
        raise Unfit
    least = max((keyword.value for keyword in found.all("minProperties")), default=0)
    most = min((keyword.value for keyword in found.all("maxProperties")), default=len(value))
    closed = any(keyword.value is not True for keyword in found.all("additionalProperties"))
    if not least <= len(value) <= most or (closed and not value.keys() <= members.keys()):
        raise Unfit
    return _least(fits(instances, combined(members[name]), value[name]) for name in value if name in members)


def _array_fits(instances: Instances, found: View, value: list[Json]) -> Certainty:
    least = max((keyword.value for keyword in found.all("minItems")), default=0)
    most = min((keyword.value for keyword in found.all("maxItems")), default=len(value))
    unique = any(keyword.value is True for keyword in found.all("uniqueItems"))
    if not least <= len(value) <= most or (unique and len(value) > 1):
        raise Unfit
    items = found.items()
    return _least(fits(instances, combined(items), item) for item in value) if items else Certainty.DOCUMENTED


def _least(certainties: Any) -> Certainty:
    return Certainty.ASSUMED if Certainty.ASSUMED in list(certainties) else Certainty.DOCUMENTED
