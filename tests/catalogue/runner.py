"""`watchword check` against each defect of the catalogue over real HTTP, and what it found of them.

Reads the same settings file as a user's. A defect is caught by a finding that the sound service does not get.
"""
# ruff: noqa: E501 - the settings are as wide as a user may write them

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from unittest.mock import patch

from tests.catalogue import iotda, kii, roma_connect
from tests.catalogue.defects import KINDS, READING, SERVICES, Defect
from tests.catalogue.wire import Bench

from watchword.check import (
    PHASES,
    HttpTransport,
    Options,
    Outcome,
    Phase,
    Plan,
    Randomness,
    Repetition,
    guarded,
    make_plan,
    read_target,
    run,
)
from watchword.ground import Finding, Severity

BATCH = 50
"""Requests after which it is seen whether a defect is caught already."""

ENVIRONMENT = {
    "KII_ADMIN": kii.ADMIN,
    "KII_USER": kii.USER,
    "KII_EXPIRED": kii.EXPIRED,
    "KII_SECRET": kii.FIRST["app1", "thing-1"],
    "KII_SECRET_2": kii.FIRST["app1", "thing-2"],
    "IOTDA_OWNER": iotda.OWNER,
    "IOTDA_READER": iotda.READER,
    "IOTDA_EXPIRED": iotda.EXPIRED,
    "IOTDA_STRANGER": iotda.STRANGER,
    "IOTDA_SECRET": iotda.FIRST["d1_lamp-01"][0],
    "IOTDA_SUB": iotda.FIRST["d1_lamp-01"][1],
    "IOTDA_SECRET_2": iotda.FIRST["d1_lamp-02"][0],
    "IOTDA_SUB_2": iotda.FIRST["d1_lamp-02"][1],
    "ROMA_OWNER": roma_connect.OWNER,
    "ROMA_READER": roma_connect.READER,
    "ROMA_EXPIRED": roma_connect.EXPIRED,
    "ROMA_STRANGER": roma_connect.STRANGER,
    "ROMA_SECRET": roma_connect.FIRST[1001][1],
    "ROMA_SECRET_2": roma_connect.FIRST[1002][1],
}
_IOTDA, _ROMA = f'project_id = "{iotda.PROJECT}"', f'project_id = "{roma_connect.PROJECT}"'
_OURS, _THEIRS = f'instance_id = "{roma_connect.INSTANCE}"', f'instance_id = "{roma_connect.OTHER_INSTANCE}"'
TARGETS = {
    "kii": """
[targets.kii]
contract = "kii"
url = "URL"
credential = { env = "KII_ADMIN" }
other-credentials = [ { name = "ordinary user", env = "KII_USER" }, { name = "expired", env = "KII_EXPIRED" } ]
devices = [
  { appID = "app1", vendorThingID = "thing-1", secret = { env = "KII_SECRET" } },
  { appID = "app1", vendorThingID = "thing-2", secret = { env = "KII_SECRET_2" } } ]
unknown-devices = [ { appID = "app1", vendorThingID = "Nobody" } ]
foreign-devices = [ { appID = "app2", vendorThingID = "theirs" } ]
[targets.kii.probe]
request = { method = "POST", url = "URL/login", json = { id = "{vendorThingID}", app = "{appID}", password = "{secret}" } }
accepted = "$statusCode == 200 && $response.body#/ok == true"
""",
    "iotda": f"""
[targets.iotda]
contract = "iotda"
url = "URL"
credential = {{ env = "IOTDA_OWNER" }}
other-credentials = [
  {{ name = "reader", env = "IOTDA_READER" }}, {{ name = "expired", env = "IOTDA_EXPIRED" }},
  {{ name = "stranger", env = "IOTDA_STRANGER" }} ]
devices = [
  {{ {_IOTDA}, device_id = "d1_lamp-01", secret = {{ PRIMARY = {{ env = "IOTDA_SECRET" }}, SECONDARY = {{ env = "IOTDA_SUB" }} }} }},
  {{ {_IOTDA}, device_id = "d1_lamp-02", secret = {{ PRIMARY = {{ env = "IOTDA_SECRET_2" }}, SECONDARY = {{ env = "IOTDA_SUB_2" }} }} }} ]
unknown-devices = [ {{ {_IOTDA}, device_id = "nobody" }} ]
foreign-devices = [ {{ project_id = "{iotda.OTHER_PROJECT}", device_id = "d9_theirs" }} ]
[targets.iotda.probe]
request = {{ method = "POST", url = "URL/login", json = {{ id = "{{device_id}}", slot = "{{slot}}", password = "{{secret}}" }} }}
accepted = "$statusCode == 200 && $response.body#/ok == true"
""",
    "roma-connect": f"""
[targets.roma-connect]
contract = "roma-connect"
url = "URL"
credential = {{ env = "ROMA_OWNER" }}
other-credentials = [
  {{ name = "reader", env = "ROMA_READER" }}, {{ name = "expired", env = "ROMA_EXPIRED" }},
  {{ name = "stranger", env = "ROMA_STRANGER" }} ]
devices = [
  {{ {_ROMA}, {_OURS}, device_id = "1001", secret = {{ env = "ROMA_SECRET" }} }},
  {{ {_ROMA}, {_OURS}, device_id = "1002", secret = {{ env = "ROMA_SECRET_2" }} }} ]
unknown-devices = [ {{ {_ROMA}, {_OURS}, device_id = "9999" }} ]
foreign-devices = [ {{ {_ROMA}, {_THEIRS}, device_id = "2001" }} ]
[targets.roma-connect.probe]
request = {{ method = "POST", url = "URL/login", json = {{ id = "{{device_id}}", password = "{{secret}}" }} }}
accepted = "$statusCode == 200 && $response.body#/ok == true"
""",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check came to with one defect: the findings that the sound service does not get, most severe first."""

    defect: Defect
    findings: tuple[Finding, ...]
    requests: int

    @property
    def severity(self) -> Severity | None:
        """That of the most severe finding; nothing for a survivor."""
        return self.findings[0].severity if self.findings else None


def settings(service: str, url: str, folder: Path, *, with_probe: bool = True) -> Path:
    """A `watchword.toml` for one service in a folder."""
    text = TARGETS[service].replace("URL", url)
    path = folder / "watchword.toml"
    path.write_text(text if with_probe else text.partition(f"[targets.{service}.probe]")[0], "utf-8")
    return path


class Runner:
    """One service on loopback, checked again and again with another defect."""

    def __init__(self, service: str, folder: Path, *, with_probe: bool = True, seed: int = 0) -> None:
        self.service, self.seed = service, seed
        self.bench = Bench(SERVICES[service]())
        path = settings(service, self.bench.url, folder, with_probe=with_probe)
        with patch.dict(os.environ, ENVIRONMENT):
            target, contract = read_target(path, service)
        self.plan: Plan = make_plan(contract, guarded(target, contract))

    @cached_property
    def reference(self) -> Outcome:
        """A whole check of the sound service."""
        return self.outcome()

    @cached_property
    def sound(self) -> frozenset[tuple[object, ...]]:
        """What the sound service gets."""
        return frozenset(map(_key, self.reference.findings))

    def close(self) -> None:
        """End the server."""
        self.bench.close()

    def outcome(self, *switches: str, seed: int | None = None) -> Outcome:
        """A whole check of the service with these switches."""
        self._start(switches, self.seed if seed is None else seed)
        return self._run(self.plan, PHASES, self.seed if seed is None else seed)

    def verdict(self, defect: Defect) -> Verdict:
        """The check of one defect, in batches, until the first error that the sound service does not get."""
        sound = self.sound
        self._start((defect.switch,), self.seed)
        found: list[Finding] = []
        requests = 0
        for plan, phases in self._batches():
            outcome = self._run(plan, phases, self.seed)
            requests += outcome.requests
            found += [finding for finding in outcome.findings if _key(finding) not in sound]
            if any(finding.severity is Severity.ERROR for finding in found):
                break
        return Verdict(defect, tuple(sorted(found, key=lambda finding: finding.severity.rank)), requests)

    def _batches(self) -> Iterator[tuple[Plan, tuple[Phase, ...]]]:
        planned = self.plan.planned
        for start in range(0, len(planned), BATCH):
            yield replace(self.plan, planned=planned[start : start + BATCH]), ("examples", "cases")
        rest = replace(self.plan, planned=(), skipped=())
        yield rest, ("workflows",)
        yield rest, ("random",)

    def _start(self, switches: Sequence[str], seed: int) -> None:
        self.bench.service = SERVICES[self.service](*switches, seed=seed + 1)

    @staticmethod
    def _run(plan: Plan, phases: tuple[Phase, ...], seed: int) -> Outcome:
        transport = HttpTransport(plan.target.url, timeout=5)
        options = Options(phases=phases, randomness=Randomness(seed=seed), repetition=Repetition(seed=seed))
        try:
            return run(plan, transport, options=options)
        finally:
            transport.close()


def _key(finding: Finding) -> tuple[object, ...]:
    return finding.rule, finding.location, finding.case, finding.message


def rendered(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """The kill matrix, a line for each defect, then a line for each kind."""
    for verdict in verdicts:
        first = verdict.findings[0] if verdict.findings else None
        told = f"{first.severity.value} {first.rule}: {first.message} [{first.case}]" if first else "SURVIVES"
        yield f"{verdict.defect.name:<48} {verdict.requests:>4}  {told}"
    yield ""
    for kind in (*KINDS, READING):
        of_kind = [verdict for verdict in verdicts if verdict.defect.kind == kind]
        if of_kind:
            errors = sum(verdict.severity is Severity.ERROR for verdict in of_kind)
            caught = sum(bool(verdict.findings) for verdict in of_kind)
            yield f"{kind:<14} {errors} by an error, {caught} by anything, of {len(of_kind)}"
