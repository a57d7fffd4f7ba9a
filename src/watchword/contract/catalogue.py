"""Contracts by name or path. Holds the list of bundled ones; nothing is looked for anywhere else."""

import os
from pathlib import Path

from watchword.contract.model import Contract
from watchword.contract.reader import read_contract
from watchword.document import Document, load
from watchword.ground import UnknownContract

BUNDLED = ("roma-connect", "iotda", "kii")

_SUFFIX = ".openapi.yaml"
_ENDINGS = (".yaml", ".yml", ".json")


def load_contract(name_or_path: str | Path) -> Contract:
    """The bundled contract of that name, or the one in that file.

    Raises `UnknownContract` with the closest names, `UnreadableInput` or `BrokenDocument`.
    """
    text = str(name_or_path)
    if text in BUNDLED:
        return read_contract(load_document(bundled_folder() / f"{text}{_SUFFIX}"), text)
    path = Path(text)
    if not path.exists():
        raise UnknownContract(unknown_contract(text))
    return read_contract(load_document(path), contract_name(path))


def load_document(path: Path) -> Document:
    """The document in a file, named in messages as its reader would: relative where it lies below the current folder.

    A bundled file is `specs/kii.openapi.yaml` wherever the package is installed. Raises what `document.load` raises.
    """
    if path.parent == bundled_folder():
        return load(path, shown=f"specs/{path.name}")
    shown = os.path.relpath(path)
    return load(path if shown.startswith("..") else shown)


def contract_name(path: Path) -> str:
    """The file's name without the endings that say what it is: `kii.openapi.yaml` is `kii`."""
    name = path.name
    for ending in (".yaml", ".yml", ".json", ".openapi"):
        name = name.removesuffix(ending)
    return name or path.name


def bundled_folder() -> Path:
    """Where the bundled documents lie: inside the package once installed, `specs/` in a checkout."""
    installed = Path(__file__).parents[1] / "specs"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "specs"


def unknown_contract(text: str) -> str:
    """What to say of a text that is neither a bundled name nor a file."""
    from difflib import get_close_matches  # costs 5 ms, and only a mistaken call needs it

    if os.path.sep in text or text.endswith(_ENDINGS):
        return f"{text}: no such file; bundled contracts are called {', '.join(BUNDLED)}"
    close = get_close_matches(text, BUNDLED, n=3, cutoff=0.4)
    hint = f"did you mean {' or '.join(close)}? " if close else ""
    return (
        f"no contract `{text}`: {hint}bundled are {', '.join(BUNDLED)}; anything else is a path to an OpenAPI document"
    )
