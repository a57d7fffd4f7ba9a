"""`Prefer` is read as RFC 7240 has it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watchword.mock.prefer import Preference, parse_prefer


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([], Preference()),
        (["code=404"], Preference(404)),
        (["code=404, example=gone"], Preference(404, "gone")),
        (["code=404", "example=gone"], Preference(404, "gone")),
        (['example="two words, one comma"; x=1, code = 404'], Preference(404, "two words, one comma")),
        (['example="a \\"quoted\\" word"'], Preference(None, 'a "quoted" word')),
        (["CODE=404"], Preference(404)),
        (["code=404, code=500"], Preference(404)),
        (["respond-async; wait=100, code=404"], Preference(404)),
        (["wait=1; code=500"], Preference()),
        (["code"], Preference()),
        (["code=", "example="], Preference()),
        (["code=abc, example=x"], Preference(None, "x")),
        (["code=99"], Preference()),
        (["dynamic=true"], Preference()),
        ([',, ;, "x", code=404'], Preference(404)),
    ],
)
def test_wishes_are_found(fields, expected):
    """Names in any case, the first of several, quoted or not, whatever stands around them."""
    assert parse_prefer(fields) == expected


@given(st.lists(st.text(max_size=60), max_size=3))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_any_text_is_read(fields):
    """What is no wish is ignored."""
    parse_prefer(fields)
