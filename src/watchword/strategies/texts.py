"""Chosen texts of one string schema: which to send as valid, and which break one rule, each with a name.

Deterministic, most telling first. Languages come from the language room; a text is kept only if its rules say of it
what it was chosen for.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import cycle, islice, zip_longest
from typing import Any

from watchword.ground import Certainty, PatternError, RuleTooLarge
from watchword.language import Language, Rules
from watchword.language.ranges import contains, size
from watchword.strategies.formats import LACKING, SAMPLES
from watchword.strategies.lone_members import Lone, lone_members, narrowed_lone
from watchword.strategies.probes import FOREIGN, LOOK_ALIKES, NASTY, RARE, TAKEN_WITH, TRIMMED, WIDE
from watchword.strategies.shape import Keyword, Node, view
from watchword.strategies.shapes import shaped
from watchword.strategies.spelling import full_width
from watchword.strategies.text_forms import (
    a_named,
    assumed_literals,
    at_place,
    characters,
    near,
    packed,
    placed,
    without_assumed_branches,
)

Json = Any

# Where else than inside a character is put: what software takes off the ends, and where `^` and `$` look.
_PLACES = {
    "space": ("end", "start"),
    "newline": ("end", "start"),
    "nul": ("end", "inside"),
    "tab": ("end",),
    "carriage-return": ("end",),
    "no-break-space": ("end",),
    # Quotes around a text, padding, and whatever separates what is read as a list.
    "quote": ("end",),
    "equals": ("end",),
    "comma": ("end",),
}

_ROOM = 4
_TELLING = 12
_WITNESSES = 2
_DOUBTFUL = 1
_PACKED = 120
_MANY = 400
_LONGEST = 100_000
_FAR = 1_000
_MEMBERS = 24
_HOPELESS = frozenset({"blank"})
"""Variants that are sent although they break several rules: what matters is what they may be taken for."""
_MOST_NEIGHBOURS = 200
_SHAPES, _SHAPES_OF_SECRETS = 6, 8
_TOLD = "35B7Haegm"
_PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
_WORLD = "éßÑøĀЖאيक一あ한\N{GRINNING FACE}"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A valid text; `certainty` is `assumed` where only an assumed exemption makes it valid."""

    variant: str
    about: str
    text: str
    certainty: Certainty = Certainty.DOCUMENTED


@dataclass(frozen=True, slots=True)
class Refused:
    """A text that breaks `rule`, of the documented ones no other, and of the assumed ones those in `also`."""

    rule: str
    variant: str
    about: str
    text: str
    also: tuple[str, ...] = ()


