"""The scan that other tests rely on finds what it must, in every form, and nothing in innocent bytes."""

import base64
import html
import json
import zlib
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.leak_scan import found, found_below, needles, secret_texts

SECRET = "pa<ss\"wörd'/7 \u20ac"
KNOWN = needles([SECRET])


@pytest.mark.parametrize(
    "leaked",
    [
        SECRET.encode(),
        SECRET[::-1].encode(),
        json.dumps(SECRET).encode(),
        json.dumps(SECRET).replace("00f6", "00F6").replace("20ac", "20AC").encode(),
        json.dumps(SECRET, ensure_ascii=False).encode(),
        json.dumps(json.dumps({"a": SECRET})).encode(),
        repr(SECRET).encode(),
        repr(SECRET.encode()).encode(),
        quote(SECRET, safe="").encode(),
        quote(SECRET, safe="").lower().encode(),
        html.escape(SECRET).encode(),
        SECRET.encode().hex().encode(),
        SECRET.encode().hex().upper().encode(),
        SECRET.encode("utf-16-le"),
        SECRET.encode("utf-16-be"),
        base64.b64encode(SECRET.encode()),
        base64.b64encode(b"x" + SECRET.encode() + b"yy"),
        base64.urlsafe_b64encode(b"xy" + SECRET.encode() + b"z"),
    ],
)
def test_secret_in_any_form_is_found(leaked: bytes) -> None:
    """Each form is found in the middle of other bytes, and the leak tells nothing of the secret itself."""
    leaks = found(b"before " + leaked + b" after", KNOWN)
    assert leaks
    assert {leak.offset for leak in leaks} <= set(range(7, 7 + len(leaked)))
    assert not found(repr([leak.form for leak in leaks]).encode(), KNOWN)


def test_innocent_bytes_hold_no_leak() -> None:
    """Other text, a part of the secret and a short or uniform secret are no leaks."""
    assert not found(SECRET[:-1].encode() + b" and compressed " + zlib.compress(SECRET.encode()), KNOWN)
    assert not needles(["short", "aaaaaaaaaaaa", "abababababab"])


def test_every_file_below_a_folder_is_read(tmp_path: Path) -> None:
    """Contents and names of files at any depth, hidden ones too."""
    (tmp_path / ".hidden" / "deep").mkdir(parents=True)
    (tmp_path / ".hidden" / "deep" / "log").write_bytes(b"\x00" + SECRET.encode())
    (tmp_path / "secret-of-device").write_text("nothing")
    leaks = found_below(tmp_path, needles([SECRET, "secret-of-device"]))
    assert [leak.where for leak in leaks] == [".hidden/deep/log", "the name ./…"]


def test_texts_of_a_secret_member_are_read_from_any_body() -> None:
    """Texts, numbers and keys below a member of the name at any depth; of a broken body what follows the name."""
    body = b'{"a": [{"password": ["x1", {"key": 17}]}], "password": "x2", "other": "no"}'
    assert secret_texts(body, "password") == ["x1", "key", "17", "x2"]
    assert secret_texts(b'{"password": "cut o', "password") == ["cut o"]
    assert secret_texts(b"\xff\xfe", "password") == []
