"""Rulesets in Spectral's form, and rules of other packages."""

# ruff: noqa: E501 - a rule reads best on one line

from importlib.metadata import EntryPoint
from pathlib import Path
from types import SimpleNamespace

import pytest

from watchword.document import load
from watchword.ground import Severity, WatchwordError
from watchword.lint import Problem, Settings, lint_file, plugins
from watchword.lint.jsonpath import parse_path
from watchword.lint.plugins import plugged_in
from watchword.lint.rulesets import read_ruleset

DOCUMENT = """\
openapi: 3.1.1
info: { title: Things, version: "1" }
paths:
  /good-things:
    get: { operationId: listThings, summary: '', tags: [a, b], deprecated: true, responses: {} }
  /Bad_things:
    post: { operationId: Make_Thing, summary: Make, tags: [], responses: {} }
"""


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "things.yaml"
    path.write_text(DOCUMENT, "utf-8")
    return path


def _found(document: Path, rule: str) -> list[tuple[str, str]]:
    ruleset = document.with_name("ruleset.yaml")
    ruleset.write_text(f"extends: spectral:oas\nrules:\n  mine:\n{rule}", "utf-8")
    findings = lint_file(document, Settings(select=("mine",)), read_ruleset(ruleset))
    return [(finding.place.pointer, finding.message) for finding in findings if finding.place]


@pytest.mark.parametrize(
    ("rule", "pointers"),
    [
        ("    given: $.paths[*][*]\n    then: { field: summary, function: truthy }\n", ["/paths/~1good-things/get/summary"]),
        ("    given: $.paths[*]~\n    then: { function: pattern, functionOptions: { match: '^[a-z/-]+$' } }\n", ["/paths/~1Bad_things"]),
        ("    given: $..operationId\n    then: { function: casing, functionOptions: { type: camel } }\n", ["/paths/~1Bad_things/post/operationId"]),
        ("    given: $.paths[*][get,post].tags\n    then: { function: length, functionOptions: { min: 1, max: 1 } }\n", ["/paths/~1good-things/get/tags", "/paths/~1Bad_things/post/tags"]),
        ("    given: $.paths..tags[*]\n    then: { function: enumeration, functionOptions: { values: [a] } }\n", ["/paths/~1good-things/get/tags/1"]),
        ("    given: $.info\n    then: { function: schema, functionOptions: { schema: { required: [contact] } } }\n", ["/info"]),
        ("    given: $.info\n    then: [{ field: license, function: defined }, { field: title, function: undefined }]\n", ["/info", "/info/title"]),
        ("    given: $.paths\n    then: { field: '@key', function: pattern, functionOptions: { notMatch: '/_/' } }\n", ["/paths/~1Bad_things"]),
        ("    given: $.paths[*][?(@.deprecated)]\n    then: { field: description, function: defined }\n", ["/paths/~1good-things/get"]),
        ("    given: $.paths[*][?(@property === 'post' && @.summary == 'Make')]\n    then: { field: x, function: defined }\n", ["/paths/~1Bad_things/post"]),
        ("    given: $.paths[?(@property.match(/^.B/))]\n    then: { field: get, function: truthy }\n", ["/paths/~1Bad_things"]),
    ],
)  # fmt: skip
def test_common_functions_find_what_they_should(document: Path, rule: str, pointers: list[str]) -> None:
    """Each of the eight functions, and each form of `given`, points at the right values."""
    assert [pointer for pointer, _ in _found(document, rule)] == pointers


def test_message_and_severity_are_the_rulesets(document: Path) -> None:
    """Place-holders in the message are filled in; `off` switches a rule off."""
    rule = "    severity: error\n    message: '{{property}} {{error}}'\n    given: $.info.title\n    then: { function: undefined }\n"
    assert _found(document, rule) == [("/info/title", "title must not be given")]
    ruleset = document.with_name("ruleset.yaml")
    assert read_ruleset(ruleset)["mine"].SEVERITY is Severity.ERROR
    ruleset.write_text("rules:\n  mine: { severity: off }\n  other: off\n", "utf-8")
    assert read_ruleset(ruleset) == {}


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("    given: $.a[0:3]~x\n    then: { function: truthy }\n", "not understood"),
        ("    given: $[?(@.a > 3)]\n    then: { function: truthy }\n", "the filter"),
        ("    given: paths\n    then: { function: truthy }\n", "does not begin with"),
        ("    given: $\n    then: { function: xor }\n", "function `xor` is not one of truthy"),
        ("    given: $\n    then: { function: casing, functionOptions: { type: wavy } }\n", "casing `wavy`"),
        ("    given: $\n    then: { function: pattern, functionOptions: { match: '(' } }\n", "no regular expression"),
        ("    given: $\n    then: { function: length }\n", "needs `min` or `max`"),
        ("    given: $\n    severity: fatal\n    then: { function: truthy }\n", "severity `fatal`"),
    ],
)
def test_ruleset_beyond_the_common_functions_is_refused(document: Path, rule: str, reason: str) -> None:
    """What is not understood is said, never left out in silence."""
    with pytest.raises(WatchwordError, match=reason.replace("(", r"\(")):
        _found(document, rule)


def test_path_finds_each_value_once(document: Path) -> None:
    """A descent that reaches a value in two ways gives it once."""
    hits = list(parse_path("$..tags..*")(load(document).root))
    assert len(hits) == len({hit.node.pointer for hit in hits})


def test_rule_of_another_package_is_taken_from_its_entry_point(monkeypatch: pytest.MonkeyPatch, document: Path) -> None:
    """An entry point of `watchword.lint` names a module; one that is no rule, or takes our name, is refused."""
    rule = SimpleNamespace(
        SEVERITY=Severity.ERROR, GROUP="house", problems=lambda subject: [Problem(subject.root, "is not ours")]
    )
    monkeypatch.setattr(EntryPoint, "load", lambda point: rule if point.value == "right" else object())
    monkeypatch.setattr(plugins, "entry_points", lambda group: [EntryPoint("their-rule", "right", group)])
    findings = lint_file(document, Settings(select=("their-rule",)), plugged_in())
    assert [(finding.rule, finding.message) for finding in findings] == [("their-rule", "is not ours")]
    for name, value in (("their-rule", "wrong"), ("open-pattern", "right")):
        monkeypatch.setattr(plugins, "entry_points", lambda group, n=name, v=value: [EntryPoint(n, v, group)])
        with pytest.raises(WatchwordError, match=name):
            plugged_in()
