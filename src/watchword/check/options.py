"""What a check does besides its planned cases, and where it stops."""

import threading
from dataclasses import dataclass, field
from pathlib import Path

from watchword.check.plan import Phase
from watchword.check.random_phase import Randomness
from watchword.check.workflow_phase import Repetition


@dataclass(frozen=True, slots=True)
class Options:
    """`workers` is how many devices are tried at once; `stop`, when set, ends the check.

    `only` holds ids of properties and workflows, with which the others are left out; the plan's cases are all wanted.
    `workflows` is an Arazzo document to use in place of the one beside the contract.
    """

    phases: tuple[Phase, ...] = ("examples", "cases")
    randomness: Randomness = field(default_factory=Randomness)
    repetition: Repetition = field(default_factory=Repetition)
    only: tuple[str, ...] = ()
    workers: int = 1
    workflows: Path | None = None
    most_requests: int | None = None
    most_seconds: float | None = None
    stop: threading.Event = field(default_factory=threading.Event, compare=False)
