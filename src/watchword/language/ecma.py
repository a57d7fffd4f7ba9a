r"""ECMA-262 patterns (2025, 22.2.1) with the flag `u`; what only Annex B.1.2 allows is read too, and noted.

JSON Schema patterns in the wild often need no-`u` forms (`\-`, a lone `{`), and validators accept them. Characters
are code points in either case. Back-references are refused: they describe no regular language.
"""

import re

from watchword.ground import UnsupportedPattern
from watchword.language import properties, ranges
from watchword.language.ranges import Ranges
from watchword.language.reader import Reader
from watchword.language.syntax import DIGIT, LINE_ENDS, SPACE, WORD, Boundary, Chars, Group, Look, Node

_CONTROLS = {"f": 0x0C, "n": 0x0A, "r": 0x0D, "t": 0x09, "v": 0x0B}
_SYNTAX = frozenset("^$\\.*+?()[]{}|/")
_CLASSES = {"d": DIGIT, "s": SPACE, "w": WORD}
_HEX = frozenset("0123456789abcdefABCDEF")
_SURROGATES = (0xD800, 0xDC00, 0xE000)
_CAPTURE = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|(\((?!\?)|\(\?<(?![=!]))", re.DOTALL)


def parse_ecma(pattern: str) -> tuple[Node, tuple[str, ...]]:
    """The tree, and a note for each construct that the flag `u` forbids. Raises UnsupportedPattern."""
    try:
        return EcmaReader(pattern).parse(), ()
    except UnsupportedPattern as strict:
        reader = LegacyReader(pattern)
        try:
            node = reader.parse()
        except UnsupportedPattern:
            raise strict from None
        return node, tuple(dict.fromkeys(reader.notes)) or (f"{strict.reason}, by ECMA-262 with the flag u",)


class EcmaReader(Reader):
    """The grammar with the flag `u`. `odd_at` is where a range last had a class for a bound."""

    odd_at = -1

    def dot(self) -> Ranges:
        """Anything but a LineTerminator."""
        return ranges.complement(LINE_ENDS)

    def other_group(self, start: int) -> Node | None:
        """A named group or modifiers."""
        if self.take("<"):
            end = self.pattern.find(">", self.position)
            name = self.pattern[self.position : end]
            if end < 0 or not name.replace("$", "_").isidentifier():
                raise self.error("the group's name is no identifier", start)
            self.position = end + 1
            return self.closed(start, f"(?<{name}>")
        letters = self.position
        while self.peek() and self.peek() in "ims-":
            self.position += 1
        text = self.pattern[letters : self.position]
        if text.strip("-") and text.count("-") < 2 and self.take(":"):
            flags = self.flags
            self.flags = self.with_flags(text, start, "ims")
            node = self.closed(start, f"(?{text}:")
            self.flags = flags
            return node
        raise self.error("unknown kind of group", start)

    # Escapes outside of a class.

    def escape(self, start: int) -> Node | None:
        """An escape outside of a class."""
        character = self.next("the pattern ends in a backslash")
        if character in "bB":
            return Boundary(character == "B", self.cased(WORD))
        if character in "123456789":
            return self.decimal(start)
        if character == "k":
            return self.named_reference(start)
        found = self.class_escape(character, start)
        if found is not None:
            return Chars(found, self.written(start))
        return self.literal(self.character_escape(character, start), start)

    def decimal(self, start: int) -> Node:
        """An escape that begins with a digit from 1 to 9."""
        raise self.error("a back-reference describes no regular language", start)

    def named_reference(self, start: int) -> Node:
        """An escape that begins with `k`."""
        raise self.error("a back-reference describes no regular language", start)

    def class_escape(self, character: str, start: int) -> Ranges | None:
        r"""The set of `\d`, `\S`, `\p{..}`, or None for an escape of one character."""
        if character in "dswDSW":
            members = self.cased(_CLASSES[character.lower()])
            return ranges.complement(members) if character.isupper() else members
        if character not in "pP":
            return None
        end = self.pattern.find("}", self.position)
        if not self.take("{") or end < 0:
            raise self.error("`\\p` without a property in braces", start)
        name = self.pattern[self.position : end]
        self.position = end + 1
        found = properties.ecma_property(name)
        if found is None:
            raise self.error(f"unknown Unicode property `{name}`", start)
        members = self.cased(found)
        return ranges.complement(members) if character == "P" else members

    def character_escape(self, character: str, start: int) -> int:
        """The code point of an escape whose first character was read."""
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character == "c" and self.peek().isascii() and self.peek().isalpha():
            return ord(self.next()) % 32
        if character == "0" and not (self.peek() and self.peek() in "0123456789"):
            return 0
        if character == "x" and (point := self.hexadecimal(2)) is not None:
            return point
        if character == "u" and (point := self.unicode_escape()) is not None:
            return point
        return self.identity(character, start)

    def identity(self, character: str, start: int) -> int:
        """The code point of an escape that stands for itself."""
        if character not in _SYNTAX:
            raise self.error(f"unknown escape `\\{character}`", start)
        return ord(character)

    def hexadecimal(self, length: int) -> int | None:
        """The number of so many hexadecimal digits, or None if fewer come."""
        digits = self.peek(length)
        if len(digits) < length or not _HEX.issuperset(digits):
            return None
        self.position += length
        return int(digits, 16)

    def unicode_escape(self) -> int | None:
        """The code point after `u`, two escaped surrogates joined; None if there is none."""
        if self.peek() == "{":
            end = self.pattern.find("}", self.position)
            digits = self.pattern[self.position + 1 : end]
            if end < 0 or not digits or not _HEX.issuperset(digits) or int(digits, 16) > ranges.LAST:
                return None
            self.position = end + 1
            return int(digits, 16)
        lead = self.hexadecimal(4)
        low, middle, high = _SURROGATES
        if lead is not None and low <= lead < middle and self.peek(2) == "\\u":
            back = self.position
            self.position += 2
            trail = self.hexadecimal(4)
            if trail is not None and middle <= trail < high:
                return 0x10000 + (lead - low) * 0x400 + trail - middle
            self.position = back
        return lead

    # Classes.

    def bracket_class(self, start: int) -> Node:
        """A class in square brackets."""
        negated = self.take("^")
        members: list[Ranges] = []
        while not self.take("]"):
            if not self.peek():
                raise self.error("missing `]`", start)
            members.append(self.class_range())
        found = self.cased(ranges.union(*members))
        written = "" if self.odd_at >= start else self.written(start)
        return Chars(ranges.complement(found) if negated else found, written)

    def class_range(self) -> Ranges:
        """One member of a class, or a range of them."""
        start = self.position
        low = self.class_member()
        if self.peek() != "-" or self.peek(2) in ("-]", "-"):
            return low
        self.position += 1
        high = self.class_member()
        if ranges.size(low) != 1 or ranges.size(high) != 1:
            return self.odd_range(low, high, start)
        if low[0][0] > high[0][0]:
            raise self.error("the range is out of order", start)
        return ((low[0][0], high[0][0]),)

    def odd_range(self, low: Ranges, high: Ranges, start: int) -> Ranges:  # noqa: ARG002 - Annex B joins both
        """A range with a bound like `d` escaped."""
        raise self.error("a class of characters bounds a range", start)

    def class_member(self) -> Ranges:
        """What one item of a class stands for."""
        start = self.position
        character = self.next("missing `]`")
        if character != "\\":
            return ((ord(character), ord(character)),)
        character = self.next("the pattern ends in a backslash")
        found = self.class_escape(character, start)
        if found is None:
            point = self.class_character(character, start)
            found = ((point, point),)
        return found

    def class_character(self, character: str, start: int) -> int:
        """The code point of an escape in a class."""
        if character == "b":
            return 0x08
        if character == "-":
            return 0x2D
        return self.character_escape(character, start)


class LegacyReader(EcmaReader):
    r"""The grammar of Annex B.1.2, without the flag `u`, but with `\p{..}`, `\u{..}` and whole code points."""

    def lone_bracket(self, character: str, start: int) -> None:
        """Note it; it stands for itself, unless it is a quantifier with nothing to repeat."""
        if character == "{":
            self.position = start
            if self.bounds() is not None:
                raise self.error("nothing to repeat", start)
            self.position = start + 1
        self.notes.append(f"lone `{character}` at position {start}")

    def repeatable(self, node: Node, start: int) -> None:
        """Note a repeated look-ahead."""
        if isinstance(node, Look) and node.ahead:
            self.notes.append(f"repeated look-ahead at position {start}")
        elif not isinstance(node, Chars | Group):
            raise self.error("an assertion cannot be repeated", start)

    def decimal(self, start: int) -> Node:
        """An escape that begins with a digit from 1 to 9."""
        self.position -= 1
        back = self.position
        number = int(self.digits())
        if number <= sum(1 for found in _CAPTURE.finditer(self.pattern) if found[1]):
            return super().decimal(start)
        self.position = back
        return self.literal(self.octal(start), start)

    def octal(self, start: int) -> int:
        """An escape of up to three octal digits, at most 377; `8` and `9` stand for themselves."""
        digits = re.match("[0-3][0-7]{0,2}|[4-7][0-7]?", self.pattern[self.position : self.position + 3])
        self.notes.append(f"octal escape at position {start}")
        if digits is None:
            return ord(self.next())
        self.position += digits.end()
        return int(digits[0], 8)

    def named_reference(self, start: int) -> Node:
        """An escape that begins with `k`."""
        if "(?<" in self.pattern and self.peek() == "<":
            return super().named_reference(start)
        return self.literal(self.identity("k", start), start)

    def class_escape(self, character: str, start: int) -> Ranges | None:
        """As with the flag `u`, but a bare `p` stands for itself."""
        if character in "pP" and self.peek() != "{":
            return None
        return super().class_escape(character, start)

    def character_escape(self, character: str, start: int) -> int:
        """As with the flag `u`, and octal escapes and a bare `c`."""
        if character.isascii() and character.isdigit() and (character != "0" or self.peek() in tuple("01234567")):
            self.position -= 1
            return self.octal(start)
        if character == "c" and not (self.peek().isascii() and self.peek().isalpha()):
            self.notes.append(f"`\\c` without a letter at position {start}")
            self.position -= 1
            return 0x5C
        return super().character_escape(character, start)

    def identity(self, character: str, start: int) -> int:
        """The code point of an escape that stands for itself."""
        if character not in _SYNTAX:
            self.notes.append(f"needless escape `\\{character}` at position {start}")
        return ord(character)

    def odd_range(self, low: Ranges, high: Ranges, start: int) -> Ranges:
        """A range with a bound like `d` escaped."""
        self.notes.append(f"a class of characters bounds a range at position {start}")
        self.odd_at = start
        return ranges.union(low, high, ((0x2D, 0x2D),))
