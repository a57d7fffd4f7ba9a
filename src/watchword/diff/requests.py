"""Changes of parameters and request bodies. Schemas are compared in `schemas`."""

import re
from collections.abc import Iterator

from watchword.contract import Body, Operation, Parameter
from watchword.contract.kinds import json_types
from watchword.diff.bodies import Comparer, content_changes
from watchword.diff.change import Change, Clauses, Impact, Scene
from watchword.diff.presence import Part, came, gone, turned
from watchword.ground import Side

_TEMPLATE = re.compile(r"\{([^{}]*)\}")


def parameter_changes(comparer: Comparer, old: Operation, new: Operation, scene: Scene) -> Iterator[Change]:
    """The changes of an operation's parameters. One in the path is known by its position, not by its name."""
    scene = scene.at(Side.REQUEST)
    before, after = _keyed(old), _keyed(new)
    for key, parameter in before.items():
        if key not in after and parameter.where != "path":
            yield gone(scene, _part(parameter), new.clause)
    for key, parameter in after.items():
        if key in before:
            yield from _changed(comparer, before[key], parameter, scene)
        elif parameter.where != "path":
            yield came(scene, _part(parameter), old.clause)


def _keyed(operation: Operation) -> dict[tuple[str, str | int], Parameter]:
    names = _TEMPLATE.findall(operation.path)
    found: dict[tuple[str, str | int], Parameter] = {}
    for parameter in operation.parameters:
        name: str | int = parameter.name.lower() if parameter.where == "header" else parameter.name
        if parameter.where == "path":
            name = names.index(name) - len(names) if name in names else name
        found[parameter.where, name] = parameter
    return found


def location_of(parameter: Parameter) -> str:
    """Where findings say that the parameter is."""
    return f"{parameter.where}.{parameter.name}"


def _part(parameter: Parameter) -> Part:
    what = f"{parameter.where} parameter `{parameter.name}`"
    return Part("parameter", what, location_of(parameter), parameter.required, parameter.clause)


def _changed(comparer: Comparer, old: Parameter, new: Parameter, scene: Scene) -> Iterator[Change]:
    location, clauses = location_of(new), Clauses(old=old.clause, new=new.clause)
    what = f"{new.where} parameter `{new.name}`"
    yield from turned(scene, _part(old), _part(new))
    deprecated = [parameter.clause.node.value.get("deprecated") is True for parameter in (old, new)]
    if deprecated[0] is not deprecated[1]:
        word = "is now deprecated" if deprecated[1] else "is no longer deprecated"
        yield scene.change("deprecated-changed", Impact.SAFE, f"{what} {word}", location, **clauses)
    yield from written_changes(comparer, old, new, scene, what)
    if old.allow_empty is not new.allow_empty:
        word = "widened" if new.allow_empty else "narrowed"
        message = f"{what} {'can now be left empty' if new.allow_empty else 'could be left empty, now it cannot'}"
        impact = Impact.SAFE if new.allow_empty is (scene.judged is Side.REQUEST) else Impact.RISKY
        yield scene.change(f"parameter-empty-{word}", impact, message, location, **clauses)


def written_changes(comparer: Comparer, old: Parameter, new: Parameter, scene: Scene, what: str) -> Iterator[Change]:
    """How a parameter or header is written, and what it may hold."""
    location, clauses = location_of(new), Clauses(old=old.clause, new=new.clause)
    if (old.media is None) is not (new.media is None):
        message = f"{what} is written another way: `content` instead of `schema`, or the reverse"
        yield scene.change("parameter-style-changed", Impact.BREAKING, message, location, **clauses)
    elif old.media is not None and new.media is not None:
        if old.media.media_type.lower() != new.media.media_type.lower():
            message = f"{what} was written as `{old.media.media_type}`, now as `{new.media.media_type}`"
            yield scene.change("parameter-style-changed", Impact.BREAKING, message, location, **clauses)
        led = (old.media.clause, new.media.clause)
        yield from comparer.schemas(old.media.schema, new.media.schema, scene, location, led, wire=False)
    else:
        if _writing(old) != _writing(new):
            message = f"{what} was written {_told(old)}, now {_told(new)}"
            yield scene.change("parameter-style-changed", Impact.BREAKING, message, location, **clauses)
        yield from comparer.schemas(old.schema, new.schema, scene, location, (old.clause, new.clause), wire=True)


def _writing(parameter: Parameter) -> tuple[str, bool]:
    """Style and explode, where they matter: most styles write a single value alike (OpenAPI 3.1.1, 4.8.12)."""
    types = json_types(parameter.schema.value, parameter.schema.resolve) if parameter.schema else frozenset()
    if types & {"array", "object"} and len(types) < 7:
        return parameter.style, parameter.explode
    return (parameter.style, False) if parameter.style in ("label", "matrix") else ("", False)


def _told(parameter: Parameter) -> str:
    return f"in style `{parameter.style}`, {'exploded' if parameter.explode else 'not exploded'}"


def body_changes(comparer: Comparer, old: Operation, new: Operation, scene: Scene) -> Iterator[Change]:
    """The changes of an operation's request body."""
    scene = scene.at(Side.REQUEST)
    before, after = old.body, new.body
    if before is None or after is None:
        yield from _one_sided(before, after, old, new, scene)
        return
    yield from turned(scene, _body(before), _body(after))
    yield from content_changes(comparer, before.content, after.content, scene, (before.clause, after.clause))


def _body(body: Body) -> Part:
    return Part("body", "a body" if body.required else "the body", "body", body.required, body.clause)


def _one_sided(
    before: Body | None, after: Body | None, old: Operation, new: Operation, scene: Scene
) -> Iterator[Change]:
    sent = scene.judged is Side.RESPONSE
    if before is not None:
        verb = "sent" if sent else "documented"
        message = f"a request body was {verb}, now there is none"
        impact = Impact.SAFE if sent and not before.required else Impact.BREAKING
        yield scene.change(
            "body-removed", impact, message, "body", old=before.clause, new=new.clause, says=before.clause
        )
    elif after is not None:
        clauses = Clauses(old=old.clause, new=after.clause)
        if sent:
            message = "a request body may now be sent, before there was none"
            yield scene.change("body-added", Impact.BREAKING, message, "body", **clauses)
        elif after.required:
            message = "a request without a body was accepted, now refused"
            yield scene.change("body-required", Impact.BREAKING, message, "body", **clauses)
        else:
            yield scene.change("body-added", Impact.SAFE, "an optional body was added", "body", **clauses)
