"""Which schemas requests reach and which replies reach, through references and subschemas. Judges nothing."""

from dataclasses import dataclass

from watchword.document import Node
from watchword.lint.subject import Subject

Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Reach:
    """For each schema by document and pointer: the sides (`request`, `response`, `error`) that use it."""

    used: dict[Key, frozenset[str]]
    edges: dict[Key, tuple[Node, ...]]

    def sides(self, node: Node) -> frozenset[str]:
        """`request` and `response`, as far as they use the schema; replies of errors are responses."""
        used = self.used.get(key_of(node), frozenset())
        return frozenset("response" if side == "error" else side for side in used)

    def below(self, start: Node) -> list[Node]:
        """The schema and all that it reaches, each once."""
        found: dict[Key, Node] = {}
        pending = [start]
        while pending:
            node = pending.pop()
            key = key_of(node)
            if key not in found:
                found[key] = node
                pending.extend(reversed(self.edges.get(key, ())))
        return list(found.values())


def key_of(node: Node) -> Key:
    """What tells a node apart."""
    return id(node.document), node.pointer


def reach_of(subject: Subject) -> Reach:
    """The reach within one subject."""
    return subject.once(_reach)


def _reach(subject: Subject) -> Reach:
    edges: dict[Key, list[Node]] = {}
    nodes: dict[Key, Node] = {}
    for spot in subject.of("schema"):
        nodes[key_of(spot.node)] = spot.node
    for (document, pointer), node in nodes.items():
        owner = _owner(nodes, document, pointer)
        if owner is not None:
            edges.setdefault(owner, []).append(node)
    for reference in subject.references:
        if reference.holder.kind == "schema" and reference.target is not None:
            edges.setdefault(key_of(reference.holder.node), []).append(reference.target)
    frozen = {key: tuple(targets) for key, targets in edges.items()}
    used: dict[Key, set[str]] = {}
    for side in ("request", "response", "error"):
        pending = _starts(subject, side)
        while pending:
            key = pending.pop()
            if side not in used.setdefault(key, set()):
                used[key].add(side)
                pending.extend(key_of(node) for node in frozen.get(key, ()))
    return Reach({key: frozenset(sides) for key, sides in used.items()}, frozen)


def _owner(nodes: dict[Key, Node], document: int, pointer: str) -> Key | None:
    """The schema that holds a subschema directly: one or two tokens up."""
    for _ in range(2):
        pointer = pointer.rpartition("/")[0]
        if (document, pointer) in nodes:
            return document, pointer
    return None


def _starts(subject: Subject, side: str) -> list[Key]:
    found: list[Key] = []
    for spot in subject.of("operation"):
        body = spot.node.get("requestBody")
        if side == "request":
            target = subject.follow(body) if body else None
            found.extend(key_of(schema) for schema in content_schemas(subject, target))
        else:
            for status, reply in subject.followed(spot.node, "responses"):
                if (status[:1] in ("4", "5")) == (side == "error"):
                    found.extend(key_of(schema) for schema in content_schemas(subject, reply))
    return found


def content_schemas(subject: Subject, owner: Node | None) -> list[Node]:
    """The schemas of the media types of a body or reply."""
    return [schema for _, media in subject.followed(owner, "content") if (schema := media.get("schema")) is not None]
