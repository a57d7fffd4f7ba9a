"""What a pattern means elsewhere, compared exactly with what it means in ECMA-262. Yields no problem of its own."""

import re
from functools import lru_cache

from watchword import language
from watchword.ground import PatternError, RuleTooLarge, redact

ANYTHING = ""
PRINTABLE = r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]*$"
"""Texts that both dialects are asked about: without control characters and line ends."""
_OTHERS: "tuple[tuple[language.Dialect, str], ...]" = (("java", "Java"), ("python", "Python"), ("re2", "RE2"))
_ESCAPED = r"\\[!-/:-@\[-`{-~]"
_PLAIN = re.compile(
    rf"(?:[A-Za-z0-9 !\"#%&',/:;<=>@_`~-]|{_ESCAPED}"
    rf"|\[\^?(?!\])(?:(?!&&|--|~~|\|\|)[ -Z^-~]|{_ESCAPED})+\]"
    r"|\(\?:|\((?!\?)|[)|^$*+?]|\{[0-9]+(?:,[0-9]*)?\})*"
)


@lru_cache(maxsize=4096)
def difference(pattern: str, among: str) -> str | None:
    """The first difference in words, with a witness; `None` where all dialects that read the pattern agree.

    A construct that a dialect lacks altogether (look-around in RE2) is no difference in meaning.
    """
    if among == PRINTABLE and is_plain(pattern):
        return None
    try:
        ours = language.pattern_language(pattern, "ecma", _limits())
        texts = language.pattern_language(among, "ecma", _limits())
    except (PatternError, RuleTooLarge):
        return None
    for dialect, name in _OTHERS:
        try:
            theirs = language.pattern_language(pattern, dialect, _limits())
            witness = ((ours ^ theirs) & texts).witness()
        except (PatternError, RuleTooLarge):
            continue
        if witness is not None:
            verb, other = ("accepts", "refuses") if witness in theirs else ("refuses", "accepts")
            return f"{name} {verb} {redact(witness, secret=False)}, ECMA-262 {other} it"
    return None


def _limits() -> "language.Limits":
    """Less than for rules: a pattern is compared with three others."""
    return language.Limits(nodes=5_000, states=1_000, cells=60_000, steps=20_000)


def is_plain(pattern: str) -> bool:
    r"""Whether every dialect reads the pattern alike: ASCII, no `.`, no escapes but of punctuation, no nested class."""
    return _PLAIN.fullmatch(pattern) is not None
