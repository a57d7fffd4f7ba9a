"""Properties over arbitrary bytes and arbitrary JSON: a reader answers for everything, and tells nothing of it."""

import io
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from watchword.audit.readers import har, json_lines
from watchword.audit.readers.protocol import NotAnExchange
from watchword.ground import Exchange

SETTINGS = settings(max_examples=100, derandomize=True, deadline=None, database=None)
SECRET = "hunter2"

scalars = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text() | st.just(SECRET)
values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


def members(**usual: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with the members of a format, each usual, odd or absent."""
    return st.fixed_dictionaries({}, optional={name: st.just(value) | values for name, value in usual.items()})


requests = members(
    method="PUT", url="/a", headers={"A": "1"}, body="x", body_base64="AA==", bodySize=1, postData={"text": "x"}
)
responses = members(status=200, headers=[["A", "1"]], body="x", body_base64="AA==", content={"size": 1, "text": "x"})
lines = st.fixed_dictionaries({}, optional={"id": values, "request": requests | values, "response": responses | values})


def _answers(found: list[tuple[int, Exchange | NotAnExchange]]) -> None:
    for position, each in found:
        assert position >= 0
        if isinstance(each, NotAnExchange):
            assert SECRET not in each.reason
        else:
            assert isinstance(each.request.body, bytes)
            assert all(type(text) is str for pair in each.request.headers for text in pair)


@SETTINGS
@given(st.lists(lines | values, max_size=4), st.booleans())
def test_any_json_lines_are_answered(given_lines: list[Any], ascii_only: bool) -> None:
    """Every line of JSON gives an exchange or a reason, one each and in order."""
    text = "\n".join(json.dumps(line, ensure_ascii=ascii_only) for line in given_lines)
    found = list(json_lines.recorded(io.BytesIO(text.encode("utf-8", "surrogatepass"))))
    assert [position for position, _ in found] == list(range(1, len(given_lines) + 1))
    _answers(found)


@SETTINGS
@given(st.lists(lines | values, max_size=4))
def test_any_archive_is_answered(entries: list[Any]) -> None:
    """Every entry of an archive gives an exchange or a reason, in order; only what is no JSON ends it early."""
    text = json.dumps({"log": {"entries": entries}})
    found = list(har.recorded(io.BytesIO(text.encode())))
    assert [position for position, _ in found] == list(range(len(found)))
    if not ("NaN" in text or "Infinity" in text):
        assert len(found) == len(entries)
    _answers(found)


@SETTINGS
@given(st.binary() | st.text().map(lambda text: f'{{"log":{{"entries":[{text}'.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_answered(content: bytes) -> None:
    """No bytes make a reader raise, nor the guess which reader they are for."""
    for reader in (json_lines, har):
        reader.recognises(content)
        _answers(list(reader.recorded(io.BytesIO(content))))
