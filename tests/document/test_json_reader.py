"""JSON documents: strictness, and the place of every value."""

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watchword.document.json_reader import offsets
from watchword.ground import BrokenDocument, render_pointer


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("", "1:1", "expecting value"),
        ("nul", "1:1", "expecting value"),
        ('{\n  "a": tru\n}', "2:8", "expecting value"),
        ("[1,]", "1:4", "expecting value"),
        ('{"a":1}x', "1:8", "extra data"),
        ("{'a':1}", "1:2", "expecting property name enclosed in double quotes"),
        ('{"a":1 "b":2}', "1:8", "expecting ',' delimiter"),
        ('{"a":01}', "1:7", "expecting ',' delimiter"),
        ('{"a":"\n"}', "1:7", "invalid control character"),
        ('{"a":\n NaN}', "2:2", "`NaN` is no JSON number"),
        ('["NaN", -Infinity]', "1:9", "`-Infinity` is no JSON number"),
        ('{"a":1e999}', "1:6", "a number is beyond the range of a double"),
        (f'{{"a":{"1" * 5000}}}', "1:6", "a number has too many digits"),
        ('{"a":1,\n"a":2}', "2:1", "duplicate key `a`"),
        ('{"a":1,"\\u0061":2}', "1:8", "duplicate key `a`"),
        ('{"x":{"a":1},"y":[0,{"b":1,"a":{"a":0},"a":2}]}', "1:40", "duplicate key `a`"),
        ('{"a":"x","b":"\\ud800"}', "1:14", "a string holds half of a surrogate pair"),
        ('{"\\uDC00":1}', "1:2", "a string holds half of a surrogate pair"),
        ("[" * 201 + "]" * 201, "1:1", "nested more than 200 levels deep"),
        ("[" * 100_000, "1:1", "nested more than 200 levels deep"),
        ('{"a":' * 100_000, "1:1", "nested more than 200 levels deep"),
    ],
)
def test_text_that_is_no_strict_json_is_refused_at_its_place(document, text, place, reason):
    """A `.json` file that is no JSON, or that programs read differently, gives one finding at the very spot."""
    with pytest.raises(BrokenDocument) as caught:
        document(text, "api.json")
    (finding,) = caught.value.findings
    assert str(finding.place) == f"api.json:{place}"
    assert finding.message.splitlines()[0] == f"not valid JSON: {reason}"


def test_escaped_surrogate_pair_is_a_character(document):
    """Two halves that belong together are one character."""
    assert document('{"a":"\\ud834\\udd1e"}', "api.json").value == {"a": "𝄞"}


def test_backslash_before_u_is_no_escape_of_a_surrogate(document):
    """An escaped backslash followed by `ud800` is plain text."""
    assert document('{"a":"\\\\ud800"}', "api.json").value == {"a": "\\ud800"}


def test_large_integer_stays_exact(document):
    """Integers beyond 64 bits are not rounded."""
    assert document('{"a":18446744073709551617}', "api.json").value == {"a": 18446744073709551617}


def test_json_with_a_yaml_name_is_read_as_json_and_else_as_yaml(document):
    """A file without the ending `.json` may be either; duplicate keys are refused in both."""
    assert document('{"a": 1e3}', "api").value == {"a": 1000.0}
    assert document('{"a": 1,}', "api").value == {"a": 1}
    with pytest.raises(BrokenDocument, match="duplicate key `a`"):
        document('{"a":1,"a":2}', "api")


def test_two_hundred_levels_of_json_are_read(document):
    """The limit itself is allowed."""
    assert document("[" * 200 + "]" * 200, "api.json").value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=4), children, max_size=4),
    max_leaves=20,
)
SPACE = ("", "", " ", "\n", "\t", "\r\n", "  \n ")


def written(value: Any, random_: random.Random) -> tuple[str, dict[str, int]]:
    """A JSON text of a value with white space and escapes at random, and the offset at which each pointer was written.

    The independent way: positions are noted while writing, never searched for.
    """
    parts: list[str] = []
    noted: dict[str, int] = {}

    def put(text: str) -> None:
        parts.append(text)

    def string(text: str) -> str:
        return json.dumps(text, ensure_ascii=random_.random() < 0.5)

    def put_value(value: Any, tokens: tuple[str | int, ...], *, noted_already: bool) -> None:
        put(random_.choice(SPACE))
        if not noted_already:
            noted[render_pointer(tokens)] = len("".join(parts))
        if isinstance(value, dict):
            put("{")
            for number, (key, child) in enumerate(value.items()):
                put(("," if number else "") + random_.choice(SPACE))
                noted[render_pointer((*tokens, key))] = len("".join(parts))
                put(string(key) + random_.choice(SPACE) + ":")
                put_value(child, (*tokens, key), noted_already=True)
            put(random_.choice(SPACE) + "}")
        elif isinstance(value, list):
            put("[")
            for number, child in enumerate(value):
                put("," if number else "")
                put_value(child, (*tokens, number), noted_already=False)
            put(random_.choice(SPACE) + "]")
        else:
            put(string(value) if isinstance(value, str) else json.dumps(value))
        put(random_.choice(SPACE))

    put_value(value, (), noted_already=False)
    return "".join(parts), noted


@settings(max_examples=300, derandomize=True, deadline=None)
@given(JSON, st.randoms(use_true_random=False))
def test_every_pointer_has_the_place_where_it_was_written(value, random_):
    """RFC 6901 pointers of any JSON text lead to the key or item, whatever the layout and the escapes."""
    text, noted = written(value, random_)
    assert json.loads(text) == value
    assert offsets(text) == noted


@settings(max_examples=100, derandomize=True, deadline=None)
@given(JSON, st.randoms(use_true_random=False))
def test_line_and_column_count_from_one_in_characters(document, value, random_):
    """Lines end at a line feed; columns count code points."""
    text, noted = written({"a": value}, random_)
    found = document(text, "api.json")
    for pointer, offset in noted.items():
        before = text[:offset].split("\n")
        place = found.place(pointer)
        assert (place.line, place.column) == (len(before), len(before[-1]) + 1)


def test_pointer_that_leads_nowhere_has_the_place_of_its_nearest_ancestor(document):
    """What is missing is shown where it would be."""
    found = document('{\n "a": {"b": [1]}}', "api.json")
    assert str(found.place("/a/b/7/c")) == "api.json:2:8"
    assert str(found.place("/x")) == "api.json:1:1"
