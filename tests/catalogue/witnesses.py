"""Requests that tell each defect from the reference: the proof that a switch does something.

A script is a list of requests sent to a fresh service one after the other. Chosen by hand, knowing the defects: no
check could use them.
"""
# ruff: noqa: E501 - the tables of values read better wide

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from tests.catalogue import iotda, kii, roma_connect
from tests.catalogue.wire import Ask

Script = list[Ask]


def ask(
    method: str, target: str, body: Any = None, headers: dict[str, str] | None = None, raw: bytes | None = None
) -> Ask:
    """One request; `body` is sent as JSON, `raw` as it is."""
    content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
    return Ask(method, target, tuple((headers or {}).items()), content)


DEEP = b"[" * 200_000
RAW = (b"", b"[]", b"null", b'"text"', b"17", b"{", b"{}x", b"\xff\xfe", b"\xef\xbb\xbf{}", DEEP)
TOKEN_FORMS = ("{}x", "", "{:.9}", "nonsense", "null", "tök€n", "MII-nonsense", "{}, x", "x{}")


# --- Kii ------------------------------------------------------------------------------------------------------------


def kii_put(value: Any = "new secret", thing: str = "VENDOR_THING_ID:thing-1", app: str = "app1", **more: Any) -> Ask:
    """One change of a password by the administrator, unless `token` or `headers` say otherwise."""
    headers = {"authorization": f"Bearer {more.pop('token', kii.ADMIN)}", "content-type": kii.MEDIA_TYPE}
    headers |= more.pop("headers", {})
    body = more.pop("body", {"newPassword": value})
    kept = {name: text for name, text in headers.items() if text is not None}
    return ask(more.pop("method", "PUT"), f"/api/apps/{app}/things/{thing}/ownership/password", body, kept, **more)


def kii_login(password: str, thing: str = "thing-1") -> Ask:
    """One login."""
    return ask("POST", "/login", {"id": thing, "password": password})


KII_VALUES: tuple[Any, ...] = (
    "a", "a" * 200, "a" * 201, "a" * 255, "a" * 300, "", " a ", "   ", "~", "%", "\\", '"', "`", "12345678", "<b>", "<i> </i>", "' or 1",
    "A  B", "a+b", "a%41", "a&b", "\x7f", "é", "¡", "aé", "Ωa", "\ta", "a\t", "\na", "a\n", "\0", "😀", "\ud800", "a\x0b", " " * 3 + "a" * 199,
    17, 10**30, 1.5, True, None, ["a", "b"], {"a": 1}, "short", "x" * 80, "x" * 150, kii.FIRST["app1", "thing-1"],
)  # fmt: skip
KII_THINGS = (
    "VENDOR_THING_ID:thing%2D1", "VENDOR_THING_ID:thing%252D1", "VENDOR_THING_ID:thing%", "VENDOR_THING_ID:thing-2", "VENDOR_THING_ID:Thing-1",
    "vendor_thing_id:thing-1", "thing-1", "VENDOR_THING_ID:%20thing-1", "VENDOR_THING_ID:thing-1%00x", "VENDOR_THING_ID:" + "x" * 300,
    "VENDOR_THING_ID:Nobody", "VENDOR_THING_ID:%25", "VENDOR_THING_ID:thin", "VENDOR_THING_ID:" + quote("ｔhing-1"), "VENDOR_THING_ID:%zz",
)  # fmt: skip


