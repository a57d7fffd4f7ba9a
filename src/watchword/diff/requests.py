"""Changes of parameters and request bodies. Schemas are compared in `schemas`."""

import re
from collections.abc import Iterator

from watchword.contract import Body, Operation, Parameter
from watchword.contract.kinds import json_types
from watchword.diff.bodies import Comparer, content_changes
from watchword.diff.change import Change, Clauses, Impact, Scene
from watchword.ground import Side

_TEMPLATE = re.compile(r"\{([^{}]*)\}")


def parameter_changes(comparer: Comparer, old: Operation, new: Operation, scene: Scene) -> Iterator[Change]:
    """The changes of an operation's parameters. One in the path is known by its position, not by its name."""
    scene = scene.at(Side.REQUEST)
    before, after = _keyed(old), _keyed(new)
    for key, parameter in before.items():
        if key not in after and parameter.where != "path":
            message = f"{parameter.where} parameter `{parameter.name}` was removed; it may be ignored now, or refused"
            yield scene.change("parameter-removed", Impact.RISKY, message, location_of(parameter), old=parameter.clause)
    for key, parameter in after.items():
        if key in before:
            yield from _changed(comparer, before[key], parameter, scene)
        elif parameter.where != "path":
            yield _added(parameter, scene)


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


def _added(parameter: Parameter, scene: Scene) -> Change:
    message = f"{parameter.where} parameter `{parameter.name}` was added"
    if parameter.required:
        message = f"a request without {parameter.where} parameter `{parameter.name}` was accepted, now refused"
        return scene.change(
            "parameter-required", Impact.BREAKING, message, location_of(parameter), new=parameter.clause
        )
    return scene.change("parameter-added", Impact.SAFE, message, location_of(parameter), new=parameter.clause)


def _changed(comparer: Comparer, old: Parameter, new: Parameter, scene: Scene) -> Iterator[Change]:
    location, clauses = location_of(new), Clauses(old=old.clause, new=new.clause)
    what = f"{new.where} parameter `{new.name}`"
    if new.required and not old.required:
        message = f"a request without {what} was accepted, now refused"
        yield scene.change("parameter-required", Impact.BREAKING, message, location, **clauses)
    if old.required and not new.required:
        yield scene.change("parameter-optional", Impact.SAFE, f"{what} is no longer required", location, **clauses)
    deprecated = [parameter.clause.node.value.get("deprecated") is True for parameter in (old, new)]
    if deprecated[0] is not deprecated[1]:
        word = "is now deprecated" if deprecated[1] else "is no longer deprecated"
        yield scene.change("deprecated-changed", Impact.SAFE, f"{what} {word}", location, **clauses)
    yield from written_changes(comparer, old, new, scene, what)
    if old.allow_empty and not new.allow_empty:
        message = f"{what} could be left empty, now it cannot"
        yield scene.change("parameter-empty-narrowed", Impact.RISKY, message, location, **clauses)
    if new.allow_empty and not old.allow_empty:
        message = f"{what} can now be left empty"
        yield scene.change("parameter-empty-widened", Impact.SAFE, message, location, **clauses)


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
    clauses = Clauses(old=before.clause, new=after.clause)
    if after.required and not before.required:
        message = "a request without a body was accepted, now refused"
        yield scene.change("body-required", Impact.BREAKING, message, "body", **clauses)
    if before.required and not after.required:
        yield scene.change("body-optional", Impact.SAFE, "the body is no longer required", "body", **clauses)
    yield from content_changes(comparer, before.content, after.content, scene, (before.clause, after.clause))


def _one_sided(
    before: Body | None, after: Body | None, old: Operation, new: Operation, scene: Scene
) -> Iterator[Change]:
    if before is not None:
        message = "a request body was documented, now there is none"
        yield scene.change(
            "body-removed", Impact.BREAKING, message, "body", old=before.clause, new=new.clause, says=before.clause
        )
    elif after is not None:
        if after.required:
            message = "a request without a body was accepted, now refused"
            yield scene.change("body-required", Impact.BREAKING, message, "body", old=old.clause, new=after.clause)
        else:
            yield scene.change(
                "body-added", Impact.SAFE, "an optional body was added", "body", old=old.clause, new=after.clause
            )
