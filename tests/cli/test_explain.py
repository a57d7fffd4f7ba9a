"""`watchword explain`: figures that can be checked by hand, in three formats."""

import json
import math
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from watchword.cli import main
from watchword.language import Rules

DOCUMENT = """
openapi: 3.1.0
info: {title: Odd, version: '1'}
paths:
  /x:
    post:
      operationId: x
      requestBody:
        content:
          application/json: {schema: {$ref: '#/components/schemas/Body'}}
      responses: {'200': {description: Done.}}
components:
  schemas:
    Body:
      type: object
      properties:
        pin: {type: string, allOf: [{title: digits, pattern: '^[0-9]{4}$'}, {title: short, maxLength: 9}]}
        loop: {type: string, pattern: '(a)\\1'}
        looking: {type: string, pattern: '^(?!.*x)'}
        never: {type: string, minLength: 2, maxLength: 1}
        large: {type: string, pattern: '.*a.{40}$'}
        kind: {type: string, enum: [small, large]}
        free: {type: string}
"""


@pytest.fixture
def odd(tmp_path: Path) -> str:
    """A document with rules that are implied, contradictory, irregular or too large."""
    path = tmp_path / "odd.yaml"
    path.write_text(DOCUMENT, encoding="utf-8")
    return str(path)


def explained(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, object]]:
    """The schemas of the JSON form."""
    assert main(["explain", *arguments, "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    found: list[dict[str, object]] = document["schemas"]
    return found


def test_counts_of_a_secret_are_those_that_one_can_work_out(capsys: pytest.CaptureFixture[str]) -> None:
    """IoTDA: 64 characters to the power of each length from 8 to 32."""
    [secret] = explained(capsys, "iotda", "Secret")
    assert secret["count"] == str(sum(64**length for length in range(8, 33)))
    assert secret["bitsOfShortest"] == 48
    assert (secret["shortest"], secret["longest"]) == (8, 32)
    assert math.isclose(float(str(secret["bits"])), 192.02, abs_tol=0.01)


@pytest.mark.parametrize("contract", ["roma-connect", "iotda", "kii"])
def test_samples_are_on_the_side_that_they_are_shown_for(contract: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A valid sample breaks nothing; what is shown to break a rule breaks that one alone, by the rule's own pattern."""
    for schema in explained(capsys, contract):
        rules = [rule for rule in schema["rules"] if isinstance(rule, dict)]  # type: ignore[attr-defined]
        judges = {rule["rule"]: Rules.of({"pattern": rule["patterns"]["ecma"]}) for rule in rules}
        exempt = {"", *(text for text in schema["samples"] if text == "")}  # type: ignore[attr-defined]
        for sample in schema["samples"]:  # type: ignore[attr-defined]
            assert sample in exempt or all(judge.accepts(sample) for judge in judges.values())
        for rule in rules:
            for text in rule["brokenBy"]:
                assert [name for name, judge in judges.items() if not judge.accepts(text)] == [rule["rule"]]


def test_text_tells_each_rule_with_source_and_certainty(capsys: pytest.CaptureFixture[str]) -> None:
    """What a reader of the vendor's text looks for: which rule, where it stands, whether it is assumed."""
    assert main(["explain", "roma-connect", "Password"]) == 0
    text = capsys.readouterr().out
    assert re.search(r"^Password  \S*roma-connect\.openapi\.yaml:\d+:\d+$", text, re.MULTILINE)
    assert "16 to 32 characters" in text
    assert "103.1 bits at the shortest length" in text
    assert "  Password/alphabet  assumed\n" in text
    assert 'source    ROMA Connect "Resetting Device Authentication Information", Table 3, password' in text
    assert "java      [!#-&(-+" in text


def test_gap_between_lengths_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """A password that may be left empty has no length between 0 and 16."""
    assert main(["explain", "roma-connect", "password"]) == 0
    assert "0, or 16 to 32 characters" in capsys.readouterr().out


def test_implied_impossible_irregular_and_large_rules_are_said_to_be_so(
    odd: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing that cannot be told is left out or made up."""
    assert main(["explain", odd]) == 0
    parts = re.split(r"^(?=\S)", capsys.readouterr().out, flags=re.MULTILINE)
    told = {part.split("  ")[0]: part for part in parts if part}
    assert set(told) == {"pin", "loop", "looking", "never", "large", "kind"}
    assert "pin/short" in told["pin"]
    assert "cannot be broken alone" in told["pin"]
    assert "back-reference" in told["loop"]
    assert "re2       none: re2 has no look-around" in told["looking"]
    assert "no string at all" in told["never"]
    assert "too large" in told["large"]
    assert "ecma      ^(?:small|large)$" in told["kind"]


@pytest.mark.parametrize("contract", ["roma-connect", "iotda", "kii"])
def test_page_is_whole_and_draws_the_automaton(contract: str, tmp_path: Path) -> None:
    """The page closes what it opens, fetches nothing, and each drawing is well-formed with one start and an end."""
    page = tmp_path / "page.html"
    assert main(["explain", contract, "--output", str(page)]) == 0
    html = page.read_text(encoding="utf-8")
    HTMLParser().feed(html)
    assert not re.search(r"<script|<link|<img|https?://(?!www\.w3\.org/2000/svg)", html)
    drawings = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert drawings
    for drawing in drawings:
        root = ElementTree.fromstring(drawing)
        assert root.findall(".//{*}circle[@class='state']")
        assert root.findall(".//{*}circle[@class='end']")


def test_password_of_four_classes_is_drawn_with_sixteen_states(tmp_path: Path) -> None:
    """Which of four classes were met: two to the power of four."""
    page = tmp_path / "page.html"
    assert main(["explain", "roma-connect", "Password", "--output", str(page)]) == 0
    assert page.read_text(encoding="utf-8").count('class="state"') == 16


def test_unknown_schema_names_the_closest_ones(capsys: pytest.CaptureFixture[str]) -> None:
    """A slip of the finger costs one look."""
    assert main(["explain", "kii", "Pasword"]) == 2
    assert "did you mean Password" in capsys.readouterr().err


def test_unknown_contract_is_the_callers_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 and one line."""
    assert main(["explain", "kij"]) == 2
    assert "kii" in capsys.readouterr().err


def test_same_contract_is_explained_the_same_each_time(capsys: pytest.CaptureFixture[str]) -> None:
    """Samples are drawn with a fixed seed, so that a page can be kept and compared."""
    assert explained(capsys, "iotda") == explained(capsys, "iotda")


def test_one_character_is_one_character(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers and nouns agree, in what a rule asks and in the lengths that there are."""
    path = tmp_path / "one.openapi.yaml"
    path.write_text(
        "openapi: 3.1.0\ninfo: {title: one, version: '1'}\npaths:\n  /a:\n    post:\n      operationId: a\n"
        "      requestBody: {content: {application/json: {schema: {type: object, properties: {"
        "pin: {type: string, minLength: 1, maxLength: 1}}}}}}\n      responses: {'204': {description: done}}\n"
    )
    assert main(["explain", str(path)]) == 0
    told = capsys.readouterr().out
    assert "at least 1 character\n" in told
    assert "at most 1 character\n" in told
    assert "length    1 character\n" in told