def kii_scripts() -> Iterator[Script]:
    """All scripts for Kii."""
    yield [kii_login("first secret One!1"), kii_login("FIRST secret One!1")]
    for value in KII_VALUES:
        yield [kii_put(value), kii_login("first secret One!1")]
    yield from ([kii_put(thing=thing)] for thing in KII_THINGS)
    yield [kii_put(), kii_put("second secret", "VENDOR_THING_ID:thing-2")]
    yield [kii_put(method="GET", body=None)]
    yield [kii_put(method="POST")]
    yield from (
        [kii_put(raw=raw)]
        for raw in (*RAW, b'[{"newPassword":"ab"}]', b"{'newPassword':'ab'}", b'{"newPassword":"ab",}')
    )
    yield [kii_put(raw=b'{"newPassword":"ab"} x')]
    yield [kii_put(raw=b'{"newPassword":"a\xff"}')]
    yield from ([kii_put(body=body)] for body in ({}, {"newpassword": "ab"}, {"newPassword": "ab", "more": 1}))
    for media_type in (
        kii.MEDIA_TYPE + "; charset=utf-8",
        kii.MEDIA_TYPE.upper(),
        "application/json",
        "text/plain",
        None,
    ):
        yield [kii_put(headers={"content-type": media_type})]
    yield [kii_put(headers={"content-type": kii.MEDIA_TYPE + "; charset=klingon"})]
    for token in (kii.USER, kii.EXPIRED, kii.OTHER_ADMIN, kii.ADMIN.upper(), "x" * 5000):
        yield [kii_put(token=token)]
    yield from ([kii_put(token=form.format(kii.ADMIN))] for form in TOKEN_FORMS)
    for header in (None, kii.ADMIN, f"Basic {kii.ADMIN}", "Bearer", f"bearer {kii.ADMIN}"):
        yield [kii_put(headers={"authorization": header})]
    yield [kii_put(thing="VENDOR_THING_ID:nobody", headers={"authorization": None})]
    yield [kii_put(thing="VENDOR_THING_ID:theirs", app="app2")]
    yield [kii_put(17, "VENDOR_THING_ID:nobody")]
    yield [kii_put(app="%61pp1")]
    yield [kii_put(app="APP1")]
    yield [kii_put(thing="VENDOR_THING_ID:o%27clock")]
    yield [kii_put(headers={"content-type": kii.MEDIA_TYPE + "x"})]
    for value in ("my password", "a\\n", "a/../b", "%n", "a#b", "a{0}b", "a;b", False):
        yield [kii_put(value)]
    yield [kii_put(token=f'"{kii.ADMIN}"')]
    yield [kii_put(token=kii.ADMIN.replace("-", ""))]
    yield [kii_put(f"{number}th password") for number in range(5)]


# --- IoTDA ----------------------------------------------------------------------------------------------------------


def iotda_post(body: Any = None, device: str = "d1_lamp-01", **more: Any) -> Ask:
    """One reset by the owner, unless `token` or `headers` say otherwise."""
    headers = {"x-auth-token": more.pop("token", iotda.OWNER), "content-type": "application/json"}
    headers |= more.pop("headers", {})
    kept = {name: text for name, text in headers.items() if text is not None}
    query = more.pop("query", "action_id=resetSecret")
    project = more.pop("project", iotda.PROJECT)
    return ask("POST", f"/v5/iot/{project}/devices/{device}/action?{query}", body, kept, **more)


def iotda_login(password: str, slot: str = "PRIMARY") -> Ask:
    """One login."""
    return ask("POST", "/login", {"id": "d1_lamp-01", "slot": slot, "password": password})


IOTDA_SECRETS: tuple[Any, ...] = (
    "a" * 7, "a1-Z_9xy", "a" * 9, "a1" * 16, "a" * 31, "a" * 33, "a" * 64, "a" * 65, "a" * 6, "a", "", "abcd_efgh", "abcd-efgh", "abcdefg9", "ABCDEFGZ", "hijklmnop",
    "-abcdefgh", "12345678", "abcdefgh", "a1b2c3d4\n", "a1b2c3d4\nx!", " a1b2c3d4", "a1b2c3d4.", "a1b2c3d4 x", "a1b2c3d4^", "a1b2c3d4+", "a1b2c3d4=", "a1b2c3dé", "a1b2c3dΩ",
    "a1b2c3d٣", "a1b2c3dſ", "ａ1b2c3d4", "a1b2c3d4!", "\ud800a1b2c3d4", "a1b2--c3d4", "_a1b2c3d4_", "-a1b2c3d4-", "first-Secret_01", "first-Secret_01,", None, 12345678, True,
    ["a"], {},
)  # fmt: skip
IOTDA_DEVICES = (
    "d1%5Flamp-01",
    "d1%255Flamp-01",
    "d1_lamp_01",
    "D1_LAMP-01",
    "d1_lamp-01x",
    "%20d1_lamp-01",
    "ｄ1_lamp-01",
    "nobody",
    "d9_theirs",
    "x" * 128,
    "x" * 129,
    "d.1",
)


