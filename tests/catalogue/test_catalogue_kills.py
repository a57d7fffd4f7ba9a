"""What `watchword check` finds of the independent catalogue, over real HTTP with the settings file of a user."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.catalogue.defects import FILES, READING, SERVICES, Defect, catalogue
from tests.catalogue.runner import Runner

from watchword.ground import Severity

#: Survivors, each explained in docs/faults.md, "The independent catalogue".
SURVIVORS = {
    "kii/type-with-204",
    "kii/quoted-token-accepted",
    "kii/token-without-dashes-accepted",
    "kii/401-names-administrator",
    "kii/utf-16-body-accepted",
    "kii/thing-name-refused",
    "kii/accept-json-refused",
    "kii/trace-echoes-headers",
    "kii/newline-at-end-accepted",
    "iotda/same-as-other-slot-refused",
    "iotda/action-any-of-many",
    "iotda/slot-true-is-secondary",
    "iotda/dashes-accepted",
    "roma-connect/token-null-accepted",
    "roma-connect/name-admin-refused",
    "roma-connect/password-null-text-is-empty",
    "roma-connect/echo-tilde-home",
    "roma-connect/query-password-accepted",
    "roma-connect/yaml-body-accepted",
    "roma-connect/name-multiline",
    "roma-connect/password-zero-is-empty",
    "roma-connect/upper-circled-counts",
}
MOSTLY_SLOW = [pytest.param(name, marks=() if name == "kii" else pytest.mark.slow) for name in SERVICES]
#: A few of every kind, for the everyday run.
FEW = {
    "kii": (
        *("tilde-refused", "404-value-with-prefix", "token-any-case-accepted", "stored-72"),
        *("first-line-only", "404-value-encoded", "user-accepted-with-escape", "id-glob", "401-caller-of-before"),
    ),
    "iotda": (
        *("reply-type-number", "id-like", "dollar-for-end", "force-string-crashes", "secondary-changes-primary"),
        *("query-not-decoded", "reader-accepted-for-secondary", "secondary-unchecked", "bar-accepted"),
    ),
    "roma-connect": (
        *("special-lost-greater", "password-in-name-error", "id-by-int", "echo-amp-escaped"),
        *("double-slash-unguarded", "password-tail-in-header", "many-digits-crashes", "unchecked-with-name"),
    ),
}


@contextmanager
def started(service: str, folder: Path, *, with_probe: bool = True) -> Iterator[Runner]:
    runner = Runner(service, folder, with_probe=with_probe)
    try:
        yield runner
    finally:
        runner.close()


def listed(service: str, *, reading: bool = False) -> list[Defect]:
    defects = [defect for file in FILES for defect in catalogue(file) if defect.service == service]
    return [defect for defect in defects if (defect.kind == READING) is reading]


@pytest.mark.parametrize("service", SERVICES)
def test_sound_reference_gives_no_finding_at_all(service: str, tmp_path: Path):
    """Somebody else's sound service is found sound, with a login to probe and at most 300 requests to the service."""
    with started(service, tmp_path) as runner:
        outcome = runner.reference
    assert outcome.findings == []
    assert outcome.ended is None
    assert outcome.requests <= 300


@pytest.mark.parametrize("service", MOSTLY_SLOW)
def test_defects_of_each_kind_are_found(service: str, tmp_path: Path):
    """A few defects of every kind, each found by an error."""
    with started(service, tmp_path) as runner:
        verdicts = [runner.verdict(defect) for defect in listed(service) if defect.switch in FEW[service]]
    assert [verdict.defect.name for verdict in verdicts if verdict.severity is not Severity.ERROR] == []


@pytest.mark.parametrize("service", MOSTLY_SLOW)
def test_other_readings_of_the_text_are_no_errors(service: str, tmp_path: Path):
    """A service that reads the text otherwise than we do, where the text allows it, gets observations at most."""
    with started(service, tmp_path) as runner:
        found = [finding for each in listed(service, reading=True) for finding in runner.outcome(each.switch).findings]
    assert [(finding.rule, finding.message) for finding in found if finding.severity is not Severity.OBSERVATION] == []


@pytest.mark.slow
@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("seed", range(1, 6))
def test_sound_reference_gives_no_finding_under_other_seeds(service: str, seed: int, tmp_path: Path):
    """Whatever is drawn, the sound service stays sound, without a probe too."""
    with started(service, tmp_path, with_probe=bool(seed % 2)) as runner:
        assert runner.outcome(seed=seed).findings == []


@pytest.mark.slow
@pytest.mark.parametrize("service", SERVICES)
def test_all_defects_but_the_explained_ones_are_found(service: str, tmp_path: Path):
    """The kill matrix: whatever survives is named here and explained in the documentation."""
    with started(service, tmp_path) as runner:
        verdicts = [runner.verdict(defect) for defect in listed(service)]
    survivors = {verdict.defect.name for verdict in verdicts if not verdict.findings}
    assert survivors == {name for name in SURVIVORS if name.startswith(f"{service}/")}
