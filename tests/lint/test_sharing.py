"""What equal string schemas of a document share, and what stays each one's own."""

from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pytest

from watchword.ground import Finding
from watchword.language.dialects import parse_noted
from watchword.lint import Settings, lint_file
from watchword.lint.strings import MOST_COMPILED

Json = Any


def _found(folder: Path, schemas: dict[str, Json], *select: str) -> list[Finding]:
    content = {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas},
    }
    path = folder / "things.json"
    path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))
    return lint_file(path, Settings(select=select))


def _many(count: int) -> dict[str, Json]:
    open_and_implied = {"type": "string", "pattern": "^[a-z]{4,}", "minLength": 2}
    return {"All": {"type": "object", "properties": {f"m{number}": open_and_implied for number in range(count)}}}


def test_equal_rules_under_many_names_are_looked_at_everywhere(tmp_path: Path) -> None:
    """More members than there may be languages, all with the same rules: each has its findings, none is left out."""
    count = MOST_COMPILED + 500
    found = Counter(
        finding.rule
        for finding in _found(tmp_path, _many(count), "open-pattern", "pattern-decides-length", "unanalysable-pattern")
    )
    assert found == {"open-pattern": count, "pattern-decides-length": count}


def test_work_for_equal_rules_is_done_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One language is made for a hundred members with the same rules, and its emptiness asked for once."""
    made: list[Json] = []
    from watchword import language

    class Counted(language.Rules):
        def __init__(self, parts: Json, name: str = "value", *rest: Json) -> None:
            made.append(name)
            super().__init__(parts, name, *rest)

    monkeypatch.setattr(language, "Rules", Counted)
    found = _found(tmp_path, _many(100), "contradictory-rules", "open-pattern")
    assert len(found) == 100
    assert made == ["m0"]


def test_findings_of_equal_rules_name_their_own_schema(tmp_path: Path) -> None:
    """Two schemas with the same contradiction are told by their own names, each at its own place."""
    schema = {"type": "string", "pattern": "^[0-9]+$", "enum": ["a", "b"]}
    found = _found(tmp_path, {"First": schema, "Second": dict(schema)}, "contradictory-rules")
    assert [(each.message, each.place and each.place.pointer) for each in found] == [
        (f"no text meets both `{name}/pattern` and `{name}/enum`", f"/components/schemas/{name}/enum")
        for name in ("First", "Second")
    ]


def test_rule_is_redundant_only_where_it_stands(tmp_path: Path) -> None:
    """Of two schemas with the same rules, the one that refers to the implied bound is not blamed for it."""
    schemas = {
        "Bound": {"type": "string", "minLength": 2},
        "Refers": {"$ref": "#/components/schemas/Bound", "pattern": "^[a-z]{4}$"},
        "Writes": {"minLength": 2, "pattern": "^[a-z]{4}$", "type": "string"},
    }
    found = _found(tmp_path, schemas, "pattern-decides-length", "redundant-rule")
    assert [each.place and each.place.pointer for each in found] == ["/components/schemas/Writes/minLength"]


def test_refusal_names_the_schema_that_is_refused(tmp_path: Path) -> None:
    """A language that is too large is told under each schema's own name, however many have the same rules."""
    vast = {"type": "string", "allOf": [{"pattern": f"^(?:[ab]{{{size}}})*$"} for size in (7, 11, 13, 17)]}
    found = _found(tmp_path, {"First": vast, "Second": dict(vast)}, "unanalysable-pattern")
    assert [(each.place and each.place.pointer, each.message.partition(" is too")[0]) for each in found] == [
        ("/components/schemas/First", "the rules of First"),
        ("/components/schemas/Second", "the rules of Second"),
    ]


def test_each_distinct_pattern_is_read_once(tmp_path: Path) -> None:
    """Thousands of different patterns are each parsed once, however many rules look at them."""
    parse_noted.cache_clear()
    count = 4_500
    members = {f"m{number}": {"type": "string", "pattern": f"^x{number}$"} for number in range(count)}
    found = _found(
        tmp_path, {"All": {"properties": members}}, "invalid-pattern", "flag-dependent-pattern", "open-pattern"
    )
    assert found == []
    assert parse_noted.cache_info().misses == count
