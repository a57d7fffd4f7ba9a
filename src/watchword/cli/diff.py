"""`watchword diff`: what changed between two versions of a contract, and whom it hurts."""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace

import click

from watchword import __version__, report
from watchword.cli.exits import FINDINGS, OK
from watchword.cli.options import Outlet, format_for, targets, written
from watchword.diff import Change, Impact, change_record, diff, finding, worst
from watchword.diff.changelog import changelog, grouped, totals
from watchword.diff.revision import Version, renamed, version_of
from watchword.ground import Finding
from watchword.report import FORMATS
from watchword.report.terminal import is_coloured, write_styled

_MARKDOWN = "markdown"
_STYLES = {Impact.BREAKING: "bold red", Impact.RISKY: "bold yellow", Impact.SAFE: "bold green"}
_MOST_NAMED = 3


@click.command(
    epilog="OLD and NEW are each a bundled contract, a file, or one of a git revision: HEAD~1:specs/kii.openapi.yaml. "
    "breaking: a client of OLD can fail with NEW. risky: perhaps, or nobody can tell. safe: it goes on."
)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(list(dict.fromkeys(["text", "json", _MARKDOWN, *FORMATS]))),
    help="Format of the report; text by default. Repeated, the first is for the first --output, and so on.",
)
@click.option("--output", "outputs", multiple=True, metavar="FILE", help="Write the report to FILE. Repeatable.")
@click.option(
    "--fail-on",
    type=click.Choice([impact.value for impact in Impact]),
    default=Impact.BREAKING.value,
    show_default=True,
    help="The least impact that makes the exit code 1.",
)
@click.option("--all", "everything", is_flag=True, help="Also what is only prose: descriptions, examples, tags.")
def command(old: str, new: str, formats: Sequence[str], outputs: Sequence[str], fail_on: str, everything: bool) -> int:
    """Say what changed between two versions of a contract, and whom it hurts."""
    wanted = targets(_formats(formats, outputs), outputs)
    with ExitStack() as stack:
        before, after = stack.enter_context(version_of(old)), stack.enter_context(version_of(new))
        changes = [
            renamed(change, before, after) for change in diff(before.contract, after.contract, everything=everything)
        ]
        for target in wanted:
            with written(target) as outlet:
                _write(changes, before, after, outlet)
    found = worst(changes)
    return FINDINGS if found is not None and found.rank <= Impact(fail_on).rank else OK


def _formats(formats: Sequence[str], outputs: Sequence[str]) -> list[str]:
    """The formats, with `markdown` for a file that ends in `.md`."""
    left = [_MARKDOWN if name.lower().endswith(".md") else format_for(name) for name in outputs[len(formats) :]]
    return [*formats, *left]


def _write(changes: list[Change], old: Version, new: Version, outlet: Outlet) -> None:
    match outlet.format:
        case "text":
            _write_text(changes, outlet)
        case "json":
            _write_json(changes, outlet)
        case "markdown":
            outlet.stream.write(changelog(changes, old.contract, new.contract))
        case other:
            report.write(map(_reported, changes), other, outlet.stream)


def _reported(change: Change) -> Finding:
    """The change as a finding, which has one place, the new one: the old one goes into the text."""
    found = finding(change)
    if change.old is None or change.new is None:
        return found
    return replace(found, message=f"{found.message}\nbefore: {change.old}")


def _write_json(changes: list[Change], outlet: Outlet) -> None:
    counts = {impact.value: sum(change.impact is impact for change in changes) for impact in Impact}
    document = {"watchword": __version__, "totals": counts, "changes": [change_record(change) for change in changes]}
    outlet.stream.write(json.dumps(document, indent=2) + "\n")


def _write_text(changes: list[Change], outlet: Outlet) -> None:
    """A paragraph for each change, worst first, then one line of totals."""
    groups = grouped(changes)
    coloured = is_coloured(outlet.stream)
    for group in groups:
        change = group.change
        place = change.new or change.old
        head = [(f"{place}  ", "dim")] if place else []
        head += [(change.impact.value, _STYLES[change.impact]), (f"  {change.kind}", "bold")]
        if change.subject:
            head.append((f"  {change.subject}", ""))
        write_styled(head, outlet.stream, coloured=coloured)
        details = [("  " + line, "") for line in change.message.splitlines()]
        for part in details:
            write_styled([part], outlet.stream, coloured=coloured)
        for name, value in _details(change, group.operations):
            write_styled([(f"  {name:<8} ", "dim"), (value, "")], outlet.stream, coloured=coloured)
        outlet.stream.write("\n")
    write_styled([(totals(groups), "bold" if groups else "green")], outlet.stream, coloured=coloured)


def _details(change: Change, operations: tuple[str, ...]) -> list[tuple[str, str]]:
    found = []
    if change.location and change.location not in ("url", "statusCode"):
        found.append(("at", f"{change.side.value} {change.location}" if change.side else change.location))
    if change.old and change.new:
        found.append(("before", str(change.old)))
    if change.certainty == "assumed":
        found.append(("assumed", "the vendor's text does not say it"))
    if change.source:
        found.append(("source", change.source))
    others = list(dict.fromkeys(operations[1:]))
    if others:
        rest = f" and {len(others) - _MOST_NAMED} more" if len(others) > _MOST_NAMED else ""
        found.append(("also", ", ".join(others[:_MOST_NAMED]) + rest))
    return found
