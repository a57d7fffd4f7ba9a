"""Changes of replies: statuses, bodies, headers. Schemas are compared in `schemas`."""

from collections.abc import Iterator

from watchword.contract import Operation, Parameter, Reply
from watchword.diff.bodies import Comparer, content_changes
from watchword.diff.change import Change, Impact, Scene
from watchword.diff.presence import Part, came, gone, turned
from watchword.diff.requests import written_changes
from watchword.ground import Side


def reply_changes(comparer: Comparer, old: Operation, new: Operation, scene: Scene) -> Iterator[Change]:
    """The changes of an operation's replies, old order first. A status falls under itself, its range, or `default`."""
    scene = scene.at(Side.RESPONSE)
    before, after = ({reply.status: reply for reply in operation.replies} for operation in (old, new))
    pairs: dict[tuple[str, str], None] = {}
    for status, reply in before.items():
        cover = _cover(status, after)
        if cover is None:
            yield _removed(reply, new, scene)
        else:
            pairs[status, cover] = None
    for status, reply in after.items():
        cover = _cover(status, before)
        if cover is None:
            yield _added(reply, old, scene)
        else:
            pairs[cover, status] = None
    for one, other in pairs:
        yield from _changed(comparer, before[one], after[other], scene)


def _cover(status: str, replies: dict[str, Reply]) -> str | None:
    """The reply that documents a status (OpenAPI 3.1.1, Responses Object)."""
    return next((each for each in (status, f"{status[:1]}XX", "default") if each in replies), None)


def _removed(reply: Reply, new: Operation, scene: Scene) -> Change:
    success = reply.status[:1] in ("2", "3")
    if scene.judged is Side.RESPONSE:
        impact, message = Impact.RISKY if success else Impact.SAFE, f"status {reply.status} is no longer documented"
    else:  # whoever answers an error is prepared for its being one, documented or not
        impact = Impact.BREAKING if success else Impact.RISKY
        message = f"status {reply.status} was understood, now it is not documented"
    return scene.change(
        "status-removed", impact, message, "statusCode", old=reply.clause, new=new.clause, says=reply.clause
    )


def _added(reply: Reply, old: Operation, scene: Scene) -> Change:
    # RFC 9110, section 15: a client treats a status that it does not know as the x00 of its class. So a new error is
    # one more of what it must expect; a new success is not.
    error = reply.status[:1] in ("4", "5") or reply.status == "default"
    if scene.judged is Side.RESPONSE:
        message = f"status {reply.status} may now be returned"
        impact = Impact.RISKY if error else Impact.BREAKING
    else:
        impact, message = Impact.SAFE, f"status {reply.status} is now understood"
    return scene.change(
        "status-added", impact, message, "statusCode", old=old.clause, new=reply.clause, says=reply.clause
    )


def _changed(comparer: Comparer, old: Reply, new: Reply, scene: Scene) -> Iterator[Change]:
    led = (old.clause, new.clause)
    taken = scene.judged is Side.REQUEST
    if old.content and not new.content:
        message = f"a reply {new.status} {'could have' if taken else 'had'} a body, now it has none"
        yield scene.change("reply-body-removed", Impact.BREAKING, message, "body", old=led[0], new=led[1])
    elif new.content and not old.content and taken:
        message = f"a reply {new.status} without a body was accepted, now refused"
        yield scene.change("body-required", Impact.BREAKING, message, "body", old=led[0], new=led[1])
    else:
        yield from content_changes(comparer, old.content, new.content, scene, led)
    yield from _header_changes(comparer, old, new, scene)


def _header_changes(comparer: Comparer, old: Reply, new: Reply, scene: Scene) -> Iterator[Change]:
    before, after = ({header.name.lower(): header for header in reply.headers} for reply in (old, new))
    for name, header in before.items():
        if name not in after:
            yield gone(scene, _part(header), new.clause)
            continue
        yield from turned(scene, _part(header), _part(after[name]))
        yield from written_changes(comparer, header, after[name], scene, f"header `{header.name}`")
    for name, header in after.items():
        if name not in before:
            yield came(scene, _part(header), old.clause)


def _part(header: Parameter) -> Part:
    return Part("header", f"header `{header.name}`", f"header.{header.name}", header.required, header.clause)
