"""Which cases are kept for the next who asks."""

from pathlib import Path

from watchword.check.readings import Cases, Reading
from watchword.contract import Contract, load_contract
from watchword.strategies import Case


def enumerated(contract: Contract) -> list[Case]:
    cases, reading = Cases(contract), Reading(contract, None, ())
    return [case for operation in contract.operations for case in cases.of(reading, operation)]


def test_cases_of_a_bundled_contract_are_made_once_in_a_process() -> None:
    """Whoever loads it again gets the very same ones."""
    first, again = (enumerated(load_contract("iotda")) for _ in range(2))
    assert first
    assert [id(case) for case in first] == [id(case) for case in again]


def test_cases_of_any_other_document_are_those_of_its_present_text(tmp_path: Path) -> None:
    """A file changes while the process runs, and one may be called as a bundled contract is."""
    path = tmp_path / "iotda.openapi.yaml"
    text = load_contract("iotda").root.document.text
    assert "maxLength: 32" in text
    path.write_text(text, "utf-8")
    before = enumerated(load_contract(path))
    path.write_text(text.replace("maxLength: 32", "maxLength: 31"), "utf-8")
    after = enumerated(load_contract(path))
    assert before == enumerated(load_contract("iotda"))
    assert after != before