class Texts:
    """The texts of one schema. `certainty(at)` says how sure the keyword at an address is."""

    def __init__(self, node: Node, certainty: Callable[[str], Certainty]) -> None:
        self.node = node
        self.rules = Rules.of(node.value, name=node.name, at=node.at, resolve=node.resolve)
        self.certainties = {part.rule: certainty(part.at) for part in self.rules.parts}
        core = without_assumed_branches(node.value)
        self._core = (
            self.rules if core is node.value else Rules.of(core, name=node.name, at=node.at, resolve=node.resolve)
        )
        self._formats = [keyword for keyword in view(node, "string").all("format") if keyword.value in SAMPLES]

    @property
    def has_format(self) -> bool:
        """Whether a format is asked for, which no language describes."""
        return bool(self._formats)

    @property
    def restricts(self) -> bool:
        """Whether the schema says anything about strings."""
        return bool(self.rules.names or self._formats)

    def stated(self, text: str) -> bool:
        """Whether a valid text is so without an assumed exemption."""
        return self._core.accepts(text)

    @cached_property
    def base(self) -> str | None:
        """The plainest valid text that has a character, room to grow where there is any; None if there is none."""
        return self._bases[0] if self._bases else ("" if self._fits("") else None)

    @cached_property
    def _bases(self) -> tuple[str, ...]:
        """Valid texts of different lengths, none empty."""
        if self._formats:
            return tuple(text for text in SAMPLES[self._formats[0].value] if text and self._fits(text))
        language = self._language(self._core)
        if language is None or language.is_empty:
            return ()
        lengths = self._lengths(language)
        if not lengths:
            return ()
        wanted = [near(lengths, max(lengths[0] + _ROOM, _TELLING)), lengths[0], lengths[-1]]
        found = [self._plain(language, length) for length in dict.fromkeys(wanted)]
        return tuple(text for text in found if text)

    def _plain(self, language: Language, length: int) -> str | None:
        """The plainest text of a length; where secrets stand, one that is known again wherever it turns up."""
        plain = language.witness(length)
        return packed(language, length, set(_TOLD)) if plain and length <= _MANY and self.node.is_secret else plain

    def _fits(self, text: str) -> bool:
        return self.rules.accepts(text) and (not self._formats or text in SAMPLES[self._formats[0].value])

    @staticmethod
    def _language(rules: Rules) -> Language | None:
        try:
            language = rules.valid
            _ = language.shortest, language.longest
        except (PatternError, RuleTooLarge):
            return None
        return language

    @staticmethod
    def _lengths(language: Language) -> tuple[int, ...]:
        """The lengths of texts that have a character, those beyond a few hundred left out, but for the greatest."""
        shortest = language.shortest or 0
        found = [length for length in language.lengths(shortest + _MANY) if length]
        longest = language.longest
        if longest and longest <= _LONGEST and longest not in found:
            found.append(longest)
        return tuple(found)

    # Valid ones.

    def accepted(self) -> Iterator[Accepted]:
        """Valid texts: exemptions, boundaries, members, then whatever often breaks software; no text twice."""
        told: set[str] = set()
        for accepted in self._accepted():
            if accepted.text not in told and self._fits(accepted.text):
                told.add(accepted.text)
                yield accepted

    def _accepted(self) -> Iterator[Accepted]:
        if self._formats:
            for number, text in enumerate(SAMPLES[self._formats[0].value], start=1):
                yield Accepted(f"format-{number}", f"a text of the format {self._formats[0].value}", text)
            return
        language = self._language(self._core)
        if language is None or language.is_empty:
            return
        yield from self._boundaries(language)
        yield from self._listed(language)
        yield from self._exempt(language)
        for number, each in enumerate(self._lone, start=1):
            yield Accepted(f"lone-{number}", f"a value with {each.about}", each.text)
        for number, text in enumerate(() if self._lone else self._packs(language), start=1):
            yield Accepted(f"members-{number}", "many of the allowed characters in one value", text)
        if not self._is_list(language):
            most = _SHAPES_OF_SECRETS if self.node.is_secret else _SHAPES
            for number, text in enumerate(shaped(language, [lone.text for lone in self._lone], most), start=1):
                yield Accepted(f"shape-{number}", "a value with an unusual beginning, end or mixture", text)
        yield from self._fragments()

    @cached_property
    def _lone(self) -> tuple[Lone, ...]:
        language = self._language(self._core)
        if language is None or language.is_empty or size(language.alphabet) > _MANY:
            return ()
        return tuple(lone_members(self._core, language, sorted(self._wanted(language))))

    def _boundaries(self, language: Language) -> Iterator[Accepted]:
        for length, name in ((language.shortest, "shortest"), (language.longest, "longest")):
            if length is not None and length <= _LONGEST:
                text = self._plain(language, length)
                if text is not None:
                    yield Accepted(name, f"the {name} value, {characters(length)}", text)
        lengths = self._lengths(language)
        if lengths and language.shortest == 0:
            text = language.witness(lengths[0])
            if text is not None:
                yield Accepted("shortest-given", f"the shortest value that is not empty, {characters(len(text))}", text)

    def _listed(self, language: Language) -> Iterator[Accepted]:
        """Each text where there are few: the members of an enum."""
        count = language.count() if language.is_finite and (language.longest or 0) <= _MANY else None
        if count is not None and count <= _MEMBERS:
            for number, text in enumerate(language.members(), start=1):
                yield Accepted(f"listed-{number}", "one of the values that are listed", text)

    def _exempt(self, language: Language) -> Iterator[Accepted]:
        """What only an assumed branch allows."""
        if self._core is self.rules:
            return
        for part in assumed_literals(self.node.value):
            if part not in language:
                name = "empty" if part == "" else "exempt"
                yield Accepted(name, "a value that is exempt from the rules", part, Certainty.ASSUMED)

    def _packs(self, language: Language) -> Iterator[str]:
        """Valid texts that together hold every character that can occur, or of a large alphabet the telling ones."""
        wanted = self._wanted(language)
        lengths = [length for length in self._lengths(language) if length <= _PACKED]
        while wanted and lengths:
            text = packed(language, lengths[-1], wanted)
            held = wanted.intersection(text)
            if not held:
                return
            wanted -= held
            yield text

    @staticmethod
    def _wanted(language: Language) -> set[str]:
        if size(language.alphabet) <= _MANY:
            return {chr(point) for low, high in language.alphabet for point in range(low, high + 1)}
        return {c for c in _PRINTABLE + _WORLD if contains(language.alphabet, ord(c))}

    def _fragments(self) -> Iterator[Accepted]:
        """Nasty fragments inside of a valid text, as many in each as fit; on their own if they only fit alone."""
        room = list(NASTY)
        number = 0
        while room:
            text, held = self._embedded(room)
            if not held:
                return
            room = [entry for entry in room if entry not in held]
            number += 1
            yield Accepted(f"fragments-{number}", "fragments that careless software takes for code", text)

    def _embedded(self, fragments: list[tuple[str, str]]) -> tuple[str, list[tuple[str, str]]]:
        for base in self._bases:
            text, held = base, []
            for entry in fragments:
                longer = text[:1] + entry[1] + text[1:]
                if len(longer) <= _PACKED and self.rules.accepts(longer):
                    text = longer
                    held.append(entry)
            if held:
                return text, held
        return "", []

    def singles(self, text: str) -> Iterator[Accepted]:
        """Valid texts with one of the rare characters or fragments of a packed one each, to find the culprit."""
        base = self.base
        if not base:
            return
        for lone in self._lone:
            if lone.text == text and (language := self._language(self._core)) is not None:
                for single in narrowed_lone(lone, self._core, sorted(self._wanted(language))):
                    yield Accepted(f"lone-{ord(single.members[0]):04x}", f"a value with {single.about}", single.text)
                return
        for name, fragment in NASTY:
            if fragment in text and self._fits(placed(base, fragment, "inside")):
                yield Accepted(f"fragment-{name}", f"one fragment ({name})", placed(base, fragment, "inside"))
        for character in sorted(set(text) - set(base)):
            plain = self._first_valid(character)
            if plain is not None:
                yield Accepted(f"member-{ord(character):04x}", f"an allowed character, U+{ord(character):04X}", plain)

    def _first_valid(self, character: str) -> str | None:
        """A valid text with the character, plain but for it."""
        for base in self._bases:
            for index in (len(base) // 2, *range(len(base))):
                for text in (
                    f"{base[:index]}{character}{base[index:]}",
                    f"{base[:index]}{character}{base[index + 1 :]}",
                ):
                    if self._fits(text):
                        return text
        return None

    # Broken ones.

    def refused(self) -> Iterator[Refused]:
        """Texts that break one rule: first one for each rule that can be broken alone, then the next, and so on."""
        told: set[str] = set()
        groups: dict[str, list[Refused]] = {rule: [] for rule in self.rules.names}
        for refused in self._refused():
            if refused.text not in told:
                told.add(refused.text)
                groups.setdefault(refused.rule, []).append(refused)
        for group in groups.values():
            group.sort(key=lambda refused: bool(refused.also))
        for row in zip_longest(*groups.values()):
            yield from (refused for refused in row if refused is not None)

    def _refused(self) -> Iterator[Refused]:
        for variant, about, text in self._candidates():
            judged = self.judged(text) or (self._judged_whole(text) if variant in _HOPELESS else None)
            if judged is not None:
                yield Refused(judged[0], variant, about, text, judged[1])
        for keyword in self._formats:
            yield from self._lacking(keyword)

    def judged(self, text: str) -> tuple[str, tuple[str, ...]] | None:
        """(rule, assumed rules besides) if the text breaks one documented rule, or one assumed rule alone."""
        broken = self.rules.broken(text)
        stated = [rule for rule in broken if self.certainties[rule] is Certainty.DOCUMENTED]
        if len(stated) == 1:
            return stated[0], tuple(rule for rule in broken if rule != stated[0])
        return (broken[0], ()) if not stated and len(broken) == 1 else None

    def _judged_whole(self, text: str) -> tuple[str, tuple[str, ...]] | None:
        """The first documented rule that a text breaks, and the others that it breaks besides."""
        broken = self.rules.broken(text)
        stated = [rule for rule in broken if self.certainties[rule] is Certainty.DOCUMENTED]
        return (stated[0], tuple(rule for rule in broken if rule != stated[0])) if stated else None

    def _lacking(self, keyword: Keyword) -> Iterator[Refused]:
        for number, text in enumerate(LACKING[keyword.value], start=1):
            if self.rules.accepts(text):
                yield Refused(keyword.rule, f"not-{number}", f"a text that is no {keyword.value}", text)

    def _candidates(self) -> Iterator[tuple[str, str, str]]:
        valid = self._language(self._core)
        if valid is not None and not self._formats:
            yield from self._extremes(valid)
        yield from self._foreign()
        yield from self._near_misses()
        if valid is not None and not self._formats:
            yield from self._look_alikes(valid)
            yield from self._wide(valid)

    def _extremes(self, valid: Language) -> Iterator[tuple[str, str, str]]:
        """For each rule: just beyond the valid lengths, the plainest text, a far one."""
        lengths = self._lengths(valid)
        beyond = [] if valid.longest is None else [valid.longest + 1, valid.longest + _FAR]
        below = [length - 1 for length in lengths[:1]]
        middle = [near(lengths, lengths[0] + _ROOM)] if lengths else []
        if self._is_list(valid):
            return
        for rule in self.rules.names:
            broken = self._breaking(rule)
            told = 0
            if broken is None:
                continue
            for length in [
                *beyond[:1],
                *below,
                *middle,
                broken.shortest,
                *lengths[-1:],
                1,
                *beyond[1:],
                broken.longest,
            ]:
                if length is None or not 0 <= length <= _LONGEST:
                    continue
                text = self._neighbour(valid, lengths, broken, length) or self._plain(broken, length)
                if text is not None:
                    yield str(length), f"a value of {characters(length)} that breaks this rule", text
                    told += 1
                    if told == _WITNESSES and not self._is_length(rule):
                        break

    def _neighbour(self, valid: Language, lengths: tuple[int, ...], broken: Language, length: int) -> str | None:
        """A text just beyond the valid lengths that is wrong in nothing else: of a valid one, a character less or more.

        One pattern may say several things, and a service have forgotten its length only.
        """
        if lengths and length == lengths[0] - 1:
            base = self._plain(valid, lengths[0]) or ""
            near_by = [base[:index] + base[index + 1 :] for index in range(len(base) - 1, -1, -1)]
        elif valid.longest is not None and length == valid.longest + 1:
            base = self._plain(valid, valid.longest) or ""
            near_by = [base[: index + 1] + base[index:] for index in range(len(base) - 1, -1, -1)][:_MOST_NEIGHBOURS]
        else:
            return None
        return next((text for text in near_by if len(text) == length and text in broken), None)

    def _breaking(self, rule: str) -> Language | None:
        try:
            broken = self.rules.breaking(rule)
            return None if broken.is_empty else broken
        except (PatternError, RuleTooLarge):
            return None

    def _foreign(self) -> Iterator[tuple[str, str, str]]:
        """One character that never occurs in a valid text, put where software treats it specially.

        A few only where no documented rule is against it: what a service answers then is its own affair.
        """
        valid = None if self._formats else self._language(self._core)
        if valid is not None and self._is_list(valid):
            return
        doubtful = 0
        for name, character in FOREIGN:
            if name in RARE and not self.node.is_secret:
                continue
            if valid is not None and contains(valid.alphabet, ord(character)):
                continue
            if name in TAKEN_WITH and valid is not None and not contains(valid.alphabet, ord(TAKEN_WITH[name])):
                continue
            told: set[str] = set()
            for where in _PLACES.get(name, ("inside",)):
                found = self._with_foreign(name, "%41" if character == "%" else character, where)
                if found is None or (name != "space" and found[0] == "start" and told):
                    continue
                told.add(found[0])
                place, text = found
                if self._stated(text) is None:
                    doubtful += 1
                    if doubtful > _DOUBTFUL:
                        continue
                yield f"{name}-{place}", f"{a_named(name)} {at_place(place)} an otherwise valid value", text

    def _with_foreign(self, name: str, character: str, where: str) -> tuple[str, str] | None:
        """The place and the text: one that breaks a documented rule before any other.

        A valid text made too long by what careless software takes off its ends is one of those.
        """
        places = (where,) if where == "start" else (where, "start")
        fallback = None
        for place in places:
            for base in self._bases:
                text = placed(base, character, place)
                judged = self.judged(text)
                if judged is None:
                    continue
                rule = self._stated(text)
                if rule is not None and (
                    not judged[1] or (name in TRIMMED and place != "inside") or not self._is_length(rule)
                ):
                    return place, text
                if rule is None and not judged[1]:
                    fallback = fallback or (place, text)
        return fallback

    def _stated(self, text: str) -> str | None:
        """The documented rule that a text breaks, if it is one."""
        judged = self.judged(text)
        if judged is None or self.certainties[judged[0]] is not Certainty.DOCUMENTED:
            return None
        return judged[0]

    def _is_length(self, rule: str) -> bool:
        return any(part.rule == rule and part.keyword in ("minLength", "maxLength") for part in self.rules.parts)

    @staticmethod
    def _is_list(language: Language) -> bool:
        """Whether the valid texts can be counted on few fingers: an enum."""
        return language.is_finite and (language.longest or 0) <= _MANY and (language.count() or 0) <= _MEMBERS

    def _near_misses(self) -> Iterator[tuple[str, str, str]]:
        """What a listed value or a fixed form becomes by carelessness."""
        for base in self._bases[:1]:
            yield "other-case", "a valid value in the other case", base.swapcase()
            yield "cut", "a valid value without its last character", base[:-1]
            yield "empty", "an empty value", ""
            if self.rules.accepts(""):
                yield "blank", "three spaces, where nothing at all is allowed", "   "
            valid = None if self._formats else self._language(self._core)
            if valid is None or not self._is_list(valid):
                continue
            yield "list", "two listed values with a comma", ",".join(islice(cycle(valid.members()), 2))
            yield "percent-escaped", "a listed value with an escape in it", f"%{ord(base[0]) % 256:02X}{base[1:]}"
            yield "space-end", "a listed value with a space after it", base + " "
            yield "space-start", "a listed value with a space before it", " " + base
            yield "newline-end", "a listed value with a newline after it", base + "\n"
            yield "nul-end", "a listed value with a NUL and more after it", base + "\0x"
            yield "full-width", "a listed value in full-width letters", full_width(base)
            yield "second-line", "a listed value with a line after it", base + "\n!"
            yield "longer", "a listed value with a letter after it", base + "X"

    def _look_alikes(self, valid: Language) -> Iterator[tuple[str, str, str]]:
        """Texts that only lack a member of some class, with what may be taken for one."""
        for part in self.rules.parts:
            rule = part.rule
            broken = None if part.keyword in ("minLength", "maxLength") else self._breaking(rule)
            if broken is None:
                continue
            lengths = self._lengths(broken)
            bases = [text for length in lengths[:1] + lengths[1:2] + lengths[-1:] if (text := broken.witness(length))]
            bases = [text for text in bases if all(contains(valid.alphabet, ord(c)) for c in text)]
            lacking = self._lacking_class(bases)
            for kind, name, character in LOOK_ALIKES:
                if kind not in lacking:
                    continue
                for text in (placed(base, character, "inside") for base in bases):
                    judged = self.judged(text)
                    if judged is not None and judged[0] == rule:
                        yield (
                            f"with-{name}",
                            f"a value in which {a_named(name)} may pass for what lacks",
                            text,
                        )
                        break

    def _lacking_class(self, bases: list[str]) -> set[str]:
        """Which kinds of characters mend one of the texts: those that the broken rule asks for."""
        samples = {"digit": "1", "upper": "B", "lower": "b", "special": "!#-_"}
        return {
            kind
            for kind, members in samples.items()
            if any(self.rules.accepts(placed(base, member, "inside")) for base in bases for member in members)
        }

    def _wide(self, valid: Language) -> Iterator[tuple[str, str, str]]:
        """Texts one short of the least length, unless characters are counted in other units."""
        lengths = self._lengths(valid)
        if not lengths or lengths[0] < 2 or self._is_list(valid):
            return
        for rule in self.rules.names:
            broken = self._breaking(rule)
            text = broken.witness(lengths[0] - 1) if broken is not None else None
            if text:
                for name, character in WIDE:
                    changed = self._first(text[:i] + character + text[i + 1 :] for i in range(len(text)))
                    if changed is not None:
                        yield f"{len(text)}-{name}", f"a value too short, unless its {name} are counted", changed

    def _first(self, candidates: Iterator[str]) -> str | None:
        """The first text that breaks one rule; one that breaks an assumed rule besides only if there is no other."""
        fallback = None
        for text in candidates:
            judged = self.judged(text)
            if judged is not None and not judged[1]:
                return text
            fallback = fallback or (text if judged else None)
        return fallback
