"""Comparisons of other people's documents: nothing found where nothing changed, in bounded time, and mirrored."""

import time
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

from watchword.contract import Contract, load_contract
from watchword.diff import Impact, diff

SUITE = Path(__file__).parents[3] / "shared" / "suites" / "openapi-documents"
DOCUMENTS = sorted(SUITE.glob("*.json"))
SECONDS = 20
"""Far above what the largest takes alone; a slow machine with other work must not fail the test."""
REVISIONS = [
    ("adyen.com_AccountService_3", "adyen.com_AccountService_5"),
    ("adyen.com_BinLookupService_50", "adyen.com_BinLookupService_53"),
    ("adyen.com_FundService_3", "adyen.com_FundService_6"),
    ("adyen.com_PayoutService_40", "adyen.com_PayoutService_68"),
    ("adyen.com_RecurringService_30", "adyen.com_RecurringService_68"),
]

pytestmark = pytest.mark.skipif(not DOCUMENTS, reason="the documents are not part of the repository")


def timed(old: Contract, new: Contract) -> tuple[list[Any], float]:
    start = time.perf_counter()
    return diff(old, new), time.perf_counter() - start


@pytest.mark.slow
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_document_against_a_copy_of_itself_gives_nothing(path: Path) -> None:
    """A document read twice has no changes, whatever its size."""
    changes, seconds = timed(load_contract(path), load_contract(path))
    assert changes == []
    assert seconds < SECONDS


@pytest.mark.parametrize("path", DOCUMENTS[:6], ids=lambda path: path.stem)
def test_small_document_against_a_copy_of_itself_gives_nothing(path: Path) -> None:
    """The same for the first few, in every run."""
    assert diff(load_contract(path), load_contract(path), everything=True) == []


@pytest.mark.parametrize(("before", "after"), REVISIONS[:2] + REVISIONS[4:])
def test_real_revisions_mirror_each_other(before: str, after: str) -> None:
    """Each narrowing from one published version to the next is a widening the other way round."""
    old, new = (load_contract(SUITE / f"{name}.json") for name in (before, after))
    there, seconds = timed(old, new)
    assert seconds < SECONDS
    assert there
    words = {"narrowed": "widened", "widened": "narrowed", "required": "optional", "optional": "required"}
    swapped = set()
    for change in there:
        head, _, word = change.kind.rpartition("-")
        if word in words:
            swapped.add((f"{head}-{words[word]}", change.side, change.location, change.subject))
    back = {
        (change.kind, change.side, change.location, change.subject)
        for change in diff(new, old)
        if change.kind.rpartition("-")[2] in words
    }
    assert swapped == back


@pytest.mark.slow
def test_one_keyword_changed_in_a_large_document_is_the_only_change(tmp_path: Path) -> None:
    """Of 237 operations, a bound that moved at one place shows at that place and nowhere else."""
    path = SUITE / "openai.com_2.3.0.json"
    content = orjson.loads(path.read_bytes())
    schema = content["components"]["schemas"]["CreateSpeechRequest"]["properties"]["input"]
    assert schema["maxLength"] == 4096
    schema["maxLength"] = 100
    changed = tmp_path / path.name
    changed.write_bytes(orjson.dumps(content))
    changes, seconds = timed(load_contract(path), load_contract(changed))
    assert [(change.impact, change.kind, change.location) for change in changes] == [
        (Impact.BREAKING, "string-narrowed", "body#/input")
    ]
    assert seconds < SECONDS


def test_hostile_patterns_end_in_bounded_time(tmp_path: Path) -> None:
    """Patterns whose automata would be immense are undecided within seconds, never wrong, never hanging."""
    hostile = [
        "(a{1000}){1000}",
        ".*a.{40}",
        "(a|aa)+$",
        "(([a-z])+.)+[A-Z]([a-z])+$",
        "(?=.*a{500}){20}b",
        "(a?){60}b$",
    ]
    versions = []
    for number in (1, 2):
        texts = {f"m{index}": "^" + "x" * number + text for index, text in enumerate(hostile)}
        members = {name: {"type": "string", "pattern": text} for name, text in texts.items()}
        versions.append(tmp_path / f"v{number}.json")
        versions[-1].write_bytes(orjson.dumps(one_body({"type": "object", "properties": members})))
    changes, seconds = timed(*map(load_contract, versions))
    assert seconds < SECONDS
    assert {change.location for change in changes} == {f"body#/m{index}" for index in range(len(hostile))}
    assert any(change.kind == "undecided" for change in changes)


@pytest.mark.slow
def test_deep_and_wide_alternatives_end_in_bounded_time(tmp_path: Path) -> None:
    """Alternatives within alternatives, whose combinations nobody can walk through, are bounded by steps."""
    random = Random(3)

    def alternatives(depth: int) -> dict[str, Any]:
        if not depth:
            number = {"minimum": random.randint(0, 9)}
            return {"type": "object", "required": [random.choice("abcdef")], "properties": {"n": number}}
        return {random.choice(["anyOf", "oneOf"]): [alternatives(depth - 1) for _ in range(6)]}

    versions = []
    for number in (1, 2):
        versions.append(tmp_path / f"v{number}.json")
        versions[-1].write_bytes(orjson.dumps(one_body(alternatives(3))))
    _, seconds = timed(*map(load_contract, versions))
    assert seconds < SECONDS


@pytest.mark.slow
def test_ten_megabytes_end_in_bounded_time(tmp_path: Path) -> None:
    """A document of ten megabytes with one change gives that change."""
    text = {"type": "string", "description": "x" * 60}
    members = [{f"member{each}": {**text, "maxLength": each + 1} for each in range(40)} for _ in range(2_000)]
    schemas = {f"S{number}": {"type": "object", "properties": each} for number, each in enumerate(members)}
    content = one_body({"$ref": "#/components/schemas/S0"})
    content["components"] = {"schemas": schemas}
    versions = []
    for number in (1, 2):
        members[0]["member3"]["maxLength"] = 3 + number
        versions.append(tmp_path / f"v{number}.json")
        versions[-1].write_bytes(orjson.dumps(content))
    assert versions[0].stat().st_size > 9_000_000
    changes, seconds = timed(*map(load_contract, versions))
    assert [change.location for change in changes] == ["body#/member3"]
    assert seconds < SECONDS


def one_body(schema: dict[str, Any]) -> dict[str, Any]:
    operation = {
        "requestBody": {"content": {"application/json": {"schema": schema}}},
        "responses": {"204": {"description": "done"}},
    }
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"post": operation}}}
