"""String schemas as exact languages: parsing, judging, set algebra, counting, sampling. Imports nothing heavy."""

from watchword.language.dialects import Dialect, parse_pattern
from watchword.language.language import Language
from watchword.language.limits import Limits
from watchword.language.parts import Part, parts_of
from watchword.language.render import render_pattern
from watchword.language.rules import Rules
from watchword.language.rust import rust_pattern

__all__ = [
    "Dialect",
    "Language",
    "Limits",
    "Part",
    "Rules",
    "parse_pattern",
    "parts_of",
    "render_pattern",
    "rust_pattern",
]
