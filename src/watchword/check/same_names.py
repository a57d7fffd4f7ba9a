"""Replies in which an object names a member twice, so that readers differ in which they take. Judges nothing else."""

import json
from collections.abc import Iterator
from typing import Any

from watchword.check.plan import Planned
from watchword.ground import Finding, Response, Severity, Side, render_subject


class _Twice(Exception):
    pass


def same_name_findings(planned: Planned, response: Response) -> Iterator[Finding]:
    """One finding if an object of a JSON reply has two members of one name (RFC 8259 section 4 advises against)."""
    if not _has_same_names(response.body):
        return
    operation = planned.operation
    yield Finding(
        rule="repeated-member",
        message=f"an object names a member twice, and readers differ in which they take: {planned.case.about}",
        severity=Severity.WARNING,
        side=Side.RESPONSE,
        location="body",
        place=operation.clause.place,
        source="RFC 8259, section 4",
        operation=operation.label,
        subject=render_subject(operation.method, operation.path, response.status),
    )


def _has_same_names(body: bytes) -> bool:
    if body[:1] not in (b"{", b"["):
        return False
    try:
        json.loads(body, object_pairs_hook=_object)
    except _Twice:
        return True
    except (ValueError, RecursionError):
        return False  # what is no JSON is found elsewhere
    return False


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Twice
    return found
