"""Documents of others: no crash, bounded time, places that are real."""

import time
from pathlib import Path

import pytest

from watchword.ground import Severity
from watchword.lint import lint_file

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted((ROOT.parent / "shared" / "suites" / "openapi-documents").glob("*.json"))
WORKFLOWS = sorted((ROOT.parent / "shared" / "suites" / "arazzo").glob("*arazzo*.yaml"))
SMALL = [path for path in DOCUMENTS if path.stat().st_size < 60_000]
LARGE = [path for path in DOCUMENTS if path.stat().st_size >= 60_000]

if not DOCUMENTS:
    pytest.skip("the documents of others are not here", allow_module_level=True)


def _lint(path: Path) -> None:
    start = time.process_time()
    findings = lint_file(path)
    assert time.process_time() - start < 5 + path.stat().st_size / 100_000
    assert all(finding.place and finding.place.pointer.startswith(("", "/")) for finding in findings)
    assert all("\n" not in finding.message or "^" in finding.message for finding in findings)


@pytest.mark.parametrize("path", SMALL, ids=lambda path: path.stem)
def test_small_document_of_others_is_judged(path: Path) -> None:
    """Findings with places, in seconds."""
    _lint(path)


@pytest.mark.slow
@pytest.mark.parametrize("path", LARGE, ids=lambda path: path.stem)
def test_large_document_of_others_is_judged(path: Path) -> None:
    """The largest of these has 2 MB."""
    _lint(path)


def test_workflows_of_the_specification_have_no_structural_error() -> None:
    """The examples of the Arazzo specification pass but for names of an operation and of outputs, really wrong."""
    found = [finding for path in WORKFLOWS for finding in lint_file(path) if finding.severity is Severity.ERROR]
    reference = "unknown-workflow-reference"
    assert [(finding.rule, finding.message) for finding in found] == [
        ("unknown-step-operation", "no source has the operation `PAR`"),
        (reference, "the step `authenticateCustomerAndAuthorizeLoan` has no output `redirectAuthToken`"),
        (reference, "the step `initiateBnplTransaction` has no output `loanTransactionId`"),
        (reference, "the step `initiateBnplTransaction` has no output `loanTransactionId`"),
    ]
