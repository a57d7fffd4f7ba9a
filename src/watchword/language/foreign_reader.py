"""What the dialects other than ECMA-262 have in common: inline flags, named sets, possessive repeats, set operators.

Each dialect's own reading is in `foreign`. Refused, with the reason: back-references, and possessive repeats of more
than one set of characters.
"""

import re

from watchword.language import properties, ranges
from watchword.language.ecma import EcmaReader
from watchword.language.ranges import Ranges, complement, difference, intersection, of_text, union
from watchword.language.syntax import (
    DIGIT,
    WORD,
    Chars,
    Choice,
    End,
    Group,
    Look,
    Node,
    Repeat,
    Sequence,
    Start,
)

_ASCII_SPACE = of_text("\t\n\v\f\r ")
_ASCII = ((0, 0x7F),)
POSIX: dict[str, Ranges] = {
    "Lower": ((0x61, 0x7A),),
    "Upper": ((0x41, 0x5A),),
    "ASCII": _ASCII,
    "Alpha": ranges.normal([(0x41, 0x5A), (0x61, 0x7A)]),
    "Digit": DIGIT,
    "Alnum": difference(WORD, of_text("_")),
    "Punct": difference(((0x21, 0x7E),), difference(WORD, of_text("_"))),
    "Graph": ((0x21, 0x7E),),
    "Print": ((0x20, 0x7E),),
    "Blank": of_text(" \t"),
    "Cntrl": ranges.normal([(0, 0x1F), (0x7F, 0x7F)]),
    "XDigit": ranges.normal([(0x30, 0x39), (0x41, 0x46), (0x61, 0x66)]),
    "Space": _ASCII_SPACE,
    "Word": WORD,
}
NEWLINE = of_text("\n")
_SET_OPERATOR = re.compile(r"&&|--|~~")


