"""A mock to check: any application on a free loopback port, as a target with the twin's own devices and credentials."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from watchword.check import Device, Plan, Principal, Target, bare_token
from watchword.check.probe import Probe, read_probe
from watchword.check.secret_form import secret_form
from watchword.contract import Contract
from watchword.strategies.enumeration import service_url


@contextmanager
def twin(name: str, contract: Contract, application: Any = None) -> Iterator[Target]:
    """The contract's mock, or an ASGI application in its place, while the block runs."""
    from watchword.mock import app, load_fixtures, serve  # a check of a real service starts none

    fixtures = load_fixtures().get(contract.name)
    with serve(app([contract]) if application is None else application) as server:
        if fixtures is None:
            url = server.url + _base_path(contract)
            yield Target(name, url, Principal("anybody", "watchword"), options="--mock")
            return
        yield Target(
            name,
            server.url + fixtures.base_path,
            Principal(fixtures.credential.name, _token(fixtures.credential.headers)),
            tuple(Principal(each.name, _token(each.headers)) for each in fixtures.refused),
            tuple(Device(device.path, profile=device.profile) for device in (*fixtures.devices, *fixtures.profiled)),
            tuple(Device(device.path) for device in fixtures.unknown),
            tuple(Device(device.path) for device in fixtures.foreign),
            options="--mock",
        )


def twin_probe(plan: Plan) -> Probe:
    """How a device of a twin logs in: the mock's own operation for it."""
    device = next(iter(reversed(list(plan.target.devices[0].path)))) if plan.target.devices else "id"
    origin = "/".join(plan.target.url.split("/")[:3])
    given = {"id": f"{{{device}}}", "secret": "{secret}"}
    slots = any(form.slot for form in map(secret_form, plan.contract.operations) if form)
    request = {
        "url": f"{origin}/_twin/{plan.contract.name}/login",
        "json": given | ({"slot": "{slot}"} if slots else {}),
    }
    return read_probe({"request": request, "accepted": "$response.body#/ok == true"}, "twin")


def _base_path(contract: Contract) -> str:
    """That of the document's first server, below which a mock made from the document answers."""
    first = next(iter(contract.operations), None)
    return urlsplit(service_url(first)).path if first else ""


def _token(headers: Mapping[str, str]) -> str:
    return bare_token(next(iter(headers.values())))
