"""Exchanges of which a body is unknown: what there is of them, and what can be said of that."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any, NamedTuple

from watchword.adapters import exchange_from
from watchword.ground import Exchange, Finding, Side, UnreadableInput, header_values
from watchword.validation import Validator

_SOME = b"\0"
"""Stands for a body that is there: with it the media type is judged, and what is found in it is set aside."""

_WAYS: tuple[tuple[Side, ...], ...] = ((), (Side.REQUEST,), (Side.RESPONSE,), (Side.REQUEST, Side.RESPONSE))
_PRESENCE = ("unexpected-body", "missing-body")


class Taken(NamedTuple):
    """An exchange with the sides whose body is unknown; it is empty there."""

    exchange: Exchange
    unread: tuple[Side, ...] = ()


class Judged(NamedTuple):
    """What is wrong with what is known; `lost` says that the reply's body has rules that nobody could look at."""

    findings: list[Finding]
    lost: bool = False


def taken(response: Any, *, request_body: bytes | None = None, response_body: bytes | None = None) -> Taken:
    """As much of an exchange as can be had without reading from a stream. Raises what `exchange_from` raises."""
    for unread in _WAYS:
        given = b"" if request_body is None and Side.REQUEST in unread else request_body
        told = b"" if response_body is None and Side.RESPONSE in unread else response_body
        try:
            return Taken(exchange_from(response, request_body=given, response_body=told), unread)
        except UnreadableInput:
            if unread == _WAYS[-1]:
                raise
    raise AssertionError("the last way returns or raises")


def known_findings(validator: Validator, exchange: Exchange, unread: Collection[Side]) -> Judged:
    """All that the validator has against an exchange but what it would say of the unknown bodies."""
    request, response = exchange.request, exchange.response
    if Side.REQUEST in unread and header_values(request.headers, "Content-Type"):
        request = replace(request, body=_SOME)
    if response is not None and Side.RESPONSE in unread and header_values(response.headers, "Content-Type"):
        response = replace(response, body=_SOME)
    found = validator.findings(Exchange(request, response))
    dropped = [each for each in found if each.side in unread and (each.location or "").startswith("body")]
    lost = any(each.side is Side.RESPONSE and each.rule not in _PRESENCE for each in dropped)
    return Judged([each for each in found if each not in dropped], lost)
