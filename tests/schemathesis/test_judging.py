"""What the judge of drawn cases makes of a request."""

import subprocess
import sys

_PROGRAM = """
from watchword.contract import load_contract
from watchword.ground import Request
from watchword.schemathesis.judging import _hidden_alone

OPERATION = load_contract("kii").operations[0]

def alone(body, path):
    url = "/x?q=0000" if b"query" in body else "/x"
    return _hidden_alone(("0000",), OPERATION, Request("PUT", url, (), body), path)

print(
    alone(b'{"pin": "0000"}', {}) == ("0000",),
    alone(b'{"pin": "0000", "reason": "a0000b"}', {}) == (),
    alone(b'{"pin": "0000"}', {"id": "0000"}) == (),
    alone(b'{"pin": "0000", "query": ""}', {}) == (),
    _hidden_alone(("0000", "0000"), OPERATION, Request("PUT", "/x", (), b'["0000", "0000"]'), {}) == ("0000", "0000"),
)
"""


def test_a_text_that_is_drawn_for_a_secret_and_for_something_else_is_no_leak() -> None:
    """A reply that repeats the reason does not repeat the secret that happens to be the same."""
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True"] * 5
