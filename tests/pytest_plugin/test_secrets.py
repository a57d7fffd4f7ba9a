"""What a failing test of the user's shows of secrets that Watchword's strategies drew."""

import json

import orjson
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from watchword.contract import load_contract
from watchword.ground import Secret
from watchword.strategies import bad_requests, broken_strings, exchanges, requests, valid_strings, values

pytest_plugins = ["pytester"]

MARK = "hunter2-"
PASSWORD = {"type": "string", "format": "password", "pattern": f"^{MARK}[a-z]+$"}
ONE_OF = {"type": "object", "required": ["p"], "properties": {"p": {"oneOf": [PASSWORD], "format": "password"}}}
OBJECT = {"type": "object", "required": ["p"], "properties": {"p": PASSWORD}}

BRIEF = [Phase.generate]
"""Without shrinking and explaining, which take seconds."""

DRAWN = {
    "valid_strings": valid_strings(PASSWORD),
    "broken_strings": broken_strings({**PASSWORD, "minLength": 12}, "value/minLength"),
    "values": values(OBJECT),
    "values of a choice": values(ONE_OF),
    "list of values": st.lists(values(OBJECT), min_size=1),
}


@pytest.mark.parametrize("name", DRAWN)
def test_falsifying_example_shows_a_secret_by_its_shape(name):
    """As an argument and as drawn by hand, also inside of lists and objects."""
    strategy = DRAWN[name]

    @settings(database=None, max_examples=10, derandomize=True, phases=list(Phase) if name == "values" else BRIEF)
    @given(given_=strategy, hand=st.data())
    def fails(given_: object, hand: st.DataObject) -> None:
        hand.draw(strategy)
        raise AssertionError

    with pytest.raises(AssertionError) as caught:
        fails()
    told = "\n".join(caught.value.__notes__)
    assert "characters: " in told
    assert MARK not in told


@pytest.mark.parametrize("strategy", [requests, bad_requests, exchanges])
def test_falsifying_example_shows_no_body(strategy):
    """A request is shown by its form, not by the values that it was made of."""
    operation = load_contract("kii").operations[0]

    @settings(database=None, max_examples=5, derandomize=True, phases=BRIEF)
    @given(drawn=strategy(operation))
    def fails(drawn: object) -> None:
        raise AssertionError

    with pytest.raises(AssertionError) as caught:
        fails()
    told = "\n".join(caught.value.__notes__)
    assert "body=<" in told
    assert 'newPassword"' not in told
    assert "put(" not in told


def test_secret_is_a_string_like_any_other():
    """JSON, formatting and comparing have its value; only showing it as an object does not."""
    secret = Secret("correct horse")
    assert repr(secret) == "<13 characters: 12 lower, 1 space>"
    assert repr({"p": [secret]}) == "{'p': [<13 characters: 12 lower, 1 space>]}"
    assert f"{secret}" == str(secret) == secret == "correct horse"
    assert type(str(secret)) is str
    assert json.dumps(secret) == orjson.dumps(secret).decode() == '"correct horse"'


def test_public_strings_are_shown():
    """A value that no schema calls secret stays readable, unless the test says so."""
    public = {"type": "string", "pattern": "^public$"}

    @settings(database=None, max_examples=5, derandomize=True, phases=BRIEF)
    @given(shown=valid_strings(public), hidden=valid_strings(public, secret=True))
    def fails(shown: str, hidden: str) -> None:
        raise AssertionError

    with pytest.raises(AssertionError) as caught:
        fails()
    told = "\n".join(caught.value.__notes__)
    assert "shown='public'" in told or "'public'" in told
    assert "hidden=<6 characters: 6 lower>" in told


def test_failing_comparison_shows_both_sides_by_their_shape(session, pytester):
    """Pytest's own difference would have them letter by letter, also of what the service sent back."""
    pytester.makepyfile(
        """
        from hypothesis import Phase, given, settings
        from watchword.strategies import valid_strings
        PASSWORD = {"type": "string", "format": "password", "pattern": "^hunter2-[a-z]+$"}

        @settings(database=None, print_blob=False)
        @given(secret=valid_strings(PASSWORD))
        def test_echo(secret):
            echoed = str(secret)[:-1]
            assert secret == echoed
        """
    )
    result = session("-vv", "-p", "hypothesispytest", "-l", "--tb=short")
    result.assert_outcomes(failed=1)
    text = result.stdout.str()
    assert "assert <9 characters: 7 lower, 1 digit, 1 special> == <8 characters: 6 lower, 1 digit, 1 special>" in text
    assert "secret=<9 characters: 7 lower, 1 digit, 1 special>" in text
