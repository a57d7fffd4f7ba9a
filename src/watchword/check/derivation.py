"""Whether made-up secrets are digests of what anybody knows or can try: a pure function. Tells no secret.

Tried are the secrets made before, the ids in the path, counters, ids with counters, and the time, each by three digests
in hexadecimal digits or base64, whole or cut, alone or within a longer secret. Chance makes half of several secrets
agree with any of these in eight characters less than once in a million checks.
"""

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

_DIGESTS = ("md5", "sha1", "sha256")
_KEY = 8
"""The least characters of a digest that a secret of nothing else has to have."""
_WITHIN = 12
"""The same of a secret that has more beside it."""
_COUNTED = 1001
_SECONDS = 5
_SEPARATORS = ("", "-", "_", ":", ".", "/")
_MOST_BEFORE = 32
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Making:
    """One made-up secret, with the ids in the path of the request that got it and the clocks then, in seconds."""

    secret: str
    ids: tuple[str, ...] = ()
    clocks: tuple[float, ...] = ()


def derivation(makings: Sequence[Making]) -> str | None:
    """What the secrets are digests of, in words, where at least half of them are; in the order of their making."""
    for what, texts in _SOURCES.items():
        found = [kind for number in range(len(makings)) if (kind := _kind(makings, number, texts))]
        if len(found) >= max(_FEWEST, len(makings) / 2):
            kind = max(set(found), key=found.count)
            return f"{len(found)} of {len(makings)} generated secrets are the {kind} of {what}"
    return None


def _before(makings: Sequence[Making], number: int) -> Iterator[tuple[str, ...]]:
    yield tuple(each.secret for each in makings[max(0, number - _MOST_BEFORE) : number])


def _ids(makings: Sequence[Making], number: int) -> Iterator[tuple[str, ...]]:
    yield makings[number].ids


def _counters(_: Sequence[Making], __: int) -> Iterator[tuple[str, ...]]:
    yield _numbers()


def _counted_ids(makings: Sequence[Making], number: int) -> Iterator[tuple[str, ...]]:
    yield from (_counted(each) for each in makings[number].ids)


def _times(makings: Sequence[Making], number: int) -> Iterator[tuple[str, ...]]:
    seconds = sorted({int(clock) + step for clock in makings[number].clocks for step in range(-_SECONDS, _SECONDS + 1)})
    names = ("", *makings[number].ids)
    yield tuple(
        f"{name}{mark}{second}" for name in names for mark in (_SEPARATORS if name else ("",)) for second in seconds
    )


Source = Callable[[Sequence[Making], int], Iterator[tuple[str, ...]]]
"""What one of the secrets may be a digest of, in groups that several share."""

_SOURCES: dict[str, Source] = {
    "one made before": _before,
    "an id in the path": _ids,
    "a small number": _counters,
    "an id in the path with a small number": _counted_ids,
    "the time in seconds": _times,
}


def _kind(makings: Sequence[Making], number: int, texts: Source) -> str | None:
    for each in texts(makings, number):
        kind = _match(makings[number].secret, _table(each))
        if kind is not None:
            return kind
    return None


@lru_cache(maxsize=1)
def _numbers() -> tuple[str, ...]:
    return tuple(map(str, range(_COUNTED)))


@lru_cache(maxsize=64)
def _counted(name: str) -> tuple[str, ...]:
    return tuple(f"{name}{mark}{number}" for number in _numbers() for mark in _SEPARATORS)


@lru_cache(maxsize=64)
def _table(texts: tuple[str, ...]) -> Mapping[str, tuple[str, str]]:
    """The digests of texts, by their first characters, each with its name."""
    found: dict[str, tuple[str, str]] = {}
    for name in _DIGESTS:
        for text in texts:
            digest = hashlib.new(name, text.encode("utf-8", "surrogatepass"), usedforsecurity=False).digest()
            plain = base64.b64encode(digest).decode()
            for written in (digest.hex(), digest.hex().upper(), plain, plain.replace("+", "-").replace("/", "_")):
                found.setdefault(written[:_KEY], (written, name.upper()))
    return found


def _match(secret: str, table: Mapping[str, tuple[str, str]]) -> str | None:
    for start in range(len(secret) - _KEY + 1):
        written, name = table.get(secret[start : start + _KEY], ("", ""))
        common = sum(1 for _ in _shared(secret[start:], written))
        if written and (common == len(secret) or common >= _WITHIN):
            return name
    return None


def _shared(left: str, right: str) -> Iterator[str]:
    for one, other in zip(left, right, strict=False):
        if one != other:
            return
        yield one
