"""Styled lines on a terminal, plain ones elsewhere, and nothing in either that could steer the terminal."""

import os
from collections.abc import Sequence
from typing import TextIO


def is_coloured(stream: TextIO) -> bool:
    """Whether a terminal that wants colours reads the stream (no-color.org: any value that is not empty says no)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def write_styled(parts: Sequence[tuple[str, str]], stream: TextIO, *, coloured: bool) -> None:
    """Write one line of (text, style) parts."""
    safe = [(_visible(text), style) for text, style in parts]
    if not coloured:
        stream.write("".join(text for text, _ in safe) + "\n")
        return
    from rich.console import Console  # a piped report does without rich's start-up time
    from rich.text import Text

    Console(file=stream, highlight=False).print(Text.assemble(*safe), soft_wrap=True)


def _visible(text: str) -> str:
    """The text with control characters and other unprintable ones as escapes: a message must not steer the terminal."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
