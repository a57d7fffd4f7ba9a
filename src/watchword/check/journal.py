"""What a run may have changed, on disk before it can have happened. Sends nothing and decides nothing.

One SQLite file (WAL, every commit synced, mode 0600). Secrets in it are encrypted; the key lies in another folder, or
in the environment. Killed at any instant, the file names for each device the secrets that may be current.
"""

import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
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


_INSERT = "INSERT INTO change (at, target, device, slot, candidate, state, secret) VALUES (?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one slot of one device.

    `candidates` are the secrets that may be current, most likely first; `unknown` says that it may also be one that the
    service made up and whose reply was lost. `refused` are those that it refused since: a service that stores before it
    judges has one of them. `configured` is the one that it had before anything was sent. `lost` is when the last of the
    requests without a reply was sent, in seconds since the epoch: it may take effect late.
    """

    target: str
    device: Mapping[str, str]
    slot: str
    candidates: tuple[str, ...] = field(repr=False)
    unknown: bool
    configured: str | None = field(repr=False)
    refused: tuple[str, ...] = field(default=(), repr=False)
    lost: float | None = None

    @property
    def is_changed(self) -> bool:
        """Whether the device may have another secret than the configured one; without one, whether a reset was sent."""
        settled = () if self.configured is None else (self.configured,)
        return self.unknown or self.candidates != settled or bool(set(self.refused) - set(settled))

    def record(self) -> dict[str, object]:
        """Everything, secrets in the open: for a file that somebody asked for, never for a message."""
        return {
            "target": self.target,
            "device": dict(self.device),
            "slot": self.slot,
            "candidates": list(self.candidates),
            "refused": list(self.refused),
            "unknown": self.unknown,
            "configured": self.configured,
        }


class UnusableJournal(WatchwordError):
    """The journal's file cannot be read or written: nothing may be sent that could change a secret."""


