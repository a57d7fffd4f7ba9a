"""A user's words for a service to the plan of its check. Sends nothing; a twin runs while the plans are in use."""

import os
import shlex
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from watchword.check import (
    PHASES,
    Phase,
    Plan,
    Principal,
    Target,
    bare_token,
    guarded,
    make_plan,
    parse_device,
    parse_rate,
    read_target,
    refuse_bad_secrets,
    settings_file,
    without_unseen,
)
from watchword.contract import Contract, load_contract
from watchword.ground import WatchwordError
from watchword.service.twin import twin


@dataclass(frozen=True, slots=True)
class Choice:
    """One of `mock`, `url` and `target` (a name in the settings file), with what shall hold besides.

    `contracts` are names or paths: any number for `mock`, one for `url`, none or its own for `target`. Devices read
    `name=value,name=value`, `rate` reads `10/s`; the variables of the environment hold credentials. `workers` is for
    the command that repeats a case.
    """

    contracts: tuple[str, ...] = ()
    mock: bool = False
    url: str | None = None
    target: str | None = None
    config: Path | None = None
    credential_env: str | None = None
    other_env: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    rate: str | None = None
    workers: int = 1


@contextmanager
def chosen(choice: Choice, *, phases: Sequence[Phase] = PHASES, with_narrower: bool = False) -> Iterator[list[Plan]]:
    """One guarded plan per contract; twins run until the block ends.

    Raises `WatchwordError` and what `read_target`, `load_contract`, `guarded` and `make_plan` raise.
    """
    with ExitStack() as services:
        plans = []
        for target, contract in _targets(services, choice):
            full = replace(
                target,
                principal=_principal(choice.credential_env) or target.principal,
                refused=(*target.refused, *filter(None, map(_principal, choice.other_env))),
                devices=(*map(parse_device, choice.devices), *target.devices),
                unknown=(*map(parse_device, choice.unknown), *target.unknown),
                foreign=(*map(parse_device, choice.foreign), *target.foreign),
                rate=parse_rate(choice.rate) if choice.rate else target.rate,
                options=_options(target.options, choice),
            )
            full = guarded(full, contract)
            refuse_bad_secrets(full, contract)
            plan = make_plan(
                contract,
                full,
                phases=phases,
                with_narrower=with_narrower,
            )
            plans.append(without_unseen(plan) if choice.mock and not target.devices else plan)
        yield plans


def _targets(services: ExitStack, choice: Choice) -> Iterator[tuple[Target, Contract]]:
    if sum((choice.mock, choice.url is not None, choice.target is not None)) != 1:
        raise WatchwordError("name one service: a mock, a URL or a target")
    if choice.target is not None:
        path = choice.config or settings_file(Path.cwd())
        if path is None:
            raise WatchwordError("no watchword.toml here or above; a target is named in that file")
        target, contract = read_target(path, choice.target)
        for name in choice.contracts:
            if load_contract(name).root.document.path.resolve() != contract.root.document.path.resolve():
                raise WatchwordError(
                    f"the target `{choice.target}` is one of {target.contract}, not of {name}; leave {name} out"
                )
        yield target, contract
        return
    if not choice.contracts or (choice.url is not None and len(choice.contracts) != 1):
        raise WatchwordError("name the contract of the service: roma-connect, iotda, kii, or a path")
    for name in choice.contracts:
        contract = load_contract(name)
        if choice.url is not None:
            yield Target(name, choice.url.rstrip("/"), options=f"--url {shlex.quote(choice.url)}"), contract
        else:
            yield services.enter_context(twin(name, contract)), contract


def _principal(variable: str | None) -> Principal | None:
    if variable is None:
        return None
    value = os.environ.get(variable)
    if not value:
        raise WatchwordError(f"the environment variable {variable} is not set")
    return Principal(variable, bare_token(value))


def _options(options: str, choice: Choice) -> str:
    """The options that name the service once more, for the command that repeats a case."""
    single = {"--credential-env": choice.credential_env, "--config": choice.config}
    several = {
        "--other-credential-env": choice.other_env,
        "--device": choice.devices,
        "--unknown-device": choice.unknown,
        "--foreign-device": choice.foreign,
    }
    words = [options, *(f"{option} {shlex.quote(str(value))}" for option, value in single.items() if value is not None)]
    words += [f"{option} {shlex.quote(value)}" for option, values in several.items() for value in values]
    if choice.workers > 1:
        words.append(f"--workers {choice.workers}")
    return " ".join(words)
