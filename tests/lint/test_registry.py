"""The shape of the lint room: folder, registry, pages and meta-schemas agree."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from watchword.lint import GROUPS, RULES, rules
from watchword.lint.pages import listed, page, rules_page

ROOT = Path(__file__).parents[2]


def test_registry_names_every_file_of_the_folder() -> None:
    """A rule is one file and one line; its name is the file's with hyphens."""
    folder = Path(rules.__file__).parent
    files = {path.stem.replace("_", "-") for path in folder.glob("*.py")} - {"--init--"}
    assert set(RULES) == files
    assert all(rule.__name__.endswith(name.replace("-", "_")) for name, rule in RULES.items())  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", RULES)
def test_rule_has_a_page(name: str) -> None:
    """A docstring says in one sentence what the defect is, then why, then shows a bad and a good example."""
    text = RULES[name].__doc__ or ""
    first = text.partition("\n\n")[0]
    assert first.endswith(".")
    assert len(first) < 200
    assert "\nBad:\n" in text
    assert "\nGood:\n" in text
    assert RULES[name].GROUP in GROUPS


def test_rules_page_is_up_to_date() -> None:
    """`docs/rules.md` is what the docstrings say today."""
    assert (ROOT / "docs" / "rules.md").read_text("utf-8") == rules_page(RULES)


def test_page_and_list_name_severity_and_group() -> None:
    """`--explain` prints the page, `--list` one line a rule."""
    assert page("weak-secret", RULES).startswith("weak-secret  (warning, language)\n\nA secret that can be guessed")
    assert len(listed(RULES).splitlines()) == len(RULES)
    assert "house" not in page("house", RULES)
    assert "missing-operation-id" in page("house", RULES)


@pytest.mark.parametrize("version", ["3.0", "3.1", "3.2"])
def test_meta_schema_is_the_published_one(version: str) -> None:
    """Our copies of the official meta-schemas are those of openapi-spec-validator, byte for byte."""
    import openapi_spec_validator

    published = Path(openapi_spec_validator.__file__).parent / "resources" / "schemas" / f"v{version}" / "schema.json"
    ours = ROOT / "src" / "watchword" / "lint" / "metaschemas" / f"openapi-{version}.json"
    assert ours.read_bytes() == published.read_bytes()


def test_lint_starts_without_the_heavy_libraries() -> None:
    """A lint run loads no Hypothesis, no server, no terminal library and no second validator."""
    code = (
        "import sys\nfrom watchword.cli import main\nmain(['lint', 'kii'])\nprint(sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(re.findall(r"'([a-z_0-9]+)'", done.stderr))
    assert done.stdout == "no findings\n"
    assert not loaded & {"hypothesis", "schemathesis", "uvicorn", "rich", "jsonschema", "openapi_core", "ijson"}
