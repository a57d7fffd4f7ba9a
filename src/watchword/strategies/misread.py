"""Texts that are no integer, number or boolean, though careless software takes them for one."""

from collections.abc import Iterator

from watchword.strategies.spelling import Spelling

NO_INTEGERS: tuple[tuple[str, Spelling], ...] = (
    ("plus-sign", Spelling(before="+")),
    ("point-zero", Spelling(after=".0")),
    ("arabic-indic-digits", Spelling(form="Arabic-Indic digits")),
    ("full-width-digits", Spelling(form="full-width")),
    ("space-after", Spelling(after=" ")),
    ("newline-after", Spelling(after="\n")),
    ("underscore", Spelling(form="underscore inside")),
    ("hexadecimal", Spelling(form="hexadecimal")),
    ("letter-after", Spelling(after="L")),
    ("list", Spelling(form="twice")),
    ("nul-after", Spelling(after="\0")),
    ("percent-escaped", Spelling(form="percent escape")),
    ("octal", Spelling(form="octal")),
)
NO_NUMBERS = tuple(entry for entry in NO_INTEGERS if entry[0] not in ("point-zero", "exponent"))
NO_BOOLEANS = (("yes", "yes"), ("one", "1"), ("upper", "TRUE"), ("title", "True"), ("empty", ""), ("space", " true"))


def misread(kinds: frozenset[str], text: str) -> Iterator[tuple[str, str]]:
    """(name, text) of what a form may hold in the place of a value of these types, whose text is given."""
    if kinds == {"boolean"}:
        yield from NO_BOOLEANS
    elif kinds and kinds <= {"integer", "number"}:
        for name, spelling in NO_INTEGERS if kinds == {"integer"} else NO_NUMBERS:
            yield name, spelling.of(text)
        yield "empty", ""
        yield "word", "text"
