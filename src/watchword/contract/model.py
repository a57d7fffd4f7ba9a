"""One OpenAPI document as frozen records, in the specification's words. Holds no reading and no judging."""

from collections.abc import Callable
from typing import Any, Literal

from watchword.document import Node
from watchword.ground import Certainty, Place, record

Json = Any
Where = Literal["path", "query", "querystring", "header", "cookie"]


@record()
class Clause:
    """Where a statement stands and how sure it is: its node, nearest `x-source` and nearest `x-certainty`."""

    node: Node
    source: str | None = None
    certainty: Certainty = Certainty.DOCUMENTED

    @property
    def place(self) -> Place:
        """File, line, column and pointer."""
        return self.node.place

    def within(self, node: Node) -> "Clause":
        """The clause at a node below this one: what the node says of itself, else what this one says."""
        value = node.value if isinstance(node.value, dict) else {}
        source, certainty = value.get("x-source"), value.get("x-certainty")
        return Clause(
            node,
            source if isinstance(source, str) else self.source,
            Certainty(certainty) if certainty in tuple(Certainty) else self.certainty,
        )


@record(hidden=("resolve",), uncompared=("resolve",))
class Schema:
    """A schema in JSON Schema 2020-12, whatever the document's version.

    `value` is a dict or bool. `at` is its address: its pointer in the root document, or `file#pointer` in another.
    `resolve(ref)` gives what a `$ref` in it names, as (schema, address).
    `name` is its components key, else its title, else the name of the member or parameter that it describes.
    """

    value: Json
    name: str
    at: str
    clause: Clause
    resolve: Callable[[str], tuple[Json, str]]


@record()
class Example:
    """A value that the document's author gave; `name` is its key in `examples`, or `example`."""

    name: str
    value: Json
    clause: Clause


@record()
class Parameter:
    """A Parameter Object. Exactly one of `schema` and `media` is given, unless the document says nothing."""

    name: str
    where: Where
    required: bool
    style: str
    explode: bool
    schema: Schema | None
    media: "Media | None"
    examples: tuple[Example, ...]
    clause: Clause
    allow_empty: bool = False

    @property
    def lead(self) -> str:
        """What its style puts before a value in the path: `.` for `label`, `;name=` for `matrix`."""
        if self.where != "path":
            return ""
        return {"label": ".", "matrix": f";{self.name}="}.get(self.style, "")


@record()
class Encoding:
    """How one member of a form body is written."""

    name: str
    content_type: str | None
    style: str
    explode: bool


@record()
class Media:
    """A Media Type Object under its media type or range, as written in the document."""

    media_type: str
    schema: Schema | None
    examples: tuple[Example, ...]
    encodings: tuple[Encoding, ...]
    clause: Clause


@record()
class Body:
    """A Request Body Object."""

    required: bool
    content: tuple[Media, ...]
    clause: Clause


@record()
class Reply:
    """A Response Object under its status: `"200"`, `"2XX"` or `"default"`; `content` is empty for an empty body."""

    status: str
    content: tuple[Media, ...]
    headers: tuple[Parameter, ...]
    clause: Clause


@record()
class Scheme:
    """A Security Scheme Object; `key` is its name in the components.

    `kind` is its `type`. `where` and `name` say where an `apiKey` goes; `scheme` is that of an `http` one, lower case.
    """

    key: str
    kind: str
    name: str
    where: str
    scheme: str
    clause: Clause


@record()
class Operation:
    """One operation. `paths` are its full path templates, one per distinct base path of its servers.

    `security` holds alternatives, each a set of schemes that are needed together; empty where anybody may call,
    and an empty alternative makes credentials optional.
    """

    id: str
    method: str
    path: str
    paths: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    body: Body | None
    replies: tuple[Reply, ...]
    security: tuple[tuple[Scheme, ...], ...]
    clause: Clause
    label: str
    """What findings call it: `kii changeThingPassword`."""

    def reply(self, status: int) -> "Reply | None":
        """The reply that a status selects: itself, its range or `default` (3.1.1, Responses Object)."""
        known = {reply.status.upper(): reply for reply in self.replies}
        return known.get(str(status)) or known.get(f"{status // 100}XX") or known.get("DEFAULT")

    @property
    def leads(self) -> dict[str, str]:
        """`Parameter.lead` of each parameter in its path, by name."""
        return {each.name: each.lead for each in self.parameters if each.where == "path"}


@record()
class Call:
    """An operation that the service calls itself: one of a webhook, or of a callback of the `caller`.

    `name` is the key in `webhooks` or `callbacks`. The operation's `path` is the runtime expression of a callback, and
    empty in a webhook; its `security` is what the service presents.
    """

    name: str
    operation: Operation
    caller: Operation | None = None


def _no_calls() -> tuple[Call, ...]:
    return ()


@record(hidden=("node", "calls"), uncompared=("node", "calls"))
class Contract:
    """One OpenAPI document as a frozen model; operations in document order.

    `calls()` are the operations that the service calls itself, webhooks first; they are read when first asked for.
    """

    name: str
    title: str
    version: str
    root: Node
    operations: tuple[Operation, ...]
    server_urls: tuple[str, ...]
    node: Callable[[str], Node]
    """The node at an address (see `Schema`)."""
    calls: Callable[[], tuple[Call, ...]] = _no_calls

    def operation(self, operation_id: str) -> Operation:
        """The operation with that id; raises `KeyError` naming those that exist."""
        for operation in self.operations:
            if operation.id == operation_id:
                return operation
        raise KeyError(f"{operation_id!r}; {self.name} has {', '.join(operation.id for operation in self.operations)}")
