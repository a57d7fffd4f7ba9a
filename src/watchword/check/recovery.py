"""What an earlier run left behind, told and mended from its journal. Knows no live run."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from watchword.check.custody import configured, put_back
from watchword.check.journal import Journal, Standing
from watchword.check.secret_form import resetting
from watchword.check.target import Target
from watchword.check.transport import Transport
from watchword.contract import Contract
from watchword.ground import redact, sounds_secret


def describe(standing: Standing) -> str:
    """One line on a slot of a device: which secrets may be current, as shapes and never as they are."""
    head = _head(standing)
    if not standing.is_changed:
        return f"{head}: as configured"
    told = [redact(secret) for secret in standing.candidates]
    if standing.unknown:
        told.append("one that the request did not name and whose reply was lost")
    if standing.refused:
        count = len(standing.refused)
        told.append(f"one of {count} that the service refused" if count > 1 else "the one that the service refused")
    if standing.configured is None:
        told.append("the one before the run")
    return f"{head}: may be {' or '.join(told)}"


def _head(standing: Standing) -> str:
    """Target, device and slot; what an entry of an earlier version may hold that is secret is masked."""
    slot = f" {standing.slot}" if standing.slot else ""
    name = ", ".join(
        f"{key}={redact(value) if sounds_secret(key) else value}" for key, value in standing.device.items()
    )
    return f"{shown_url(standing.target)}  {name}{slot}"


def shown_url(url: str) -> str:
    """A URL for a message: no user name, no password, no values of a query, no fragment."""
    scheme, mark, rest = url.partition("://")
    authority, slash, path = rest.partition("/") if mark else ("", "", url)
    path, question, query = path.partition("#")[0].partition("?")
    if "@" in authority:
        authority = f"***@{authority.rpartition('@')[2]}"
    pairs = "&".join(f"{pair.partition('=')[0]}=***" if "=" in pair else "***" for pair in query.split("&"))
    return f"{scheme}{mark}{authority}{slash}{path}" + (f"?{pairs}" if question else "") if mark else path


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
    form = resetting(contract)
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
