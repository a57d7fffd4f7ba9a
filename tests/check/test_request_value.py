"""What a request's body says, whatever it is written as, and which of its secrets stand nowhere else in it."""

import pytest

from watchword.check.request_value import told_alone
from watchword.contract import load_contract
from watchword.ground import Request

OPERATION = load_contract("kii").operations[0]


@pytest.mark.parametrize(
    ("url", "body", "alone"),
    [
        ("/x", b'{"pin": "0000"}', ("0000",)),
        ("/x", b'{"pin": "0000", "reason": "a0000b"}', ()),
        ("/x/0000", b'{"pin": "0000"}', ()),
        ("/x?q=0000", b'{"pin": "0000"}', ()),
        ("/x", b'{"pin": "0000", "0000": 1}', ("0000",)),
        ("/x", b"{", ("0000",)),
    ],
)
def test_text_that_is_sent_twice_is_no_secret_to_look_for(url: str, body: bytes, alone: tuple[str, ...]) -> None:
    """A reply that repeats the reason does not repeat the secret that happens to be the same."""
    assert told_alone(OPERATION, Request("PUT", url, (), body), ("0000",)) == alone


def test_secret_that_stands_in_two_places_of_secrets_is_one() -> None:
    """Each place counts for itself."""
    request = Request("PUT", "/x", (), b'["0000", "0000"]')
    assert told_alone(OPERATION, request, ("0000", "0000")) == ("0000", "0000")
