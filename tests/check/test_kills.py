"""The kill matrix: what counts as caught, and that the check is silent on a service that reads assumed clauses anew."""

from dataclasses import replace

import pytest

from watchword.check import HttpTransport, Outcome, guarded, make_plan, run
from watchword.check.kills import Defect, KillMatrix, kill, told
from watchword.contract import BUNDLED, load_contract
from watchword.ground import Certainty, Finding, Severity
from watchword.mock import Endpoint, Fault, app
from watchword.mock.faults import faults
from watchword.service import twin


def outcome(*findings: Finding) -> Outcome:
    """What a check came to."""
    return Outcome("kii", requests=3, findings=list(findings))


def test_finding_of_the_sound_service_catches_nothing() -> None:
    """What a check says without the defect does not count with it."""
    known = Finding("a", "m")
    assert not kill(Defect("x", "g", ""), [outcome(known)], told([outcome(known)])).is_caught
    assert kill(Defect("x", "g", ""), [outcome(Finding("b", "m"))], told([outcome(known)])).is_caught


def test_observation_catches_only_what_breaks_assumed_clauses() -> None:
    """An error is owed for a documented clause, an observation for an assumed one."""
    seen = [outcome(Finding("a", "m", Severity.OBSERVATION))]
    assert not kill(Defect("x", "g", ""), seen, frozenset()).is_caught
    assert kill(Defect("x", "g", "", Certainty.ASSUMED), seen, frozenset()).is_caught


def test_no_batch_is_run_after_the_one_that_caught_the_defect() -> None:
    """A caught defect costs no more requests."""
    batches = iter([outcome(), outcome(Finding("a", "m")), outcome(Finding("b", "m"))])
    assert kill(Defect("x", "g", ""), batches, frozenset()).requests == 6
    assert next(batches).findings[0].rule == "b"


def test_score_counts_documented_and_assumed_defects_apart() -> None:
    """A survivor of one kind does not change the score of the other."""
    kills = (
        kill(Defect("x", "g", ""), [outcome(Finding("a", "m"))], frozenset()),
        kill(Defect("y", "g", "", Certainty.ASSUMED), [outcome()], frozenset()),
    )
    matrix = KillMatrix("kii", 3, 0.0, kills)
    assert str(matrix.score()) == "1 of 1 (100.0 %)"
    assert matrix.score(Certainty.ASSUMED).caught == 0
    assert [each.defect.id for each in matrix.survivors] == ["y"]


def checked(name: str, fault: Fault) -> Outcome:
    """The cases of a contract against its twin with a fault."""
    contract = load_contract(name)
    with twin(name, contract, app([contract], fault=fault)) as target:
        transport = HttpTransport(target.url, 5.0)
        try:
            return run(make_plan(contract, guarded(target, contract)), transport)
        finally:
            transport.close()


def reading_assumed_rules_anew(endpoint: Endpoint) -> Endpoint:
    """A service that takes whatever only assumed rules forbid."""
    return replace(
        endpoint,
        judge=lambda request: [found for found in endpoint.judge(request) if found.certainty is Certainty.DOCUMENTED],
    )


@pytest.mark.parametrize("name", BUNDLED)
def test_service_that_enforces_no_assumed_rule_gives_observations_only(name: str) -> None:
    """Reading what the text leaves open the other way fails no check."""
    findings = checked(name, reading_assumed_rules_anew).findings
    assert [each for each in findings if each.severity is not Severity.OBSERVATION] == []


@pytest.mark.parametrize(
    "fault_id",
    [
        "kii/changeThingPassword/too-lax/newPassword/not-enforced/first",
        "roma-connect/resetDeviceAuthentication/too-lax/password/unicode-digits",
        "roma-connect/resetDeviceAuthentication/effect/echo-escaped",
        "iotda/resetDeviceSecret/effect/slot-told-other",
        "iotda/resetDeviceSecret/access/device/foreign-accepted",
        "kii/changeThingPassword/leak/secret/base64",
        "kii/changeThingPassword/rare-input/nul/hang-up",
    ],
)
def test_fault_of_each_kind_is_caught(fault_id: str) -> None:
    """One defect of each group gives an error over real HTTP."""
    name = fault_id.partition("/")[0]
    fault = next(each for each in faults(load_contract(name)) if each.id == fault_id)
    findings = checked(name, fault.fault).findings
    assert any(each.severity is Severity.ERROR for each in findings)
