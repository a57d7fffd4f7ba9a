"""Secrets that a service made up, noted from the replies of a whole run, to be judged together. Sends nothing.

Which replies hand one out is read from the document: a success of a request that may change something, with a member
that is marked secret and was not sent. A resource that also shows its secret, or trades one secret for another as a
login does, makes nothing up.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from typing import Any

from watchword.check.acceptance import is_success
from watchword.check.derivation import Making, derivation
from watchword.check.plan import Plan
from watchword.check.selection import generation_case, repeat_command
from watchword.check.target import Device
from watchword.contract import Contract, Operation, Reply, Schema
from watchword.contract.secrets import is_secret
from watchword.contract.shape import properties
from watchword.ground import (
    Finding,
    Request,
    Response,
    RuleTooLarge,
    Severity,
    Side,
    UnsupportedPattern,
    header_values,
    render_pointer,
    render_subject,
)
from watchword.language import Rules
from watchword.validation.decode import Undecodable, decode_json
from watchword.workflow import generated_secret_findings

Json = Any

ENOUGH = 12
"""How many secrets say whether they are counted up."""
_MAKING = frozenset({"POST", "PUT", "PATCH"})
_IDEMPOTENT = frozenset({"PUT", "PATCH"})
"""Methods whose reply may be the resource as it stands (RFC 9110 section 9.3.4, RFC 5789)."""
_DEEPEST = 8

Key = tuple[str, str]
"""Operation id, and the pointer of the reply's member."""


@dataclass(slots=True)
class Made:
    """What was made up at one place of an operation's replies: the secrets in order, and a request that got one."""

    operation: Operation
    reply: Reply
    schema: Schema
    request: Request = field(repr=False)
    device: Device | None
    status: int
    makings: list[Making] = field(default_factory=list, repr=False)

    @property
    def secrets(self) -> list[str]:
        """The secrets alone."""
        return [making.secret for making in self.makings]


@dataclass(eq=False, slots=True)
class HandedOut:
    """All that one run was handed out. For several threads at once."""

    contract: Contract
    made: dict[Key, Made] = field(default_factory=dict)
    _members: dict[tuple[str, str], dict[str, Schema]] = field(default_factory=dict)
    _noting: threading.Lock = field(default_factory=threading.Lock)

    def note(self, operation: Operation, device: Device | None, request: Request, response: Response) -> int:
        """Takes in one answered request; how many secrets it was handed out."""
        reply = operation.reply(response.status) if is_success(response.status) else None
        if reply is None or operation.method not in _MAKING or not response.body:
            return 0
        members = self._of(operation, reply)
        given, told = _json(request.body), _json(response.body) if members else None
        sent, count = set(_texts(given)), 0
        for pointer, secret in _secrets(told, members):
            if secret in sent or (_is_given(given) and pointer.rpartition("/")[2] in _request_members(operation)):
                continue
            with self._noting:
                key = (operation.id, pointer)
                if key not in self.made:
                    schema = members[pointer]
                    self.made[key] = Made(operation, reply, schema, request, device, response.status)
                made = self.made[key]
                made.makings.append(Making(secret, _ids(device), _clocks(response)))
                if len(request.body) < len(made.request.body):
                    made.request, made.device = request, device
            count += 1
        return count

    def _of(self, operation: Operation, reply: Reply) -> dict[str, Schema]:
        key = (operation.id, reply.status)
        if key not in self._members:
            self._members[key] = dict(made_up(self.contract, operation, reply))
        return self._members[key]


def made_up(contract: Contract, operation: Operation, reply: Reply) -> Iterator[tuple[str, Schema]]:
    """Pointer and schema of the members of a success in which an operation tells a secret that it made up."""
    if operation.method not in _MAKING or not reply.status.startswith("2"):
        return
    given = _request_members(operation)
    for pointer, schema in _secret_members(reply):
        name = pointer.rpartition("/")[2]
        is_stated = operation.method in _IDEMPOTENT and bool(given)
        is_traded = any(is_secret(child, each.resolve) for child, each in given.values())
        if name in given or reply.status == "201" or not (is_stated or is_traded or _is_shown(contract, name)):
            yield pointer, schema


