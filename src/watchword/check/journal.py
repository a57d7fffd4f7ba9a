"""What a run may have changed, on disk before it can have happened. Sends nothing and decides nothing.

One SQLite file (WAL, every commit synced, mode 0600). Secrets in it are encrypted; the key lies in another folder, or
in the environment. Killed at any instant, the file names for each device the secrets that may be current.
"""

import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from watchword.ground import WatchwordError

KEY_VARIABLE = "WATCHWORD_JOURNAL_KEY"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS change (
    id INTEGER PRIMARY KEY,
    at REAL NOT NULL,
    target TEXT NOT NULL,
    device TEXT NOT NULL,
    slot TEXT NOT NULL,
    candidate BLOB,
    state TEXT NOT NULL CHECK (state IN ('known', 'sent', 'accepted', 'refused', 'restored')),
    secret BLOB
);
CREATE INDEX IF NOT EXISTS change_of_device ON change (target, device, slot, id);
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one slot of one device.

    `candidates` are the secrets that may be current, most likely first; `unknown` says that it may also be one that the
    service made up and whose reply was lost. `configured` is the one that it had before anything was sent.
    """

    target: str
    device: Mapping[str, str]
    slot: str
    candidates: tuple[str, ...] = field(repr=False)
    unknown: bool
    configured: str | None = field(repr=False)

    @property
    def is_changed(self) -> bool:
        """Whether the device may have another secret than the configured one."""
        if self.configured is None and not self.candidates:
            return self.unknown
        return self.unknown or self.candidates != (self.configured,)

    def record(self) -> dict[str, object]:
        """Everything, secrets in the open: for a file that somebody asked for, never for a message."""
        return {
            "target": self.target,
            "device": dict(self.device),
            "slot": self.slot,
            "candidates": list(self.candidates),
            "unknown": self.unknown,
            "configured": self.configured,
        }


class Journal:
    """An open journal; `close` it, or use it as a context manager. Several threads may write to it.

    Raises `WatchwordError` where file or key cannot be used.
    """

    def __init__(self, path: Path | None = None, key_path: Path | None = None) -> None:
        self.path = path or state_folder() / "journal.sqlite"
        self._writing = threading.Lock()
        self._fernet = Fernet(_key(key_path or config_folder() / "journal.key"))
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            self._database = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute("PRAGMA synchronous=FULL")
            self._database.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise WatchwordError(f"journal {self.path} cannot be used: {error}") from None

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def known(self, target: str, device: Mapping[str, str], slot: str, secret: str | None) -> None:
        """The secret that a device has before a run, unless an earlier run left the device changed."""
        rows = self._rows(target, device, slot)
        if not rows or rows[-1][1] in ("known", "restored"):
            self._insert(target, device, slot, "known", secret, secret)

    def sending(self, target: str, device: Mapping[str, str], slot: str, candidate: str | None) -> int:
        """Before a request that may change a secret: the one that it sets, `None` where the service makes one up."""
        return self._insert(target, device, slot, "sent", candidate, None)

    def answered(self, entry: int, *, accepted: bool, secret: str | None) -> None:
        """After its reply: whether it was accepted, and the secret that holds now as far as the reply tells."""
        state = "accepted" if accepted else "refused"
        with self._writing:
            self._database.execute(
                "UPDATE change SET state = ?, secret = ? WHERE id = ?", (state, self._sealed(secret), entry)
            )

    def restored(self, target: str, device: Mapping[str, str], slot: str, secret: str) -> None:
        """The configured secret is back."""
        self._insert(target, device, slot, "restored", secret, secret)

    def standings(self) -> Iterator[Standing]:
        """What is known of every slot of every device that a run touched, in order of target and device."""
        rows = self._database.execute("SELECT DISTINCT target, device, slot FROM change ORDER BY target, device, slot")
        for target, device, slot in rows.fetchall():
            yield self._standing(target, json.loads(device), slot)

    def _standing(self, target: str, device: Mapping[str, str], slot: str) -> Standing:
        candidates: list[str | None] = []
        configured: str | None = None
        for candidate, state, secret in self._rows(target, device, slot):
            if state in ("known", "restored"):
                candidates, configured = [secret], secret
            elif state == "accepted":
                candidates = [secret if secret is not None else candidate]
            elif state == "sent":
                candidates.insert(0, candidate)
        found = tuple(dict.fromkeys(secret for secret in candidates if secret is not None))
        return Standing(target, device, slot, found, None in candidates, configured)

    def _rows(self, target: str, device: Mapping[str, str], slot: str) -> list[tuple[str | None, str, str | None]]:
        rows = self._database.execute(
            "SELECT candidate, state, secret FROM change WHERE target = ? AND device = ? AND slot = ? ORDER BY id",
            (target, _device(device), slot),
        )
        return [(self._opened(candidate), state, self._opened(secret)) for candidate, state, secret in rows]

    def _insert(
        self, target: str, device: Mapping[str, str], slot: str, state: str, candidate: str | None, secret: str | None
    ) -> int:
        row = (time.time(), target, _device(device), slot, self._sealed(candidate), state, self._sealed(secret))
        insert = "INSERT INTO change (at, target, device, slot, candidate, state, secret) VALUES (?, ?, ?, ?, ?, ?, ?)"
        with self._writing:
            return int(self._database.execute(insert, row).lastrowid or 0)

    def _sealed(self, secret: str | None) -> bytes | None:
        return None if secret is None else self._fernet.encrypt(secret.encode("utf-8", "surrogatepass"))

    def _opened(self, sealed: bytes | None) -> str | None:
        if sealed is None:
            return None
        try:
            return self._fernet.decrypt(sealed).decode("utf-8", "surrogatepass")
        except InvalidToken:
            raise WatchwordError(
                f"journal {self.path} was written with another key; set {KEY_VARIABLE} to the one of that run"
            ) from None


def state_folder() -> Path:
    """Where journals lie (XDG Base Directory Specification, `XDG_STATE_HOME`)."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "watchword"


def config_folder() -> Path:
    """Where the key lies (`XDG_CONFIG_HOME`), apart from the journals."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "watchword"


def _key(path: Path) -> bytes:
    given = os.environ.get(KEY_VARIABLE)
    try:
        if given:
            Fernet(given)
            return given.encode()
        if not path.exists():
            _make_key(path)
        key = path.read_bytes().strip()
        Fernet(key)
    except ValueError:
        source = KEY_VARIABLE if given else str(path)
        raise WatchwordError(f"{source} holds no key; a key is 32 bytes in URL-safe base64") from None
    except OSError as error:
        raise WatchwordError(f"the key {path} cannot be used: {error.strerror}") from None
    return key


def _make_key(path: Path) -> None:
    """A new key under its name at once or not at all; another process's key, if it came first."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as stream:
        stream.write(Fernet.generate_key())
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()


def _device(path: Mapping[str, str]) -> str:
    return json.dumps(dict(path), sort_keys=True)
