"""The table `[lint]` of the settings file. Says which rules look at which document, and how much they matter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from watchword.ground import Severity, WatchwordError
from watchword.ground.settings import read_settings
from watchword.lint.protocol import GROUPS, Rule

Json = Any

OWN_ONLY = ("house",)
"""Groups that are on by default in the bundled documents and in those that the settings name."""
ON_REQUEST = ("pedantic",)
"""Groups that are on only when selected."""
_KEYS = frozenset({"specs", "select", "ignore", "severity", "per-file", "options", "rulesets", "plugins"})
_PER_FILE = frozenset({"select", "ignore"})


@dataclass(frozen=True, slots=True)
class Settings:
    """What `[lint]` says.

    `select` and `ignore` hold rule ids, groups, `default` and `all`; an empty `select` means `default`. `per_file` maps
    glob patterns of files to further (select, ignore) lists. `specs` and `rulesets` are paths relative to `folder`.
    """

    specs: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    per_file: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    rulesets: tuple[str, ...] = ()
    plugins: bool = False
    folder: Path = Path()

    def spec_files(self) -> list[Path]:
        """The documents that `specs` names, sorted within each pattern. Raises `WatchwordError` where none matches."""
        found: dict[Path, None] = {}
        for pattern in self.specs:
            matched = sorted(self.folder.glob(pattern))
            if not matched:
                raise WatchwordError(f"[lint] specs: nothing matches `{pattern}`")
            found.update(dict.fromkeys(matched))
        return list(found)

    def selected(self, rules: Mapping[str, Rule], file: str, *, own: bool) -> dict[str, Rule]:
        """The rules for one file, in their order. `own` says that the document is bundled or named by the settings."""
        chosen = _expanded(self.select or ("default",), rules, own=own)
        left_out = _expanded(self.ignore, rules, own=own)
        for pattern, (select, ignore) in self.per_file.items():
            if fnmatch(file, pattern) or fnmatch(file, f"*/{pattern}"):
                chosen |= _expanded(select, rules, own=own)
                left_out |= _expanded(ignore, rules, own=own)
        return {name: rule for name, rule in rules.items() if name in chosen and name not in left_out}


def read_lint_settings(path: Path) -> Settings:
    """The table `[lint]` of a settings file; defaults where it has none.

    Raises `UnreadableInput` for the file, `WatchwordError` for an unknown key or a value of the wrong form.
    """
    table = (read_settings(path) or {}).get("lint", {})
    where = f"{path}: [lint]"
    if not isinstance(table, dict):
        raise WatchwordError(f"{where} must be a table")
    if strange := sorted(set(table) - _KEYS):
        raise WatchwordError(f"{where}: unknown key `{strange[0]}`; known are {', '.join(sorted(_KEYS))}")
    return Settings(
        specs=_texts(table, "specs", where),
        select=_texts(table, "select", where),
        ignore=_texts(table, "ignore", where),
        severity={name: _severity(value, where) for name, value in _table(table, "severity", where).items()},
        per_file={name: _per_file(value, where) for name, value in _table(table, "per-file", where).items()},
        options={name: _table(_table(table, "options", where), name, where) for name in table.get("options", {})},
        rulesets=_texts(table, "rulesets", where),
        plugins=table.get("plugins") is True,
        folder=path.parent,
    )


def check_names(names: Iterable[str], rules: Mapping[str, Rule]) -> None:
    """Raises `WatchwordError` for a name that is neither rule nor group."""
    for name in names:
        if name not in rules and name not in GROUPS and name not in ("all", "default"):
            from difflib import get_close_matches  # only a mistaken call needs it

            close = get_close_matches(name, [*rules, *GROUPS], n=3, cutoff=0.5)
            hint = f"did you mean {' or '.join(close)}?" if close else f"groups are {', '.join(GROUPS)}"
            raise WatchwordError(f"no lint rule `{name}`: {hint}")


def _expanded(names: Iterable[str], rules: Mapping[str, Rule], *, own: bool) -> set[str]:
    found: set[str] = set()
    for name in names:
        if name == "all":
            found |= set(rules)
        elif name == "default":
            off = ON_REQUEST if own else (*ON_REQUEST, *OWN_ONLY)
            found |= {each for each, rule in rules.items() if rule.GROUP not in off}
        elif name in GROUPS:
            found |= {each for each, rule in rules.items() if name == rule.GROUP}
        else:
            found.add(name)
    return found


def _texts(table: Mapping[str, Json], key: str, where: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise WatchwordError(f"{where}: `{key}` must be a list of texts")
    return tuple(value)


def _table(table: Mapping[str, Json], key: str, where: str) -> Mapping[str, Json]:
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise WatchwordError(f"{where}: `{key}` must be a table")
    return value


def _severity(value: Json, where: str) -> Severity:
    if value not in tuple(Severity):
        raise WatchwordError(f"{where}: a severity is one of {', '.join(Severity)}")
    return Severity(value)


def _per_file(value: Json, where: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if not isinstance(value, dict) or set(value) - _PER_FILE:
        raise WatchwordError(f"{where}: a `per-file` entry has `select` and `ignore`")
    return _texts(value, "select", where), _texts(value, "ignore", where)