def handed_out_findings(handed_out: HandedOut, plan: Plan, told: list[Finding]) -> Iterator[tuple[Made, list[Finding]]]:
    """What each place came to, in the order in which the run met them; not what workflows have `told` already."""
    known = {(finding.rule, finding.operation, finding.location) for finding in told}
    for (_, pointer), made in handed_out.made.items():
        operation, case_id = made.operation, generation_case(plan, made.operation)
        location = f"body#{pointer}"
        found = generated_secret_findings(
            made.secrets,
            _rules(made.schema),
            operation=operation.label,
            location=location,
            clause=made.schema.clause,
            case=case_id,
            promised=False,
        )
        how = derivation(made.makings)
        if how is not None:
            found.append(
                Finding(
                    rule="generated-secret/derived",
                    message=how,
                    severity=Severity.ERROR,
                    side=Side.RESPONSE,
                    location=location,
                    source=made.schema.clause.source,
                    place=made.schema.clause.place,
                    operation=operation.label,
                    case=case_id,
                )
            )
        repeat = repeat_command(plan, case_id, f"-n {len(made.secrets)}" if len(made.secrets) > ENOUGH else "")
        subject = render_subject(operation.method, operation.path, made.status)
        yield (
            made,
            [
                replace(finding, repeat=repeat, subject=subject)
                for finding in found
                if (finding.rule, operation.label, location) not in known
            ],
        )


def _ids(device: Device | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(device.path.values())) if device else ()


def _clocks(response: Response) -> tuple[float, ...]:
    """Our clock, and the service's as its `Date` has it (RFC 9110 section 6.6.1)."""
    found = [time.time()]
    for value in header_values(response.headers, "Date")[:1]:
        with suppress(ValueError):
            found.append(parsedate_to_datetime(value).timestamp())
    return tuple(found)


def _rules(schema: Schema) -> Rules:
    try:
        return Rules.of(schema.value, name=schema.name, at=schema.at, resolve=schema.resolve)
    except (RuleTooLarge, UnsupportedPattern):
        return Rules.of({"type": "string", "minLength": 1})


def _request_members(operation: Operation) -> dict[str, tuple[Json, Schema]]:
    return {
        name: (child, media.schema)
        for media in (operation.body.content if operation.body else ())
        if media.schema is not None
        for name, child in properties(media.schema.value, media.schema.resolve).items()
        if not (isinstance(child, dict) and child.get("readOnly") is True)
    }


def _secret_members(reply: Reply) -> Iterator[tuple[str, Schema]]:
    """Those of nested objects too, none of a list: it may tell what was made before."""
    for media in reply.content:
        pending: list[tuple[tuple[str, ...], Json, Schema]] = (
            [((), media.schema.value, media.schema)] if media.schema else []
        )
        while pending:
            path, value, schema = pending.pop()
            for name, child in properties(value, schema.resolve).items() if len(path) < _DEEPEST else ():
                inner = (*path, name)
                if is_secret(child, schema.resolve):
                    yield render_pointer(inner), Schema(child, name, schema.at, schema.clause, schema.resolve)
                pending.append((inner, child, schema))


def _is_shown(contract: Contract, name: str) -> bool:
    """Whether a request that changes nothing tells a secret of that name."""
    return any(
        pointer.rpartition("/")[2] == name
        for operation in contract.operations
        if operation.method == "GET"
        for reply in operation.replies
        for pointer, _ in _secret_members(reply)
    )


def _secrets(told: Json, members: dict[str, Schema]) -> Iterator[tuple[str, str]]:
    for pointer in members:
        value = told
        for token in pointer.split("/")[1:]:
            value = value.get(token.replace("~1", "/").replace("~0", "~")) if isinstance(value, dict) else None
        if isinstance(value, str) and value:
            yield pointer, value


def _is_given(given: Json) -> bool:
    """Whether a request sets anything: a secret that it could set and does not may then be the one that was there."""
    return given is not None and (
        not isinstance(given, dict) or any(value not in (None, "") for value in given.values())
    )


def _json(content: bytes) -> Json:
    try:
        return decode_json(content) if content else None
    except Undecodable:
        return None


def _texts(value: Json) -> Iterator[str]:
    pending = [value]
    while pending:
        each = pending.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            pending.extend(each.values())
        elif isinstance(each, list):
            pending.extend(each)
