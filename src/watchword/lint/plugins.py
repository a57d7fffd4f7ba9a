"""Rules of other packages, by the entry point group `watchword.lint`: name of the rule, and module that is one.

Loaded only where the settings say `[lint] plugins = true`: a package that merely happens to be installed changes
nothing.
"""

from importlib.metadata import entry_points

from watchword.ground import Severity, WatchwordError
from watchword.lint.protocol import GROUPS, Rule
from watchword.lint.registry import RULES


def plugged_in() -> dict[str, Rule]:
    """The rules by name, sorted.

    Raises `WatchwordError` where an entry point cannot be loaded, is no rule, or has the name of a rule of ours.
    """
    found: dict[str, Rule] = {}
    for point in sorted(entry_points(group="watchword.lint"), key=lambda each: each.name):
        if point.name in RULES:
            raise WatchwordError(f"lint rule `{point.name}` of {point.value} has the name of a bundled rule")
        try:
            rule = point.load()
        except Exception as error:  # noqa: BLE001 - another package's code may raise anything
            raise WatchwordError(f"lint rule `{point.name}`: {point.value} cannot be loaded: {error}") from None
        if not callable(getattr(rule, "problems", None)) or getattr(rule, "GROUP", None) not in GROUPS:
            raise WatchwordError(f"lint rule `{point.name}`: {point.value} has no `problems` or no known `GROUP`")
        if getattr(rule, "SEVERITY", None) not in tuple(Severity):
            raise WatchwordError(f"lint rule `{point.name}`: {point.value} has no `SEVERITY`")
        found[point.name] = rule
    return found
