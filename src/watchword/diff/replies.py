"""Changes of replies: statuses, bodies, headers. Schemas are compared in `schemas`."""

from collections.abc import Iterator

from watchword.contract import Operation, Reply
from watchword.diff.bodies import Comparer, content_changes
from watchword.diff.change import Change, Clauses, Impact, Scene
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
    message = f"status {reply.status} is no longer documented"
    impact = Impact.RISKY if success else Impact.SAFE
    return scene.change(
        "status-removed", impact, message, "statusCode", old=reply.clause, new=new.clause, says=reply.clause
    )


def _added(reply: Reply, old: Operation, scene: Scene) -> Change:
    # RFC 9110, section 15: a client treats a status that it does not know as the x00 of its class. So a new error is
    # one more of what it must expect; a new success is not.
    error = reply.status[:1] in ("4", "5") or reply.status == "default"
    message = f"status {reply.status} may now be returned"
    impact = Impact.RISKY if error else Impact.BREAKING
    return scene.change(
        "status-added", impact, message, "statusCode", old=old.clause, new=reply.clause, says=reply.clause
    )


def _changed(comparer: Comparer, old: Reply, new: Reply, scene: Scene) -> Iterator[Change]:
    led = (old.clause, new.clause)
    if old.content and not new.content:
        message = f"a reply {new.status} had a body, now it has none"
        yield scene.change("reply-body-removed", Impact.BREAKING, message, "body", old=led[0], new=led[1])
    else:
        yield from content_changes(comparer, old.content, new.content, scene, led)
    yield from _header_changes(comparer, old, new, scene)


def _header_changes(comparer: Comparer, old: Reply, new: Reply, scene: Scene) -> Iterator[Change]:
    before, after = ({header.name.lower(): header for header in reply.headers} for reply in (old, new))
    for name, header in before.items():
        location = f"header.{header.name}"
        if name not in after:
            impact = Impact.BREAKING if header.required else Impact.SAFE
            message = f"header `{header.name}` was {'always there' if header.required else 'documented'}, now it is not"
            yield scene.change(
                "header-removed", impact, message, location, old=header.clause, new=new.clause, says=header.clause
            )
            continue
        other = after[name]
        clauses = Clauses(old=header.clause, new=other.clause)
        if header.required and not other.required:
            message = f"header `{header.name}` was always there, now it may be missing"
            yield scene.change("header-optional", Impact.BREAKING, message, location, **clauses)
        if other.required and not header.required:
            yield scene.change(
                "header-required", Impact.SAFE, f"header `{header.name}` is now always there", location, **clauses
            )
        yield from written_changes(comparer, header, other, scene, f"header `{header.name}`")
    for name, header in after.items():
        if name not in before:
            message = f"header `{header.name}` may now be returned"
            yield scene.change(
                "header-added", Impact.SAFE, message, f"header.{header.name}", old=old.clause, new=header.clause
            )
