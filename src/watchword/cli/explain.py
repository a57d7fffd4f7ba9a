"""`watchword explain`: the string rules of a contract, counted, with samples of each side."""

import json
import math
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from watchword.cli.options import Target, written
from watchword.contract import load_contract
from watchword.ground import WatchwordError
from watchword.report.terminal import is_coloured, write_styled
from watchword.strategies.explanation import Explanation, RuleFact, explanations, render_page
from watchword.strategies.explanation.facts import schema_names
from watchword.strategies.explanation.letters import render_characters
from watchword.strategies.explanation.wording import figures, quoted

_FORMATS = ("text", "json", "html")

Part = tuple[str, str]


@click.command(
    epilog="Without SCHEMA every string schema that has a rule is explained. Samples are drawn with a fixed seed; "
    "they are nobody's secrets."
)
@click.argument("spec", metavar="NAME|SPEC")
@click.argument("schema", required=False)
@click.option("--format", "form", type=click.Choice(_FORMATS), help="Text by default; html has drawings.")
@click.option("--output", default="-", metavar="FILE", help="Write to FILE; its ending says the format.")
def command(spec: str, schema: str | None, form: str | None, output: str) -> int:
    """Explain string rules, counted, with samples of each side."""
    contract = load_contract(spec)
    found = explanations(contract, schema)
    if schema is not None and not found:
        raise WatchwordError(_unknown(schema, schema_names(contract)))
    chosen = form or {".json": "json", ".html": "html", ".htm": "html"}.get(Path(output).suffix.lower(), "text")
    with written(Target(chosen, output)) as outlet:
        if chosen == "json":
            document = {"contract": contract.name, "schemas": [_record(each) for each in found]}
            outlet.stream.write(json.dumps(document, indent=2) + "\n")
        elif chosen == "html":
            outlet.stream.write(render_page(contract.title, found))
        else:
            coloured = is_coloured(outlet.stream)
            for line in _lines(found):
                write_styled(line, outlet.stream, coloured=coloured)
    return 0


def _unknown(schema: str, names: Sequence[str]) -> str:
    close = get_close_matches(schema, names, n=3)
    listed = ", ".join(close or names) or "none"
    return f"no string schema `{schema}` with a rule; {'did you mean' if close else 'there are'} {listed}"


def _lines(found: Sequence[Explanation]) -> Iterator[list[Part]]:
    if not found:
        yield [("no string schema has a rule", "")]
    for each in found:
        yield [(each.name, "bold"), (f"  {each.place}", "dim")]
        for name, value in figures(each):
            for number, line in enumerate(value.splitlines()):
                yield [("  " + (name if not number else "").ljust(10), "dim"), (line, "")]
        for rule in each.rules:
            yield from _rule_lines(rule)
        yield []


def _rule_lines(rule: RuleFact) -> Iterator[list[Part]]:
    yield []
    yield [(f"  {rule.rule}", "bold"), (f"  {rule.certainty.value}", "" if rule.certainty == "documented" else "cyan")]
    yield _detail("asks", rule.statement)
    if rule.source:
        yield _detail("source", rule.source)
    for dialect, pattern, reason in rule.patterns:
        yield _detail(dialect, pattern if pattern is not None else f"none: {reason}")
    if rule.problem is not None:
        yield from (
            _detail("unknown" if not number else "", line) for number, line in enumerate(rule.problem.split("\n"))
        )
    elif rule.breach is None:
        yield _detail("broken", "cannot be broken alone: whatever breaks it breaks another rule, or nothing does")
    else:
        for number, text in enumerate(dict.fromkeys([rule.breach.plainest, *rule.breach.samples])):
            yield _detail("broken by" if not number else "", quoted(text))


def _detail(name: str, value: str) -> list[Part]:
    return [("    " + name.ljust(10), "dim"), (value, "")]


def _record(each: Explanation) -> dict[str, Any]:
    return {
        "name": each.name,
        "place": {"file": each.place.file, "line": each.place.line, "column": each.place.column},
        "pointer": each.place.pointer,
        "problem": each.problem,
        "count": None if each.count is None else str(each.count),
        "bits": each.bits if math.isfinite(each.bits) else None,
        "bitsOfShortest": each.floor if math.isfinite(each.floor) else None,
        "shortest": each.shortest,
        "longest": each.longest,
        "alphabet": render_characters(each.alphabet) if each.language is not None else None,
        "samples": list(each.samples),
        "rules": [_rule_record(rule) for rule in each.rules],
    }


def _rule_record(rule: RuleFact) -> dict[str, Any]:
    return {
        "rule": rule.rule,
        "keyword": rule.keyword,
        "certainty": rule.certainty.value,
        "source": rule.source,
        "statement": rule.statement,
        "patterns": {dialect: pattern for dialect, pattern, _ in rule.patterns},
        "reasons": {dialect: reason for dialect, _, reason in rule.patterns if reason is not None},
        "breakableAlone": rule.breach is not None if rule.problem is None else None,
        "brokenBy": [rule.breach.plainest, *rule.breach.samples] if rule.breach is not None else [],
        "problem": rule.problem,
    }
