"""The judged exchanges of tests/fixtures/exchanges held against the documents; no validator runs here."""

import base64
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

ROOT = Path(__file__).parents[2]
NAMES = ("roma-connect", "iotda", "kii")
OUTSIDE_SCHEMAS = {
    "unknown-operation",
    "missing-parameter",
    "parameter-format",
    "missing-credential",
    "wrong-scheme",
    "missing-body",
    "unexpected-body",
    "broken-body",
    "media-type",
    "reply-status",
}
# Where one of these is broken, the schema of the body is not asked.
NO_SCHEMA_ASKED = {"broken-body", "media-type", "missing-body", "unexpected-body", "reply-status"}
# Titles of parts that every contract must see broken alone.
TITLES = {"length", "digit", "upper", "lower", "special", "alphabet", "first", "complete", "hexadecimal"}
# Rules of schemas that no request and no reply uses.
UNREACHED = {"NbIotSecret/hexadecimal"}


@cache
def document(name: str) -> Any:
    return yaml.safe_load((ROOT / "specs" / f"{name}.openapi.yaml").read_text(encoding="utf-8"))


@cache
def exchanges(name: str) -> list[dict[str, Any]]:
    file = ROOT / "tests" / "fixtures" / "exchanges" / f"{name}.jsonl"
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def operation(name: str) -> Any:
    (item,) = document(name)["paths"].values()
    return next(iter(item.values()))


def named_schemas(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every component, property and parameter that can give a rule its first name."""
    components = document(name)["components"]["schemas"]
    yield from components.items()
    for component in components.values():
        yield from component.get("properties", {}).items()
    yield from ((parameter["name"], parameter["schema"]) for parameter in operation(name)["parameters"])


def rules(name: str) -> dict[str, bool]:
    """Rule id of every keyword of the named schemas, and whether the document marks it as assumed."""
    found: dict[str, bool] = {}
    constraints = ("type", "enum", "const", "required", "pattern", "minLength", "maxLength")
    for schema_name, schema in named_schemas(name):
        whole = schema.get("x-certainty") == "assumed"
        within = any(
            schema in component.get("properties", {}).values() and component.get("x-certainty") == "assumed"
            for component in document(name)["components"]["schemas"].values()
        )
        for keyword in constraints:
            if keyword in schema:
                found[f"{schema_name}/{keyword}"] = whole or within
        for part in schema.get("allOf", []):
            keywords = [keyword for keyword in constraints if keyword in part]
            for keyword in keywords:
                rule = f"{schema_name}/{part['title']}" + (f".{keyword}" if len(keywords) > 1 else "")
                found[rule] = whole or part.get("x-certainty") == "assumed"
    return found


def in_assumed_reply(name: str, exchange: dict[str, Any]) -> bool:
    """Whether the reply to this status, or each of its media types, is assumed as a whole."""
    reply = operation(name)["responses"].get(str(exchange["response"]["status"]), {})
    content = reply.get("content", {}).values()
    marked = [node.get("x-certainty") == "assumed" for node in content]
    return reply.get("x-certainty") == "assumed" or (bool(marked) and all(marked))


def verdict(name: str, side: str, exchange: dict[str, Any]) -> str:
    """What the expected rules of one side amount to."""
    if side not in exchange:
        return "absent"
    if exchange["expect"]["operation"] is None:
        return "invalid"
    broken = [rule for where, rule in exchange["expect"]["rules"] if where == side]
    lenient = side == "response" and in_assumed_reply(name, exchange)
    if any(not (lenient or rules(name).get(rule, False)) for rule in broken):
        return "invalid"
    return "assumed" if broken else "valid"


def body(message: dict[str, Any]) -> bytes:
    """The bytes of the body; escaped halves of surrogate pairs, which jsonschema-rs cannot hold, become U+FFFF."""
    if "body_base64" in message:
        return base64.b64decode(message["body_base64"])
    return re.sub(r"\\ud[89a-f]..", r"\\uffff", message["body"] or "").encode()


@pytest.mark.parametrize("name", NAMES)
def test_exchanges_are_many_and_told_apart(name: str) -> None:
    """Each contract has more than 150 exchanges, each with an id of its own."""
    ids = [exchange["id"] for exchange in exchanges(name)]
    assert len(ids) > 150
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", NAMES)
def test_expected_rules_exist_in_the_document(name: str) -> None:
    """Each expected rule is a keyword that the document states, or one of the rules outside schemas."""
    known = OUTSIDE_SCHEMAS | rules(name).keys()
    expected = {rule for exchange in exchanges(name) for _, rule in exchange["expect"]["rules"]}
    assert expected - known == set()


@pytest.mark.parametrize("name", NAMES)
def test_expected_verdicts_follow_from_the_expected_rules(name: str) -> None:
    """A documented rule makes a side invalid, assumed rules alone make it assumed, none makes it valid."""
    for exchange in exchanges(name):
        for side in ("request", "response"):
            assert exchange["expect"][side] == verdict(name, side, exchange), (exchange["id"], side)


@pytest.mark.parametrize("name", NAMES)
def test_every_titled_rule_is_broken_alone_somewhere(name: str) -> None:
    """Each titled part has an exchange that breaks it and nothing else."""
    alone = {exchange["expect"]["rules"][0][1] for exchange in exchanges(name) if len(exchange["expect"]["rules"]) == 1}
    wanted = {rule for rule in rules(name) if rule.split("/")[1].split(".")[0] in TITLES} - UNREACHED
    assert wanted
    assert wanted - alone == set()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("side", ["request", "response"])
def test_expectations_agree_with_a_schema_library_on_bodies(name: str, side: str) -> None:
    """jsonschema-rs refuses exactly those JSON bodies for which a rule of a schema is expected."""
    judged = 0
    for exchange in exchanges(name):
        broken = {rule for where, rule in exchange["expect"]["rules"] if where == side}
        if side not in exchange or broken & NO_SCHEMA_ASKED or not body(exchange[side]):
            continue
        if exchange["expect"]["operation"] is None:
            continue
        found = operation(name)
        holder = found["requestBody"] if side == "request" else found["responses"][str(exchange[side]["status"])]
        (media,) = holder["content"].values()
        schema = {**media["schema"], "components": document(name)["components"]}
        parameters = {rule for rule in broken if rule.startswith(("DeviceId/", "action_id/")) or "/" not in rule}
        accepted = jsonschema_rs.is_valid(schema, json.loads(body(exchange[side])))
        assert accepted == (not broken - parameters), exchange["id"]
        judged += 1
    assert judged > 40
