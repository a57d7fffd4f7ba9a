"""How texts are built for cases: packed, with a character more, and what schemas say beyond assumed alternatives."""

from collections.abc import Iterator
from typing import Any

from watchword.language import Language

Json = Any


def packed(language: Language, length: int, wanted: set[str]) -> str:
    """A valid text of this length that holds as many wanted characters as come up along the way."""
    text: list[str] = []
    state = 0
    open_ = sorted(wanted)
    for remaining in range(length, 0, -1):
        choices = language.choices(state, remaining, length)
        character, after = choices.pick(0)
        for index, candidate in enumerate(open_):
            target = choices.find(candidate)
            if target is not None:
                character, after = candidate, target
                del open_[index]
                break
        text.append(character)
        state = after
    return "".join(text)


def placed(base: str, character: str, where: str) -> str:
    """The text with a character more: at its `start`, its `end` or `inside`."""
    middle = len(base) // 2
    if where == "end":
        return base + character
    return character + base if where == "start" else base[:middle] + character + base[middle:]


def at_place(where: str) -> str:
    """The place in words."""
    return {"end": "at the end of", "start": "at the start of"}.get(where, where)


def a_named(name: str) -> str:
    """A probe's name in words, with its article: `an equals` of `equals`."""
    words = name.replace("-", " ")
    return f"{'an' if words[0] in 'aeio' else 'a'} {words}"


def near(lengths: tuple[int, ...], wanted: int) -> int:
    """The greatest length that is at most the wanted one and leaves room for one more, else the least."""
    return max((length for length in lengths[:-1] if length <= wanted), default=lengths[0])


def characters(count: int) -> str:
    """A length in words."""
    return "1 character" if count == 1 else f"{count} characters"


def without_assumed_branches(value: Json) -> Json:
    """The schema without the alternatives that somebody assumed; the same object if there are none."""
    if not isinstance(value, dict):
        return value
    for keyword in ("anyOf", "oneOf"):
        branches = value.get(keyword)
        if isinstance(branches, list):
            kept = [branch for branch in branches if not _is_assumed(branch)]
            if kept and len(kept) < len(branches):
                value = {**value, keyword: [branch if branch in kept else False for branch in branches]}
    return value


def assumed_literals(value: Json) -> Iterator[str]:
    """The texts that assumed alternatives list."""
    for keyword in ("anyOf", "oneOf"):
        for branch in value.get(keyword, ()) if isinstance(value, dict) else ():
            if _is_assumed(branch):
                for literal in [branch["const"]] if "const" in branch else branch.get("enum", ()):
                    if isinstance(literal, str):
                        yield literal


def _is_assumed(branch: Json) -> bool:
    return isinstance(branch, dict) and branch.get("x-certainty") == "assumed"
