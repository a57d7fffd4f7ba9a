"""Requests that tell each defect of the third batch from the reference, as `witnesses` does for the others."""
# ruff: noqa: E501 - the tables of values read better wide

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from tests.catalogue import iotda, kii, roma_connect
from tests.catalogue.wire import Ask
from tests.catalogue.witnesses import Script, ask, iotda_login, iotda_post, kii_login, kii_put, roma_login, roma_put

KII_VALUES = ("{}", "[1]", "1234", "x thing-1", "FIRST secret One!1", "first secret One!1 and more", "0012", "a\\'b", "it's", "<b>x", "x ", "a&b", "x\n", "a\xa0b", "password", 0, [])  # fmt: skip
KII_THINGS = ("X:thing-1", "VENDOR_THING_ID:VENDthing-1", "VENDOR_THING_ID:thing-1:x", "VENDOR_THING_ID:thing-1;x", "VENDOR_THING_ID:thing-1%20", "VENDOR_THING_ID:thing-1" + quote("\u200b"), "VENDOR_THING_ID:thing-1" + quote("\u0301"), "VENDOR_THING_ID:x'%20or%20'1'='1", "VENDOR_THING_ID:thing*", "VENDOR_THING_ID:%ff")  # fmt: skip
IOTDA_SECRETS: tuple[Any, ...] = ("abcdefg_", "abc--defg", "abcdefgh", "abcdefg0", "00012345", "abc__defgh", "undefined", "abc|defgh", "abc,defgh", "abc\\defgh", "abcdefgh\u0301", "abcdefg中", "abcdefgж", "abcdefg–", "abcdefg%41", "abcd efgh", '"abcdefgh"', False, {})  # fmt: skip
IOTDA_QUERIES = ("action_id=reset%53ecret", "action_id=xresetSecret", "action_id=x&action_id=resetSecret", "action_id=reset%2553ecret")  # fmt: skip
ROMA_PASSWORDS: tuple[Any, ...] = ("Abcdefgh<<<<>>>>&&&&1234567", "Abcdefgh-abcdef1", "Abcdefgh&amp;1234", "Abcdefgh;1234567", "Abcdefgh(1234567", "Abcdefgh\\1234567", "Abcdefgh'1234567", "Abcdefgh`1234567", "Abcdefghi1234567", "Abcdefgh-abcdef²", "Ⓐbcdefgh-1234567", "Abcdefgh-12345é", 0, None, "Abcdefgh12345678-#xyz", "Abcdefgh--1234567", "Abcdefgh%%1234567", "Abcdefgh:1234567", "Abcdefgh<12>34567")  # fmt: skip
ROMA_NAMES: tuple[Any, ...] = (
    "-lamp",
    "lamp-",
    "007",
    "la--mp",
    "la@mp",
    "la|mp",
    "la中mp",
    "lamp!",
    "lamp\n!",
    " ",
    False,
    ["lamp"],
)


def kii_scripts() -> Iterator[Script]:
    """More scripts for Kii."""
    target = f"/api/apps/app1/things/{kii.PREFIX}thing-1/ownership/password"
    yield from ([kii_put(value)] for value in KII_VALUES)
    yield from ([kii_put(thing=thing)] for thing in KII_THINGS)
    yield [kii_put("a b"), kii_put("first secret One!1")]
    yield [kii_put("one"), kii_put("two"), kii_login("first secret One!1"), kii_login("tw")]
    yield [kii_put("one"), kii_put("one", kii.PREFIX + "thing-2")]
    yield [kii_put("one"), kii_put("two", kii.PREFIX + "nobody"), kii_put("two", kii.PREFIX + "no%2Done")]
    yield [kii_put("one"), kii_put("two", token="wrong")]
    yield [kii_put(thing=kii.PREFIX + "thing-2", token=kii.USER)]
    yield [kii_put(thing=kii.PREFIX + "thing%2D1", token=kii.USER)]
    yield [kii_put(app="app2")]
    yield [kii_put(headers={"authorization": f"Digest {kii.ADMIN}"})]
    yield [kii_put(headers={"accept": "application/json"})]
    yield [kii_put(headers={"content-type": "application/vnd.kii.Other+json"})]
    yield [kii_put(headers={"content-type": "json"})]
    yield [ask("PUT", target + "/", {"newPassword": "x"}, {"content-type": kii.MEDIA_TYPE})]
    yield [ask("PUT", f"{target}?access_token={kii.ADMIN}", {"newPassword": "x"}, {"content-type": kii.MEDIA_TYPE})]
    yield [Ask("PUT", f"{target}?newPassword=x", kii_put().headers, b"{}")]
    yield [ask("TRACE", target, None, {"authorization": f"Bearer {kii.ADMIN}"})]
    for raw in (
        b'{\n"newPassword":"x"}',
        b'{newPassword:"x"}',
        '{"newPassword":"x"}'.encode("utf-16"),
        b'{" newPassword ":"x"}',
        b'{"a":{"newPassword":"x"}}',
    ):
        yield [kii_put(raw=raw)]
    yield [kii_put("a password with é")]


