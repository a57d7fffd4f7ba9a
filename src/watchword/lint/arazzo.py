"""What rules ask of an Arazzo document. Runs nothing; expressions are texts here."""

from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

from watchword.contract import Operation, read_contract
from watchword.contract.catalogue import contract_name
from watchword.document import Node, load
from watchword.ground import WatchwordError
from watchword.lint.subject import Subject
from watchword.lint.walk import METHODS


def listed(owner: Node, field: str) -> list[Node]:
    """The objects in a list of an object."""
    child = owner.get(field)
    return [item for item in (child.items() if child else ()) if isinstance(item.value, dict)]


def names(owner: Node, field: str, name: str) -> frozenset[str]:
    """What the objects in a list are called."""
    return frozenset(str(item.value[name]) for item in listed(owner, field) if name in item.value)


def expressions(owner: Node) -> Iterator[tuple[Node, str]]:
    """Every text below an object that holds a runtime expression, document order."""
    pending = [owner]
    while pending:
        node = pending.pop()
        if isinstance(node.value, str):
            if "$" in node.value:
                yield node, node.value
        elif isinstance(node.value, dict | list):
            below = [*(child for key, child in node.members() if key not in ("description", "summary")), *node.items()]
            pending.extend(reversed(below))


def operation_ids(subject: Subject) -> frozenset[str] | None:
    """The operation ids of all source documents; `None` where one of them cannot be read from beside the document."""
    found: set[str] = set()
    for source in listed(subject.root, "sourceDescriptions"):
        url = source.value.get("url")
        if source.value.get("type") == "arazzo":
            continue
        parts = urlsplit(url) if isinstance(url, str) else None
        if parts is None or parts.scheme or parts.netloc:
            return None
        try:
            document = load(subject.document.path.parent / unquote(parts.path))
        except WatchwordError:
            return None
        found.update(_operation_ids(document.root))
    return frozenset(found)


def source_operations(subject: Subject) -> Mapping[str, Operation]:
    """The operations of the OpenAPI documents beside this one, by id; of those that cannot be read there are none."""
    return subject.once(_source_operations)


def _source_operations(subject: Subject) -> Mapping[str, Operation]:
    found: dict[str, Operation] = {}
    for source in listed(subject.root, "sourceDescriptions"):
        url = source.value.get("url")
        parts = urlsplit(url) if isinstance(url, str) and source.value.get("type") != "arazzo" else None
        if parts is None or parts.scheme or parts.netloc:
            continue
        path = subject.document.path.parent / unquote(parts.path)
        try:
            contract = read_contract(load(path), contract_name(path))
        except WatchwordError:
            continue
        found.update((operation.id, operation) for operation in contract.operations)
    return found


def _operation_ids(root: Node) -> Iterator[str]:
    for holder in ("paths", "webhooks"):
        items = root.get(holder)
        for _, item in items.members() if items else ():
            for key, node in item.members():
                if key in METHODS and isinstance(node.value, dict) and isinstance(node.value.get("operationId"), str):
                    yield node.value["operationId"]
