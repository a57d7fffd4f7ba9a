"""Webhooks and callbacks: the same comparison as of requests and replies, with the direction turned round."""

from pathlib import Path
from random import Random
from typing import Any

import jsonschema_rs
import orjson
import pytest
import yaml

from watchword.contract import Contract, load_contract
from watchword.diff import Change, Impact, diff
from watchword.ground import Side
from watchword.language import Rules

Json = Any
FIXTURES = Path(__file__).parents[1] / "fixtures" / "diff"
PAIRS = sorted(FIXTURES.glob("*.yaml"), key=lambda path: path.stem)
SWAPPED = {Side.REQUEST: Side.RESPONSE, Side.RESPONSE: Side.REQUEST}
SECRETS: list[tuple[Json, Json]] = [
    ({"minLength": 8}, {"minLength": 12}),
    ({"minLength": 8, "maxLength": 64}, {"minLength": 8, "maxLength": 63}),
    ({"pattern": "^[a-z]{4,8}$"}, {"pattern": "^[a-z0-9]{4,8}$"}),
    ({"pattern": "^(?=.*[0-9])[a-z0-9]{6}$"}, {"pattern": "^[a-z0-9]{6}$"}),
    ({"maxLength": 10}, {"allOf": [{"maxLength": 10}, {"not": {"pattern": "^password"}}]}),
    ({"pattern": "^[ab]+$", "maxLength": 5}, {"pattern": "^[bc]+$", "maxLength": 5}),
]


def _contract(folder: Path, name: str, content: Json) -> Contract:
    path = folder / f"{name}.json"
    path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))
    return load_contract(path)


def _turned(document: Json) -> Json | None:
    """The document with its only operation as a webhook, request and success reply in each other's place."""
    items = [item for item in (document.get("paths") or {}).values() if isinstance(item, dict)]
    operations = [each for item in items for each in item.values() if isinstance(each, dict)]
    if len(operations) != 1 or "callbacks" in operations[0] or not isinstance(operations[0].get("responses"), dict):
        return None
    body = operations[0].get("requestBody") or {}
    replies = [reply for status, reply in operations[0]["responses"].items() if str(status) in ("200", "201")]
    if "$ref" in body or len(operations[0]["responses"]) > 1 or any("$ref" in reply for reply in replies):
        return None
    sent, taken = (replies[0].get("content") if replies else None), body.get("content")
    operation = {"responses": {"200": {"description": "taken", "content": taken or {}}}}
    if sent:
        operation["requestBody"] = {"required": True, "content": sent}
    rest = {key: value for key, value in document.items() if key != "paths"}
    return {**rest, "webhooks": {"it": {"post": operation}}}


def _within_bodies(changes: list[Change]) -> set[tuple[Any, ...]]:
    """What is said of the values in bodies, in the words of replies."""
    return {
        (
            each.impact,
            each.kind,
            each.side,
            each.location,
            each.message.replace("be sent", "be returned"),
            each.certainty,
        )
        for each in changes
        if each.location is not None and each.location.partition("#")[0] == "body"
        if not each.kind.startswith(("body-", "reply-body-"))
    }


def _turnable() -> list[tuple[str, Json, Json]]:
    found = []
    for path in PAIRS:
        content = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
        turned = [_turned(content[side]) for side in ("old", "new")]
        if all(turned):
            found.append((path.stem, content, turned))
    return found


@pytest.mark.parametrize(("content", "turned"), [pytest.param(*each[1:], id=each[0]) for each in _turnable()])
def test_webhook_is_judged_as_its_mirror_image_in_paths(content: Json, turned: Json, tmp_path: Path) -> None:
    """What holds of a reply's body holds of a webhook's request, and the reverse: impact, kind, place, words."""
    plain = diff(*(_contract(tmp_path, side, content[side]) for side in ("old", "new")))
    called = diff(
        *(_contract(tmp_path, f"called-{side}", each) for side, each in zip(("old", "new"), turned, strict=True))
    )
    expected = {(impact, kind, SWAPPED[side], *rest) for impact, kind, side, *rest in _within_bodies(plain)}
    assert _within_bodies(called) == expected


def test_most_pairs_of_bodies_can_be_turned_round() -> None:
    """The mirror is held up to more than sixty pairs, each impact among them."""
    turnable = _turnable()
    impacts = {row["impact"] for _, content, _ in turnable for row in content["expected"]}
    assert len(turnable) > 60
    assert impacts == {impact.value for impact in Impact}


def _told(secret: Json, kind: str) -> Json:
    """A document whose webhook or callback brings the secret."""
    schema = {"type": "object", "required": ["secret"], "properties": {"secret": {"type": "string", **secret}}}
    content = {"content": {"application/json": {"schema": schema}}}
    operation = {
        "requestBody": {"required": True, **content},
        "responses": {"200": {"description": "taken", **content}},
    }
    head = {"openapi": "3.1.0", "info": {"title": "Things", "version": "1"}}
    if kind == "webhook":
        return {**head, "webhooks": {"told": {"post": operation}}}
    caller = {"responses": {"204": {"description": "done"}}, "callbacks": {"told": {"{$url}/x": {"post": operation}}}}
    return {**head, "paths": {"/things": {"post": caller}}}


