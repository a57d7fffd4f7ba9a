"""The JSON Schema Test Suite (draft 2020-12), files about strings: every string instance, whole files."""

import json
from pathlib import Path

import pytest

from watchword.language import Rules

_SUITE = Path(__file__).parents[3] / "shared" / "suites" / "json-schema-strings"
_FILES = sorted(_SUITE.rglob("*.json")) if _SUITE.is_dir() else []

SKIPPED: dict[tuple[str, str, str], str] = {}
"""(file, group, test) -> why the verdict may differ. Nothing is skipped; only strings are judged here."""


def _cases():
    for path in _FILES:
        for group in json.loads(path.read_bytes()):
            for test in group["tests"]:
                if isinstance(test["data"], str):
                    yield path.name, group["description"], test["description"], group["schema"], test


_CASES = list(_cases())


@pytest.mark.skipif(not _FILES, reason="the JSON Schema Test Suite is absent")
def test_suite_is_the_one_that_was_counted():
    """Twelve files, and every string of theirs is a case."""
    assert len(_FILES) == 12
    assert len(_CASES) > 130


@pytest.mark.parametrize(("file", "group", "name", "schema", "test"), _CASES)
def test_string_is_judged_as_the_suite_says(file, group, name, schema, test):
    """Judge and automaton both give the suite's verdict; a skip that starts to agree fails."""
    rules = Rules.of(schema)
    verdicts = {rules.accepts(test["data"]), test["data"] in rules.valid, rules.broken(test["data"]) == ()}
    agrees = verdicts == {test["valid"]}
    assert agrees != ((file, group, name) in SKIPPED)
