"""Pairs of small documents with the changes that are expected of them: one file each in `tests/fixtures/diff`."""

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


def contracts(path: Path, folder: Path) -> tuple[Contract, Contract, list[dict[str, Any]]]:
    """Both contracts of a fixture, each in a file of its own, and what is expected."""
    content = yaml.load(path.read_text("utf-8"), Loader=yaml.SafeLoader)
    found = []
    for side in ("old", "new"):
        file = folder / f"{side}.yaml"
        file.write_text(yaml.safe_dump(content[side], sort_keys=False), "utf-8")
        found.append(load_contract(file))
    return found[0], found[1], content["expected"]


def told(changes: list[Change]) -> list[tuple[str, str, str | None, str | None]]:
    return sorted(
        (change.impact.value, change.kind, change.side and change.side.value, change.location) for change in changes
    )


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_pair_of_documents_gives_the_expected_changes(path: Path, tmp_path: Path) -> None:
    """Each pair gives exactly the changes that its file lists, with their impact, kind, side, place and words."""
    old, new, expected = contracts(path, tmp_path)
    changes = diff(old, new)
    rows = sorted((row["impact"], row["kind"], row.get("side"), row.get("location")) for row in expected)
    assert told(changes) == rows, "\n".join(
        f"{change.impact} {change.kind} {change.location}: {change.message}" for change in changes
    )
    for row in expected:
        said = [
            change.message
            for change in changes
            if change.kind == row["kind"] and change.location == row.get("location")
        ]
        assert any(row.get("says", "") in message for message in said), said


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_change_has_a_place_in_each_document_that_speaks_of_it(path: Path, tmp_path: Path) -> None:
    """Each change has a line in the old or the new document, and in both unless something came or went."""
    for change in diff(*contracts(path, tmp_path)[:2]):
        assert change.old or change.new
        for place, name in ((change.old, "old.yaml"), (change.new, "new.yaml")):
            assert place is None or (place.file.endswith(name) and place.line >= 1)
        if change.subject and ("webhook" in change.subject or "callback" in change.subject):
            assert change.old
            assert change.new
        if change.old is None or change.new is None:
            assert change.kind.endswith(("-added", "-removed", "-required"))


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_witness_is_accepted_by_one_version_and_refused_by_the_other(path: Path, tmp_path: Path) -> None:
    """jsonschema-rs says of each witness what the change says: a narrower one was accepted, a wider one is now."""
    old, new, _ = contracts(path, tmp_path)
    for change in diff(old, new):
        if not change.witness or change.location is None or change.location.partition("#")[0] != "body":
            continue
        assert change.side is not None
        value = change.witness[0]
        if change.kind.startswith("string-") or change.kind.startswith("values-"):
            continue  # those hold the string alone: see the test below
        verdicts = [spoken_of(contract, change).is_valid(value) for contract in (old, new)]
        narrower = change.kind.endswith(("-narrowed", "-required", "-removed"))
        assert verdicts == [narrower, not narrower]


@pytest.mark.parametrize(
    "path", [path for path in PAIRS if path.stem.startswith(("string-", "enum-"))], ids=lambda path: path.stem
)
def test_string_verdict_agrees_with_samples_of_both_languages(path: Path, tmp_path: Path) -> None:
    """Texts drawn from both versions, and the shortest of each, are lost or gained exactly where a change says so."""
    old, new, expected = contracts(path, tmp_path)
    if any(row["kind"] == "undecided" for row in expected):
        pytest.skip("a back-reference is no regular language")
    side = Side.RESPONSE if any(row.get("side") == "response" for row in expected) else Side.REQUEST
    schemas = [member_schema(contract, side) for contract in (old, new)]
    judges = [jsonschema_rs.Draft202012Validator(schema, validate_formats=False) for schema in schemas]
    languages = [Rules.of(schema).valid for schema in schemas]
    random = Random(7)
    texts = [language.sample(random) for language in languages if not language.is_empty for _ in range(500)]
    texts = [text for text in texts if text.isprintable()]  # jsonschema-rs takes no lone surrogates
    texts += [witness for language in languages if (witness := language.witness()) is not None]
    lost = [text for text in texts if judges[0].is_valid(text) and not judges[1].is_valid(text)]
    gained = [text for text in texts if judges[1].is_valid(text) and not judges[0].is_valid(text)]
    kinds = {
        change.kind.rpartition("-")[2] for change in diff(old, new) if change.kind.startswith(("string-", "values-"))
    }
    assert ("narrowed" in kinds) or not lost
    assert ("widened" in kinds) or not gained
    for change in diff(old, new):
        text = change.witness[0]
        if not isinstance(text, str):
            continue
        narrower = change.kind.endswith("-narrowed")
        assert [judge.is_valid(text) for judge in judges] == [narrower, not narrower]
        one, other = languages if narrower else reversed(languages)
        assert (one - other).shortest == len(text)


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_reversed_pair_mirrors_every_change_of_a_value(path: Path, tmp_path: Path) -> None:
    """Comparing the other way round turns narrower into wider, and the impact of each round."""
    old, new, _ = contracts(path, tmp_path)
    there, back = diff(old, new), diff(new, old)
    assert mirrored(there, forwards=False) == mirrored(back, forwards=True)


def mirrored(changes: list[Change], *, forwards: bool) -> list[tuple[str, str | None]]:
    found = []
    for change in changes:
        head, _, word = change.kind.rpartition("-")
        if word in MIRRORED and change.location and not change.location.startswith("path."):
            found.append((f"{head}-{word if forwards else MIRRORED[word]}", change.location))
    return sorted(found)


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_document_against_itself_gives_nothing(path: Path, tmp_path: Path) -> None:
    """Neither version of any pair differs from itself."""
    old, new, _ = contracts(path, tmp_path)
    assert diff(old, old) == []
    assert diff(new, new, everything=True) == []


def test_there_are_at_least_sixty_pairs() -> None:
    """The verdicts are pinned by sixty pairs and more, of all three impacts and of none."""
    expectations = [yaml.safe_load(path.read_text("utf-8"))["expected"] for path in PAIRS]
    assert len(PAIRS) >= 60
    assert {row["impact"] for rows in expectations for row in rows} == {impact.value for impact in Impact}
    assert sum(not rows for rows in expectations) >= 10


def test_every_kind_of_change_is_documented() -> None:
    """Each kind that the pairs expect has its word in `docs/diff.md`."""
    page = (Path(__file__).parents[2] / "docs" / "diff.md").read_text("utf-8")
    kinds = {row["kind"] for path in PAIRS for row in yaml.safe_load(path.read_text("utf-8"))["expected"]}
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
