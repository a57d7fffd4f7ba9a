"""What careless software makes of a text, named: to say how a reply, or a stored secret, differs from what was given.

Tells no text, but which single characters of the given one, a value made up for a test, were lost or replaced.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from urllib.parse import quote, unquote, unquote_plus

from watchword.strategies.text_forms import characters

_CUTS = (6, 8, 12, 15, 16, 20, 24, 30, 31, 32, 50, 60, 63, 64, 72, 100, 127, 128, 150, 199, 200, 255)
_MOST_NAMED = 4

DISTORTIONS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("in lower case", str.lower),
    ("in upper case", str.upper),
    ("in the other case", str.swapcase),
    ("without white space at its ends", str.strip),
    ("without white space at its end", str.rstrip),
    ("with white space collapsed", lambda text: re.sub(r"\s+", " ", text)),
    ("without any white space", lambda text: re.sub(r"\s+", "", text)),
    ("with repeated signs as one", lambda text: re.sub(r"([^A-Za-z0-9])\1+", r"\1", text)),
    ("with HTML escapes", html.escape),
    ("with `&` as `&amp;`", lambda text: text.replace("&", "&amp;")),
    ("with HTML escapes, quotes left alone", lambda text: html.escape(text, quote=False)),
    ("with HTML escapes undone", html.unescape),
    ("without what stands in angle brackets", lambda text: re.sub("<[^>]*>", "", text)),
    ("percent-encoded", lambda text: quote(text, safe="")),
    ("with percent escapes decoded", unquote),
    ("decoded as a form (`+` is a space)", unquote_plus),
    ("with `+` as a space", lambda text: text.replace("+", " ")),
    ("with backslashes doubled", lambda text: text.replace("\\", "\\\\")),
    ("without backslashes", lambda text: text.replace("\\", "")),
    ("with quotes doubled", lambda text: text.replace("'", "''")),
    ("without its first and last character", lambda text: text[1:-1]),
    ("with `{}` and `{0}` filled in", lambda text: re.sub(r"\{[0-9]*\}", "", text)),
    ("normalised (NFKC)", lambda text: unicodedata.normalize("NFKC", text)),
    ("backwards", lambda text: text[::-1]),
)
"""The phrase completes "it is told ..." and "it opens ..."."""


def distorted(text: str) -> Iterator[tuple[str, str]]:
    """(phrase, text) for everything that the text may have become; each differs from it, and none is empty."""
    told = {text, ""}
    for phrase, distort in DISTORTIONS:
        changed = distort(text)
        if changed not in told:
            told.add(changed)
            yield phrase, changed
    for length in (*_CUTS, len(text) - 1):
        if text[:length] not in told and 0 < length < len(text):
            told.add(text[:length])
            yield f"cut after {characters(length)}", text[:length]
    for mark in dict.fromkeys(each for each in text if not each.isalnum()):
        for phrase, changed in (
            (f"without U+{ord(mark):04X}", text.replace(mark, "")),
            (_cut_at(mark), text.split(mark, maxsplit=1)[0]),
        ):
            if changed not in told:
                told.add(changed)
                yield phrase, changed


def difference(given: str, told: str) -> str:
    """How a text that was told differs from the one that was given, in words that tell neither."""
    if not told:
        return "is empty"
    if len(set(told)) == 1 and len(told) > 1 and len(set(given)) > 1:
        return f"is one character, {len(told)} times"
    for phrase, changed in distorted(given):
        if changed == told:
            return f"is told {phrase}"
    if given in told:
        before, after = told.index(given), len(told) - told.index(given) - len(given)
        return f"has {_count(before)} before it and {_count(after)} after it"
    if given.startswith(told):
        return f"is told cut after {characters(len(told))}"
    if given.endswith(told):
        return f"is told without its first {characters(len(given) - len(told))}"
    if len(given) == len(told):
        replaced = dict.fromkeys(a for a, b in zip(given, told, strict=True) if a != b)
        if len(replaced) <= _MOST_NAMED:
            return "has something else for " + ", ".join(f"U+{ord(each):04X}" for each in replaced)
    lost = dict.fromkeys(each for each in given if each not in told)
    if 0 < len(lost) <= _MOST_NAMED and all(each in given for each in told):
        return "lacks " + ", ".join(f"U+{ord(each):04X}" for each in lost)
    return f"is another text, of {characters(len(told))}"


def _cut_at(mark: str) -> str:
    return f"cut at U+{ord(mark):04X}"


def _count(number: int) -> str:
    return characters(number) if number else "nothing"