@pytest.mark.parametrize("kind", ["webhook", "callback"])
@pytest.mark.parametrize("pair", SECRETS, ids=lambda pair: orjson.dumps(pair).decode()[:60])
def test_change_of_a_sent_secret_is_told_by_inclusion(kind: str, pair: tuple[Json, Json], tmp_path: Path) -> None:
    """New secrets break who gets them, lost ones break who answers with them; the example is a shortest one."""
    for one, other in (pair, pair[::-1]):
        changes = diff(_contract(tmp_path, "old", _told(one, kind)), _contract(tmp_path, "new", _told(other, kind)))
        before, after = (Rules.of({"type": "string", **each}).valid for each in (one, other))
        expected = set()
        for word, lost in (("narrowed", before - after), ("widened", after - before)):
            for side in Side if not lost.is_empty else ():
                breaks = (word == "widened") is (side is Side.REQUEST)
                expected.add((Impact.BREAKING if breaks else Impact.SAFE, f"string-{word}", side))
        assert {(each.impact, each.kind, each.side) for each in changes} == expected
        for change in changes:
            _is_shortest(change, one, other)
        kinds = {change.kind for change in changes}
        assert {"string-narrowed"} <= kinds or not _lost(one, other)
        assert {"string-widened"} <= kinds or not _lost(other, one)


def _lost(one: Json, other: Json) -> list[str]:
    """Drawn texts that jsonschema-rs accepts by one schema and refuses by the other."""
    judges = [jsonschema_rs.Draft202012Validator({"type": "string", **each}) for each in (one, other)]
    random, language = Random(11), Rules.of({"type": "string", **one}).valid
    texts = [text for text in (language.sample(random) for _ in range(200)) if text.isprintable()]
    return [text for text in texts if judges[0].is_valid(text) and not judges[1].is_valid(text)]


def _is_shortest(change: Change, one: Json, other: Json) -> None:
    languages = [Rules.of({"type": "string", **each}).valid for each in (one, other)]
    judges = [jsonschema_rs.Draft202012Validator({"type": "string", **each}) for each in (one, other)]
    if change.kind == "string-widened":
        languages, judges = languages[::-1], judges[::-1]
    example = change.witness[0]
    assert [judge.is_valid(example) for judge in judges] == [True, False]
    assert len(example) == (languages[0] - languages[1]).shortest
    assert change.location == "body#/secret"


def test_change_in_a_callback_names_it_and_both_places(tmp_path: Path) -> None:
    """The subject says which callback of which operation; both places have the line and column of the keyword."""
    old = _contract(tmp_path, "old", _told({"maxLength": 8}, "callback"))
    new = _contract(tmp_path, "new", _told({"maxLength": 9}, "callback"))
    change = next(each for each in diff(old, new) if each.side is Side.REQUEST)
    assert change.subject == "POST callback told of POST /things"
    assert change.operation == "new post told"
    for place, contract in ((change.old, old), (change.new, new)):
        assert place is not None
        assert place.pointer.endswith(
            "/callbacks/told/{$url}~1x/post/requestBody/content/application~1json/schema/properties/secret/maxLength"
        )
        line = contract.root.document.text.splitlines()[place.line - 1]
        assert line[place.column - 1 :].startswith('"maxLength"')


def test_two_operations_with_one_path_item_keep_their_callbacks_apart(tmp_path: Path) -> None:
    """Two paths that share a path item each have its callback: one that a path lost is told of that path alone."""
    item = _told({"maxLength": 8}, "callback")["paths"]["/things"]
    head = {"openapi": "3.1.0", "info": {"title": "Things", "version": "1"}, "components": {"pathItems": {"P": item}}}
    shared = {"$ref": "#/components/pathItems/P"}
    alone = {"post": {"responses": {"204": {"description": "done"}}}}
    old = _contract(tmp_path, "old", {**head, "paths": {"/a": shared, "/b": shared}})
    new = _contract(tmp_path, "new", {**head, "paths": {"/a": shared, "/b": alone}})
    assert [(each.kind, each.subject) for each in diff(old, new)] == [
        ("callback-removed", "POST callback told of POST /b")
    ]


def test_callbacks_that_refer_to_themselves_end(tmp_path: Path) -> None:
    """A callback whose path item is that of its own operation is compared one level deep."""
    contents = []
    for most in (8, 9):
        caller = _told({"maxLength": most}, "callback")["paths"]["/things"]["post"]
        caller["requestBody"] = caller["callbacks"]["told"]["{$url}/x"]["post"]["requestBody"]
        caller["callbacks"] = {"told": {"{$url}": {"$ref": "#/paths/~1things"}}}
        contents.append(
            {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/things": {"post": caller}}}
        )
    changes = diff(_contract(tmp_path, "old", contents[0]), _contract(tmp_path, "new", contents[1]))
    assert [(each.impact, each.kind, each.subject) for each in changes] == [
        (Impact.SAFE, "string-widened", "POST /things"),
        (Impact.BREAKING, "string-widened", "POST callback told of POST /things"),
    ]


def test_malformed_webhooks_stop_no_comparison(tmp_path: Path) -> None:
    """What cannot be read of webhooks is left to lint: the operations are compared all the same."""
    broken = {"webhooks": {"a": 3, "b": {"post": []}, "c": {"post": {"parameters": [{"in": "header"}]}}}}
    head = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}}
    path = {"paths": {"/things": {"get": {"responses": {"204": {"description": "done"}}}}}}
    changes = diff(
        _contract(tmp_path, "old", {**head, **path, **broken}), _contract(tmp_path, "new", {**head, **broken})
    )
    assert [each.kind for each in changes] == ["operation-removed"]
