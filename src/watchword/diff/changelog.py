"""Changes as a Markdown changelog, and grouped for any other reader. Compares nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from watchword.contract import Contract
from watchword.diff.change import Change, Impact

_TITLES = {
    Impact.BREAKING: "Breaking",
    Impact.RISKY: "Risky",
    Impact.SAFE: "Safe",
}


@dataclass(frozen=True, slots=True)
class Group:
    """One change that several operations share, by way of the same lines of the documents."""

    change: Change
    operations: tuple[str, ...]


def grouped(changes: Iterable[Change]) -> list[Group]:
    """Equal changes of several operations as one, worst first, else in the given order."""
    found: dict[tuple[object, ...], list[Change]] = {}
    for change in changes:
        place = (change.old, change.new) if change.old and change.new else change.operation
        key = (change.kind, change.impact, change.message, change.side, change.location, place)
        found.setdefault(key, []).append(change)
    groups = [Group(each[0], tuple(change.subject or "" for change in each)) for each in found.values()]
    return sorted(groups, key=lambda group: group.change.impact.rank)


def totals(groups: list[Group]) -> str:
    """The number of changes of each impact in words."""
    counts = [(sum(group.change.impact is impact for group in groups), impact) for impact in Impact]
    return ", ".join(f"{count:,} {impact}" for count, impact in counts if count) or "no changes"


def changelog(changes: Iterable[Change], old: Contract, new: Contract) -> str:
    """The changelog in Markdown: a section for each impact, in it the operations."""
    groups = grouped(changes)
    lines = [
        f"# {_text(new.title)}: {_text(old.version) or '?'} → {_text(new.version) or '?'}",
        "",
        f"{totals(groups)}.".capitalize(),
    ]
    for impact in Impact:
        here = [group for group in groups if group.change.impact is impact]
        if here:
            lines += ["", f"## {_TITLES[impact]}"]
            lines += _section(here)
    return "\n".join(lines) + "\n"


def _section(groups: list[Group]) -> Iterator[str]:
    by_subject: dict[str, list[Group]] = {}
    for group in groups:
        by_subject.setdefault(_subject(group), []).append(group)
    for subject, here in by_subject.items():
        yield from ("", f"### {_text(subject)}", "")
        yield from (_entry(group.change) for group in here)


def _subject(group: Group) -> str:
    names = list(dict.fromkeys(name for name in group.operations if name))
    if not names:
        return "The whole API"
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def _entry(change: Change) -> str:
    where = " ".join(
        part
        for part in (change.side.value if change.side else "", f"`{change.location}`" if change.location else "")
        if part
    )
    first, *rest = change.message.splitlines()
    assumed = " (assumed)" if change.certainty == "assumed" else ""
    text = f"- {where}: {first} *{change.kind}*{assumed}" if where else f"- {first} *{change.kind}*{assumed}"
    return "\n".join([text, *(f"  - {line}" for line in rest)])


def _text(text: str) -> str:
    """Text of a document where Markdown must not see markup: no line ends, no tags, no braces of templates."""
    return " ".join(text.split()).replace("<", "&lt;").replace("|", "\\|")
