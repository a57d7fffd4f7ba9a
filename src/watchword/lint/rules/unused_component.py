"""A component is declared and nothing refers to it.

Dead parts of a document are read, translated and kept up for nothing, and hide that something was forgotten.

A component that carries `x-source`, `x-internal` or its own `x-watchword-ignore` is taken as kept on purpose, and so is
a schema that a discriminator's mapping or an `allOf` of a used base schema makes reachable.

Bad:

    components:
      schemas:
        Thing: { type: object }       # nothing refers to it

Good:

    schema: { $ref: '#/components/schemas/Thing' }
"""

from collections.abc import Iterator

from watchword.ground import Severity, parse_pointer
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "structure"
_KINDS = ("schemas", "responses", "parameters", "examples", "requestBodies", "headers", "links", "callbacks")
_KEPT = ("x-source", "x-internal")


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per component; none in a document without operations, which is a library for others."""
    if not subject.of("operation"):
        return
    used = _used(subject)
    components = subject.root.get("components")
    for kind in _KINDS:
        held = components.get(kind) if components else None
        for name, node in held.members() if held else ():
            kept = isinstance(node.value, dict) and any(key in node.value for key in _KEPT)
            if (kind, name) not in used and not kept:
                yield Problem(node, f"nothing refers to `#/components/{kind}/{name}`")


def _used(subject: Subject) -> set[tuple[str, str]]:
    found = set()
    polymorphic = set()
    derived: list[tuple[tuple[str, str], tuple[str, str]]] = []
    for reference in subject.references:
        if reference.target is None or reference.target.document is not subject.document:
            continue
        target = _component(reference.target.pointer)
        holder = _component(reference.holder.node.pointer)
        if target is None:
            continue
        if holder == target:
            continue  # a schema that only refers to itself is used by nobody
        found.add(target)
        if reference.holder.via == "allOf" and holder is not None:
            derived.append((holder, target))
    for spot in subject.of("schema"):
        discriminator = spot.node.get("discriminator")
        owner = _component(spot.node.pointer)
        if discriminator is not None and owner is not None:
            polymorphic.add(owner)
            mapping = discriminator.get("mapping")
            for _, member in mapping.members() if mapping else ():
                name = str(member.value).rsplit("/", 1)[-1]
                found.add(("schemas", name))
    found.update(holder for holder, base in derived if base in polymorphic)
    return found


def _component(pointer: str) -> tuple[str, str] | None:
    tokens = parse_pointer(pointer)
    return (tokens[1], tokens[2]) if len(tokens) > 2 and tokens[0] == "components" else None
