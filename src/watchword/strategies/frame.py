"""What every case of one operation starts from: a valid request, made of the fewest parts. Enumerates nothing."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from watchword.contract import Clause, Contract, Media, Operation, Parameter
from watchword.contract.secrets import marked
from watchword.document import Node as DocumentNode
from watchword.ground import Certainty
from watchword.strategies.case import Draft, Expectation, Value, is_framing
from watchword.strategies.fitting import Unfit, fits
from watchword.strategies.instances import Impossible, Instances, Path, Site, literals
from watchword.strategies.shape import Node, certainty_at, node_of, types_of
from watchword.strategies.wire import body_bytes, media_kind, parameter_wire, scalar_text, sent_type

Json = Any

_LONGEST_IN_URL = 2_000
_MOST_NESTED = 3
_MOST_ALTERNATIVES = 40
PARTED = frozenset({"simple", "form", "spaceDelimited", "pipeDelimited", "deepObject"})
"""The styles whose parts are varied."""
JOINTS = frozenset(",| =&")
"""What stands between the parts of a parameter that is one text, and in it."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """A case without its id; `sure` is false where only a validator can tell that the expectation holds."""

    side: Expectation
    rule: str
    variant: str
    about: str
    draft: Draft
    certainty: Certainty = Certainty.DOCUMENTED
    location: str | None = None
    also: tuple[str, ...] = ()
    sure: bool = True


@dataclass(frozen=True)
class Content:
    """The body that cases vary: one media type, the schema of its value, and how it is written."""

    media: Media
    kind: str
    node: Node


@dataclass(eq=False)
class Frame:
    """One operation with the values of its parameters. Raises `Impossible` where it has no valid request.

    A `daring` frame makes values that only a validator can vouch for. One with a `chosen` alternative of `oneOf` or
    `anyOf` varies nothing but the value at a path of the body, `within`, that may be of several schemas.
    """

    contract: Contract
    operation: Operation
    daring: bool = False
    chosen: Mapping[str, int] = field(default_factory=dict)
    within: Path = ()
    instances: Instances = field(init=False)

    def __post_init__(self) -> None:
        self.instances = Instances(
            lambda at: certainty_at(self.contract, at, self.operation.clause), daring=self.daring, chosen=self.chosen
        )

    @classmethod
    def alone(cls, operation: Operation) -> "Frame":
        """For callers who hold no more than the operation; it knows the operation's own file only."""
        document = operation.clause.node.document
        root = DocumentNode(document, "", document.value)
        name = operation.label.removesuffix(f" {operation.id}")
        return cls(Contract(name, name, "", root, (operation,), (), lambda _: root), operation)

    def certainty(self, at: str, owner: Clause | None = None) -> Certainty:
        """How sure the keyword at an address is."""
        return certainty_at(self.contract, at, owner or self.operation.clause)

    # Parameters.

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters that a request may give any value: not those that say where it ends and where it goes."""
        return tuple(each for each in self.operation.parameters if not is_framing(each))

    @cached_property
    def required(self) -> tuple[Value, ...]:
        """Values for the parameters that have to be there."""
        return tuple(self.value(parameter) for parameter in self.parameters if parameter.required)

    @cached_property
    def every(self) -> tuple[Value, ...]:
        """Values for all parameters that can have one."""
        found = list(self.required)
        for parameter in self.parameters:
            if not parameter.required:
                try:
                    found.append(self.value(parameter))
                except Impossible:
                    continue
        return tuple(found)

    def value(self, parameter: Parameter) -> Value:
        """A valid value: the document's example, or one made from the schema. Raises `Impossible`."""
        node = self.parameter_node(parameter)
        for example in parameter.examples:
            try:
                fits(self.instances, node, example.value)
                return self.given(parameter, example.value, fixed=False)
            except (Unfit, Impossible):
                continue
        value = self.instances.minimal(node)
        if value in ([], {}):
            value = self.instances.full(node)
        if parameter.required and value in ([], {}):
            raise Impossible(f"an empty list as parameter {parameter.name}")
        return self.given(parameter, value, fixed=False)

    def given(self, parameter: Parameter, value: Json, *, fixed: bool = True) -> Value:
        """A value on the wire. Raises `Impossible` where its location cannot hold it."""
        wire = parameter_wire(parameter, value)
        plain = parameter.where == "path" and not isinstance(value, list | dict)
        text = scalar_text(value) if not isinstance(value, list | dict) else ""
        own = None if plain and parameter.media is None else wire
        return Value(parameter.where, parameter.name, text, own, fixed, lead=parameter.lead)

    def parameter_node(self, parameter: Parameter) -> Node:
        """The schema of a parameter's value. Raises `Impossible` for a parameter that says nothing of it."""
        schema = parameter.schema or (parameter.media.schema if parameter.media else None)
        if schema is None:
            raise Impossible(f"parameter {parameter.name} has no schema")
        return node_of(schema)

    # Body.

    @cached_property
    def content(self) -> Content | None:
        """The body to vary: JSON before anything else; None where there is none that can be written."""
        body = self.operation.body
        best: Content | None = None
        for media in body.content if body else ():
            kind = media_kind(sent_type(media.media_type))
            if kind is None or media.schema is None:
                continue
            if best is None or (kind == "json" and best.kind != "json"):
                best = Content(media, kind, node_of(media.schema))
        return best

    def alternatives(self) -> Iterator["Frame"]:
        """A daring frame for each schema but the first that a value in the body may be of (`oneOf`, `anyOf`).

        Then for those that only such a frame has, to a few levels.
        """
        level: list[Frame] = [self]
        count = 0
        for _ in range(_MOST_NESTED):
            below: list[Frame] = []
            for frame in level:
                for at, path, others in frame._choices():
                    for index in others[: _MOST_ALTERNATIVES - count]:
                        count += 1
                        chosen = {**frame.chosen, at: index}
                        below.append(Frame(self.contract, self.operation, daring=True, chosen=chosen, within=path))
                        yield below[-1]
            level = below

    def _choices(self) -> Iterator[tuple[str, Path, list[int]]]:
        """Address, path and further alternatives of each value of several schemas that were not chosen yet."""
        told = set(self.chosen)
        for site in self.places:
            for kind in sorted(types_of(site.node.value, site.node.resolve) - {"string"}):
                for at, fitting in self.instances.view(site.node, kind).choices.items():
                    if at not in told:
                        told.add(at)
                        yield at, site.path, fitting[1:]

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """The places in the body that cases vary: its members, and theirs."""
        found = tuple(self.instances.sites(self.content.node)) if self.content else ()
        return tuple(site for site in found if site.path[: len(self.within)] == self.within)

    @property
    def places(self) -> tuple[Site, ...]:
        """The body's value itself, where that varies, and the sites."""
        root = (Site((), self.content.node, sure=True),) if self.content and not self.within else ()
        return (*root, *self.sites)

    @cached_property
    def minimal(self) -> Json:
        """The smallest valid body. Raises `Impossible`."""
        if self.content is None:
            raise Impossible("no body that can be written")
        return self.instances.minimal(self.content.node)

    def draft(self, *values: Value, without: str | None = None) -> Draft:
        """The smallest request, with these values in the place of those of the same name and location.

        A body that may be left out is there all the same, where one can be written: most services want one.
        """
        draft = self.bodiless(*values, without=without)
        body = self.operation.body
        if body is None:
            return draft
        try:
            return self.with_value(draft, self.minimal)
        except Impossible:
            if body.required:
                raise
            return draft

    def bodiless(self, *values: Value, without: str | None = None) -> Draft:
        """As `draft`, without a body."""
        told = {(value.where, value.name) for value in values}
        kept = tuple(
            value for value in self.required if (value.where, value.name) not in told and value.name != without
        )
        return Draft(self.operation.method, self.operation.path, (*kept, *values))

    def with_value(self, draft: Draft, value: Json) -> Draft:
        """The draft with a value as its body."""
        content = self.content
        if content is None:
            raise Impossible("no body that can be written")
        return replace(
            draft,
            body=body_bytes(content.media, content.kind, value),
            content_type=sent_type(content.media.media_type),
            secrets=tuple(self.secrets(value)),
        )

    def spoken(self, draft: Draft) -> Draft:
        """The draft with a valid secret in its body too, where requests may have one and it has none.

        A refusal of anything else must not repeat that secret, nor set it.
        """
        if self.content is None or self.content.kind != "json" or not draft.body or not self._secret_members:
            return draft
        value = json.loads(draft.body)
        return self.with_value(draft, {**self._secret_members, **value}) if isinstance(value, dict) else draft

    @cached_property
    def _secret_members(self) -> dict[str, Json]:
        """Members with a valid secret each, that may join the smallest body."""
        try:
            full = self.instances.full(self.content.node) if self.content else None
            names = [site.member for site in self.sites if site.member and site.node.is_secret]
            found = {name: full[name] for name in names if name in full} if isinstance(full, dict) else {}
            if found and self.content is not None:
                fits(self.instances, self.content.node, {**self.minimal, **found})
        except (Impossible, Unfit):
            return {}
        return found

    def accompanied(self, draft: Draft, *, plainly: bool = False) -> Draft:
        """The draft with every other member in its body that may be there; a rule may be checked without them only.

        As far from their defaults as they go, or `plainly` with the first of the listed values.
        """
        if self.content is None or self.content.kind != "json" or not draft.body or not self.companions:
            return draft
        value = json.loads(draft.body)
        others = self._plain_companions if plainly else self.companions
        return self.with_value(draft, {**others, **value}) if isinstance(value, dict) else draft

    @cached_property
    def _plain_companions(self) -> dict[str, Json]:
        """The companions as they are by themselves: at their defaults, or the first of what is listed."""
        found = dict(self.companions)
        for site in self.sites:
            schema = site.node.value
            if site.member in found and isinstance(schema, dict):
                listed = literals(self.instances.view(site.node, "string")) or [found[site.member]]
                found[site.member] = schema.get("default", listed[0])
        try:
            if self.content is not None:
                fits(self.instances, self.content.node, {**self.minimal, **found})
        except (Impossible, Unfit):
            return self.companions  # some defaults are none
        return found

    @cached_property
    def companions(self) -> dict[str, Json]:
        """Members that are no secrets, as far from their defaults as they go: true, the last of the listed values."""
        try:
            full = self.instances.full(self.content.node) if self.content else None
            if not isinstance(full, dict) or self.content is None:
                return {}
            found = {
                site.member: _last(self.instances, site.node, full[site.member])
                for site in self.sites
                if site.member and site.member in full and not site.node.is_secret
            }
            found = {name: value for name, value in found.items() if name not in self.minimal}
            fits(self.instances, self.content.node, {**self.minimal, **found})
        except (Impossible, Unfit):
            return {}
        return found

    def planted(self, site: Site, value: Json) -> Draft:
        """The smallest request that has a value at a site. Raises `Impossible`."""
        if site.parameter is not None:
            return self._planted_in(site.parameter, site, value)
        if self.content is None:
            raise Impossible("no body that can be written")
        body = self.instances.planted(self.content.node, site.path, value)
        values = Draft(self.operation.method, self.operation.path, self.required)
        return self.with_value(values, body)

    def _planted_in(self, parameter: Parameter, site: Site, value: Json) -> Draft:
        text = value if isinstance(value, str) else ""
        joined = not parameter.media and not (parameter.explode and parameter.style == "form")
        if site.path and joined and (value == "" or set(text) & JOINTS):
            raise Impossible("a text that may be read as two")
        if parameter.where in ("path", "query", "cookie") and len(text) > _LONGEST_IN_URL:
            raise Impossible("a URL that no server reads to its end")
        whole = self.instances.planted(self.parameter_node(parameter), site.path, value)
        if whole in ([], {}) and not parameter.media:
            raise Impossible("an empty list as a parameter, which is none at all")
        draft = self.draft(self.given(parameter, whole))
        return replace(draft, secrets=(*draft.secrets, text)) if text and site.node.is_secret else draft

    def parameter_sites(self, parameter: Parameter) -> tuple[Site, ...]:
        """The value of a parameter, and the places in it; none where it says nothing of it."""
        try:
            node = self.parameter_node(parameter)
        except Impossible:
            return ()
        inner = self.instances.sites(node, parameter) if parameter.media or parameter.style in PARTED else ()
        return (Site((), node, sure=True, parameter=parameter), *inner)

    def secrets(self, value: Json) -> Iterator[str]:
        """The texts in a body that stand where the contract says that a secret does."""
        schema = self.content.media.schema if self.content else None
        if schema is not None:
            yield from (text for text, secret in marked(value, schema.value, schema.resolve) if secret)


def _last(instances: Instances, node: Node, value: Json) -> Json:
    """The last of the texts that are listed, where they are; else the value as it is."""
    listed = literals(instances.view(node, "string")) if isinstance(value, str) else None
    return listed[-1] if listed else value
