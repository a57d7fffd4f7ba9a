"""Mistakes in what a target says of its secrets, found before anything is changed. No message holds a value."""

from collections.abc import Iterator

from watchword.check.custody import configured, reset_request
from watchword.check.probe import Probe
from watchword.check.readings import readings
from watchword.check.routes import base_path
from watchword.check.secret_form import NO_SLOT, SecretForm, resetting
from watchword.check.target import Device, Target
from watchword.contract import Contract
from watchword.ground import Exchange, Severity, WatchwordError
from watchword.validation import Validator


def refuse_bad_secrets(target: Target, contract: Contract) -> None:
    """Raises `WatchwordError` for a configured secret that could not be put back: one that breaks a documented rule.

    So is any where no request of the contract sets one.
    """
    if not any(device.secrets for device in target.devices):
        return
    for reading in readings(contract, target):
        form = resetting(reading.contract)
        if form is None:
            named = next(device.name for device in target.devices if device.secrets)
            raise WatchwordError(
                f"{_named(target)}: device {named} has a `secret`, which could not be put back: no request body of the "
                "contract has a secret that is not an item of a list; leave `secret` out, and mind that runs change it"
            )
        validator = Validator(reading.contract, base_paths=[base_path(target.url)])
        for device, slot, secret in _configured(reading.devices, form):
            request = reset_request(form, target, device, slot, secret)
            broken = [
                finding.rule
                for finding in validator.findings(Exchange(request))
                if finding.severity is Severity.ERROR and (finding.location or "").startswith(form.location)
            ]
            if broken:
                raise WatchwordError(
                    f"{_named(target)}: the configured secret{_of(slot)} of device {device.name} breaks "
                    f"{', '.join(dict.fromkeys(broken))}, so it could not be put back; nothing was sent"
                )


def refuse_bad_probe(target: Target, contract: Contract, probe: Probe) -> None:
    """Tries the probe with each configured secret; raises `WatchwordError` for the first that does not open."""
    for device, slot, secret in _configured(target.devices, resetting(contract)):
        try:
            opens = probe.opens(device.path, secret, slot)
        except WatchwordError as problem:
            probe.close()
            raise WatchwordError(
                f"{_named(target)}: the probe cannot be tried, and nothing was changed: {problem}"
            ) from None
        if not opens:
            probe.close()
            raise WatchwordError(
                f"{_named(target)}: the probe does not let device {device.name} in with its configured "
                f"secret{_of(slot)}; is the `probe` right (request and `accepted`), and the `secret`? "
                "`watchword recover` knows if an earlier run left it changed; nothing was changed now"
            )


def _configured(devices: tuple[Device, ...], form: SecretForm | None) -> Iterator[tuple[Device, str, str]]:
    for device in devices:
        for slot in (form.slots if form else ()) or (NO_SLOT,):
            secret = configured(device, slot, form)
            if secret is not None:
                yield device, slot, secret


def _named(target: Target) -> str:
    return target.url if target.name is None else f"target {target.name}"


def _of(slot: str) -> str:
    return f" {slot}" if slot else ""
