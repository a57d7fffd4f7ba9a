"""What an earlier run left behind, told and mended from its journal. Knows no live run."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from watchword.check.custody import configured, put_back
from watchword.check.journal import Journal, Standing
from watchword.check.secret_form import secret_form
from watchword.check.target import Target
from watchword.check.transport import Transport
from watchword.contract import Contract
from watchword.ground import redact


def describe(standing: Standing) -> str:
    """One line on a slot of a device: which secrets may be current, as shapes and never as they are."""
    slot = f" {standing.slot}" if standing.slot else ""
    name = ", ".join(f"{key}={value}" for key, value in standing.device.items())
    if not standing.is_changed:
        return f"{standing.target}  {name}{slot}: as configured"
    told = [redact(secret) for secret in standing.candidates]
    if standing.unknown:
        told.append("one that the service made up and whose reply was lost")
    if standing.refused:
        count = len(standing.refused)
        told.append(f"one of {count} that the service refused" if count > 1 else "the one that the service refused")
    if standing.configured is None:
        told.append("the one before the run")
    return f"{standing.target}  {name}{slot}: may be {' or '.join(told)}"


def settling(standings: Iterable[Standing], seconds: float, now: float) -> float:
    """How long to wait, in seconds, until every request without a reply was sent so many seconds ago.

    What is put back sooner may be overtaken by a request that the service still works on.
    """
    lost = [standing.lost for standing in standings if standing.lost is not None and standing.lost <= now]
    return max(0.0, max(lost, default=0.0) + seconds - now)


@dataclass(frozen=True, slots=True)
class Restoration:
    """What came of putting one secret back; no `reason` means that it is back."""

    standing: Standing
    reason: str | None


def restore(
    journal: Journal, target: Target, contract: Contract, standings: Sequence[Standing], transport: Transport
) -> Iterator[Restoration]:
    """Puts the configured secret of each changed slot of this target back, and notes it in the journal."""
    form = next(filter(None, map(secret_form, contract.operations)), None)
    for standing in standings:
        if standing.target != target.url or not standing.is_changed:
            continue
        device = next((each for each in target.devices if each.path == standing.device), None)
        if device is None:
            yield Restoration(standing, "the target lists it no longer")
            continue
        secret = configured(device, standing.slot, form) or standing.configured
        if form is None or secret is None:
            yield Restoration(standing, "no configured secret is known")
            continue
        journal.sending(standing.target, standing.device, standing.slot, secret)
        reason = put_back(form, target, device, standing.slot, secret, transport)
        if reason is None:
            journal.restored(standing.target, standing.device, standing.slot, secret)
        yield Restoration(standing, reason)
