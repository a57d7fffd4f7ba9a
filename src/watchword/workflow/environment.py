"""What a run knows of the deployment that it talks to: where, as whom, with which devices. Sends nothing."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from watchword.contract import Scheme

Token = Callable[[Scheme], str]
Probe = Callable[[Mapping[str, str], str, str | None], bool | None]


@dataclass(frozen=True, slots=True)
class Device:
    """A device by the path parameters that name it, decoded; `profile` is the contract's word for its kind."""

    path: Mapping[str, str]
    profile: str | None = None


@dataclass(frozen=True, slots=True)
class Environment:
    """One deployment.

    `base_url` has no slash at its end; `base_urls` by source description name come before it. `token(scheme)` is the
    caller's credential without a scheme's name, `other_token` that of a principal that must be refused.
    Only `devices` may be acted on; `unknown` ones do not exist, `foreign` ones belong to somebody else.
    `probe(path, secret, slot)` says whether a device is let in with a secret; `None` where that cannot be told.
    `now` and `sleep` count seconds.
    """

    base_url: str
    base_urls: Mapping[str, str] = field(default_factory=dict)
    token: Token | None = None
    other_token: Token | None = None
    devices: tuple[Device, ...] = ()
    unknown: tuple[Device, ...] = ()
    foreign: tuple[Device, ...] = ()
    probe: Probe | None = None
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def url_of(self, source: str | None) -> str:
        """The base URL of the API that a source description describes."""
        return self.base_urls.get(source or "", self.base_url)
