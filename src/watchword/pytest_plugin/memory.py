"""The secrets that a session has met, as keyed digests: none is kept in clear, and none can be told from here.

A test may accuse a service with good secrets with a probability of less than one in a million.
"""

import math
import os
import string
from hashlib import blake2b
from typing import Any

Json = Any

_FALSE_ALARM_BITS = 20.0
_LENGTHS = ((string.digits, 10), (string.hexdigits, 16), (string.ascii_letters + string.digits, 62))


class Memory:
    """What was made up by the service and what was sent to it, each with the test that met it first.

    With the same `key`, the memories of several processes can be joined.
    """

    def __init__(self, key: str = "") -> None:
        self._key = key.encode()[:64] or os.urandom(32)
        self._made: dict[str, str] = {}
        self._known: dict[str, str] = {}

    def __bool__(self) -> bool:
        return bool(self._known)

    def learn(self, contract: str, secret: str, test: str) -> None:
        """Takes note of a secret that holds, whoever made it."""
        self._known.setdefault(self._digest(contract, secret), test)

    def knows(self, contract: str, text: str) -> bool:
        """Whether a text is a secret that was met before."""
        return self._digest(contract, text) in self._known

    def made(self, contract: str, secret: str, test: str) -> tuple[str, str] | None:
        """Takes note of a secret that the service made up; (rule, message) where it did not come by chance."""
        digests = self._digests(contract, secret)
        found = self._clash(digests, test) or (self._used(contract, secret, test) if digests else None)
        for digest in digests:
            self._made.setdefault(digest, test)
        self._known.setdefault(self._digest(contract, secret), test)
        return found

    def record(self) -> Json:
        """The digests of what was made up, for the way from a worker to its controller."""
        return self._made

    def join(self, record: Json) -> list[tuple[str, str]]:
        """Adds what another process met; one (rule, message) per pair of tests that met the same."""
        found: dict[tuple[str, str], tuple[str, str]] = {}
        for digest, test in record.items():
            before = self._made.setdefault(digest, test)
            if before != test:
                found.setdefault((before, test), (_RULES[digest[0]], f"{_WHAT[digest[0]]}: in {before} and in {test}"))
        return list(found.values())

    def _clash(self, digests: list[str], test: str) -> tuple[str, str] | None:
        for digest in digests:
            if digest in self._made:
                return _RULES[digest[0]], f"{_WHAT[digest[0]]}: first in {_place(self._made[digest], test)}"
        return None

    def _used(self, contract: str, secret: str, test: str) -> tuple[str, str] | None:
        before = self._known.get(self._digest(contract, secret))
        if before is None:
            return None
        return _RULES["="], f"the service made up a secret that was in use before: in {_place(before, test)}"

    def _digests(self, contract: str, secret: str) -> list[str]:
        """Of the whole and, counters and clocks in mind, of all but the end and all but the beginning of it."""
        rest = max(2, len(secret) // 4)
        parts = (("=", secret), ("<", secret[:-rest]), (">", secret[rest:]))
        needed = _FALSE_ALARM_BITS + math.log2(len(self._made) / 3 + 1)
        alphabet = alphabet_of(secret)
        return [
            mark + self._digest(contract, mark + part)
            for mark, part in parts
            if len(part) * math.log2(alphabet) >= needed - 0.1
        ]

    def _digest(self, contract: str, text: str) -> str:
        content = f"{contract}\0{text}".encode("utf-8", "surrogatepass")
        return blake2b(content, key=self._key, digest_size=16).hexdigest()


_RULES = {"=": "generated-secret/repeated", "<": "generated-secret/similar", ">": "generated-secret/similar"}
_WHAT = {
    "=": "the service made up the same secret twice",
    "<": "the service made up two secrets that differ at their end alone",
    ">": "the service made up two secrets that differ at their beginning alone",
}


def alphabet_of(text: str) -> int:
    """The size of the smallest usual alphabet that a text is written in."""
    for characters, size in _LENGTHS:
        if set(text) <= set(characters):
            return size
    return 95


def _place(before: str, test: str) -> str:
    return "this test" if before == test else before
