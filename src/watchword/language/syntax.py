r"""The tree of a pattern, the same for every dialect. Holds no parser and no text beyond what a node was written as.

What a dialect means by `.`, `$` or `\d` is settled by its parser: nodes say it in code points and assertions.
"""

from collections.abc import Iterator

from watchword.ground import record
from watchword.language.ranges import Ranges, normal, of_text

DIGIT: Ranges = ((0x30, 0x39),)
WORD: Ranges = normal([(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)])
LINE_ENDS: Ranges = of_text("\n\r\u2028\u2029")
SPACE: Ranges = of_text(
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f"
    "\u3000\ufeff"
)
r"""`\s`: WhiteSpace and LineTerminator (ECMA-262, 12.2 and 12.3)."""


@record(uncompared=("source",))
class Chars:
    """One character out of a set; `source` is how the pattern wrote it."""

    ranges: Ranges
    source: str = ""


@record()
class Start:
    """The very beginning of the text."""


@record()
class End:
    """The very end of the text."""


@record()
class Boundary:
    """Between a character of `word` and one outside of it or an end of the text; `negated`: anywhere else."""

    negated: bool = False
    word: Ranges = WORD


@record()
class Sequence:
    """One item after the other; none is the empty text."""

    items: "tuple[Node, ...]" = ()


@record()
class Choice:
    """Any of the options; none matches nothing at all."""

    options: "tuple[Node, ...]"


@record(uncompared=("lazy",))
class Repeat:
    """The item `low` to `high` times, `None` meaning without end. Lazy or greedy makes no difference to a language."""

    item: "Node"
    low: int
    high: int | None
    lazy: bool = False


@record(uncompared=("opening",))
class Group:
    """A bracketed item; `opening` is how the bracket was written: `(`, `(?:`, `(?<name>`."""

    item: "Node"
    opening: str = "(?:"


@record()
class Look:
    """A condition on the text after (`ahead`) or before the position."""

    item: "Node"
    ahead: bool
    negated: bool


Node = Chars | Start | End | Boundary | Sequence | Choice | Repeat | Group | Look


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, parents first."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        match node:
            case Sequence(items):
                pending.extend(reversed(items))
            case Choice(options):
                pending.extend(reversed(options))
            case Repeat(item=item) | Group(item=item) | Look(item=item):
                pending.append(item)
            case _:
                pass