class ForeignReader(EcmaReader):
    """What the four dialects have in common and ECMA-262 has not."""

    flag_letters = "imsx"
    line_ends = NEWLINE
    has_looks = True
    has_possessive = False
    keeps_first_bracket = False
    nested_classes = False
    posix_classes = False
    spaced_classes = False
    operators: tuple[str, ...] = ()
    space = _ASCII_SPACE
    digit = DIGIT
    word = WORD

    def written(self, start: int) -> str:  # noqa: ARG002 - only what ECMA-262 would read may be kept
        """Nothing: only what ECMA-262 would read may be kept."""
        return ""

    def dot(self) -> Ranges:
        """Anything but a line end."""
        return complement(self.line_ends)

    def line_start(self) -> Node:
        """The start, or after a line end."""
        return Choice((Start(), Look(Chars(self.line_ends), ahead=False, negated=False)))

    def line_end(self) -> Node:
        """The end, or before a line end."""
        return Choice((End(), Look(Chars(self.line_ends), ahead=True, negated=False)))

    def lone_bracket(self, character: str, start: int) -> None:
        """It stands for itself unless it is a quantifier."""
        if character == "{":
            self.position = start
            if self.bounds() is not None:
                raise self.error("nothing to repeat", start)
            self.position = start + 1

    def repeatable(self, node: Node, start: int) -> None:
        """Assertions may be repeated."""

    def group(self, start: int) -> Node | None:
        """What an opening bracket opens, look-around where there is some."""
        node = super().group(start)
        if isinstance(node, Look) and not self.has_looks:
            raise self.error("this dialect has no look-around", start)
        return node

    def other_group(self, start: int) -> Node | None:
        """Named groups, atomic groups, flags."""
        if self.take("P<") or self.take("<"):
            end = self.pattern.find(">", self.position)
            if end < 0:
                raise self.error("the group's name does not end", start)
            self.position = end + 1
            return self.closed(start, "(")
        if self.has_possessive and self.take(">"):
            item = self.closed(start, "(?:")
            return self.greedy(item, start)
        letters = self.position
        while self.peek() and self.peek() in "imsxuUaLd-":
            self.position += 1
        flags = self.with_flags(self.pattern[letters : self.position], start, self.flag_letters)
        if self.take(")"):
            self.flags = flags
            return None
        if self.take(":"):
            outer, self.flags = self.flags, flags
            node = self.closed(start, "(?:")
            self.flags = outer
            return node
        raise self.error("unknown kind of group", start)

    def possessive(self, node: Repeat, position: int) -> Node:
        """The repeat with `+` after its quantifier taken in."""
        return self.greedy(node, position) if self.has_possessive and self.take("+") else node

    def greedy(self, node: Node, position: int) -> Node:
        """The node, never giving back what it took. Raises unless it repeats one set of characters."""
        inner = node.item if isinstance(node, Group) else node
        match inner:
            case Chars():
                return node
            case Repeat(Chars(members) as item, low, None):
                return Sequence((Repeat(item, low, None), Look(Chars(members), ahead=True, negated=True)))
            case Repeat(Chars(members) as item, low, high) if high is not None:
                few = Sequence((Repeat(item, low, high - 1), Look(Chars(members), ahead=True, negated=True)))
                return Choice((Repeat(item, high, high), few)) if low < high else inner
            case _:
                raise self.error("only a repeat of one set of characters can be possessive here", position)

    def class_escape(self, character: str, start: int) -> Ranges | None:
        """The set of `d`, `s`, `w`, `p` and their opposites."""
        known = {"d": self.digit, "s": self.space, "w": self.word}.get(character.lower())
        if known is not None:
            members = self.cased(known)
            return complement(members) if character.isupper() else members
        if character not in "pP":
            return None
        return self.unicode_class(character, start)

    def unicode_class(self, character: str, start: int) -> Ranges:
        """The set of `p{..}` or `pL`."""
        if self.take("{"):
            end = self.pattern.find("}", self.position)
            name = self.pattern[self.position : max(end, self.position)]
            self.position = end + 1
        else:
            name = self.next()
        found = self.named_set(name.removeprefix("^"))
        if found is None:
            raise self.error(f"unknown Unicode property `{name}`", start)
        negated = (character == "P") != name.startswith("^")
        return complement(self.cased(found)) if negated else self.cased(found)

    def named_set(self, name: str) -> Ranges | None:
        """The members of a named set, or None if there is none of that name."""
        return properties.loose_property(name)

    def character_escape(self, character: str, start: int) -> int:
        """As in ECMA-262, and `x{..}`, `a`, `e`."""
        if character == "x" and self.peek() == "{":
            return self.braced(start)
        if character in "ae":
            return {"a": 0x07, "e": 0x1B}[character]
        return super().character_escape(character, start)

    def braced(self, start: int) -> int:
        """The code point of `x{..}`."""
        end = self.pattern.find("}", self.position)
        digits = self.pattern[self.position + 1 : max(end, self.position)]
        if not re.fullmatch("[0-9A-Fa-f]{1,6}", digits) or int(digits, 16) > ranges.LAST:
            raise self.error("bad code point", start)
        self.position = end + 1
        return int(digits, 16)

    def identity(self, character: str, start: int) -> int:
        """Punctuation stands for itself."""
        if character.isascii() and character.isalnum():
            raise self.error(f"unknown escape `\\{character}`", start)
        return ord(character)

    # Classes.

    def bracket_class(self, start: int) -> Node:
        """A class in square brackets."""
        return Chars(self.class_set(start))

    def class_set(self, start: int) -> Ranges:
        """The members of a class whose opening bracket was read."""
        negated = self.take("^")
        members: Ranges = ()
        first = self.position
        while self.keeps_first_bracket and self.position == first and self.take("]"):
            members = of_text("]")
        while not self.take("]"):
            if not self.peek():
                raise self.error("missing `]`", start)
            if self.spaced_classes and self.skip_space():
                continue
            operator = _SET_OPERATOR.match(self.pattern, self.position)
            if operator and operator[0] in self.operators:
                self.position += 2
                other = self.operand(start)
                members = self.combined(operator[0], members, other)
            else:
                members = union(members, self.member_or_class())
        members = self.cased(members)
        return complement(members) if negated else members

    def operand(self, start: int) -> Ranges:
        """What stands after a set operator, up to the next one or the class's end."""
        members: Ranges = ()
        while self.peek() != "]" and not (
            (found := _SET_OPERATOR.match(self.pattern, self.position)) and found[0] in self.operators
        ):
            if not self.peek():
                raise self.error("missing `]`", start)
            members = union(members, self.member_or_class())
        return members

    def combined(self, operator: str, left: Ranges, right: Ranges) -> Ranges:
        """Two sets joined by a set operator."""
        if operator == "&&":
            return intersection(left, right)
        if operator == "--":
            return difference(left, right)
        return union(difference(left, right), difference(right, left))

    def member_or_class(self) -> Ranges:
        """One item of a class: a character, a range, a named or nested class."""
        start = self.position
        named = re.compile(r"\[:(\^?)(\w+):\]").match(self.pattern, start)
        if named and self.posix_classes:
            self.position = named.end()
            found = POSIX.get(named[2].capitalize().replace("Xdigit", "XDigit").replace("Ascii", "ASCII"))
            if found is None:
                raise self.error(f"unknown class `{named[2]}`", start)
            return complement(found) if named[1] else found
        if self.nested_classes and self.take("["):
            return self.class_set(start)
        return self.class_range()
