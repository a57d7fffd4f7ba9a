"""The catalogue: which defects each service knows, and how a service is started with one.

The sentences are in `defects.txt`; the code of each defect is its switch in `kii.py`, `iotda.py` or `roma_connect.py`,
that of the third batch in `third_kii.py`, `third_iotda.py` or `third_roma.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.catalogue import third_witnesses, witnesses
from tests.catalogue.third_iotda import ThirdIoTDA
from tests.catalogue.third_kii import ThirdKii
from tests.catalogue.third_roma import ThirdRoma
from tests.catalogue.wire import Ask, answered

FILES = ("defects.txt", "held_out.txt", "third.txt")
SERVICES: dict[str, Callable[..., Any]] = {"kii": ThirdKii, "iotda": ThirdIoTDA, "roma-connect": ThirdRoma}
SCRIPTS: dict[str, tuple[Callable[[], Iterator[witnesses.Script]], ...]] = {
    "kii": (witnesses.kii_scripts, third_witnesses.kii_scripts),
    "iotda": (witnesses.iotda_scripts, third_witnesses.iotda_scripts),
    "roma-connect": (witnesses.roma_scripts, third_witnesses.roma_scripts),
}
#: In the order in which the kill matrix shows them.
KINDS = ("too strict", "reply shape", "authorisation", "too lax", "crash", "effects")
READING = "reading"


@dataclass(frozen=True, slots=True)
class Defect:
    """One switch of one service, its kind and one sentence on what is wrong."""

    service: str
    kind: str
    switch: str
    sentence: str

    @property
    def name(self) -> str:
        """`kii/min-2`."""
        return f"{self.service}/{self.switch}"


def catalogue(file: str = "defects.txt") -> list[Defect]:
    """Every row of the file, other readings included, in the order of the file."""
    lines = (Path(__file__).parent / file).read_text("utf-8").splitlines()
    return [Defect(*line.split(" | ", 3)) for line in lines if line and not line.startswith("#")]


def transcript(service: Any, script: list[Ask]) -> list[Any]:
    """What a script sees: each answer, and at the end what each device holds."""
    seen: list[Any] = [answered(service, ask) for ask in script]
    names = ("passwords", "secrets", "names")
    return [*seen, *(getattr(service, name) for name in names if hasattr(service, name))]


def witness(defect: Defect) -> list[Ask] | None:
    """A script that the defect answers otherwise than the reference; nothing when none does."""
    make = SERVICES[defect.service]
    for script, sound, asked in _sound(defect.service):
        if defect.switch in asked and transcript(make(defect.switch, seed=7), script) != sound:
            return script
    return None


@cache
def _sound(service: str) -> list[tuple[witnesses.Script, list[Any], frozenset[str]]]:
    """Each script with what it sees of the reference and the switches that this looked at, the fewest first.

    A switch that nobody looks at changes nothing, and a script that gets past few of them is about one of those.
    """
    scripts = [script for scripts_of in SCRIPTS[service] for script in scripts_of()]
    found = [(script, *_watched(SERVICES[service](seed=7), script)) for script in scripts]
    return sorted(found, key=lambda each: len(each[2]))


def _watched(service: Any, script: list[Ask]) -> tuple[list[Any], frozenset[str]]:
    asked: set[str] = set()

    def off(switch: str) -> bool:
        asked.add(switch)
        return False

    service.on = service.read = off
    return transcript(service, script), frozenset(asked)
