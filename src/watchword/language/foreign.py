r"""Patterns of java.util.regex, Python's re, RE2 and Rust's regex, read into the same tree.

Each reader says where its dialect differs from ECMA-262. Meant are patterns as they stand: searched for (`find`,
`search`), with no flags but inline ones.
Sources: java.util.regex.Pattern (17), "Regular expression operations" (Python 3.11), RE2 syntax page, regex 1.11.
"""

import re
from collections.abc import Callable
from functools import cache

from watchword.language import casing, properties, ranges
from watchword.language.foreign_reader import NEWLINE, POSIX, ForeignReader
from watchword.language.ranges import Ranges, complement, of_text, union
from watchword.language.syntax import DIGIT, Boundary, Chars, Choice, End, Look, Node, Repeat, Sequence, Start

_JAVA_LINE_ENDS = of_text("\n\r\u0085\u2028\u2029")
_HORIZONTAL = of_text(
    " \t\u00a0\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_VERTICAL = of_text("\n\v\f\r\u0085\u2028\u2029")


class JavaReader(ForeignReader):
    r"""java.util.regex: `$` and `\Z` also before a final line end, ASCII case, `\p{Print}` and its like are ASCII."""

    flag_letters = "imsxud"
    line_ends = _JAVA_LINE_ENDS
    has_possessive = True
    nested_classes = True
    spaced_classes = True
    operators = ("&&",)

    def text_end(self) -> Node:
        """The end, or before a final line end."""
        ends = Choice((Sequence((Chars(of_text("\r")), Chars(NEWLINE))), Chars(_JAVA_LINE_ENDS)))
        # Between the two halves of a carriage return with a line feed there is no end.
        final = Sequence((Repeat(ends, 0, 1), End()))
        inside = Sequence((Look(Chars(of_text("\r")), ahead=False, negated=False), Chars(NEWLINE), End()))
        return Sequence((Look(final, ahead=True, negated=False), Look(inside, ahead=True, negated=True)))

    def cased(self, members: Ranges) -> Ranges:
        """With the other case of ASCII letters under the flag `i`."""
        return casing.closed_ascii(members) if self.flags.ignore_case else members

    def named_set(self, name: str) -> Ranges | None:
        """POSIX names are ASCII; others are Unicode properties."""
        if name in POSIX:
            return POSIX[name]
        bare = name.removeprefix("Is").removeprefix("In") if "=" not in name else name
        if name.startswith(("java", "In")):
            return None
        return properties.loose_property(bare)

    def escape(self, start: int) -> Node | None:
        """Anchors of this dialect, else as in the others."""
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
                return Choice((Sequence((Chars(of_text("\r")), Chars(NEWLINE))), Chars(_VERTICAL)))
            case _:
                return super().escape(start)

    def quoted(self) -> Node:
        """Literal text up to the closing `E`."""
        end = self.pattern.find("\\E", self.position)
        text = self.pattern[self.position : end if end >= 0 else len(self.pattern)]
        self.position += len(text) + (2 if end >= 0 else 0)
        return Sequence(tuple(Chars(self.cased(of_text(character))) for character in text))

    def class_escape(self, character: str, start: int) -> Ranges | None:
        """As in the others, and `h` and `v`."""
        known = {"h": _HORIZONTAL, "v": _VERTICAL}.get(character.lower())
        if known is not None:
            return complement(known) if character.isupper() else known
        return super().class_escape(character, start)

    def character_escape(self, character: str, start: int) -> int:
        """As in the others; octal needs its `0`."""
        if character == "0":
            digits = re.compile("[0-3]?[0-7]{1,2}").match(self.pattern, self.position)
            if digits is None:
                raise self.error("bad octal escape", start)
            self.position = digits.end()
            return int(digits[0], 8)
        if character == "c":
            return ord(self.next()) ^ 0x40
        return super().character_escape(character, start)


class PythonReader(ForeignReader):
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
        """The end, or before a final line end."""
        return Look(Sequence((Repeat(Chars(NEWLINE), 0, 1), End())), ahead=True, negated=False)

    def bounds(self) -> tuple[int, int | None] | None:
        """The quantifier that comes next, as this dialect reads it."""
        if self.peek(2) == "{," and (found := re.compile(r"\{,(\d+)\}").match(self.pattern, self.position)):
            self.position = found.end()
            return 0, int(found[1])
        return super().bounds()

    def unicode_class(self, character: str, start: int) -> Ranges:
        """There is none."""
        raise self.error(f"unknown escape `\\{character}`", start)

    def escape(self, start: int) -> Node | None:
        """Anchors of this dialect, else as in the others."""
        match self.peek():
            case "A" if self.take("A"):
                return Start()
            case "Z" if self.take("Z"):
                return End()
            case "b" | "B":
                return Boundary(self.next() == "B", self.word)
            case _:
                return super().escape(start)

    def character_escape(self, character: str, start: int) -> int:
        """As in the others, and `U` with eight digits."""
        if character == "U" and (point := self.hexadecimal(8)) is not None and point <= ranges.LAST:
            return point
        return super().character_escape(character, start)

    def other_group(self, start: int) -> Node | None:
        """As in the others; references are refused."""
        if self.peek(2) == "P=" or self.peek() == "(":
            raise self.error("a back-reference describes no regular language", start)
        return super().other_group(start)


class Re2Reader(ForeignReader):
    r"""RE2: no look-around, `\z` the very end, `\pN`, `[[:alpha:]]`, repeats of at most 1,000."""

    flag_letters = "imsU"
    has_looks = False
    keeps_first_bracket = True
    posix_classes = True
    space = of_text("\t\n\f\r ")

    def escape(self, start: int) -> Node | None:
        """Anchors of this dialect, else as in the others."""
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
        """The quantifier that comes next, as this dialect reads it."""
        start = self.position
        found = super().bounds()
        if found is not None and max(found[0], found[1] or 0) > 1000:
            raise self.error("RE2 repeats at most 1000 times", start)
        return found


_RUST_WORD = (("binary", "Alphabetic"), ("gc", "M"), ("gc", "Nd"), ("gc", "Pc"), ("binary", "Join_Control"))


class RustReader(ForeignReader):
    r"""Rust's regex: `\z` the very end, `\d`, `\s`, `\w` and `\b` are Unicode's, set operators in classes."""

    flag_letters = "imsxuU"
    keeps_first_bracket = True
    posix_classes = True
    nested_classes = True
    spaced_classes = True
    operators = ("&&", "--", "~~")

    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        self.digit = properties.property_members("gc", "Nd") or DIGIT
        self.space = properties.property_members("binary", "White_Space") or ()
        self.word = union(
            *(properties.property_members(kind, name) or () for kind, name in _RUST_WORD),
        )

    def escape(self, start: int) -> Node | None:
        """Anchors of this dialect, else as in the others."""
        match self.peek():
            case "A" if self.take("A"):
                return Start()
            case "z" if self.take("z"):
                return End()
            case "b" | "B":
                return Boundary(self.next() == "B", self.word)
            case _:
                return super().escape(start)


@cache
def _python_set(holds: Callable[[str], bool]) -> Ranges:
    """The characters for which a method of str holds, by the tables of the running Python."""
    return ranges.normal((point, point) for point in range(ranges.LAST + 1) if holds(chr(point)))


READERS: dict[str, Callable[[str], ForeignReader]] = {
    "java": JavaReader,
    "python": PythonReader,
    "re2": Re2Reader,
    "rust": RustReader,
}
"""The reader of each dialect but ECMA-262."""
