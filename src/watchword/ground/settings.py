"""Where the settings lie: `watchword.toml`, or `[tool.watchword]` in `pyproject.toml`. Knows no setting."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from watchword.ground.errors import UnreadableInput

_FILES = ("watchword.toml", "pyproject.toml")


def settings_file(start: Path) -> Path | None:
    """The nearest file with our settings, from a folder upwards; `None` where there is none."""
    for folder in (start, *start.parents):
        for name in _FILES:
            path = folder / name
            if path.is_file() and (name != "pyproject.toml" or read_settings(path) is not None):
                return path
    return None


def read_settings(path: Path) -> Mapping[str, Any] | None:
    """Our settings in a file; `None` for a `pyproject.toml` without any.

    Raises `UnreadableInput` where the file cannot be opened or is no TOML.
    """
    try:
        table: Mapping[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnreadableInput(f"{path}: not TOML: {error}") from None
    if path.name != "pyproject.toml":
        return table
    section = table.get("tool", {}).get("watchword")
    return section if isinstance(section, dict) else None
