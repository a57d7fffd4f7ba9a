"""Valid texts in which a character is the only one of its kind: each has to count as a member of its class.

A class is what a rule of the form "at least one of these" asks for; the rules' own automata say which one that is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from watchword.ground import PatternError, RuleTooLarge
from watchword.language import Language, Rules

_MANY = 400
_MOST = 40
_LENGTH_STEP = 5


@dataclass(frozen=True, slots=True)
class Lone:
    """`text` has each of `members` once, and none else of their classes."""

    text: str
    members: tuple[str, ...]

    @property
    def about(self) -> str:
        """`U+003F and U+0030, each the only one of its kind`, without the text."""
        named = [f"U+{ord(member):04X}" for member in self.members]
        return (
            f"{named[0]}, the only one of its kind"
            if len(named) == 1
            else (f"{', '.join(named[:-1])} and {named[-1]}, each the only one of its kind")
        )


def classes_of(rules: Rules, alphabet: Sequence[str]) -> list[str]:
    """The characters that mend a text which breaks a rule and no other, for each rule that some but not all mend."""
    found: list[str] = []
    for part in rules.parts:
        text = None if part.keyword in ("minLength", "maxLength") else _shortest_broken(rules, part.rule)
        if text is not None:
            middle = len(text) // 2
            members = "".join(c for c in alphabet if rules.accepts(f"{text[:middle]}{c}{text[middle:]}"))
            if members and len(members) < len(alphabet) and members not in found:
                found.append(members)
    return found


def _shortest_broken(rules: Rules, rule: str) -> str | None:
    try:
        broken = rules.breaking(rule)
        return None if broken.is_empty else broken.witness()
    except (PatternError, RuleTooLarge):
        return None


def lone_members(rules: Rules, valid: Language, alphabet: Sequence[str]) -> Iterator[Lone]:
    """One text after the other until each member of each class was alone; nothing where a rule has no class.

    Their lengths and the places of the lone characters vary.
    """
    classes = classes_of(rules, alphabet) if len(alphabet) <= _MANY else []
    fillers = [members for members in classes if members.isalpha()] or sorted(classes, key=len)[-1:]
    others = [members for members in classes if members not in fillers[:1]]
    if not others:
        return
    lengths = [length for length in valid.lengths((valid.shortest or 0) + _MANY) if length][::_LENGTH_STEP]
    for number in range(min(max(map(len, others)), _MOST)):
        filler = fillers[number % len(fillers)]
        lone = tuple(members[number % len(members)] for members in classes if members is not filler)
        length = lengths[number % len(lengths)] if lengths else 0
        text = _arranged(lone, filler, length, number)
        if rules.accepts(text):
            yield Lone(text, lone)


def narrowed_lone(lone: Lone, rules: Rules, alphabet: Sequence[str]) -> Iterator[Lone]:
    """The same text with one of its lone characters, two others of their classes in the place of each of the others."""
    classes = classes_of(rules, alphabet)
    for member in lone.members:
        text = lone.text
        for one in lone.members:
            members = next((each for each in classes if one in each), one)
            first, second = _two_others(members, one)
            if one != member:
                text = _with_more(text.replace(one, first), second, lone.members)
        if rules.accepts(text):
            yield Lone(text, (member,))


def _two_others(members: str, one: str) -> tuple[str, str]:
    """Two members that are not this one, of the middle of the class; this one where there are none."""
    others = [each for each in members if each != one] or [one]
    return others[len(others) // 2], others[len(others) // 2 - 1]


def _with_more(text: str, character: str, kept: tuple[str, ...]) -> str:
    """The text with one letter of its run of filler replaced."""
    places = [index for index, each in enumerate(text) if each.isalpha() and each not in kept]
    index = places[len(places) // 2] if places else 0
    return text[:index] + character + text[index + 1 :]


def _arranged(lone: tuple[str, ...], filler: str, length: int, number: int) -> str:
    """The lone characters at the start, at the end or inside, the rest a run of the filler's members."""
    room = max(length - len(lone), 0)
    rest = "".join(islice(cycle(filler[number % len(filler) :] + filler[: number % len(filler)]), room))
    cut = (0, room, room // 2)[number % 3]
    turned = lone if number % 2 else lone[::-1]
    return rest[:cut] + "".join(turned) + rest[cut:]
