"""What a report may show of values: names and words of the contract, and shapes."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.leak_scan import found, needles

from watchword.check import Device, Plan, Principal, Target
from watchword.contract import load_contract
from watchword.schemathesis.hiding import Hider
from watchword.schemathesis.keeping import Keeper
from watchword.schemathesis.service import Service

CONTRACT = load_contract("iotda")
TARGET = Target(
    "iotda",
    "http://127.0.0.1:1/base",
    Principal("caller", "a-token-of-the-caller"),
    devices=(Device({"project_id": "p1", "device_id": "dev one"}),),
)
HIDER = Hider(Service(Plan(TARGET, CONTRACT, (), (), ()), Keeper(CONTRACT, TARGET, journaled=False)))

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_words_of_the_contract_stay() -> None:
    """Members, enums and flags say what happened; only values are secret."""
    given_ = {"secret": "example-secret_01", "secret_type": "PRIMARY", "force_disconnect": True, "mine": None}
    assert HIDER.value(given_) == {
        "secret": "<17 characters: 13 lower, 2 digit, 2 special>",
        "secret_type": "PRIMARY",
        "force_disconnect": True,
        "<4 characters: 4 lower>": None,
    }


def test_a_body_that_is_no_json_shows_its_size() -> None:
    """Bytes that nobody can read are told by their number."""
    assert HIDER.content(b'{"secret": "example') == b"<19 bytes>"
    assert HIDER.content(b"") == b""


def test_a_form_shows_the_names_that_the_document_has() -> None:
    """Values are shapes and so are other names, in a form of either kind; a body that belies its type is its size."""
    pairs = b"secret=abc%21def&secret_type=PRIMARY&own=1&secret="
    assert HIDER.content(pairs, "application/x-www-form-urlencoded") == (
        b"secret=<7 characters: 6 lower, 1 special>&secret_type=PRIMARY&<3 characters: 3 lower>=<1 character: 1 digit>"
        b'&secret=""'
    )
    assert HIDER.content(b"secret=\xff", "application/x-www-form-urlencoded") == b"<8 bytes>"
    parts = (
        b'--mark\r\nContent-Disposition: form-data; name="secret"; filename="f"\r\n\r\nab\r\ncd\r\n'
        b'--mark\r\nContent-Disposition: form-data; name="own"\r\n\r\nx\r\n--mark--\r\n'
    )
    shown = HIDER.content(parts, 'multipart/form-data; boundary="mark"')
    assert shown == b"secret=<6 bytes>&<3 characters: 3 lower>=<1 byte>"
    assert HIDER.content(parts, "multipart/form-data") == f"<{len(parts)} bytes>".encode()
    assert HIDER.content(parts, "multipart/form-data; boundary=other") == f"<{len(parts)} bytes>".encode()


def test_a_documented_media_type_stays_readable_before_its_parameters() -> None:
    """A boundary is the client's, and may be anything."""
    shown = HIDER.header("Content-Type", "application/json; boundary=s3cret")
    assert shown.startswith("application/json; <")
    assert "s3cret" not in shown


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("/base/v5/iot/p1/devices/dev%20one/action?action_id=resetSecret",) * 2,
        (
            "http://u:p@127.0.0.1:1/base/v5/iot/p1/devices/abc/action?action_id=x&token=abc",
            "http://127.0.0.1:1/base/v5/iot/p1/devices/<3 characters: 3 lower>/action"
            "?action_id=<1 character: 1 lower>&<5 characters: 5 lower>=<3 characters: 3 lower>",
        ),
    ],
)
def test_a_url_keeps_its_template_and_listed_devices(url: str, shown: str) -> None:
    """What is neither in the document nor a device of the target is a shape; credentials go."""
    assert HIDER.url(url) == shown


def test_headers_are_shown_only_where_they_are_known_to_be_harmless() -> None:
    """A media type that the contract names, a date; no token, no cookie, no made-up media type."""
    assert HIDER.header("Content-Type", "application/json") == "application/json"
    assert HIDER.header("content-length", "17") == "17"
    for name in ("X-Auth-Token", "Set-Cookie", "Location", "Content-Type"):
        assert HIDER.header(name, "application/of-a-secret") == "<23 characters: 20 lower, 3 special>"


@given(JSON, st.text(min_size=8, alphabet=st.characters(exclude_categories=["Cs"])))
def test_no_string_survives_wherever_it_stands(value: object, secret: str) -> None:
    """A secret as a value, a name of a member, or inside of a longer text is in no byte of what is shown."""
    body = {secret: [value, secret], "secret": f"{secret}{secret}", "deep": {"x": secret}}
    shown = HIDER.content(orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS, default=str)) or b""
    public = "characters special control number integer digits digit lower upper other space"
    assert not found(shown, needles([secret], public))
