"""File names as the repository has them, and fingerprints that outlive a moved line. Writes nothing."""

import hashlib
from collections import Counter
from pathlib import Path

from watchword.ground import Finding


def repository_path(file: str) -> str:
    """The file's path relative to the repository (the nearest folder with `.git` above), with `/`.

    A file outside of it keeps its absolute path; without a repository the current folder counts as one.
    """
    path = Path(file).absolute()
    here = Path.cwd()
    root = next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


class Fingerprints:
    """Fingerprints of the findings of one report: 32 hexadecimal digits of SHA-256 each.

    Made of rule, file, pointer, operation, location and case, never of lines, messages or versions; what agrees in all
    of these is numbered in order.
    """

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def of(self, finding: Finding) -> str:
        """The fingerprint of the next finding."""
        place = finding.place
        parts = [
            finding.rule,
            repository_path(place.file) if place else "",
            place.pointer if place else "",
            finding.operation or "",
            f"{finding.side or ''} {finding.location or ''}",
            finding.case or "",
        ]
        key = "\x1f".join(parts)
        number = self._seen[key]
        self._seen[key] += 1
        return hashlib.sha256(f"{key}\x1f{number}".encode("utf-8", "backslashreplace")).hexdigest()[:32]


def one_line(finding: Finding) -> str:
    """What happened and what is wrong, on one line."""
    message = " ".join(finding.message.split())
    return f"{finding.subject}: {message}" if finding.subject else message