def iotda_scripts() -> Iterator[Script]:
    """All scripts for IoTDA."""
    yield [iotda_login("first-Secret_01", "SECONDARY"), iotda_login("second-Secret_01")]
    for secret in IOTDA_SECRETS:
        yield [iotda_post({"secret": secret}), iotda_login("first-Secret_01")]
    for slot in ("PRIMARY", "SECONDARY", "primary", " PRIMARY", "OTHER", "TERTIARY", "", None, 0, 1, {}, True):
        yield [iotda_post({"secret": "a1b2c3d4", "secret_type": slot}), iotda_login("a1b2c3d4", "SECONDARY")]
    for force in (True, False, "true", "no", 1, 17, None, [1]):
        yield [iotda_post({"secret": "a1b2c3d4", "force_disconnect": force})]
    yield [iotda_post({}) for _ in range(7)]
    yield [iotda_post({"secret_type": "SECONDARY"}), iotda_post({}, "d1_lamp-02")]
    yield from ([iotda_post({"secret": "a1b2c3d4"}, quote(device, safe="%"))] for device in IOTDA_DEVICES)
    for query in (
        "",
        "Action_ID=resetSecret",
        "action_id=resetsecret",
        "action_id=%20resetSecret",
        "action_id=resetSecretNow",
        "action_id=x",
        "action_id=",
    ):
        yield [iotda_post({}, query=query)]
    yield [iotda_post(headers={"content-type": None})]
    yield from (
        [iotda_post(raw=raw)]
        for raw in (*RAW, b'{"secret":"a1b2c3d4"} x', b'{"secret":"a1b2c3d4\xff"}', b"{/* x */}", b'{"secret":1e999}')
    )
    yield from (
        [iotda_post(body)] for body in ({"secret": "a1b2c3d4", "more": 1}, {"secret": "a1b2c3d4", "secret_type": "X"})
    )
    for media_type in ("application/json; charset=utf-8", "Application/JSON", "text/plain", None):
        yield [iotda_post({}, headers={"content-type": media_type})]
    for token in (iotda.READER, iotda.EXPIRED, iotda.STRANGER, iotda.OWNER.lower(), None):
        yield [iotda_post({}, headers={"x-auth-token": token})]
        yield [iotda_post({}, "nobody", headers={"x-auth-token": token})]
    yield from ([iotda_post({}, token=form.format(iotda.OWNER))] for form in TOKEN_FORMS)
    yield [iotda_post({}, project=iotda.OTHER_PROJECT)]
    yield [iotda_post({"secret": 17}, "nobody", query="")]
    yield [iotda_post({}, headers={"instance-id": "abc"})]
    yield [iotda_post({"secret": "second-Secret_01"})]
    for slot in (False, "PRI", "PRIMARYX", ["PRIMARY"]):
        yield [iotda_post({"secret": "a1b2c3d4", "secret_type": slot})]
    for force in ("", 2**70):
        yield [iotda_post({"secret": "a1b2c3d4", "force_disconnect": force})]
    yield [iotda_post({"secret": "a1b2c3d4\0x"})]


# --- ROMA Connect ---------------------------------------------------------------------------------------------------


def roma_put(body: Any = None, device: str = "1001", **more: Any) -> Ask:
    """One reset by the owner, unless `token` or `headers` say otherwise."""
    headers = {"x-auth-token": more.pop("token", roma_connect.OWNER), "content-type": "application/json"}
    headers |= more.pop("headers", {})
    kept = {name: text for name, text in headers.items() if text is not None}
    instance = more.pop("instance", roma_connect.INSTANCE)
    return ask(
        "PUT",
        f"/v2/{roma_connect.PROJECT}/link/instances/{instance}/devices/{device}/authentication",
        body,
        kept,
        **more,
    )


def roma_login(password: str) -> Ask:
    """One login."""
    return ask("POST", "/login", {"id": "1001", "password": password})


