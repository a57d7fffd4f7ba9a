"""`watchword lint`: the documents themselves judged."""

import gc
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import click

from watchword import report
from watchword.cli.options import exit_code, report_options, targets, written
from watchword.contract import BUNDLED, bundled_folder
from watchword.contract.catalogue import unknown_contract
from watchword.ground import Finding, Severity, UnknownContract
from watchword.ground.settings import settings_file
from watchword.lint import (
    RULES,
    Rule,
    Settings,
    check_names,
    lint_file,
    read_baseline,
    read_lint_settings,
    render_baseline,
    unknown,
)

_LIST = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(
    epilog="SPEC is a bundled contract or a file, OpenAPI 3.0, 3.1, 3.2 or Arazzo 1.x. Without one: those that "
    "`[lint] specs` of watchword.toml names, else the bundled ones. RULE is the name of a rule or of a group."
)
@click.argument("specs", nargs=-1, metavar="[NAME|SPEC]...")
@click.option(
    "--select", multiple=True, metavar="RULE,...", help="Only these rules; `default` and `all` are names too."
)
@click.option("--ignore", multiple=True, metavar="RULE,...", help="Without these rules.")
@click.option("--explain", metavar="RULE", help="Print the page of a rule.")
@click.option("--list", "listing", is_flag=True, help="List the rules.")
@click.option("--config", type=_LIST, help="Settings, instead of the nearest watchword.toml or pyproject.toml.")
@click.option("--ruleset", "rulesets", multiple=True, type=_LIST, help="Further rules in Spectral's form.")
@click.option("--baseline", type=_LIST, help="Leave out the findings that FILE holds.")
@click.option("--write-baseline", type=click.Path(dir_okay=False, path_type=Path), help="Write all findings to FILE.")
@report_options
def command(
    specs: Sequence[str],
    select: Sequence[str],
    ignore: Sequence[str],
    explain: str | None,
    listing: bool,
    config: Path | None,
    rulesets: Sequence[Path],
    baseline: Path | None,
    write_baseline: Path | None,
    formats: Sequence[str],
    outputs: Sequence[str],
    fail_on: str,
) -> int:
    """Judge OpenAPI and Arazzo documents themselves."""
    settings = _settings(config, _names(select), _names(ignore))
    rules = _rules(settings, rulesets)
    if listing or explain is not None:
        from watchword.lint.pages import listed, page  # only here

        check_names([explain] if explain else [], rules)
        click.echo(page(explain, rules) if explain else listed(rules), nl=False)
        return 0
    check_names([*settings.select, *settings.ignore, *settings.severity], rules)
    wanted = targets(formats, outputs)
    known = read_baseline(baseline) if baseline else None
    findings = _findings(specs, settings, rules)
    if write_baseline:
        write_baseline.write_text(render_baseline(findings), "utf-8")
    if known is not None:
        findings = unknown(findings, known)
    with ExitStack() as files:
        for outlet in [files.enter_context(written(target)) for target in wanted]:
            report.write(findings, outlet.format, outlet.stream)
    return exit_code(_worst(findings), fail_on)


def _findings(specs: Sequence[str], settings: Settings, rules: Mapping[str, Rule]) -> list[Finding]:
    """What lint says of all documents, each statement once: two may refer to a third."""
    is_collecting = gc.isenabled()
    gc.disable()  # a run makes hardly any cycles; the collector would walk the whole document again and again
    try:
        judged = (lint_file(path, settings, rules, own=own) for path, own in _files(specs, settings))
        return list(dict.fromkeys(finding for findings in judged for finding in findings))
    finally:
        if is_collecting:
            gc.enable()


def _names(given: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.strip() for text in given for name in text.split(",") if name.strip())


def _settings(config: Path | None, select: tuple[str, ...], ignore: tuple[str, ...]) -> Settings:
    """What the settings file says, and the command line on top of it."""
    path = config or settings_file(Path.cwd())
    settings = read_lint_settings(path) if path else Settings()
    return replace(settings, select=select or settings.select, ignore=(*settings.ignore, *ignore))


def _rules(settings: Settings, rulesets: Sequence[Path]) -> Mapping[str, Rule]:
    files = [*(settings.folder / name for name in settings.rulesets), *rulesets]
    if not files and not settings.plugins:
        return RULES
    from watchword.lint.plugins import plugged_in  # both are seldom used
    from watchword.lint.rulesets import read_ruleset

    rules = dict(RULES)
    if settings.plugins:
        rules.update(plugged_in())
    for file in files:
        rules.update(read_ruleset(file))
    return rules


def _files(specs: Sequence[str], settings: Settings) -> list[tuple[Path, bool]]:
    """The documents to look at, and whether each is bundled or named by the settings."""
    if specs:
        return [_file(spec) for spec in specs]
    configured = [(_shown(path), True) for path in settings.spec_files()]
    return configured or [_file(name) for name in BUNDLED]


def _file(spec: str) -> tuple[Path, bool]:
    bundled = bundled_folder()
    if spec in BUNDLED:
        return bundled / f"{spec}.openapi.yaml", True
    path = Path(spec)
    if not path.exists():
        raise UnknownContract(unknown_contract(spec))
    return path, path.resolve().parent == bundled.resolve()


def _shown(path: Path) -> Path:
    """Relative where the file lies below the current folder."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_absolute() and path.is_relative_to(here) else path


def _worst(findings: Sequence[Finding]) -> Severity | None:
    return min((finding.severity for finding in findings), key=lambda severity: severity.rank, default=None)
