"""Services whose replies are not as documented: status, media type, members. Which request it was does not matter."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import orjson

from watchword.contract import Contract, Media, Reply
from watchword.ground import Certainty
from watchword.mock.answer import Answer, render_json
from watchword.mock.endpoint import Call
from watchword.mock.faults.named import NamedFault, Namer
from watchword.mock.faults.steps import replying
from watchword.strategies.shape import Node, certainty_at, node_of, type_rules, types_of, view

Json = Any
Body = Callable[[Json], Json]


def reply_faults(namer: Namer, contract: Contract) -> Iterator[NamedFault]:
    """The faults of every documented reply but failures, which a check may not ask for."""
    for reply in namer.operation.replies:
        if not reply.status.isdecimal() or reply.status.startswith("5"):
            continue
        if reply.clause.certainty is Certainty.ASSUMED:
            continue
        status = int(reply.status)
        yield from _statuses(namer, status)
        if reply.content:
            yield from _wire(namer, status, reply)
            yield from _members(namer, contract, status, reply.content[0])
        else:
            fault = _on(status, lambda answer: replace(answer, headers=_JSON, body=b"{}"))
            yield namer.named("reply", f"{status}/body", f"{status}: a body where there is none", fault)


_JSON = (("Content-Type", "application/json"),)


def _on(status: int, change: Callable[[Answer], Answer]) -> Any:
    def of_call(_: Call, answer: Answer) -> Answer:
        return change(answer) if answer.status == status else answer

    return replying(of_call)


def _statuses(namer: Namer, status: int) -> Iterator[NamedFault]:
    others: tuple[int, ...] = {2: (201, 202, 203, 206, 302), 4: (200, 302, 418, 500, 503)}[status // 100]
    if status == 200:
        others = (*others, 204)
    if status == 204:
        others = (*others, 200)
    documented = {reply.status for reply in namer.operation.replies}
    for other in others:
        if str(other) not in documented or other // 100 != status // 100:
            fault = _on(status, lambda answer, other=other: _with_status(answer, other))  # type: ignore[misc]
            yield namer.named("reply", f"{status}/as-{other}", f"{status}: {other} in its place", fault)


def _with_status(answer: Answer, status: int) -> Answer:
    return replace(answer, status=status, body=b"" if status == 204 else answer.body)


def _wire(namer: Namer, status: int, reply: Reply) -> Iterator[NamedFault]:
    own = reply.content[0].clause.certainty
    changes: list[tuple[str, str, Callable[[Answer], Answer]]] = [
        (
            "text-type",
            "text/plain as media type",
            lambda answer: replace(answer, headers=(("Content-Type", "text/plain"),)),
        ),
        (
            "html-type",
            "text/html as media type",
            lambda answer: replace(answer, headers=(("Content-Type", "text/html"),)),
        ),
        ("no-type", "no media type", lambda answer: replace(answer, headers=())),
        ("empty", "no body", lambda answer: replace(answer, body=b"")),
        ("cut", "a body cut in the middle", lambda answer: replace(answer, body=answer.body[: len(answer.body) // 2])),
        ("in-list", "the body in a list", lambda answer: replace(answer, body=b"[" + answer.body + b"]")),
        ("in-member", "the body as a member of another object", lambda a: replace(a, body=b'{"data":' + a.body + b"}")),
        (
            "as-text",
            "the body as a JSON text",
            lambda a: replace(a, body=render_json(a.body.decode("utf-8", "replace"))),
        ),
        ("null", "null as body", lambda answer: replace(answer, body=b"null")),
    ]
    if reply.content[0].media_type != "application/json":
        changes.append(("json-type", "application/json as media type", lambda answer: replace(answer, headers=_JSON)))
    for name, about, change in changes:
        certainty = Certainty.ASSUMED if name == "in-member" else own
        yield namer.named("reply", f"{status}/{name}", f"{status}: {about}", _on(status, change), certainty)


def _members(namer: Namer, contract: Contract, status: int, media: Media) -> Iterator[NamedFault]:
    if media.schema is None:
        return
    node = node_of(media.schema)
    found = view(node, "object")
    required = found.required()
    for name, nodes in found.members().items():
        member = nodes[0]
        kinds = types_of(member.value, member.resolve)
        types = type_rules(member)
        sure = certainty_at(contract, member.at, media.clause) if types else Certainty.ASSUMED
        for wrong, value in _wrong(kinds):
            change = _with(name, lambda _, value=value: value)  # type: ignore[misc]
            about = f"{status}: {name} is {wrong}"
            yield namer.named("reply", f"{status}/{name}/{wrong}", about, _on(status, change), sure)
        if name in required:
            owed = certainty_at(contract, required[name].at, media.clause)
            about = f"{status}: {name} is left out"
            yield namer.named("reply", f"{status}/{name}/dropped", about, _on(status, _without(name)), owed)
            about = f"{status}: {name} has another name"
            yield namer.named("reply", f"{status}/{name}/renamed", about, _on(status, _renamed(name)), owed)
        yield from _literals(namer, contract, status, media, name, member)


def _literals(
    namer: Namer, contract: Contract, status: int, media: Media, name: str, member: Node
) -> Iterator[NamedFault]:
    for keyword in view(member, "string").keywords:
        if keyword.name in ("const", "enum"):
            sure = certainty_at(contract, keyword.at, media.clause)
            for wrong, change in _MISSPELT:
                about = f"{status}: {name} is {wrong.replace('-', ' ')}"
                fault = _on(status, _with(name, change))
                yield namer.named("reply", f"{status}/{name}/{wrong}", about, fault, sure)


_MISSPELT: tuple[tuple[str, Body], ...] = (
    ("in-the-other-case", lambda value: str(value).swapcase()),
    ("longer", lambda value: f"{value}S"),
    ("without-underscores", lambda value: str(value).replace("_", "-") + " "),
    ("empty", lambda _: ""),
)


def _wrong(kinds: frozenset[str]) -> Iterator[tuple[str, Json]]:
    for kind, name, value in (
        ("null", "null", None),
        ("integer", "a-number", 7),
        ("boolean", "true", True),
        ("array", "a-list", []),
        ("object", "an-object", {}),
        ("string", "a-text", "7"),
    ):
        if kind not in kinds:
            yield name, value


def _changed(change: Body) -> Callable[[Answer], Answer]:
    """The answer with its JSON object changed; one that has none stays."""

    def of_answer(answer: Answer) -> Answer:
        try:
            members = orjson.loads(answer.body)
        except orjson.JSONDecodeError:
            return answer
        return replace(answer, body=render_json(change(members))) if isinstance(members, dict) else answer

    return of_answer


def _with(name: str, change: Body) -> Callable[[Answer], Answer]:
    return _changed(lambda members: {**members, name: change(members[name])} if name in members else members)


def _without(name: str) -> Callable[[Answer], Answer]:
    return _changed(lambda members: {key: value for key, value in members.items() if key != name})


def _renamed(name: str) -> Callable[[Answer], Answer]:
    first, *rest = name.split("_")
    other = first + "".join(word.capitalize() for word in rest) if rest else name.lower() + "_"
    return _changed(lambda members: {other if key == name else key: value for key, value in members.items()})


changed_reply = _changed
on_status = _on