def iotda_scripts() -> Iterator[Script]:
    """More scripts for IoTDA."""
    other = "d1_lamp-02"
    yield from ([iotda_post({"secret": secret})] for secret in IOTDA_SECRETS)
    yield from ([iotda_post({}, query=query)] for query in IOTDA_QUERIES)
    yield [iotda_post({"action_id": "resetSecret"}, query="")]
    for slot in ("PRIMARY\n", "MARY", "PRIMARY,SECONDARY", "SUB", True):
        yield [iotda_post({"secret": "abcdefgh", "secret_type": slot})]
    for force in ("yes", {}, None):
        yield [iotda_post({"secret": "abcdefgh", "force_disconnect": force})]
    yield [iotda_post({"secret": "abcdefgh", "force_disconnect": True})]
    yield [iotda_post({"force_disconnect": True})]
    yield [iotda_post({"secret": "short", "force_disconnect": True})]
    yield [iotda_post({"secret": "short", "secret_type": "SECONDARY"})]
    yield [iotda_post({"secret": "abcdefgh", "secret_type": "SECONDARY"}), iotda_login("second-Secret_01", "SECONDARY")]
    yield [iotda_post({"secret": "abcdefgh"}), iotda_post({"secret": "ijklmnop"}), iotda_login("first-Secret_01")]
    yield [iotda_post({}), iotda_post({}, other), iotda_post({}), iotda_post({"secret_type": "SECONDARY"})]
    for device in ("d1_lamp-01.json", "d1-lamp-01", "lamp-01", "d1_lamp-01,d1_lamp-02"):
        yield [iotda_post({}, device)]
    yield [iotda_post({}, "d1_lamp-01;x", headers={"x-auth-token": None})]
    path = f"/v5/iot/{iotda.PROJECT}/devices/d1_lamp-01/action"
    yield [ask("GET", path), ask("PUT", path + "?action_id=resetSecret")]
    yield [iotda_post({"secret": "abcdefgh", "secret_type": "SECONDARY"}, token=iotda.READER)]
    yield [iotda_post({}, token=iotda.EXPIRED)]
    for token in ("x" + iotda.OWNER, "x," + iotda.OWNER, "%4DII" + iotda.OWNER[3:], "a.b"):
        yield [iotda_post({}, token=token)]
    yield [iotda_post({}, headers={"x-auth-token": None, "authorization": f"Bearer {iotda.OWNER}"})]
    yield [iotda_post({"secret": "abcdefgh"}, "nobody")]
    yield from ([iotda_post({}, headers={"content-type": x})] for x in ("application/json;charset=UTF-8", "text/json"))


def roma_scripts() -> Iterator[Script]:
    """More scripts for ROMA Connect."""
    yield from ([roma_put({"password": password}), roma_login("x")] for password in ROMA_PASSWORDS)
    yield from ([roma_put({"user_name": name, "password": "Abcdefgh-1234567"})] for name in ROMA_NAMES)
    yield [roma_put({"user_name": "", "password": ""})]
    yield [roma_put({"user_name": "", "password": "Abcdefgh-1234567"})]
    yield [roma_put({"user_name": "lamp", "password": "short"})]
    yield [roma_put({"user_name": "lamp"}), roma_put({"user_name": "lamp"}, "1002")]
    yield [roma_put({}), roma_put({}, "1002"), roma_put({})]
    yield [
        roma_put({"password": "Abcdefgh-1234567"}),
        roma_put({"password": "Abcdefgh-1234568"}),
        roma_login("First-Passw0rd-#1"),
    ]
    for device in ("01751", "1001L", str(1001 + 2**16), "", "1001,1002", "1" * 4500):
        yield [roma_put({}, device)]
    path = roma_put().target
    yield [Ask("PUT", "/" + path), Ask("POST", path)]
    yield [Ask("PUT", path.replace(roma_connect.PROJECT, "other"), roma_put({}).headers, b"{}")]
    yield [Ask("PUT", path + "?password=Abcdefgh-1234567", roma_put({}).headers, b"{}")]
    yield [roma_put({"user_name": "x"}, token=roma_connect.READER), roma_put({}, token=roma_connect.EXPIRED)]
    yield [roma_put({}, headers={"x-auth-token": None, "x-subject-token": roma_connect.OWNER})]
    yield [
        roma_put({"password": "Abcdefgh-1234567"}, token="wrong"),
        roma_put({"password": "Abcdefgh-1234567"}, "9999"),
    ]
    yield [roma_put({}, headers={"content-type": "text/plain"})]
    yield [roma_put(raw=b"user_name: lamp")]
    yield [roma_put(raw=b" " * 70_000 + b"{}")]
