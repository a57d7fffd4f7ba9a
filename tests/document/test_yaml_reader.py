"""YAML 1.2 as documents have it: the core schema, what is refused, and where a refusal points."""

import pytest

from watchword.document import yaml_reader
from watchword.ground import BrokenDocument, UnreadableInput

SCALARS = [
    ("no", "no"),
    ("yes", "yes"),
    ("on", "on"),
    ("off", "off"),
    ("y", "y"),
    ("true", True),
    ("True", True),
    ("FALSE", False),
    ("tRUE", "tRUE"),
    ("~", None),
    ("null", None),
    ("NULL", None),
    ("nULL", "nULL"),
    ("", None),
    ("010", 10),
    ("0o10", 8),
    ("0o8", "0o8"),
    ("0x1F", 31),
    ("0X1F", "0X1F"),
    ("-0x1F", "-0x1F"),
    ("0b11", "0b11"),
    ("1_000", "1_000"),
    ("+1", 1),
    ("-7", -7),
    ("1e3", 1000.0),
    ("1e", "1e"),
    (".5", 0.5),
    ("1.", 1.0),
    ("-.5", -0.5),
    (".", "."),
    ("1.2.3", "1.2.3"),
    ("3.1.0", "3.1.0"),
    ("2020-01-01", "2020-01-01"),
    ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z"),
    ("12:30:45", "12:30:45"),
    ("=", "="),
    ("<<", "<<"),
    ("'no'", "no"),
    ("'010'", "010"),
    ('"\\x41"', "A"),
    ("!!str 3", "3"),
    ("!!int '3'", 3),
    ("!!float 3", 3.0),
    ("!!bool TRUE", True),
    ("!!null ''", None),
    ("123456789012345678901234567890", 123456789012345678901234567890),
]


@pytest.mark.parametrize(("text", "value"), SCALARS)
def test_scalar_has_the_type_of_the_core_schema(document, text, value):
    """A plain scalar means what YAML 1.2.2, section 10.3 says, not what YAML 1.1 said."""
    found = document(f"a: {text}").value["a"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("a: 1\na: 2", "2:1", "duplicate key `a`"),
        ("x:\n  b: 1\n  'b': 2", "3:3", "duplicate key `b`"),
        ("a: &x\n  b: *x", "1:4", "an alias refers to a value that contains it"),
        ("a: *nothing", "1:4", "found undefined alias"),
        ("a: &x 1\nb: &x 2", "2:4", "an anchor is declared twice"),
        ("<<: 3", "1:5", "a merge key needs a mapping or a list of mappings"),
        ("a: !thing 1", "1:4", "tag `!thing` is not in YAML's core schema"),
        ("a: !!binary aGk=", "1:4", "tag `!!binary` is not in YAML's core schema"),
        ("a: !!timestamp 2020-01-01", "1:4", "tag `!!timestamp` is not in YAML's core schema"),
        ("a: !!set {x}", "1:4", "tag `!!set` is not in YAML's core schema"),
        ("!!omap [a: 1]", "1:1", "tag `!!omap` is not in YAML's core schema"),
        ("a: !!int no", "1:4", "cannot be read as int"),
        ("a: !!bool yes", "1:4", "cannot be read as bool"),
        ("a: !!null x", "1:4", "cannot be read as null"),
        ("a: !!float x", "1:4", "cannot be read as float"),
        ("a: .nan", "1:4", "JSON has no such number"),
        ("a: -.INF", "1:4", "JSON has no such number"),
        ("a: 1e999", "1:4", "JSON has no such number"),
        (f"a: {'9' * 5000}", "1:4", "has too many digits"),
        ("? [1]\n: x", "1:3", "a key must be a scalar"),
        ("? {a: 1}\n: x", "1:3", "a key must be a scalar"),
        ("a: 1\n---\nb: 2", "2:1", "expected a single document in the stream but found another document"),
        ("a: [1", "2:1", "did not find expected ',' or ']' while parsing a flow sequence"),
        ("a: 'x", "1:6", "found unexpected end of stream while scanning a quoted scalar"),
        ("a:\n\t- b", "2:1", "a tab where only spaces can indent"),
        ("a: b: c", "1:5", "mapping values are not allowed in this context"),
        ("a: \0", "1:4", "character U+0000 is not allowed in YAML"),
        ("a: é\nb: \x07", "2:4", "character U+0007 is not allowed in YAML"),
    ],
)
def test_text_that_is_no_core_yaml_is_refused_at_its_place(document, text, place, reason):
    """A document that is no YAML 1.2 gives one finding with file, line, column and the reason."""
    with pytest.raises(BrokenDocument) as caught:
        document(text)
    (finding,) = caught.value.findings
    assert str(finding.place) == f"api.yaml:{place}"
    assert finding.message.splitlines()[0] == f"not valid YAML: {reason}"


def test_refusal_shows_the_line_with_a_caret_below(document):
    """The caret stands under the very character; characters that would move it are replaced."""
    with pytest.raises(BrokenDocument) as caught:
        document("info:\n\ttitle:\x7f x\n")
    _, shown, caret = caught.value.findings[0].message.splitlines()
    assert shown == "   title:\N{REPLACEMENT CHARACTER} x"
    assert caret.index("^") == shown.index("\N{REPLACEMENT CHARACTER}")


def test_caret_in_a_long_line_stays_under_its_character(document):
    """Of a long line a window is shown; the caret stands under the offending character all the same."""
    with pytest.raises(BrokenDocument) as caught:
        document("a: [" + "x, " * 100 + "!bad y]")
    _, shown, caret = caught.value.findings[0].message.splitlines()
    assert len(shown) <= 74
    assert shown[caret.index("^") :].startswith("!bad")


