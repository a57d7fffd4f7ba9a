"""Figures of an explanation in words, for every format alike."""

import json
import math
from collections.abc import Iterator

from watchword.language.ranges import size
from watchword.strategies.explanation.facts import Explanation
from watchword.strategies.explanation.letters import render_characters

_EXACT = 10**15
_LONGEST = 80
_LISTED = 1_000


def figures(explained: Explanation) -> Iterator[tuple[str, str]]:
    """(name, value) pairs: how many valid strings, how long, of which characters, and some of them."""
    if explained.problem is not None:
        yield "unknown", explained.problem
        return
    if explained.count == 0:
        yield "valid", "no string at all: the rules contradict each other"
        return
    yield "valid", count(explained.count)
    yield "entropy", bits(explained)
    yield "length", lengths(explained)
    yield "alphabet", f"{size(explained.alphabet):,} characters: {render_characters(explained.alphabet)}"
    yield "samples", "  ".join(quoted(text) for text in explained.samples)


def count(number: int | None) -> str:
    """A number of strings, rounded where nobody reads all digits."""
    if number is None:
        return "infinitely many"
    return f"{number:,}" if number < _EXACT else f"about 10^{math.log10(number):.1f}"


def bits(explained: Explanation) -> str:
    """The entropy of a value drawn evenly, over all and over the shortest."""
    if explained.count is None:
        return f"no limit; {explained.floor:.1f} bits at the shortest length"
    return f"{explained.bits:.1f} bits; {explained.floor:.1f} bits at the shortest length"


def lengths(explained: Explanation) -> str:
    """The lengths that there are: `16 to 32 characters`, `0, or 16 to 32 characters`."""
    language, longest = explained.language, explained.longest
    if language is None or explained.shortest is None:
        return "none"
    if longest is None:
        return f"{explained.shortest} or more characters"
    if longest > _LISTED:
        return f"{explained.shortest} to {longest} characters"
    runs: list[list[int]] = []
    for length in language.lengths():
        if runs and runs[-1][1] == length - 1:
            runs[-1][1] = length
        else:
            runs.append([length, length])
    texts = [str(low) if low == high else f"{low} to {high}" for low, high in runs]
    return (
        ", ".join(texts[:-1]) + ", or " if len(texts) > 1 else ""
    ) + f"{texts[-1]} character{'' if texts == ['1'] else 's'}"


def quoted(text: str) -> str:
    """A sample as JSON, cut where it is long."""
    shown = json.dumps(text)
    return shown if len(shown) <= _LONGEST else f'{shown[: _LONGEST - 20]}…" ({len(text):,} characters)'
