"""The sum of many verdicts, in bounded memory. Sums of parts merge into the sum of the whole."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from watchword.audit.verdict import Outcome, Verdict
from watchword.ground import Finding, Severity, Side, cut

LARGEST = 1_000
"""Groups of findings kept apart; hostile traffic could make one for each exchange."""

_SHOWN = 5

Key = tuple[str, Side | None, str | None, str | None]


@dataclass(slots=True)
class Group:
    """The findings with one rule, side, operation and location: the first, their number, where the first few are."""

    first: Finding
    count: int = 0
    shown: list[tuple[str, str]] = field(default_factory=list)

    @property
    def seen(self) -> str | None:
        """How often and where, in words; a file is named where it changes: `3 times: a.jsonl:4, :9, b.jsonl:1`.

        None where the place of the only finding says it already.
        """
        if self.count == 1 and self._is_at_its_place():
            return None
        files = [None, *(file for file, _ in self.shown)]
        named = [
            spot if file == before else file + spot for before, (file, spot) in zip(files, self.shown, strict=False)
        ]
        times = "once" if self.count == 1 else f"{self.count:,} times"
        return f"{times}: {', '.join(named)}{', …' if self.count > len(self.shown) else ''}"

    def _is_at_its_place(self) -> bool:
        place, spot = self.first.place, "".join(self.shown[0])
        return place is not None and (str(place).startswith(f"{spot}:") or f"{place.file}#{place.pointer}" == spot)


@dataclass(slots=True)
class Summary:
    """Counts that only grow; the one mutable record here, since there is one for millions of verdicts.

    `outcomes` counts (operation, side, outcome). `exchanges` leaves `unreadable` lines out.
    `ungrouped` counts findings beyond the largest number of groups; `worst` is the most severe of all.
    """

    exchanges: int = 0
    unreadable: int = 0
    outcomes: Counter[tuple[str | None, Side, Outcome]] = field(default_factory=Counter)
    groups: dict[Key, Group] = field(default_factory=dict)
    ungrouped: int = 0
    worst: Severity | None = None

    def add(self, verdict: Verdict) -> None:
        """Count one verdict."""
        if verdict.request is Outcome.ABSENT:
            self.unreadable += 1
        else:
            self.exchanges += 1
            self.outcomes[verdict.operation, Side.REQUEST, verdict.request] += 1
            self.outcomes[verdict.operation, Side.RESPONSE, verdict.response] += 1
        for finding in verdict.findings:
            self._group(finding, 1, [(verdict.file, _spot(verdict))])
            self._rank(finding.severity)

    def merge(self, later: "Summary") -> None:
        """Count another summary, whose traffic comes after this one's."""
        self.exchanges += later.exchanges
        self.unreadable += later.unreadable
        self.outcomes += later.outcomes
        for group in later.groups.values():
            self._group(group.first, group.count, group.shown)
        self.ungrouped += later.ungrouped
        if later.worst is not None:
            self._rank(later.worst)

    def _rank(self, severity: Severity) -> None:
        if self.worst is None or severity.rank < self.worst.rank:
            self.worst = severity

    def _group(self, finding: Finding, count: int, shown: list[tuple[str, str]]) -> None:
        key = (finding.rule, finding.side, finding.operation, finding.location)
        group = self.groups.get(key)
        if group is None:
            if len(self.groups) >= LARGEST:
                self.ungrouped += count
                return
            group = self.groups[key] = Group(finding)
        group.count += count
        group.shown.extend(shown[: _SHOWN - len(group.shown)])

    def operations(self) -> list[str | None]:
        """The operations met, in the order of their first exchange; None for exchanges without one."""
        return list(dict.fromkeys(operation for operation, _, _ in self.outcomes))

    def listed(self) -> list[Group]:
        """The groups, most severe first, then in the order of their first finding."""
        return sorted(self.groups.values(), key=lambda group: group.first.severity.rank)

    def findings(self) -> list[Finding]:
        """One finding per listed group; its message ends with how often and where it was seen."""
        return [_told(group.first, group.seen) for group in self.listed()]


def summarised(verdicts: Iterable[Verdict]) -> Summary:
    """The sum of verdicts."""
    summary = Summary()
    for verdict in verdicts:
        summary.add(verdict)
    return summary


def _told(finding: Finding, seen: str | None) -> Finding:
    return finding if seen is None else replace(finding, message=f"{finding.message} ({seen})")


def _spot(verdict: Verdict) -> str:
    if verdict.id is None or verdict.unit == "entry":  # whose id is its position
        return verdict.spot
    return f"{verdict.spot} (id {cut(json.dumps(verdict.id, default=str), 40)})"
