"""Inputs from a contract: enumerated cases, and Hypothesis strategies, which load Hypothesis when first asked for."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from watchword.strategies.body_cases import certainty_of_absence
from watchword.strategies.case import Case, Draft, Value
from watchword.strategies.enumeration import ELSEWHERE, UNSEEN, cases, example_request, narrower_cases

if TYPE_CHECKING:
    from watchword.strategies.drawn_requests import BadRequest, bad_requests, exchanges, requests
    from watchword.strategies.drawn_strings import broken_strings, valid_strings
    from watchword.strategies.drawn_values import values

__all__ = [
    "ELSEWHERE",
    "UNSEEN",
    "BadRequest",
    "Case",
    "Draft",
    "Value",
    "bad_requests",
    "broken_strings",
    "cases",
    "certainty_of_absence",
    "example_request",
    "exchanges",
    "narrower_cases",
    "requests",
    "valid_strings",
    "values",
]

_DRAWN = {
    "BadRequest": "drawn_requests",
    "bad_requests": "drawn_requests",
    "exchanges": "drawn_requests",
    "requests": "drawn_requests",
    "broken_strings": "drawn_strings",
    "valid_strings": "drawn_strings",
    "values": "drawn_values",
}


def __getattr__(name: str) -> Any:
    """Loads Hypothesis, 0.3 s, only for those who draw."""
    if name not in _DRAWN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_DRAWN[name]}"), name)
