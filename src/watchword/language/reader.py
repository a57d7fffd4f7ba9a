"""The part of pattern parsing that all dialects share: alternatives, terms, quantifiers, brackets, classes.

What an escape, a dot or a group opening means is left to the subclass of each dialect. Raises UnsupportedPattern
with the position of the offending construct.
"""

from abc import ABC, abstractmethod
from dataclasses import replace

from watchword.ground import UnsupportedPattern, record
from watchword.language import casing, ranges
from watchword.language.ranges import Ranges
from watchword.language.syntax import Chars, Choice, End, Group, Look, Node, Repeat, Sequence, Start

DEPTH = 80
"""Brackets may nest this deep; the parser and the compiler recurse."""
_QUANTIFIERS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}


@record()
class Flags:
    """What inline flags changed; each group inherits a copy."""

    ignore_case: bool = False
    ascii_case: bool = False
    multiline: bool = False
    dot_all: bool = False
    spaced: bool = False
    swap_greed: bool = False


class Reader(ABC):
    """A cursor over one pattern. `notes` collects constructs that other engines may read differently."""

    def __init__(self, pattern: str, flags: Flags | None = None) -> None:
        self.pattern = pattern
        self.position = 0
        self.depth = 0
        self.flags = flags or Flags()
        self.notes: list[str] = []

    # The cursor.

    def peek(self, length: int = 1) -> str:
        """The text that comes next."""
        return self.pattern[self.position : self.position + length]

    def take(self, expected: str) -> bool:
        """Step over `expected` if it comes next."""
        if self.pattern.startswith(expected, self.position):
            self.position += len(expected)
            return True
        return False

    def next(self, reason: str = "the pattern ends too early") -> str:
        """Step over one character and return it. Raises UnsupportedPattern at the end."""
        if self.position >= len(self.pattern):
            raise self.error(reason)
        self.position += 1
        return self.pattern[self.position - 1]

    def error(self, reason: str, position: int | None = None) -> UnsupportedPattern:
        """An error at a position, by default the present one."""
        where = self.position if position is None else position
        return UnsupportedPattern(reason, self.pattern, min(where, len(self.pattern)))

    # The shape.

    def parse(self) -> Node:
        """The whole pattern. Raises UnsupportedPattern."""
        node = self.alternatives()
        if self.position < len(self.pattern):
            raise self.error("unmatched `)`")
        return node

    def alternatives(self) -> Node:
        """Sequences separated by `|`."""
        self.depth += 1
        if self.depth > DEPTH:
            raise self.error(f"brackets nest deeper than {DEPTH}")
        flags, options = self.flags, [self.sequence()]
        while self.take("|"):
            options.append(self.sequence())
        self.flags = flags
        self.depth -= 1
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def sequence(self) -> Node:
        """Items up to the next `|` or `)`."""
        items: list[Node] = []
        while self.position < len(self.pattern) and self.peek() not in "|)":
            if self.skip_space():
                continue
            start = self.position
            node = self.term()
            if node is not None:
                items.append(self.quantified(node, start))
        return items[0] if len(items) == 1 else Sequence(tuple(items))

    def skip_space(self) -> bool:
        """Step over white space and comments where the flag `x` is on."""
        if not self.flags.spaced:
            return False
        if self.peek().isspace():
            self.position += 1
            return True
        if self.take("#"):
            end = self.pattern.find("\n", self.position)
            self.position = len(self.pattern) if end < 0 else end
            return True
        return False

    def term(self) -> Node | None:
        """One item without its quantifier; None for something that matches nothing and changes flags only."""
        start = self.position
        character = self.next()
        match character:
            case "^":
                return self.line_start() if self.flags.multiline else Start()
            case "$":
                return self.line_end() if self.flags.multiline else self.text_end()
            case "(":
                return self.group(start)
            case "[":
                return self.bracket_class(start)
            case ".":
                return Chars(
                    ranges.EVERY_CODE_POINT if self.flags.dot_all else self.dot(), "" if self.flags.dot_all else "."
                )
            case "\\":
                return self.escape(start)
            case "*" | "+" | "?":
                raise self.error("nothing to repeat", start)
            case "{" | "}" | "]":
                self.lone_bracket(character, start)
        return self.literal(ord(character), start)

    def quantified(self, node: Node, start: int) -> Node:
        """The node with the quantifier that follows it, if one does."""
        position = self.position
        bounds = self.bounds()
        if bounds is None:
            return node
        self.repeatable(node, start)
        low, high = bounds
        if high is not None and low > high:
            raise self.error("the quantifier's bounds are out of order", position)
        lazy = self.take("?")
        node = self.possessive(Repeat(node, low, high, lazy), position)
        if self.position < len(self.pattern) and self.peek() in "*+?":
            raise self.error("nothing to repeat")
        return node

    def bounds(self) -> tuple[int, int | None] | None:
        """The quantifier that comes next, if one does."""
        sign = self.peek()
        if sign in _QUANTIFIERS:
            self.position += 1
            return _QUANTIFIERS[sign]
        start = self.position
        if not self.take("{"):
            return None
        low = self.digits()
        if low and self.take("}"):
            return int(low), int(low)
        if low and self.take(","):
            high = self.digits()
            if self.take("}"):
                return int(low), int(high) if high else None
        self.position = start
        return None

    def digits(self) -> str:
        """The decimal digits that come next."""
        start = self.position
        while self.peek() and self.peek() in "0123456789":
            self.position += 1
        digits = self.pattern[start : self.position]
        if len(digits) > 12:
            raise self.error("the number is out of all proportion", start)
        return digits

    # Groups.

    def group(self, start: int) -> Node | None:
        """What an opening bracket opens."""
        if not self.take("?"):
            return self.closed(start, "(")
        for opening, ahead, negated in (
            ("=", True, False),
            ("!", True, True),
            ("<=", False, False),
            ("<!", False, True),
        ):
            if self.take(opening):
                item = self.alternatives()
                self.close(start)
                return Look(item, ahead, negated)
        if self.take(":"):
            return self.closed(start, "(?:")
        return self.other_group(start)

    def closed(self, start: int, opening: str) -> Node:
        """The rest of a group that was opened."""
        item = self.alternatives()
        self.close(start)
        return Group(item, opening)

    def close(self, start: int) -> None:
        """Step over the closing bracket."""
        if not self.take(")"):
            raise self.error("missing `)`", start)

    def with_flags(self, letters: str, start: int, allowed: str) -> Flags:
        """The flags after `(?` letters, `-` switching off what follows."""
        on, flags = True, self.flags
        for letter in letters:
            if letter == "-":
                on = False
            elif letter not in allowed:
                raise self.error(f"unknown flag `{letter}`", start)
            elif letter == "i":
                flags = replace(flags, ignore_case=on)
            elif letter == "m":
                flags = replace(flags, multiline=on)
            elif letter == "s":
                flags = replace(flags, dot_all=on)
            elif letter == "x":
                flags = replace(flags, spaced=on)
            elif letter == "U":
                flags = replace(flags, swap_greed=on)
        return flags

    # Characters.

    def literal(self, point: int, start: int) -> Chars:
        """One character that stands for itself."""
        return Chars(self.cased(((point, point),)), self.written(start))

    def written(self, start: int) -> str:
        """How the pattern wrote what starts there, where that alone tells what it means."""
        return "" if self.flags.ignore_case else self.pattern[start : self.position]

    def cased(self, members: Ranges) -> Ranges:
        """The set, closed under case where flag `i` is on."""
        if not self.flags.ignore_case:
            return members
        return casing.closed_ascii(members) if self.flags.ascii_case else casing.closed(members)

    # What a dialect decides.

    @abstractmethod
    def dot(self) -> Ranges:
        """What `.` matches."""

    def text_end(self) -> Node:
        """What `$` matches."""
        return End()

    def line_start(self) -> Node:
        """What `^` matches with the flag `m`."""
        line_end = Chars(ranges.complement(self.dot()))
        return Choice((Start(), Look(line_end, ahead=False, negated=False)))

    def line_end(self) -> Node:
        """What `$` matches with the flag `m`."""
        line_end = Chars(ranges.complement(self.dot()))
        return Choice((End(), Look(line_end, ahead=True, negated=False)))

    def lone_bracket(self, character: str, start: int) -> None:
        """Accept a bracket that opens or closes nothing, or raise."""
        raise self.error(f"lone `{character}`", start)

    def repeatable(self, node: Node, start: int) -> None:
        """Raise if a quantifier may not follow the node."""
        if not isinstance(node, Chars | Group):
            raise self.error("an assertion cannot be repeated", start)

    def possessive(self, node: Repeat, position: int) -> Node:  # noqa: ARG002 - dialects that have it use the position
        """The repeat with a possessive sign taken in, where the dialect has one."""
        return node

    def other_group(self, start: int) -> Node | None:
        """A group that only some dialects have."""
        raise self.error("unknown kind of group", start)

    @abstractmethod
    def escape(self, start: int) -> Node | None:
        """What a backslash outside of a class begins."""

    @abstractmethod
    def bracket_class(self, start: int) -> Node:
        """What an opening square bracket begins."""
