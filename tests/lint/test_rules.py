"""Every rule on its own fixtures: what it must find, where, and what it must let pass."""

import re
from pathlib import Path

import pytest

from watchword.lint import RULES, Settings, lint_file

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests" / "fixtures" / "lint"
_EXPECTED = re.compile(r"# expect: (\S*)\s*$")
BAD = sorted(FIXTURES.glob("*/bad*.yaml"))
GOOD = sorted(FIXTURES.glob("*/good*.yaml"))


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def _alone(path: Path) -> list[tuple[int, str, str]]:
    """(line, pointer, rule) of what the folder's rule finds, in the order of the report."""
    findings = lint_file(path, Settings(select=(path.parent.name,)))
    return [(finding.place.line, finding.place.pointer, finding.rule) for finding in findings if finding.place]


@pytest.mark.parametrize("path", BAD, ids=_name)
def test_bad_document_gives_exactly_the_expected_findings(path: Path) -> None:
    """A rule finds its defect at the line and pointer that the fixture marks, and nothing else, in document order."""
    lines = path.read_text("utf-8").splitlines()
    marks = [(number, _EXPECTED.search(line)) for number, line in enumerate(lines, 1)]
    expected = [(number, mark[1], path.parent.name) for number, mark in marks if mark]
    assert expected
    assert _alone(path) == expected


@pytest.mark.parametrize("path", GOOD, ids=_name)
def test_good_document_gives_nothing(path: Path) -> None:
    """A rule lets pass what is right, and what only looks like its defect."""
    assert _alone(path) == []


def test_every_rule_has_fixtures_and_every_fixture_a_rule() -> None:
    """No rule is without a bad and a good document, no folder without a rule."""
    assert {path.parent.name for path in BAD} == set(RULES) == {path.parent.name for path in GOOD}


@pytest.mark.parametrize("path", BAD, ids=_name)
def test_finding_points_at_a_value_or_its_owner(path: Path) -> None:
    """Each pointer leads to a value of the document."""
    from watchword.document import load
    from watchword.ground import parse_pointer

    document = load(path)
    for _, pointer, _ in _alone(path):
        value = document.value
        for token in parse_pointer(pointer):
            value = value[int(token)] if isinstance(value, list) else value[token]