ROMA_PASSWORDS: tuple[Any, ...] = (
    "Abcdefgh-1234567", "Abcdefgh-123456", "Abcdefgh-1234567" * 2, "Abcdefgh-123456" * 2 + "a", "Abcdefgh-1234567" * 2 + "x", "Abcdefgh-1234567" * 4, "Abcdefgh-1234567" * 5,
    "Abc-1", "Abcdefg-1234567", "A", "", "   ", " Abcdefgh-1234567", "Abcdefghijklmn-1", "1bcdefgh-A234567", "Abcdefgh1234567-", "Abcdefgh-1114567", "Password-1234567",
    "Abcdefgh|1234567", "Abcdefgh%4123456", "Abcdefgh${12345}", "Abcdefgh$[12345}", "Abc<efgh>1234567", "Abcdefgh?1234567", "Abcdefgh>1234567", "Abcdefgh~1234567", "Abcdefgh^1234567",
    "Abcdefgh_1234567", "Abcdefgh/1234567", "Abcdefgh]1234567", "Abcdefgh-abcdefgh", "abcdefgh-1234567", "ABCDEFGH-1234567", "AbcdefghI1234567", "12345678-1234567", "Abcdefgh.1234567",
    "Abcdefgh,1234567", "Abcdefgh 1234567", 'Abcdefgh"1234567', "Abcdefgh-٣٣٣٣٣٣٣", "Ébcdefgh-1234567", "ÉBCDEFGH-1234567é", "abcdefgh-1234567Ω", "ABCDEFGH-1234567ω", "Abcdefgh-12345😀",
    "Abcdefgh&1234567", "Abcdefgh$&123456", "Abcdefgh+1234567", "Abcdefgh{}123456", "Abcdefgh%1234567", "Abcdefgh€1234567", "Abcdefgh{1234567", "First-Passw0rd-#1", "First-Passw0rd-#2x",
    None, False, [], 17, {}, "Abcdefgh-12345\ud800",
)  # fmt: skip
ROMA_NAMES: tuple[Any, ...] = (
    "lamp",
    "Lamp-7",
    "a",
    "7up",
    "77",
    "-",
    "a_b",
    "a b",
    "a.b",
    "é",
    "a/b",
    "a\n",
    " a ",
    "😀",
    "",
    None,
    17,
    {},
    "LAMP",
    "lamp-one",
)
ROMA_DEVICES = (
    "1001%20", "+1001", "%2B1001", "%251001", "1%30%30%31", "%2531001", "10_01", "1001.0", "1e3", "1001x", "-1001", "0x3e9", quote("١٠٠١"), quote("１００１"), quote("100²"), "1001%0A",
    str(1001 + 2**32), str(1001 + 2**64), str(2**70), "9999", "-5", "2001", "x", "x%", "1001%2E0", "%31001", "%253001", "%25310%301",
)  # fmt: skip


def roma_scripts() -> Iterator[Script]:
    """All scripts for ROMA Connect."""
    yield [
        roma_put({"user_name": "lamp", "password": "Abcdefgh-1234567-xyz"}),
        roma_login("Abcdefgh-1234567-XX"),
        roma_login("Abcdefgh-1234567-xyz"),
    ]
    for password in ROMA_PASSWORDS:
        yield [roma_put({"password": password}), roma_login("First-Passw0rd-#1")]
    for name in ROMA_NAMES:
        yield [roma_put({"user_name": name, "password": "Abcdefgh-1234567"})]
        yield [roma_put({"user_name": name})]
    yield [roma_put({}) for _ in range(12)]
    yield [roma_put({"user_name": "", "password": ""}), roma_put({}, "1002")]
    yield [
        roma_put({"password": "Abcdefgh-1234567"}),
        roma_put({"password": "Abcdefgh-1234568"}),
        roma_put({"user_name": "x", "password": ""}),
    ]
    yield from ([roma_put({"password": "Abcdefgh-1234567"}, device)] for device in ROMA_DEVICES)
    yield [roma_put(headers={"content-type": None})]
    yield from (
        [roma_put(raw=raw)]
        for raw in (*RAW, b'{"password":"Abcdefgh-1234567"', '{"user_name":"é"}'.encode(), b'{"user_name":"\xe9"}')
    )
    yield [roma_put({"password": "Abcdefgh-1234567", "more": 1})]
    for media_type in (
        "application/json; charset=utf-8",
        "application/xjson",
        "text/plain",
        "application/x-www-form-urlencoded",
        None,
    ):
        yield [roma_put({}, headers={"content-type": media_type})]
    for token in (roma_connect.READER, roma_connect.EXPIRED, roma_connect.STRANGER, roma_connect.OWNER.lower(), None):
        yield [roma_put({}, headers={"x-auth-token": token})]
        yield [roma_put({}, "9999", headers={"x-auth-token": token})]
    yield from ([roma_put({}, token=form.format(roma_connect.OWNER))] for form in TOKEN_FORMS)
    yield [roma_put({}, instance=roma_connect.OTHER_INSTANCE)]
    yield [roma_put({}, "x", headers={"x-auth-token": None})]
    for name in ("n" * 65, "admin", "ｌamp"):
        yield [roma_put({"user_name": name})]
    for password in (
        "Abcdefgh-abcdef0",
        "ZBCDefgh-1234567".replace("B", "b").replace("C", "c").replace("D", "d"),
        "Abcdefgh//123456",
    ):
        yield [roma_put({"password": password})]
    for password in ("~bcdefgh-A234567", "Abcdefgh-1234567\0x", "null"):
        yield [roma_put({"password": password})]
    for token in ("x" * 1001, roma_connect.OWNER[:-1], "a%s"):
        yield [roma_put({}, token=token)]
    yield [roma_put({}, "1001%00x")]
