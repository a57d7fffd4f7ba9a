"""Which documented path a URL was most likely meant for, where it is none. Tells no part of the URL."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from watchword.contract import Contract, Operation
from watchword.validation.route import decoded, split_url

_TEMPLATE = re.compile(r"\{[^{}]*\}")


class Near(NamedTuple):
    """A documented path; `difference` names what alone keeps a URL from being on it, and is empty where more does."""

    path: str
    difference: str = ""


def near_miss(contract: Contract, method: str, url: str) -> Near | None:
    """The path of an operation of this method that a URL misses by a slash, by case, or by a prefix."""
    for operation in contract.operations:
        if operation.method == method:
            near = _missed(operation, split_url(url)[0])
            if near is not None:
                return near
    return None


def nearest(contract: Contract, method: str, url: str) -> Near | None:
    """A near miss, else the path that reads most like the URL's, of whatever method; `None` without any path."""
    near = near_miss(contract, method, url)
    if near is not None:
        return near
    given = split_url(url)[0]
    paths = [path for operation in contract.operations for path in operation.paths]
    if not paths:
        return None
    return Near(max(paths, key=lambda path: SequenceMatcher(None, _TEMPLATE.sub("", path), given).ratio()))


def _missed(operation: Operation, path: str) -> Near | None:
    given = [decoded(segment) for segment in path.split("/") if segment]
    for documented in dict.fromkeys((*operation.paths, operation.path)):
        wanted = [segment for segment in documented.split("/") if segment]
        for difference, (asked, told) in _alignments(given, wanted):
            if _is_like(asked, told):
                return Near(documented, difference or _spelling(path, documented, asked, told))
    return None


def _alignments(given: list[str], wanted: list[str]) -> Iterator[tuple[str, tuple[list[str], list[str]]]]:
    more = len(given) - len(wanted)
    if more == 0:
        yield "", (given, wanted)
    elif more > 0:
        yield "it has more in front", (given[more:], wanted)
    else:
        yield "it lacks what comes in front", (given, wanted[-more:])


def _is_like(given: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether segments fit but for case, one of them a literal: templates alone are like anything."""
    literal = any(not _TEMPLATE.search(segment) for segment in wanted)
    return literal and all(_pattern(told).fullmatch(asked) for asked, told in zip(given, wanted, strict=True))


def _pattern(segment: str) -> re.Pattern[str]:
    literals = [re.escape(decoded(part)) for part in _TEMPLATE.split(segment)]
    return re.compile(".+".join(literals), re.IGNORECASE | re.DOTALL)


def _spelling(path: str, documented: str, given: Sequence[str], wanted: Sequence[str]) -> str:
    """What differs in a path whose segments fit but for case."""
    cased = any(
        not _TEMPLATE.search(told) and asked != decoded(told) for asked, told in zip(given, wanted, strict=True)
    )
    if cased:
        return "upper and lower case differ"
    if path.endswith("/") != documented.endswith("/"):
        return "a slash at the end differs"
    return "a slash differs"
