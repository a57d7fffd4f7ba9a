"""Real documents with anything changed anywhere: a usable contract or a `BrokenDocument`, never another exception."""

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from watchword.contract import BUNDLED, bundled_folder, read_contract
from watchword.document import read
from watchword.ground import BrokenDocument, Exchange, Request, Response
from watchword.validation import Validator

STYLES = Path(__file__).parents[1] / "fixtures" / "documents" / "styles.openapi.yaml"
SOURCES = {**{name: bundled_folder() / f"{name}.openapi.yaml" for name in BUNDLED}, "styles": STYLES}
JUNK = [
    None,
    True,
    False,
    0,
    -1,
    1.5,
    10**30,
    "",
    "x",
    "#/",
    "/",
    "{",
    "{a}",
    "2XX",
    "default",
    "object",
    "form",
    "\0",
    [],
    [1],
]
JUNK += [[None], ["$ref"], {}, {"a": 1}, {"$ref": "#/x"}, {"$ref": 1}, {"$ref": "#"}, {"$ref": "x.yaml"}, {"type": "x"}]
JUNK += [
    {"type": ["a", 1]},
    {"enum": 3},
    {"pattern": "("},
    {"allOf": 3},
    {"allOf": [3]},
    {"properties": 3},
    {"items": 3},
]
JUNK += [{"required": True}, {"format": {}}, {"const": [{}]}, {"properties": {"$ref": "#/paths"}}, {"nullable": "yes"}]
KEYS = ["", "$ref", "x", "type", "/", "a/b~", "parameters", "in", "properties", "default", "servers", "security"]


def places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield place
    if isinstance(value, dict):
        for name, child in value.items():
            yield from places(child, (*place, name))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from places(child, (*place, index))


def at(value: Any, place: tuple[Any, ...]) -> Any:
    for token in place:
        value = value[token]
    return value


def mutated(document: Any, draw: random.Random) -> Any:
    """The document with one to five values replaced, dropped, renamed or moved."""
    document = copy.deepcopy(document)
    for _ in range(draw.choice([1, 1, 1, 2, 5])):
        known = [place for place in places(document) if place]
        if not known:
            break
        place = draw.choice(known)
        holder, last = at(document, place[:-1]), place[-1]
        kind = draw.random()
        if kind < 0.6:
            holder[last] = copy.deepcopy(draw.choice(JUNK))
        elif kind < 0.8:
            del holder[last]
        elif kind < 0.9 and isinstance(holder, dict):
            holder[draw.choice(KEYS)] = holder.pop(last)
        else:
            holder[last] = copy.deepcopy(at(document, draw.choice(known)))
    return document


def used(validator: Validator) -> None:
    """Every operation with a few exchanges, so that everything is compiled and some of it reported."""
    for operation in validator.contract.operations:
        url = (operation.paths[0].replace("{", "").replace("}", "") or "/") + "?a=1"
        types = [media.media_type for media in operation.body.content] if operation.body else ["application/json"]
        statuses = [int(reply.status) for reply in operation.replies if reply.status.isdecimal()][:2] or [200]
        for content_type in types[:3]:
            for body in (b"", b"{}", b'{"a": 1, "password": 1}', b'"x"', b"a=1"):
                headers = (
                    ("Content-Type", content_type),
                    ("X-Auth-Token", "abcdef"),
                    ("Authorization", "Bearer abcdef"),
                )
                exchange = Exchange(
                    Request(operation.method, url, headers, body), Response(statuses[0], headers[:1], body)
                )
                findings = validator.findings(exchange)
                assert validator.conforms(exchange) == (not findings)
                assert all(str(finding.place) for finding in findings)
    validator.left_out()


def survive(name: str, count: int, seed: int) -> None:
    original = yaml.safe_load(SOURCES[name].read_text(encoding="utf-8"))
    draw = random.Random(seed)
    usable = broken = 0
    for _ in range(count):
        content = json.dumps(mutated(original, draw)).encode()
        try:
            contract = read_contract(read(content, file="mutated.json", path=Path("/nowhere/mutated.json")), "mutated")
        except BrokenDocument as error:
            told = error.findings
        else:
            used(Validator(contract))
            usable += 1
            continue
        broken += 1
        assert told
        assert all(finding.place and finding.message for finding in told)
    assert usable > count / 10
    assert broken > count / 20


@pytest.mark.parametrize("name", SOURCES)
def test_document_with_anything_wrong_is_a_contract_or_broken(name):
    """Wrong types anywhere, lost and renamed members, parts in strange places."""
    survive(name, 25, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("name", SOURCES)
def test_document_with_anything_wrong_is_a_contract_or_broken_at_length(name):
    """As above, with many more."""
    survive(name, 800, seed=2)
