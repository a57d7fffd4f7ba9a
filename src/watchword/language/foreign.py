r"""Patterns of java.util.regex, Python's re, RE2 and Rust's regex, read into the same tree.

Each reader says where its dialect differs from ECMA-262. Meant are patterns as they stand: searched for (`find`, `search`),
no flag but inline ones. Refused, with the reason: back-references, and constructs outside of what is told below.
Sources: java.util.regex.Pattern (17), "Regular expression operations" (Python 3.11), RE2 syntax page, regex 1.11.
"""

import re
from collections.abc import Callable
from functools import cache

from watchword.language import casing, properties, ranges
from watchword.language.ecma import EcmaReader
from watchword.language.ranges import Ranges, complement, difference, intersection, of_text, union
from watchword.language.syntax import (
    DIGIT,
    WORD,
    Boundary,
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
_POSIX: dict[str, Ranges] = {
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
_JAVA_LINE_ENDS = of_text("\n\r\u0085\u2028\u2029")
_NEWLINE = of_text("\n")
_HORIZONTAL = of_text(
    " \t\u00a0\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_VERTICAL = of_text("\n\v\f\r\u0085\u2028\u2029")
_SET_OPERATOR = re.compile(r"&&|--|~~")


class _ForeignReader(EcmaReader):
    """What the four dialects have in common and ECMA-262 has not."""

    flag_letters = "imsx"
    line_ends = _NEWLINE
    has_looks = True
    has_possessive = False
    keeps_first_bracket = False
    nested_classes = False
    posix_classes = False
    operators: tuple[str, ...] = ()
    space = _ASCII_SPACE
    digit = DIGIT
    word = WORD

    def written(self, start: int) -> str:  # noqa: ARG002 - only what ECMA-262 would read may be kept
        return ""

    def dot(self) -> Ranges:
        return complement(self.line_ends)

    def line_start(self) -> Node:
        return Choice((Start(), Look(Chars(self.line_ends), ahead=False, negated=False)))

    def line_end(self) -> Node:
        return Choice((End(), Look(Chars(self.line_ends), ahead=True, negated=False)))

    def lone_bracket(self, character: str, start: int) -> None:
        if character == "{":
            self.position = start
            if self.bounds() is not None:
                raise self.error("nothing to repeat", start)
            self.position = start + 1

    def repeatable(self, node: Node, start: int) -> None:
        """Assertions may be repeated."""

    def group(self, start: int) -> Node | None:
        node = super().group(start)
        if isinstance(node, Look) and not self.has_looks:
            raise self.error("this dialect has no look-around", start)
        return node

    def other_group(self, start: int) -> Node | None:
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
        if character.isascii() and character.isalnum():
            raise self.error(f"unknown escape `\\{character}`", start)
        return ord(character)

    # Classes.

    def bracket_class(self, start: int) -> Node:
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
            found = _POSIX.get(named[2].capitalize().replace("Xdigit", "XDigit").replace("Ascii", "ASCII"))
            if found is None:
                raise self.error(f"unknown class `{named[2]}`", start)
            return complement(found) if named[1] else found
        if self.nested_classes and self.take("["):
            return self.class_set(start)
        return self.class_range()


class JavaReader(_ForeignReader):
    r"""java.util.regex: `$` and `\Z` also before a final line end, ASCII case, `\p{Print}` and its like are ASCII."""

    flag_letters = "imsxud"
    line_ends = _JAVA_LINE_ENDS
    has_possessive = True
    nested_classes = True
    operators = ("&&",)

    def text_end(self) -> Node:
        ends = Choice((Sequence((Chars(of_text("\r")), Chars(_NEWLINE))), Chars(_JAVA_LINE_ENDS)))
        # Between the two halves of a carriage return with a line feed there is no end.
        final = Sequence((Repeat(ends, 0, 1), End()))
        inside = Sequence((Look(Chars(of_text("\r")), ahead=False, negated=False), Chars(_NEWLINE), End()))
        return Sequence((Look(final, ahead=True, negated=False), Look(inside, ahead=True, negated=True)))

    def cased(self, members: Ranges) -> Ranges:
        return casing.closed_ascii(members) if self.flags.ignore_case else members

    def named_set(self, name: str) -> Ranges | None:
        if name in _POSIX:
            return _POSIX[name]
        bare = name.removeprefix("Is").removeprefix("In") if "=" not in name else name
        if name.startswith("java") or name.startswith("In"):
            return None
        return properties.loose_property(bare)

    def escape(self, start: int) -> Node | None:
        match self.peek():
            case "A" if self.take("A"):
                return Start()
            case "z" if self.take("z"):
                return End()
            case "Z" if self.take("Z"):
                return self.text_end()
            case "Q" if self.take("Q"):
                return self.quoted()
            case "b" | "B":
                # The JDK counts every Unicode letter and digit as part of a word here.
                raise self.error("Java's word boundary depends on the JDK's own Unicode tables", start)
            case "R" if self.take("R"):
                return Choice((Sequence((Chars(of_text("\r")), Chars(_NEWLINE))), Chars(_VERTICAL)))
            case _:
                return super().escape(start)

    def quoted(self) -> Node:
        """Literal text up to the closing `E`."""
        end = self.pattern.find("\\E", self.position)
        text = self.pattern[self.position : end if end >= 0 else len(self.pattern)]
        self.position += len(text) + (2 if end >= 0 else 0)
        return Sequence(tuple(Chars(self.cased(of_text(character))) for character in text))

    def class_escape(self, character: str, start: int) -> Ranges | None:
        known = {"h": _HORIZONTAL, "v": _VERTICAL}.get(character.lower())
        if known is not None:
            return complement(known) if character.isupper() else known
        return super().class_escape(character, start)

    def character_escape(self, character: str, start: int) -> int:
        if character == "0":
            digits = re.compile("[0-3]?[0-7]{1,2}").match(self.pattern, self.position)
            if digits is None:
                raise self.error("bad octal escape", start)
            self.position = digits.end()
            return int(digits[0], 8)
        if character == "c":
            return ord(self.next()) ^ 0x40
        return super().character_escape(character, start)


class PythonReader(_ForeignReader):
    r"""Python's re on str: `$` also before a final newline, `\Z` the very end, `\d`, `\s` and `\w` are Unicode's."""

    flag_letters = "imsxau"
    has_possessive = True
    keeps_first_bracket = True

    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        self.digit = properties.property_members("gc", "Nd") or DIGIT
        self.space = _python_set(str.isspace)
        self.word = union(_python_set(str.isalnum), of_text("_"))

    def text_end(self) -> Node:
        return Look(Sequence((Repeat(Chars(_NEWLINE), 0, 1), End())), ahead=True, negated=False)

    def bounds(self) -> tuple[int, int | None] | None:
        if self.peek(2) == "{," and (found := re.compile(r"\{,(\d+)\}").match(self.pattern, self.position)):
            self.position = found.end()
            return 0, int(found[1])
        return super().bounds()

    def unicode_class(self, character: str, start: int) -> Ranges:
        raise self.error(f"unknown escape `\\{character}`", start)

    def escape(self, start: int) -> Node | None:
        match self.peek():
            case "A" if self.take("A"):
                return Start()
            case "Z" if self.take("Z"):
                return End()
            case "b" | "B":
                return Boundary(self.next() == "B", self.word)
            case _:
                return super().escape(start)

    def other_group(self, start: int) -> Node | None:
        if self.peek(2) == "P=" or self.peek() == "(":
            raise self.error("a back-reference describes no regular language", start)
        return super().other_group(start)


class Re2Reader(_ForeignReader):
    r"""RE2: no look-around, `\z` the very end, `\pN`, `[[:alpha:]]`, repeats of at most 1,000."""

    flag_letters = "imsU"
    has_looks = False
    keeps_first_bracket = True
    posix_classes = True
    space = of_text("\t\n\f\r ")

    def escape(self, start: int) -> Node | None:
        match self.peek():
            case "A" if self.take("A"):
                return Start()
            case "z" if self.take("z"):
                return End()
            case "C" | "k":
                raise self.error(f"unknown escape `\\{self.peek()}`", start)
            case _:
                return super().escape(start)

    def bounds(self) -> tuple[int, int | None] | None:
        start = self.position
        found = super().bounds()
        if found is not None and max(found[0], found[1] or 0) > 1000:
            raise self.error("RE2 repeats at most 1000 times", start)
        return found


class RustReader(_ForeignReader):
    r"""Rust's regex: `\z` the very end, `\d`, `\s`, `\w` and `\b` are Unicode's, set operators in classes."""

    flag_letters = "imsxuU"
    keeps_first_bracket = True
    posix_classes = True
    nested_classes = True
    operators = ("&&", "--", "~~")

    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        self.digit = properties.property_members("gc", "Nd") or DIGIT
        self.space = properties.property_members("binary", "White_Space") or ()
        self.word = union(
            *(properties.property_members(kind, name) or () for kind, name in _RUST_WORD),
        )

    def escape(self, start: int) -> Node | None:
        match self.peek():
            case "A" if self.take("A"):
                return Start()
            case "z" if self.take("z"):
                return End()
            case "b" | "B":
                return Boundary(self.next() == "B", self.word)
            case _:
                return super().escape(start)


_RUST_WORD = (("binary", "Alphabetic"), ("gc", "M"), ("gc", "Nd"), ("gc", "Pc"), ("binary", "Join_Control"))


@cache
def _python_set(holds: Callable[[str], bool]) -> Ranges:
    """The characters for which a method of str holds, by the tables of the running Python."""
    return ranges.normal((point, point) for point in range(ranges.LAST + 1) if holds(chr(point)))
