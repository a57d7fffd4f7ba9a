"""What an earlier run left behind, told and mended from its journal. Knows no live run."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from watchword.check.custody import put_back
from watchword.check.journal import Journal, Standing
from watchword.check.secret_form import secret_form
from watchword.check.target import Device, Target
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
    return f"{standing.target}  {name}{slot}: may be {' or '.join(told) or 'anything'}"


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
        if form is None or standing.configured is None:
            yield Restoration(standing, "no configured secret is known")
            continue
        device = Device(standing.device)
        journal.sending(standing.target, standing.device, standing.slot, standing.configured)
        reason = put_back(form, target, device, standing.slot, standing.configured, transport)
        if reason is None:
            journal.restored(standing.target, standing.device, standing.slot, standing.configured)
        yield Restoration(standing, reason)
