"""Changes of media types and of the schemas under them, of requests and replies alike; and of single schemas."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from watchword.contract import Clause, Contract, Media, Schema
from watchword.diff.change import Change, Impact, Scene
from watchword.diff.contain import Bench
from watchword.diff.schemas import Difference, schema_differences
from watchword.ground import Side, render_pointer
from watchword.validation.book import Book
from watchword.validation.media import MediaType, best_match, parse_media_type

Json = Any
_Key = tuple[str, str, Side, str, bool, bool]


@dataclass(eq=False, slots=True)
class Comparer:
    """The schemas of two contracts, each pair compared once, however many operations use it."""

    old: Contract
    new: Contract
    everything: bool
    bench: Bench = field(default_factory=Bench)
    _books: tuple[Book, Book] | None = None
    _known: dict[_Key, list[Difference]] = field(default_factory=dict)

    def schemas(
        self, old: Schema | None, new: Schema | None, scene: Scene, root: str, led: tuple[Clause, Clause], *, wire: bool
    ) -> Iterator[Change]:
        """The changes of a schema at a location; a missing one accepts anything."""
        if old is None and new is None:
            return
        before, after = old or _anything(led[0]), new or _anything(led[1])
        key = (before.at, after.at, scene.judged, scene.sent, wire, old is None or new is None)
        if key not in self._known:
            self._known[key] = schema_differences(
                before, after, scene.judged, self.bench, wire=wire, everything=self.everything, sent=scene.sent
            )
        for each in self._known[key]:
            yield self._change(each, scene, root, (before.clause, after.clause))

    def _change(self, each: Difference, scene: Scene, root: str, led: tuple[Clause, Clause]) -> Change:
        clauses = [self._clause(0, each.old, led[0]), self._clause(1, each.new, led[1])]
        says = clauses[each.says] or clauses[0] or clauses[1]
        if says is not None and each.certainty is not None:
            says = Clause(says.node, says.source, each.certainty)
        pointer = render_pointer(each.tokens)
        location = f"{root}#{pointer}" if pointer else root
        return scene.change(
            each.kind,
            each.impact,
            each.message,
            location,
            old=clauses[0],
            new=clauses[1],
            says=says,
            witness=each.witness,
        )

    def _clause(self, side: int, address: str | None, led: Clause) -> Clause | None:
        if address is None:
            return None
        if self._books is None:
            self._books = (Book(self.old), Book(self.new))
        try:
            return self._books[side].clause_at(address, led)
        except (LookupError, TypeError):  # a keyword that the reading of the document moved
            return led


def _anything(clause: Clause) -> Schema:
    return Schema(True, "value", clause.node.pointer, clause, _nowhere)


def _nowhere(reference: str) -> tuple[Json, str]:
    raise KeyError(reference)


def content_changes(
    comparer: Comparer, old: Sequence[Media], new: Sequence[Media], scene: Scene, led: tuple[Clause, Clause]
) -> Iterator[Change]:
    """The changes between the media types of two bodies; `led` are the bodies' own clauses."""
    types = tuple(
        [parse_media_type(media.media_type) or MediaType(media.media_type, "") for media in side] for side in (old, new)
    )
    sent = scene.judged is Side.RESPONSE
    pairs: dict[tuple[int, int], None] = {}
    for index, media in enumerate(old):
        match = best_match(types[0][index], types[1])
        if match is not None:
            pairs[index, match] = None
            continue
        impact = Impact.SAFE if sent else Impact.BREAKING
        message = f"`{media.media_type}` {f'is no longer {scene.sent}' if sent else 'was accepted, now refused'}"
        yield scene.change(
            "media-type-removed",
            impact,
            message,
            "header.Content-Type",
            old=media.clause,
            new=led[1],
            says=media.clause,
        )
    for index, media in enumerate(new):
        match = best_match(types[1][index], types[0])
        if match is not None:
            pairs[match, index] = None
            continue
        impact = Impact.BREAKING if sent else Impact.SAFE
        message = f"`{media.media_type}` {f'may now be {scene.sent}' if sent else 'is now accepted'}"
        yield scene.change(
            "media-type-added", impact, message, "header.Content-Type", old=led[0], new=media.clause, says=media.clause
        )
    for one, other in sorted(pairs):
        yield from _media_changes(comparer, old[one], new[other], scene, types[1][other])


def _media_changes(comparer: Comparer, old: Media, new: Media, scene: Scene, kind: MediaType) -> Iterator[Change]:
    wire = kind.is_form or kind.is_multipart_form or kind.is_text
    led = (old.clause, new.clause)
    yield from comparer.schemas(old.schema, new.schema, scene, "body", led, wire=wire)
    if kind.is_form or kind.is_multipart_form:
        before, after = ({each.name: each for each in media.encodings} for media in (old, new))
        for name in {**before, **after}:
            if before.get(name) != after.get(name):
                message = f"how `{name}` is encoded changed"
                yield scene.change("encoding-changed", Impact.RISKY, message, f"body#/{name}", old=led[0], new=led[1])
