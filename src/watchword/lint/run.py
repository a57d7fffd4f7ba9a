"""Documents to findings: which rules look, what is silenced, in which order. Holds no rule."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from watchword.contract.catalogue import load_document
from watchword.document import Document
from watchword.ground import BrokenDocument, Finding, Place, redact
from watchword.lint.ignores import complaints, ignores_of, silenced
from watchword.lint.protocol import Rule
from watchword.lint.registry import RULES
from watchword.lint.settings import Settings
from watchword.lint.subject import Subject

_OPENAPI = re.compile(r"(3\.[012])\.\d+(?:-.*)?")
_ARAZZO = re.compile(r"1\.\d+\.\d+(?:-.*)?")


def lint_file(
    path: Path, settings: Settings | None = None, rules: Mapping[str, Rule] = RULES, *, own: bool = False
) -> list[Finding]:
    """The findings of one file, as `lint`; a file that is neither YAML nor JSON gives one.

    Raises `UnreadableInput` where it cannot be opened or decoded.
    """
    try:
        document = load_document(Path(path))
    except BrokenDocument as broken:
        return list(broken.findings)
    return lint(document, settings, rules, own=own)


def lint(
    document: Document, settings: Settings | None = None, rules: Mapping[str, Rule] = RULES, *, own: bool = False
) -> list[Finding]:
    """The findings of one OpenAPI 3.0, 3.1, 3.2 or Arazzo 1.x document and the files that it refers to.

    Ordered by file (the document first), line and column. Any other document gives one finding. `own` says that the
    document is bundled or named by the settings, so that house style is looked at.
    """
    settings = settings or Settings()
    version = _version(document)
    if isinstance(version, Finding):
        return [version]
    chosen = settings.selected(rules, Path(document.file).as_posix(), own=own)
    workflow = version == "arazzo"
    chosen = {name: rule for name, rule in chosen.items() if (rule.GROUP == "workflow") == workflow}
    subject = Subject(document, version, settings.options)
    findings = [finding for name, rule in chosen.items() for finding in _found(name, rule, subject, settings)]
    ignores = ignores_of(subject.library.documents)
    findings = silenced(findings, ignores)
    findings.extend(complaints(ignores, frozenset(chosen)))
    return sorted(findings, key=_reading_order(document))


def _found(name: str, rule: Rule, subject: Subject, settings: Settings) -> Iterator[Finding]:
    seen: set[tuple[Place, str]] = set()
    for problem in rule.problems(subject):
        severity = settings.severity.get(name) or problem.severity or rule.SEVERITY
        place = problem.node.place
        if (place, problem.message) not in seen:
            seen.add((place, problem.message))
            yield Finding(name, problem.message, severity, place=place, suggestion=problem.suggestion)


def _version(document: Document) -> str | Finding:
    """`"3.0"`, `"3.1"`, `"3.2"` or `"arazzo"`; a finding for anything else."""
    value = document.value
    if not isinstance(value, dict):
        return Finding("not-openapi", "the root of an OpenAPI document is an object", place=document.place(""))
    if "swagger" in value:
        reason = "Swagger 2.0 is not looked at; convert it first, for example with `npx swagger2openapi`"
        return Finding("not-openapi", reason, place=document.place("/swagger"))
    for field, known in (("openapi", _OPENAPI), ("arazzo", _ARAZZO)):
        if field in value:
            given = value[field]
            match = known.fullmatch(given) if isinstance(given, str) else None
            if match is None:
                shown = redact(given, secret=False)
                reason = f"version {shown} is not looked at; OpenAPI 3.0.x, 3.1.x and 3.2.x and Arazzo 1.x are"
                return Finding("not-openapi", reason, place=document.place(f"/{field}"))
            return match[1] if field == "openapi" else "arazzo"
    return Finding("not-openapi", "it has neither an `openapi` nor an `arazzo` field", place=document.place(""))


def _reading_order(document: Document) -> Callable[[Finding], tuple[bool, str, int, int, str]]:
    def key(finding: Finding) -> tuple[bool, str, int, int, str]:
        place = finding.place or document.place("")
        return place.file != document.file, place.file, place.line, place.column, finding.rule

    return key
