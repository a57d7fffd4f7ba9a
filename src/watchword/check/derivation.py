"""Whether made-up secrets are digests of what anybody knows or can try: a pure function. Tells no secret.

Tried are the secrets made before, the ids in the path, counters, ids with counters, and the time, each by three digests
in hexadecimal digits or base64, whole or cut, alone or within a longer secret. Chance makes half of several secrets
agree with any of these in eight characters less than once in a million checks.
"""

import hashlib
from binascii import b2a_base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

_DIGESTS = {"MD5": hashlib.md5, "SHA1": hashlib.sha1, "SHA256": hashlib.sha256}
_KEY = 8
"""The least characters of a digest that a secret of nothing else has to have."""
_START = 6
"""As many bytes of a digest as give that many characters in either writing."""
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
            kind = max(dict.fromkeys(found), key=found.count)
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
def _table(texts: tuple[str, ...]) -> Mapping[str, tuple[bytes, int, str]]:
    """The digests of texts by the first characters of each writing, with the writing's number and the digest's name."""
    found: dict[str, tuple[bytes, int, str]] = {}
    add = found.setdefault
    contents = [text.encode("utf-8", "surrogatepass") for text in texts]
    for name, make in _DIGESTS.items():
        for content in contents:
            digest = make(content, usedforsecurity=False).digest()
            for number, start in enumerate(_writings(digest[:_START])):
                add(start[:_KEY], (digest, number, name))
    return found


def _writings(digest: bytes) -> tuple[str, str, str, str]:
    """The digest in hexadecimal digits of either case and in base64 of either alphabet."""
    digits, plain = digest.hex(), b2a_base64(digest, newline=False).decode()
    return digits, digits.upper(), plain, plain.replace("+", "-").replace("/", "_")


def _match(secret: str, table: Mapping[str, tuple[bytes, int, str]]) -> str | None:
    for start in range(len(secret) - _KEY + 1):
        entry = table.get(secret[start : start + _KEY])
        if entry is not None:
            digest, number, name = entry
            common = sum(1 for _ in _shared(secret[start:], _writings(digest)[number]))
            if common == len(secret) or common >= _WITHIN:
                return name
    return None


def _shared(left: str, right: str) -> Iterator[str]:
    for one, other in zip(left, right, strict=False):
        if one != other:
            return
        yield one
