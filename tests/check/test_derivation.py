"""Made-up secrets that are digests of what anybody knows, and good ones that are not taken for them."""

import base64
import hashlib
import random
import string
from collections.abc import Callable

import pytest

from watchword.check.derivation import Making, derivation

NOW = 1_790_000_000.25
IDS = ("project-7", "meter-1")
Made = Callable[[int, str], str]


def made(make: Made, count: int = 12) -> list[Making]:
    """As many secrets, each from its number and the one before it."""
    found: list[Making] = []
    for number in range(count):
        before = found[-1].secret if found else "seed"
        found.append(Making(make(number, before), IDS, (NOW + number, NOW + number + 0.5)))
    return found


def digest(name: str, text: str) -> bytes:
    return hashlib.new(name, text.encode()).digest()


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda _, before: digest("md5", before).hex(), "11 of 12 generated secrets are the MD5 of one made before"),
        (lambda _, before: digest("sha256", before).hex()[:16], "are the SHA256 of one made before"),
        (lambda _, __: digest("sha1", "meter-1").hex(), "12 of 12 generated secrets are the SHA1 of an id in the path"),
        (lambda _, __: "Aa1!" + digest("sha256", "meter-1").hex()[:14], "are the SHA256 of an id in the path"),
        (lambda n, _: base64.b64encode(digest("sha256", f"meter-1{n}")).decode(), "of an id in the path with a small"),
        (lambda n, _: base64.urlsafe_b64encode(digest("md5", f"meter-1-{n}")).decode()[:12], "with a small number"),
        (lambda n, _: digest("md5", str(900 + n)).hex().upper()[:20], "are the MD5 of a small number"),
        (lambda n, _: digest("md5", str(int(NOW) + n - 4)).hex(), "are the MD5 of the time in seconds"),
        (lambda n, _: digest("sha1", f"meter-1:{int(NOW) + n}").hex(), "are the SHA1 of the time in seconds"),
    ],
)
def test_digest_of_what_anybody_knows_is_named(make: Made, told: str) -> None:
    """Which digest, of what, and of how many; none of it is shown."""
    found = derivation(made(make))
    assert found is not None
    assert told in found


def test_random_secrets_are_never_taken_for_digests() -> None:
    """Hexadecimal, base64, letters, digests of something secret: none of many."""
    chance = random.Random(5)

    def text(of: str, length: int) -> Made:
        return lambda _, __: "".join(chance.choices(of, k=length))

    for make in (
        text("0123456789abcdef", 8),
        text("0123456789abcdef", 32),
        text(string.ascii_letters + string.digits, 16),
        text(string.digits, 8),
        lambda _, __: digest("md5", str(chance.random())).hex(),
        lambda n, _: digest("md5", str(int(NOW) + n + 9)).hex(),
    ):
        assert derivation(made(make, 40)) is None


def test_short_or_single_secrets_say_nothing() -> None:
    """Of one secret, or of less than eight characters, chance cannot be ruled out."""
    assert derivation(made(lambda _, __: digest("md5", "meter-1").hex(), 1)) is None
    assert derivation(made(lambda _, __: digest("md5", "meter-1").hex()[:7])) is None
    assert derivation([]) is None
