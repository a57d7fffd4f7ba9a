"""Pairs of small documents with the changes that are expected of them: one file each in `tests/fixtures/diff`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import jsonschema_rs
import pytest
import yaml

from watchword.contract import Contract, Schema, load_contract
from watchword.diff import Change, Impact, diff
from watchword.diff.bundle import bundle
from watchword.ground import Side
from watchword.language import Rules

FIXTURES = Path(__file__).parents[1] / "fixtures" / "diff"
PAIRS = sorted(FIXTURES.glob("*.yaml"), key=lambda path: path.stem)
MIRRORED = {"narrowed": "widened", "widened": "narrowed"}


@dataclass(frozen=True)
class Pair:
    """Both contracts of a fixture, what changed from the old one to the new one, and what is expected."""

    old: Contract
    new: Contract
    changes: list[Change]
    expected: list[dict[str, Any]]


@cache
def content(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return found


@pytest.fixture(scope="module", params=PAIRS, ids=lambda path: path.stem)
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """Each contract has a file of its own."""
    found = []
    folder = tmp_path_factory.mktemp("pair")
    for side in ("old", "new"):
        file = folder / f"{side}.yaml"
        file.write_text(yaml.safe_dump(content(request.param)[side], sort_keys=False), "utf-8")
        found.append(load_contract(file))
    return Pair(*found, diff(*found), content(request.param)["expected"])


def told(changes: list[Change]) -> list[tuple[str, str, str | None, str | None]]:
    return sorted(
        (change.impact.value, change.kind, change.side and change.side.value, change.location) for change in changes
    )


def test_pair_of_documents_gives_the_expected_changes(pair: Pair) -> None:
    """Each pair gives exactly the changes that its file lists, with their impact, kind, side, place and words."""
    changes = pair.changes
    rows = sorted((row["impact"], row["kind"], row.get("side"), row.get("location")) for row in pair.expected)
    assert told(changes) == rows, "\n".join(
        f"{change.impact} {change.kind} {change.location}: {change.message}" for change in changes
    )
    for row in pair.expected:
        said = [
            change.message
            for change in changes
            if change.kind == row["kind"] and change.location == row.get("location")
        ]
        assert any(row.get("says", "") in message for message in said), said


def test_change_has_a_place_in_each_document_that_speaks_of_it(pair: Pair) -> None:
    """Each change has a line in the old or the new document, and in both unless something came or went."""
    for change in pair.changes:
        assert change.old or change.new
        for place, name in ((change.old, "old.yaml"), (change.new, "new.yaml")):
            assert place is None or (place.file.endswith(name) and place.line >= 1)
        if change.subject and ("webhook" in change.subject or "callback" in change.subject):
            assert change.old
            assert change.new
        if change.old is None or change.new is None:
            assert change.kind.endswith(("-added", "-removed", "-required"))


def test_witness_is_accepted_by_one_version_and_refused_by_the_other(pair: Pair) -> None:
    """jsonschema-rs says of each witness what the change says: a narrower one was accepted, a wider one is now."""
    for change in pair.changes:
        if not change.witness or change.location is None or change.location.partition("#")[0] != "body":
            continue
        assert change.side is not None
        value = change.witness[0]
        if change.kind.startswith("string-") or change.kind.startswith("values-"):
            continue  # those hold the string alone: see the test below
        verdicts = [spoken_of(contract, change).is_valid(value) for contract in (pair.old, pair.new)]
        narrower = change.kind.endswith(("-narrowed", "-required", "-removed"))
        assert verdicts == [narrower, not narrower]


@pytest.mark.parametrize(
    "pair",
    [path for path in PAIRS if path.stem.startswith(("string-", "enum-"))],
    ids=lambda path: path.stem,
    indirect=True,
)
def test_string_verdict_agrees_with_samples_of_both_languages(pair: Pair) -> None:
    """Texts drawn from both versions, and the shortest of each, are lost or gained exactly where a change says so."""
    if any(row["kind"] == "undecided" for row in pair.expected):
        pytest.skip("a back-reference is no regular language")
    side = Side.RESPONSE if any(row.get("side") == "response" for row in pair.expected) else Side.REQUEST
    schemas = [member_schema(contract, side) for contract in (pair.old, pair.new)]
    judges = [jsonschema_rs.Draft202012Validator(schema, validate_formats=False) for schema in schemas]
    languages = [Rules.of(schema).valid for schema in schemas]
    random = Random(7)
    texts = [language.sample(random) for language in languages if not language.is_empty for _ in range(500)]
    texts = [text for text in texts if text.isprintable()]  # jsonschema-rs takes no lone surrogates
    texts += [witness for language in languages if (witness := language.witness()) is not None]
    lost = [text for text in texts if judges[0].is_valid(text) and not judges[1].is_valid(text)]
    gained = [text for text in texts if judges[1].is_valid(text) and not judges[0].is_valid(text)]
    kinds = {
        change.kind.rpartition("-")[2] for change in pair.changes if change.kind.startswith(("string-", "values-"))
    }
    assert ("narrowed" in kinds) or not lost
    assert ("widened" in kinds) or not gained
    for change in pair.changes:
        text = change.witness[0]
        if not isinstance(text, str):
            continue
        narrower = change.kind.endswith("-narrowed")
        assert [judge.is_valid(text) for judge in judges] == [narrower, not narrower]
        one, other = languages if narrower else reversed(languages)
        assert (one - other).shortest == len(text)


def test_reversed_pair_mirrors_every_change_of_a_value(pair: Pair) -> None:
    """Comparing the other way round turns narrower into wider, and the impact of each round."""
    there, back = pair.changes, diff(pair.new, pair.old)
    assert mirrored(there, forwards=False) == mirrored(back, forwards=True)


def mirrored(changes: list[Change], *, forwards: bool) -> list[tuple[str, str | None]]:
    found = []
    for change in changes:
        head, _, word = change.kind.rpartition("-")
        if word in MIRRORED and change.location and not change.location.startswith("path."):
            found.append((f"{head}-{word if forwards else MIRRORED[word]}", change.location))
    return sorted(found)


def test_document_against_itself_gives_nothing(pair: Pair) -> None:
    """Neither version of any pair differs from itself."""
    assert diff(pair.old, pair.old) == []
    assert diff(pair.new, pair.new, everything=True) == []


def test_there_are_at_least_sixty_pairs() -> None:
    """The verdicts are pinned by sixty pairs and more, of all three impacts and of none."""
    expectations = [content(path)["expected"] for path in PAIRS]
    assert len(PAIRS) >= 60
    assert {row["impact"] for rows in expectations for row in rows} == {impact.value for impact in Impact}
    assert sum(not rows for rows in expectations) >= 10


def test_every_kind_of_change_is_documented() -> None:
    """Each kind that the pairs expect has its word in `docs/diff.md`."""
    page = (Path(__file__).parents[2] / "docs" / "diff.md").read_text("utf-8")
    kinds = {row["kind"] for path in PAIRS for row in content(path)["expected"]}
    for kind in kinds:
        head, _, word = kind.rpartition("-")
        assert kind in page or (f"`-{word}`" in page and f"{head.split('-')[0]}-" in page) or f"`{head}-`" in page, kind


def body_schema(contract: Contract, side: Side) -> Schema:
    operation = contract.operations[0]
    content = operation.body.content if side is Side.REQUEST and operation.body else operation.replies[0].content
    schema = content[0].schema
    assert schema is not None
    return schema


def spoken_of(contract: Contract, change: Change) -> jsonschema_rs.Draft202012Validator:
    """The judge of a change's body: what the service sends of its own accord is judged as replies are."""
    assert change.side is not None
    assert change.operation is not None
    calls = [call.operation for call in contract.calls()]
    operation = next((each for each in calls if each.id == change.operation.partition(" ")[2]), None)
    if operation is None:
        return judge(body_schema(contract, change.side), change.side)
    content = operation.body.content if change.side is Side.REQUEST and operation.body else operation.replies[0].content
    schema = content[0].schema
    assert schema is not None
    return judge(schema, Side.RESPONSE if change.side is Side.REQUEST else Side.REQUEST)


def judge(schema: Schema, side: Side) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(bundle(schema, side), validate_formats=False)


def member_schema(contract: Contract, side: Side) -> Any:
    properties = body_schema(contract, side).value["properties"]
    return next(iter(properties.values()))