class Journal:
    """An open journal; `close` it, or use it as a context manager. Several threads may write to it.

    Raises `WatchwordError` where the key cannot be used, `UnusableJournal` where the file cannot, now or later.
    """

    def __init__(self, path: Path | None = None, key_path: Path | None = None) -> None:
        self.path = path or state_folder() / "journal.sqlite"
        self._using = threading.Lock()
        self._fernet = Fernet(_key(key_path or config_folder() / "journal.key"))
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            self.path.chmod(0o600)
            self._database = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute("PRAGMA synchronous=FULL")
            self._database.execute("PRAGMA secure_delete=ON")
            self._database.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise UnusableJournal(f"journal {self.path} cannot be used: {error}") from None

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def known(self, target: str, device: Mapping[str, str], slot: str, secret: str | None) -> None:
        """The secret that a device has before a run, unless an earlier run left the device changed.

        What earlier runs noted of a device that is as it was is dropped: old secrets do not pile up.
        """
        rows = self._rows(target, device, slot)
        if not rows or rows[-1].state in ("known", "restored"):
            with self._usable() as database:
                database.execute("BEGIN IMMEDIATE")
                database.execute(
                    "DELETE FROM change WHERE target = ? AND device = ? AND slot = ?", (target, _device(device), slot)
                )
                database.execute(_INSERT, self._row(target, device, slot, "known", secret, secret))
                database.execute("COMMIT")

    def sending(self, target: str, device: Mapping[str, str], slot: str, candidate: str | None) -> int:
        """Before a request that may change a secret: the one that it sets, `None` where the service makes one up."""
        return self._insert(target, device, slot, "sent", candidate, None)

    def answered(self, entry: int, *, accepted: bool | None, secret: str | None) -> None:
        """After its reply: whether it was accepted, `None` if nobody can tell, and the secret that the reply tells."""
        state = {True: "accepted", False: "refused", None: "sent"}[accepted]
        with self._usable() as database:
            database.execute(
                "UPDATE change SET state = ?, secret = ? WHERE id = ?", (state, self._sealed(secret), entry)
            )

    def unsent(self, entry: int) -> None:
        """Where the request never left after all."""
        with self._usable() as database:
            database.execute("DELETE FROM change WHERE id = ?", (entry,))

    def restored(self, target: str, device: Mapping[str, str], slot: str, secret: str) -> None:
        """The configured secret is back."""
        self._insert(target, device, slot, "restored", secret, secret)

    def latest(self) -> int:
        """The last entry that there is, for `took_no_effect`."""
        with self._usable() as database:
            return int(database.execute("SELECT COALESCE(MAX(id), 0) FROM change").fetchone()[0])

    def took_no_effect(self, target: str, since: int) -> None:
        """Drops the refused requests after an entry: what refused them knows none of the target's devices."""
        with self._usable() as database:
            database.execute("DELETE FROM change WHERE target = ? AND id > ? AND state = 'refused'", (target, since))

    def forget(self, target: str) -> int:
        """Drops all that is known of the devices of a base URL, for a target that is no more; how many devices."""
        with self._usable() as database:
            count = database.execute(
                "SELECT COUNT(DISTINCT device) FROM change WHERE target = ?", (target,)
            ).fetchone()[0]
            database.execute("DELETE FROM change WHERE target = ?", (target,))
        return int(count)

    def standings(self) -> Iterator[Standing]:
        """What is known of every slot of every device that a run touched, in order of target and device."""
        with self._usable() as database:
            found = database.execute("SELECT DISTINCT target, device, slot FROM change ORDER BY target, device, slot")
            keys = found.fetchall()
        for target, device, slot in keys:
            yield _standing(target, json.loads(device), slot, self._rows(target, json.loads(device), slot))

    def _rows(self, target: str, device: Mapping[str, str], slot: str) -> list["_Row"]:
        with self._usable() as database:
            rows = database.execute(
                "SELECT at, candidate, state, secret FROM change"
                " WHERE target = ? AND device = ? AND slot = ? ORDER BY id",
                (target, _device(device), slot),
            ).fetchall()
        return [_Row(at, self._opened(candidate), state, self._opened(secret)) for at, candidate, state, secret in rows]

    def _insert(
        self, target: str, device: Mapping[str, str], slot: str, state: str, candidate: str | None, secret: str | None
    ) -> int:
        with self._usable() as database:
            row = self._row(target, device, slot, state, candidate, secret)
            return int(database.execute(_INSERT, row).lastrowid or 0)

    def _row(
        self, target: str, device: Mapping[str, str], slot: str, state: str, candidate: str | None, secret: str | None
    ) -> tuple[object, ...]:
        return (time.time(), target, _device(device), slot, self._sealed(candidate), state, self._sealed(secret))

    @contextmanager
    def _usable(self) -> Iterator[sqlite3.Connection]:
        with self._using:
            try:
                yield self._database
            except sqlite3.Error as error:
                with suppress(sqlite3.Error):
                    self._database.rollback()
                raise UnusableJournal(
                    f"journal {self.path} cannot be used: {error}; nothing is sent without it"
                ) from None

    def _sealed(self, secret: str | None) -> bytes | None:
        return None if secret is None else self._fernet.encrypt(secret.encode("utf-8", "surrogatepass"))

    def _opened(self, sealed: bytes | None) -> str | None:
        if sealed is None:
            return None
        try:
            return self._fernet.decrypt(sealed).decode("utf-8", "surrogatepass")
        except InvalidToken:
            raise WatchwordError(
                f"journal {self.path} was written with another key; set {KEY_VARIABLE} to the one of that run. "
                "If it is lost, so are the secrets: `watchword recover --forget URL` drops what is noted of a target"
            ) from None


@dataclass(frozen=True, slots=True)
class _Row:
    """One entry, its secrets in the open."""

    at: float
    candidate: str | None = field(repr=False)
    state: str
    secret: str | None = field(repr=False)


def _standing(target: str, device: Mapping[str, str], slot: str, rows: Iterable[_Row]) -> Standing:
    candidates: list[str | None] = []
    refused: list[str] = []
    configured: str | None = None
    lost: float | None = None
    for row in rows:
        told = row.candidate if row.secret is None else row.secret
        if row.state in ("known", "restored"):
            candidates, refused, configured = [] if told is None else [told], [], told
        elif row.state == "accepted":
            candidates, refused = [told], []
        elif row.state == "sent":
            candidates.insert(0, told)
            lost = row.at
        elif told is not None:
            refused.insert(0, told)
    found = tuple(dict.fromkeys(secret for secret in candidates if secret is not None))
    others = tuple(dict.fromkeys(secret for secret in refused if secret not in found))
    return Standing(target, device, slot, found, None in candidates, configured, others, lost)


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
