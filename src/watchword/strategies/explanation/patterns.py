"""One rule as a pattern of each dialect that people copy rules into. Says why where a dialect cannot say it."""

import re

from watchword.ground import PatternError
from watchword.language import Part, parse_pattern, render_pattern

DIALECTS = ("ecma", "java", "python", "re2")
_SYNTAX = re.compile(r"[\\^$.*+?()\[\]{}|/]")


def patterns_of(part: Part) -> tuple[tuple[str, str | None, str | None], ...]:
    """(dialect, pattern to be searched for, None), or (dialect, None, reason)."""
    text = _pattern(part)
    if text is None:
        return ()
    found: list[tuple[str, str | None, str | None]] = []
    for dialect in DIALECTS:
        try:
            found.append((dialect, render_pattern(parse_pattern(text), dialect), None))
        except PatternError as error:
            found.append((dialect, None, str(error).splitlines()[0].partition(" at position")[0]))
    return tuple(found)


def _pattern(part: Part) -> str | None:
    """The rule in ECMA-262; None for what is no pattern, nor easily made one."""
    match part.keyword:
        case "pattern":
            return part.pattern or part.value
        case "minLength":
            return f"^[\\s\\S]{{{part.value},}}$"
        case "maxLength":
            return f"^[\\s\\S]{{0,{part.value}}}$"
        case "enum":
            return f"^(?:{'|'.join(_escaped(value) for value in part.value if isinstance(value, str))})$"
        case "const":
            return f"^{_escaped(part.value)}$" if isinstance(part.value, str) else None
        case _:
            return None


def _escaped(text: str) -> str:
    return _SYNTAX.sub(lambda match: "\\" + match.group(), text)
