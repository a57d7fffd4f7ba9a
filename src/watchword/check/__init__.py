"""Testing an endpoint against its contract: plan, send, judge, count. Starts no service and writes no report."""

from watchword.check.configured import refuse_bad_secrets
from watchword.check.generation_phase import making_operations
from watchword.check.inspection import Inspection
from watchword.check.journal import Journal, Standing
from watchword.check.lock import Lock
from watchword.check.options import Options
from watchword.check.outcome import Cell, Outcome
from watchword.check.plan import PHASES, Phase, Plan, Planned, Skipped, make_plan, without_unseen
from watchword.check.random_phase import Randomness
from watchword.check.recovery import describe, restore, settling, shown_url
from watchword.check.run import run
from watchword.check.selection import Property, generation_case, is_wanted, narrowed, properties, workflow_case
from watchword.check.session import BudgetSpent
from watchword.check.settings import parse_device, parse_rate, read_target
from watchword.check.target import Device, Principal, Target, bare_token, guarded
from watchword.check.transport import DEFAULT_TIMEOUT, HttpTransport, Transport
from watchword.check.workflow_phase import Repetition, workflow_ids
from watchword.ground.settings import settings_file

__all__ = [
    "DEFAULT_TIMEOUT",
    "PHASES",
    "BudgetSpent",
    "Cell",
    "Device",
    "HttpTransport",
    "Inspection",
    "Journal",
    "Lock",
    "Options",
    "Outcome",
    "Phase",
    "Plan",
    "Planned",
    "Principal",
    "Property",
    "Randomness",
    "Repetition",
    "Skipped",
    "Standing",
    "Target",
    "Transport",
    "bare_token",
    "describe",
    "generation_case",
    "guarded",
    "is_wanted",
    "make_plan",
    "making_operations",
    "narrowed",
    "parse_device",
    "parse_rate",
    "properties",
    "read_target",
    "refuse_bad_secrets",
    "restore",
    "run",
    "settings_file",
    "settling",
    "shown_url",
    "without_unseen",
    "workflow_case",
    "workflow_ids",
]