def test_merge_keys_give_way_to_own_members_and_earlier_sources(document):
    """A merge key adds what is not there; its list is searched from the front."""
    text = "base: &base {a: 1, b: 1}\nmore: &more {b: 2, c: 2}\nall:\n  <<: [*base, *more]\n  a: 9\n"
    assert document(text).value["all"] == {"a": 9, "b": 1, "c": 2}


def test_quoted_merge_key_is_an_ordinary_member(document):
    """Only the plain scalar `<<` merges."""
    assert document("'<<': {a: 1}").value == {"<<": {"a": 1}}


def test_place_of_a_merged_member_is_where_it_was_written(document):
    """A member that came by a merge key stands in the merged mapping."""
    found = document("base: &b\n  a: 1\nall:\n  <<: *b\n  c: 2\n")
    assert str(found.place("/all/a")) == "api.yaml:2:3"
    assert str(found.place("/all/c")) == "api.yaml:5:3"


def test_keys_are_strings_as_written(document):
    """Keys keep their spelling: the statuses and paths of an OpenAPI document are strings."""
    assert document("200: a\n010: b\ntrue: c\nnull: d\n1.0: e\n2020-01-01: f").value == {
        "200": "a",
        "010": "b",
        "true": "c",
        "null": "d",
        "1.0": "e",
        "2020-01-01": "f",
    }


def test_aliases_share_a_value(document):
    """An alias is the anchored value."""
    value = document("a: &x {k: [1]}\nb: *x").value
    assert value["b"] is value["a"]


@pytest.mark.parametrize("opening", ["[{}]", "{{{}}}"])
def test_alias_bomb_is_refused(document, opening):
    """A few lines of aliases that stand for billions of values are refused at once."""
    lines = ["a0: &a0 [x, x]" if opening == "[{}]" else "a0: &a0 {k: x}"]
    for number in range(1, 30):
        inner = ", ".join(f"{'' if opening == '[{}]' else f'k{k}: '}*a{number - 1}" for k in range(5))
        lines.append(f"a{number}: &a{number} {opening.format(inner)}")
    with pytest.raises(BrokenDocument, match="aliases expand to more than 5,000,000 values"):
        document("\n".join(lines))


@pytest.mark.parametrize(
    "text",
    [
        "[" * 201 + "]" * 201,
        "[" * 100_000,
        "{a: " * 100_000,
        "- " * 100_000,
        "? " * 50_000,
        "a: " + "[" * 5_000 + "]" * 5_000,
        "\n".join(" " * depth + "a:" for depth in range(3_000)),
        "a: &a " + "[" * 150 + "]" * 150 + "\nb: &b " + "[" * 100 + "*a" + "]" * 100,
    ],
    ids=range(8),
)
def test_bottomless_nesting_is_refused_and_crashes_nothing(document, text):
    """More than 200 levels are refused in one line; PyYAML's C composer would end the process at some depth."""
    with pytest.raises(BrokenDocument, match="nested more than 200 levels deep"):
        document(text)


@pytest.mark.parametrize("text", ["[" * 200 + "]" * 200, "- " * 199 + "x", "{a: " * 200 + "}" * 200])
def test_two_hundred_levels_are_read(document, text):
    """The limit itself is allowed."""
    assert document(text).value is not None


def test_many_brackets_on_one_level_are_no_nesting(document):
    """The guard against nesting counts levels, not brackets."""
    assert len(document("a: [" + "[], " * 5_000 + "{}]").value["a"]) == 5_001


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "---\n...\n", "\ufeff"])
def test_empty_text_is_null(document, text):
    """A file without a document is the value null, and has a place."""
    found = document(text)
    assert found.value is None
    assert found.place("/info").line >= 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_byte_order_mark_tells_the_encoding(document, encoding):
    """UTF-8 with and without mark and UTF-16 with one are read, and columns count characters."""
    found = document("ä: ö\nb: {c: 𝄞, d: 1}".encode(encoding))
    assert found.value == {"ä": "ö", "b": {"c": "𝄞", "d": 1}}
    assert str(found.place("/b/d")) == "api.yaml:2:11"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a: 1\nb: \xff", "api.yaml:2:4: byte 0xFF is not valid UTF-8"),
        (b"a: \xc3", "api.yaml:1:4: byte 0xC3 is not valid UTF-8"),
        (b"\xff\xfea", "api.yaml:1:3: byte 0x61 is not valid UTF-16"),
    ],
)
def test_bytes_that_are_no_text_are_unreadable(document, content, message):
    """Bytes outside the encoding are named with line and column."""
    with pytest.raises(UnreadableInput) as caught:
        document(content)
    assert str(caught.value) == message


def test_every_place_of_the_tree_is_the_key_or_item_itself(document):
    """Line and column of a pointer are those of the key, or of the first character of an item."""
    found = document("paths:\n  '/a~b/c':\n    - x\n    -   get: {'200': 1}\n")
    places = {
        "": "1:1",
        "/paths": "1:1",
        "/paths/~1a~0b~1c": "2:3",
        "/paths/~1a~0b~1c/0": "3:7",
        "/paths/~1a~0b~1c/1": "4:9",
        "/paths/~1a~0b~1c/1/get": "4:9",
        "/paths/~1a~0b~1c/1/get/200": "4:15",
        "/paths/~1a~0b~1c/1/get/404": "4:9",
        "/nothing/at/all": "1:1",
        "/paths/~1a~0b~1c/99999999999": "2:3",
    }
    assert {pointer: str(found.place(pointer)).removeprefix("api.yaml:") for pointer in places} == places


def test_yaml_limits_are_stated_where_they_hold():
    """The safe depth lies above the allowed one, or the guard would let through what construction refuses."""
    assert yaml_reader._SAFE_DEPTH > yaml_reader.MAX_DEPTH
