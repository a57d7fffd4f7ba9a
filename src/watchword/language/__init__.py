"""String schemas as exact languages: parsing, judging, set algebra, counting, sampling.

Each name is imported when first used: validation needs `rust_pattern` and `parts_of`, and must not pay for automata.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from watchword.language.build import pattern_language
    from watchword.language.dialects import Dialect, parse_pattern
    from watchword.language.language import Language, Law
    from watchword.language.limits import Limits
    from watchword.language.parts import Part, parts_of
    from watchword.language.render import render_pattern
    from watchword.language.rules import Rules
    from watchword.language.rust import rust_pattern
    from watchword.language.tails import Choices

__all__ = [
    "Choices",
    "Dialect",
    "Language",
    "Law",
    "Limits",
    "Part",
    "Rules",
    "parse_pattern",
    "parts_of",
    "pattern_language",
    "render_pattern",
    "rust_pattern",
]

_HOMES = {
    "Choices": "tails",
    "Dialect": "dialects",
    "Language": "language",
    "Law": "language",
    "Limits": "limits",
    "Part": "parts",
    "Rules": "rules",
    "parse_pattern": "dialects",
    "parts_of": "parts",
    "pattern_language": "build",
    "render_pattern": "render",
    "rust_pattern": "rust",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return found
