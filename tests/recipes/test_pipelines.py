"""The CI files, the hook and the tox environment of docs/recipes.md, run step by step.

What is not run, and why:

- `pip install`: this environment has the packages, and tests use no network but loopback;
- `uses:`: actions of GitHub run on GitHub;
- tox creates its environment and installs nothing into it, for the same reason: the programs are this installation's.
"""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from tests.recipes.conftest import FILES, Run

GIT = (
    "git init --quiet --initial-branch=main . && git config user.email a@example.org && git config user.name a && "
    "git add --all && git commit --quiet --no-verify --message=door && git update-ref refs/remotes/origin/main HEAD"
)
BROKEN = ("{title: length, minLength: 8, maxLength: 64}", "{title: length, minLength: 80, maxLength: 64}")


def _spoil(folder: Path) -> None:
    document = folder / "door.openapi.yaml"
    text = document.read_text("utf-8")
    assert BROKEN[0] in text
    document.write_text(text.replace(*BROKEN), "utf-8")


def _workflow(folder: Path) -> tuple[dict[str, str], list[str]]:
    """The variables of the job, and the scripts of its steps that are run here."""
    job: dict[str, Any] = yaml.safe_load((folder / ".github/workflows/contract.yml").read_text())["jobs"]["contract"]
    scripts = [step["run"] for step in job["steps"] if "run" in step and not step["run"].startswith("pip install")]
    return job["env"], scripts


@pytest.mark.slow
def test_github_workflow_runs_to_its_end(folder: Path, run: Run) -> None:
    """Every step passes on the recipe's own service, and the SARIF file for the last one is there."""
    assert run(GIT).returncode == 0
    variables, scripts = _workflow(folder)
    assert len(scripts) == 4
    for script in scripts:
        done = run(script, GITHUB_BASE_REF="main", **variables)
        assert done.returncode == 0, (script, done.stdout)
    sarif = json.loads((folder / "contract.sarif").read_text())
    assert sarif["version"] == "2.1.0"
    assert sarif["runs"][0]["results"] == []


def test_github_workflow_stops_a_change_that_breaks_clients(folder: Path, run: Run) -> None:
    """A longer least length fails the step that compares, with an annotation at the line."""
    assert run(GIT).returncode == 0
    document = folder / "door.openapi.yaml"
    document.write_text(document.read_text().replace("minLength: 8", "minLength: 9"))
    variables, scripts = _workflow(folder)
    done = run(next(script for script in scripts if " diff " in script), GITHUB_BASE_REF="main", **variables)
    assert done.returncode == 1
    assert done.stdout.startswith("::error file=door.openapi.yaml,line=")


@pytest.mark.slow
def test_github_workflow_fails_with_the_service(folder: Path, run: Run) -> None:
    """A service that forgets a rule fails the check, as annotations and as SARIF results."""
    program = folder / "door_fastapi.py"
    program.write_text(program.read_text().replace("max_length=64, ", ""))
    variables, scripts = _workflow(folder)
    done = run(scripts[-1], **variables)
    assert done.returncode == 1
    assert "::error file=door.openapi.yaml,line=" in done.stdout
    assert "Code/length.maxLength" in done.stdout
    results = json.loads((folder / "contract.sarif").read_text())["runs"][0]["results"]
    assert {result["ruleId"] for result in results} >= {"Code/length.maxLength"}


@pytest.mark.slow
def test_gitlab_job_runs_to_its_end(folder: Path, run: Run) -> None:
    """The lines of the script in one shell, as GitLab runs them; its two reports are there and hold nothing bad."""
    job = yaml.safe_load((folder / ".gitlab-ci.yml").read_text())["contract"]
    assert all(line.startswith("pip install ") for line in job["before_script"])
    done = run("\n".join(job["script"]), **job["variables"])
    assert done.returncode == 0, done.stdout
    reports = job["artifacts"]["reports"]
    assert json.loads((folder / reports["codequality"]).read_text()) == []
    suites = ElementTree.parse(folder / reports["junit"]).getroot()
    assert not list(suites.iter("failure"))


@pytest.mark.parametrize("is_broken", [False, True])
def test_hook_lets_only_sound_documents_pass(folder: Path, run: Run, is_broken: bool) -> None:
    """pre-commit runs the hook on the documents among the files, and refuses the commit with lint's findings."""
    assert run(GIT).returncode == 0
    if is_broken:
        _spoil(folder)
    done = run("pre-commit run --all-files --color=never")
    assert done.returncode == is_broken, done.stdout
    assert done.stdout.splitlines()[0].endswith("Failed" if is_broken else "Passed")
    assert ("contradictory-rules" in done.stdout) is is_broken


def test_hook_of_the_repository_is_that_of_the_page() -> None:
    """Whoever names this repository gets the same command for the same files."""
    (ours,) = yaml.safe_load((Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text())
    (shown,) = yaml.safe_load(FILES[".pre-commit-config.yaml"])["repos"][0]["hooks"]
    for key in ("id", "name", "entry", "files"):
        assert ours[key] == shown[key]


@pytest.mark.slow
def test_tox_runs_document_and_service(run: Run) -> None:
    """The environment's commands, with the programs of this installation in place of those that it would install."""
    allowed = "testenv:contract.allowlist_externals=*"
    done = run(f"tox run -e contract --skip-env-install --override '{allowed}'")
    assert done.returncode == 0, done.stdout
    assert "no findings" in done.stdout
    assert "1 passed" in done.stdout
