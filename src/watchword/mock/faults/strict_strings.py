"""Services that refuse texts which every rule allows: a bound one tighter, a character or a pair of them feared.

Each is a pattern of what is refused, kept only where some valid text matches it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from watchword.ground import PatternError, RuleTooLarge
from watchword.language import Language, Rules
from watchword.language.ranges import Ranges, intersection, normal, size
from watchword.mock.endpoint import Fault
from watchword.mock.faults.lax_strings import language_of
from watchword.mock.faults.named import NamedFault, Namer
from watchword.mock.faults.spots import Spot
from watchword.mock.faults.steps import prejudiced
from watchword.strategies.string_cases import StringSite

_LONG = 10_000


@dataclass(frozen=True, slots=True)
class _Fear:
    """What is refused: a pattern that ECMA-262 and Python read alike."""

    name: str
    about: str
    pattern: str


def strict_strings(namer: Namer, site: StringSite) -> Iterator[NamedFault]:
    """The faults of one place that holds a text; none for ids, of which only the target's own are valid."""
    valid = language_of(site.texts)
    if valid is None or valid.is_empty or site.acts or not site.texts.rules.names:
        return
    spot = Spot(namer.operation, site.location)
    for name, length in (("shortest", valid.shortest), ("longest", valid.longest)):
        text = valid.witness(length) if length is not None and length <= _LONG else None
        if text is not None and valid.shortest != valid.longest and site.texts.stated(text):
            about = f"{site.location}: {length} characters, which are allowed, are refused"
            yield namer.named("too strict", f"{spot.short}/{name}", about, _refusing(spot, f"^[\\s\\S]{{{length}}}\\Z"))
    if _is_list(valid):
        return
    for fear in (*_characters(valid.alphabet), *_FEARS):
        if occurs(valid, fear.pattern):
            about = f"{site.location}: {fear.about} is refused"
            yield namer.named("too strict", f"{spot.short}/{fear.name}", about, _refusing(spot, fear.pattern))


def _is_list(valid: Language) -> bool:
    return valid.is_finite and (valid.longest or 0) <= 200 and (valid.count() or 0) <= 24


def _refusing(spot: Spot, pattern: str) -> Fault:
    feared = re.compile(pattern)

    def refuses(request: object) -> bool:
        value = spot.read(request)  # type: ignore[arg-type]
        return isinstance(value, str) and feared.search(value) is not None

    return prejudiced(refuses)


def occurs(valid: Language, pattern: str) -> bool:
    """Whether a text of the language matches the pattern."""
    try:
        return not (valid & Rules.of({"pattern": pattern.replace("\\Z", "$")}).valid).is_empty
    except (PatternError, RuleTooLarge):
        return False


def _characters(alphabet: Ranges) -> Iterator[_Fear]:
    """Each sign of ASCII that may occur, and the first and last of letters and digits."""
    if size(intersection(alphabet, normal([(0x20, 0x7E)]))) == 0:
        return
    for point in (*range(0x20, 0x30), *range(0x3A, 0x41), *range(0x5B, 0x61), *range(0x7B, 0x7F), *b"09AZaz"):
        yield _Fear(f"refuses-U+{point:04X}", f"the character `{chr(point)}`", re.escape(chr(point)))


_FEARS = (
    _Fear("refuses-format", "a `%` before a letter", "%[A-Za-z]"),
    _Fear("refuses-replacement", "`$&`", r"\$&"),
    _Fear("refuses-braces", "`{` before a character", r"\{[^}]"),
    _Fear("refuses-dollar-brace", "`${`", r"\$\{"),
    _Fear("refuses-quote-space", "an apostrophe before a space", "' "),
    _Fear("refuses-tag", "`<` before `>`", "<[^>]*>"),
    _Fear("refuses-backslash-escape", "a backslash before a letter", r"\\[A-Za-z]"),
    _Fear("refuses-comment", "`--`", "--"),
    _Fear("refuses-ampersand-entity", "`&` before a letter and a `;`", "&[a-z]+;"),
    _Fear("refuses-percent-escape", "`%` before two hexadecimal digits", "%[0-9A-Fa-f][0-9A-Fa-f]"),
    _Fear("refuses-space-first", "a space at the start", "^ "),
    _Fear("refuses-space-last", "a space at the end", r" \Z"),
    _Fear("refuses-spaces", "two spaces", "  "),
    _Fear("refuses-only-spaces", "nothing but spaces", r"^ +\Z"),
    _Fear("refuses-digit-first", "a digit at the start", "^[0-9]"),
    _Fear("refuses-upper-first", "a capital at the start", "^[A-Z]"),
    _Fear("refuses-lower-first", "a small letter at the start", "^[a-z]"),
    _Fear("refuses-sign-first", "a sign at the start", "^[^A-Za-z0-9]"),
    _Fear("refuses-sign-last", "a sign at the end", r"[^A-Za-z0-9]\Z"),
    _Fear("refuses-digit-last", "a digit at the end", r"[0-9]\Z"),
    _Fear("refuses-hyphen-first", "a hyphen at the start", "^-"),
    _Fear("refuses-hyphen-last", "a hyphen at the end", r"-\Z"),
    _Fear("refuses-one-digit", "a text with a single digit", r"^[^0-9]*[0-9][^0-9]*\Z"),
    _Fear("refuses-one-upper", "a text with a single capital", r"^[^A-Z]*[A-Z][^A-Z]*\Z"),
    _Fear("refuses-one-lower", "a text with a single small letter", r"^[^a-z]*[a-z][^a-z]*\Z"),
    _Fear("refuses-one-sign", "a text with a single sign", r"^[A-Za-z0-9]*[^A-Za-z0-9][A-Za-z0-9]*\Z"),
    _Fear("refuses-no-digit", "a text without a digit", r"^[^0-9]+\Z"),
    _Fear("refuses-no-upper", "a text without a capital", r"^[^A-Z]+\Z"),
    _Fear("refuses-no-lower", "a text without a small letter", r"^[^a-z]+\Z"),
    _Fear("refuses-no-sign", "a text without a sign", r"^[A-Za-z0-9]+\Z"),
    _Fear("refuses-only-digits", "nothing but digits", r"^[0-9]+\Z"),
    _Fear("refuses-only-signs", "nothing but signs", r"^[^A-Za-z0-9]+\Z"),
    _Fear("refuses-repeated", "four times the same digit", "0000|1111"),
    _Fear("refuses-many-signs", "eight signs in a row", "[^A-Za-z0-9]{8}"),
)
