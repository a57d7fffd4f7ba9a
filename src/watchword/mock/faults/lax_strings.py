"""Services that take texts which break a documented rule: the rule forgotten, or applied to something else.

Each is kept only where a text proves it: one that the documented rules refuse and the faulty service takes.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

from watchword.ground import Certainty, Finding, PatternError, Request, RuleTooLarge
from watchword.language import Language
from watchword.language.ranges import Ranges, contains
from watchword.mock.endpoint import Endpoint, Fault
from watchword.mock.faults.named import NamedFault, Namer
from watchword.mock.faults.spots import Spot
from watchword.mock.faults.steps import blind, misjudged, misread
from watchword.strategies.string_cases import StringSite
from watchword.strategies.texts import Texts

Reading = Callable[[str], str]

_LETTER_SIGNS = "[]^_`\\"
"""What stands between `Z` and `a`, and so is taken by the range `A-z`."""

_FOREIGN = " _-.,@+/=~:!#$%&*'\"\\<\t\n\0\x7fé\xa0"
"""Characters that somebody may allow besides, each on its own."""

_CLASSES = (
    ("word", r"\w"),
    ("base64", "[+/=]"),
    ("unreserved", "[-_.~]"),
    ("visible", "[!-~]"),
    ("printable", "[ -~]"),
    ("no-space", r"\S"),
    ("any", "."),
)
"""Classes that somebody may write instead of the documented one."""

_LONG = 400


@dataclass(frozen=True, slots=True)
class _Misreading:
    """How a careless service reads a text, and texts that prove it, made from a valid one."""

    name: str
    about: str
    reads: Reading
    proofs: Callable[[str], Iterator[str]]
    acts_so: bool = True
    needs_pattern: bool = False
    finds: bool = True
    """Whether an id that is read so may be that of a device."""


def lax_strings(namer: Namer, site: StringSite) -> Iterator[NamedFault]:
    """The faults of one place that holds a text."""
    spot = Spot(namer.operation, site.location)
    texts = site.texts
    if site.acts:
        yield from _found_all_the_same(namer, site, spot)
        return
    for rule in texts.rules.names:
        if texts.certainties[rule] is Certainty.DOCUMENTED and not _is_dead(texts, rule):
            name = f"{spot.short}/not-enforced/{rule.partition('/')[2]}"
            yield namer.named("too lax", name, f"`{rule}` is not enforced", blind(_about(rule, site.location)))
    patterned = has_pattern(texts)
    for misreading in (*_MISREADINGS, *_foreigners(texts), *_near_lengths(texts)):
        if (patterned or not misreading.needs_pattern) and _is_proved(texts, misreading):
            read = spot.texts_changed(misreading.reads)
            about = f"{site.location}: {misreading.about}"
            fault = misread(read) if misreading.acts_so else misjudged(read)
            yield namer.named("too lax", f"{spot.short}/{misreading.name}", about, fault)
    yield from _counting(namer, site, spot)


def _found_all_the_same(namer: Namer, site: StringSite, spot: Spot) -> Iterator[NamedFault]:
    """An id that the contract forbids, or that is another one, is read as the id of a device.

    A rule of an id that is merely forgotten is no fault: the device does not exist, and is refused as unknown. The
    last parameter of the path names the device; what a service answers to unknown values of the others is not said.
    """
    device = [parameter.name for parameter in namer.operation.parameters if parameter.where == "path"][-1]
    for misreading in _MISREADINGS:
        if misreading.finds and site.location == f"path.{device}":
            read = spot.texts_changed(misreading.reads)
            about = f"{site.location}: {misreading.about}"
            yield namer.named("too lax", f"{spot.short}/{misreading.name}", about, misread(read))


def _about(rule: str, location: str) -> Callable[[Finding], bool]:
    return lambda found: found.rule == rule and found.location == location


def _is_dead(texts: Texts, rule: str) -> bool:
    return language_of(texts) is not None and texts.rules.failing(rule).is_empty


def stated(texts: Texts, text: str) -> list[str]:
    """The documented rules that a text breaks."""
    return [rule for rule in texts.rules.broken(text) if texts.certainties[rule] is Certainty.DOCUMENTED]


def samples(texts: Texts) -> list[str]:
    """Valid texts of different lengths."""
    base = texts.base
    found = [base] if base else []
    valid = language_of(texts)
    if valid is not None:
        wanted = [length for length in (valid.shortest, valid.longest) if length and length <= _LONG]
        found += [text for length in wanted if (text := valid.witness(length))]
    return list(dict.fromkeys(found))


def language_of(texts: Texts) -> Language | None:
    """The valid texts; `None` where that is too large to be one automaton, or no regular language."""
    try:
        language = texts.rules.valid
        _ = language.shortest, language.longest
    except (PatternError, RuleTooLarge):
        return None
    return language


def _is_proved(texts: Texts, misreading: _Misreading) -> bool:
    return any(
        stated(texts, proof) and texts.rules.accepts(misreading.reads(proof))
        for sample in samples(texts)
        for proof in misreading.proofs(sample)
    )


def _each(character: str) -> Callable[[str], Iterator[str]]:
    """One character more at either end, and in the place of each one of the sample."""

    def proofs(sample: str) -> Iterator[str]:
        yield sample + character
        yield character + sample
        for index in range(min(len(sample), 40)):
            yield sample[:index] + character + sample[index + 1 :]
        for index in range(min(len(sample), 40)):  # all of the same kind: a class may be given once or often
            kind = unicodedata.category(sample[index])
            yield "".join(character if unicodedata.category(c) == kind else c for c in sample)

    return proofs


def _all(*changes: Reading) -> Callable[[str], Iterator[str]]:
    return lambda sample: (change(sample) for change in changes)


def _of_category(categories: tuple[str, ...], stand_in: str) -> Reading:
    def read(text: str) -> str:
        return "".join(
            stand_in if not c.isascii() and unicodedata.category(c).startswith(categories) else c for c in text
        )

    return read


def _without(characters: str) -> Reading:
    return lambda text: text.translate({ord(character): None for character in characters})


def has_pattern(texts: Texts) -> bool:
    """Whether a documented rule says which characters there may be."""
    return any(
        part.keyword == "pattern" and texts.certainties[part.rule] is Certainty.DOCUMENTED for part in texts.rules.parts
    )


def _foreigners(texts: Texts) -> Iterator[_Misreading]:
    """More characters allowed than the contract allows, or counted as what it demands."""
    filler = (texts.base or "")[:1]
    valid = language_of(texts)
    if not has_pattern(texts) or not filler or valid is None:
        return
    alphabet = valid.alphabet
    for character in _FOREIGN:
        if not contains(alphabet, ord(character)):
            about = f"the character U+{ord(character):04X} is allowed"
            reads = _taken_for(re.escape(character), filler, alphabet)
            proofs = _all(_appended(character))
            yield _Misreading(f"takes-U+{ord(character):04X}", about, reads, proofs, acts_so=False)
    for name, pattern in _CLASSES:
        reads = _taken_for(pattern, filler, alphabet)
        proofs = _all(*(_appended(c) for c in '_é+=.~ !"\n' if re.match(pattern, c)))
        yield _Misreading(f"takes-{name}", f"the class `{pattern}` is allowed", reads, proofs, acts_so=False)
    for character in "._,'\"\\ `":
        if not contains(alphabet, ord(character)):
            name = f"special-U+{ord(character):04X}"
            about = f"the character U+{ord(character):04X} counts as a special one"
            reads = _taken_for(re.escape(character), "!", alphabet)
            yield _Misreading(name, about, reads, _each(character), acts_so=False)


def _appended(character: str) -> Reading:
    return lambda text: text + character


def _taken_for(pattern: str, other: str, alphabet: Ranges) -> Reading:
    """Reads characters of a class that are not allowed as one that is."""
    known = re.compile(pattern)
    return lambda text: "".join(other if known.match(c) and not contains(alphabet, ord(c)) else c for c in text)


def _near_lengths(texts: Texts) -> Iterator[_Misreading]:
    """A bound one too wide."""
    valid = language_of(texts)
    if valid is None or has_pattern(texts) is False:
        return
    shortest, longest = valid.shortest, valid.longest
    if longest is not None and longest <= _LONG:
        yield _Misreading(
            "one-longer",
            f"{longest + 1} characters are taken",
            lambda text: text[1:] if len(text) == longest + 1 else text,
            lambda sample: (sample[:1] + sample for _ in range(1)),
            acts_so=False,
        )
    if shortest:
        yield _Misreading(
            "one-shorter",
            f"{shortest - 1} characters are taken",
            lambda text: text[:1] + text if len(text) == shortest - 1 else text,
            lambda sample: (sample[1:] for _ in range(1)),
            acts_so=False,
        )


def _by_class(name: str, about: str, reads: Reading, foreign: str) -> _Misreading:
    """A class of characters that is too wide: `foreign` counts as a member of it."""
    return _Misreading(name, about, reads, _each(foreign), acts_so=False, needs_pattern=True, finds=False)


_MISREADINGS: tuple[_Misreading, ...] = (
    _Misreading("trimmed", "white space is taken off the ends", str.strip, _all(lambda s: s + " ", lambda s: " " + s)),
    _Misreading("trimmed-after", "white space is taken off the end", str.rstrip, _all(lambda s: s + " ")),
    _Misreading("trimmed-before", "white space is taken off the start", str.lstrip, _all(lambda s: " " + s)),
    _Misreading(
        "newline-after",
        "`$` matches before a newline at the end",
        lambda text: text.removesuffix("\n"),
        _all(lambda s: s + "\n"),
        acts_so=False,
    ),
    _Misreading(
        "first-line", "only the first line is judged", lambda text: text.partition("\n")[0], _all(lambda s: s + "\n!")
    ),
    _Misreading(
        "cut-at-nul", "the text ends at a NUL", lambda text: text.partition("\0")[0], _all(lambda s: s + "\0" + s[:1])
    ),
    _Misreading(
        "normalised",
        "the text is judged after NFKC normalisation",
        lambda text: unicodedata.normalize("NFKC", text),
        _all(lambda s: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in s)),
    ),
    _Misreading("lower-cased", "the text is judged in lower case", str.lower, _all(str.upper, str.swapcase)),
    _Misreading("upper-cased", "the text is judged in upper case", str.upper, _all(str.lower, str.swapcase)),
    _Misreading("percent-decoded", "the text is percent-decoded once more", unquote, _all(lambda s: s + "%41")),
    _by_class(
        "unicode-digits",
        "digits of every script count as digits",
        _of_category(("Nd",), "0"),
        "\N{ARABIC-INDIC DIGIT ONE}",
    ),
    _by_class(
        "unicode-numbers",
        "whatever has the value of a digit counts as one",
        _of_category(("Nd", "No"), "0"),
        "\N{SUPERSCRIPT TWO}",
    ),
    _by_class("unicode-upper", "capitals of every script count", _of_category(("Lu",), "A"), "É"),
    _by_class("unicode-lower", "small letters of every script count", _of_category(("Ll",), "a"), "é"),
    _by_class("unicode-special", "signs of every script count as special", _of_category(("P", "S"), "!"), "§"),
    _by_class(
        "letter-signs",
        "the signs between `Z` and `a` count as letters",
        lambda text: text.translate({ord(c): "a" for c in _LETTER_SIGNS}),
        "^",
    ),
)


def _counting(namer: Namer, site: StringSite, spot: Spot) -> Iterator[NamedFault]:
    """Lengths counted in other units, by a service that allows such characters where the text does not forbid them."""
    texts = site.texts
    lengths = [
        part
        for part in texts.rules.parts
        if part.keyword == "minLength" and texts.certainties[part.rule] is Certainty.DOCUMENTED
    ]
    alphabets = [
        part
        for part in texts.rules.parts
        if part.keyword == "pattern" and texts.certainties[part.rule] is Certainty.DOCUMENTED
    ]
    for name, about, count in (
        ("utf-16-units", "the length is counted in UTF-16 units", lambda text: len(text.encode("utf-16-le")) // 2),
        ("utf-8-bytes", "the length is counted in bytes", lambda text: len(text.encode("utf-8", "replace"))),
    ):
        for part in lengths:
            wide = "\N{GRINNING FACE}" if name == "utf-16-units" else "é"
            proofs = (proof for sample in samples(texts) for proof in _each(wide)(sample[2:]))
            if any(stated(texts, proof) == [part.rule] for proof in proofs) or not alphabets:
                yield namer.named(
                    "too lax",
                    f"{spot.short}/{name}",
                    f"{site.location}: {about}",
                    _counted(site, part.rule, spot, count),
                )


def _counted(site: StringSite, rule: str, spot: Spot, count: Callable[[str], int]) -> Fault:
    least = site.texts.rules.valid.shortest or 0
    assumed = {each for each, certainty in site.texts.certainties.items() if certainty is Certainty.ASSUMED}

    def fault(endpoint: Endpoint) -> Endpoint:
        def overlooks(found: Finding, request: Request) -> bool:
            if found.location != site.location:
                return False
            value = spot.read(request)
            long_enough = isinstance(value, str) and count(value) >= least
            return found.rule in assumed or (found.rule == rule and long_enough)

        def judge(request: Request) -> list[Finding]:
            return [found for found in endpoint.judge(request) if not overlooks(found, request)]

        return replace(endpoint, judge=judge)

    return fault
