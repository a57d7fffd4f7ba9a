"""A contract as it was in a git revision: `HEAD~1:specs/kii.openapi.yaml`, with every file that it refers to.

git writes the files into a folder of its own; nothing in the working tree is touched.
"""

import posixpath
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlsplit

from watchword.contract import BUNDLED, Contract, load_contract, read_contract
from watchword.contract.catalogue import contract_name
from watchword.diff.change import Change
from watchword.document import read
from watchword.ground import BrokenDocument, Place, UnreadableInput, WatchwordError

_MOST_FILES = 1_000
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Version:
    """A contract, and the folder that stands for a revision if it comes from one."""

    contract: Contract
    folder: str = ""
    revision: str = ""

    def named(self, place: Place | None) -> Place | None:
        """The place as the user calls it: `HEAD~1:specs/kii.openapi.yaml`."""
        return _named(place, self.folder, self.revision) if self.folder else place


@contextmanager
def version_of(text: str) -> Iterator[Version]:
    """The contract of a name, a file, or a `REVISION:PATH`.

    Raises what `load_contract` raises, and `UnreadableInput` for a revision or path that git does not have.
    """
    revision, colon, path = text.partition(":")
    if text in BUNDLED or Path(text).exists() or not colon or not revision:
        yield Version(load_contract(text))
        return
    with TemporaryDirectory(prefix="watchword-") as folder:
        root = str(Path(folder).resolve())
        try:
            contract = _contract(revision, path, Path(root))
        except BrokenDocument as error:
            findings = [replace(found, place=_named(found.place, root, revision)) for found in error.findings]
            raise BrokenDocument(text, findings) from None
        yield Version(contract, root, revision)


def renamed(change: Change, old: Version, new: Version) -> Change:
    """The change with its places as the user calls them."""
    return replace(change, old=old.named(change.old), new=new.named(change.new))


def _named(place: Place | None, folder: str, revision: str) -> Place | None:
    if place is None or not place.file.startswith(folder):
        return place
    return replace(place, file=f"{revision}:{place.file.removeprefix(folder).lstrip('/')}")


def _contract(revision: str, path: str, folder: Path) -> Contract:
    """Writes the document and all that it refers to below the folder, and reads it there."""
    start = _from_root(path)
    pending, seen = [start], set[str]()
    while pending:
        each = pending.pop()
        if each in seen or len(seen) >= _MOST_FILES:
            continue
        seen.add(each)
        try:
            content = _shown(revision, each)
        except UnreadableInput:
            if each == start:
                raise
            continue  # a dangling reference: the reading of the contract says so, with its place
        target = folder / each
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        pending.extend(_referred(content, each, target))
    target = folder / start
    return read_contract(read(target.read_bytes(), file=str(target), path=target), contract_name(target))


def _from_root(path: str) -> str:
    """The path from the repository's root; one that starts with `./` or `../` is relative to the current folder."""
    if path.startswith(("./", "../")):
        path = posixpath.join(_git("rev-parse", "--show-prefix").decode().strip(), path)
    return posixpath.normpath(path)


def _shown(revision: str, path: str) -> bytes:
    if revision.startswith("-") or path.startswith(("..", "/")):
        raise UnreadableInput(f"{revision}:{path}: not a revision and a path of this repository")
    return _git("show", f"{revision}:{path}")


def _git(*arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, check=False, timeout=_SECONDS)  # noqa: S603, S607 (the user's own git)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnreadableInput(f"git {' '.join(arguments)}: {error}") from None
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().splitlines()
        raise UnreadableInput(f"git {' '.join(arguments)}: {reason[0] if reason else 'failed'}")
    return done.stdout


def _referred(content: bytes, path: str, target: Path) -> Iterator[str]:
    """The files of the repository that a document refers to."""
    try:
        pending = [read(content, file=path, path=target).value]
    except WatchwordError:
        return  # the reading of the contract says what is wrong
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            reference = value.get("$ref")
            parts = urlsplit(reference) if isinstance(reference, str) else None
            if parts and parts.path and not parts.scheme and not parts.netloc:
                yield posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path)))
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
