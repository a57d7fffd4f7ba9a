"""The nouns that every room uses; imports nothing of ours."""

from watchword.ground.errors import (
    BrokenDocument,
    PatternError,
    RuleTooLarge,
    UnknownContract,
    Unreachable,
    UnreadableInput,
    UnsupportedPattern,
    WatchwordError,
)
from watchword.ground.exchange import Exchange, Headers, Request, Response, header_values
from watchword.ground.finding import Certainty, Finding, Place, Severity, Side, render_subject
from watchword.ground.finding_json import finding_record
from watchword.ground.frozen import record
from watchword.ground.pointer import parse_pointer, render_pointer, render_token
from watchword.ground.redact import Secret, cut, redact
from watchword.ground.secret_names import sounds_secret
from watchword.ground.tally import Tally

__all__ = [
    "BrokenDocument",
    "Certainty",
    "Exchange",
    "Finding",
    "Headers",
    "PatternError",
    "Place",
    "Request",
    "Response",
    "RuleTooLarge",
    "Secret",
    "Severity",
    "Side",
    "Tally",
    "UnknownContract",
    "Unreachable",
    "UnreadableInput",
    "UnsupportedPattern",
    "WatchwordError",
    "cut",
    "finding_record",
    "header_values",
    "parse_pointer",
    "record",
    "redact",
    "render_pointer",
    "render_subject",
    "render_token",
    "sounds_secret",
]
