"""What one version of a string rule accepts and the other refuses: exactly, with shortest witnesses, rule by rule."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

from watchword.contract import is_reference_alone, schema_name
from watchword.diff import claims as of
from watchword.diff.claims import Claim
from watchword.diff.contain import Not, Pair, Unknown
from watchword.diff.judged import holds
from watchword.diff.losses import Loss, question
from watchword.diff.spots import Source, Spot
from watchword.diff.texts import NotUnderstood
from watchword.diff.wording import asked, shown
from watchword.ground import Certainty, RuleTooLarge, UnsupportedPattern, WatchwordError
from watchword.language import Language, Part, Rules, parts_of

Json = Any

_MOST_LISTED = 5
# What a number or a truth value looks like where everything is text.
_WRITTEN = {
    "integer": r"^-?(0|[1-9][0-9]*)$",
    "number": r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$",
    "boolean": "^(true|false)$",
}


@dataclass(frozen=True, slots=True)
class LostTexts:
    """The strings that one side accepts and the other refuses.

    `witness` is the shortest. `rules` are what it breaks and what else lost something, each with its own witness.
    `listed` are all lost strings where they are few.
    """

    witness: str
    rules: tuple[tuple[Part, str], ...]
    listed: tuple[str, ...]
    certainty: Certainty
    at: str
    twin: str | None
    """Where the accepting side has the rule of that name, else its schema."""


def lost_texts(pair: Pair, spot: Spot, accepting: int, types: frozenset[str]) -> "LostTexts | Loss | None":
    """The lost strings of a spot; a Loss without witness where they cannot be told, None where there are none.

    `types` are those of the accepting side that are written like strings (where everything is text).
    """
    claims, readers = pair.search.claims, pair.readers
    sides = [
        claims.every([reader.at(each.value, each.at) for each in spot.sources[side]])
        for side, reader in enumerate(readers)
    ]
    holder = spot.sources[1 - accepting][0].at if spot.sources[1 - accepting] else ""
    try:
        lost = pair.search.texts.difference(sides[accepting], sides[1 - accepting])
        witness = lost.witness()
        if witness is not None:
            witness = _whole(pair, spot, accepting, witness, sides[1 - accepting])
        if witness is None:
            lost = _written(types) - pair.search.texts.language(sides[1 - accepting])
            witness = lost.witness()
            if witness is not None and not holds(claims, sides[accepting], json.loads(witness)):
                reasons = ("numbers within bounds as text",)
                return Loss("string", "string", None, holder, _first_at(spot, accepting), doubts=reasons)
    except (NotUnderstood, RuleTooLarge, UnsupportedPattern) as error:
        reasons = (str(error).splitlines()[0],)
        return Loss("string", "string", None, holder, _first_at(spot, accepting), doubts=reasons)
    if witness is None:
        return None
    rules = tuple(_rules(pair, spot, accepting, sides[accepting], witness))
    witness = next((own for _, own in rules if len(own) == len(witness)), witness)
    sure = [part for part, _ in rules if part.certainty is Certainty.DOCUMENTED]
    certainty = Certainty.ASSUMED if rules and not sure else Certainty.DOCUMENTED
    listed = tuple(islice(lost.members(), _MOST_LISTED + 1)) if lost.is_finite else ()
    first = (sure or [part for part, _ in rules])[0] if rules else None
    twin = _twin(pair, spot, accepting, first.rule) if first else None
    few = listed if len(listed) <= _MOST_LISTED else ()
    return LostTexts(witness, rules, few, certainty, first.at if first else holder, twin or _first_at(spot, accepting))


def _written(types: frozenset[str]) -> Language:
    found = Rules.of(False).valid
    for name in types & set(_WRITTEN):
        found = found | Rules.of({"pattern": _WRITTEN[name]}).valid
    return found


def _first_at(spot: Spot, side: int) -> str | None:
    return spot.sources[side][0].at if spot.sources[side] else None


def _twin(pair: Pair, spot: Spot, accepting: int, rule: str) -> str | None:
    """Where the accepting side has the rule of that name."""
    for source in spot.sources[accepting]:
        value, at, name = _settled(pair, accepting, source)
        with suppress(WatchwordError):
            parts = parts_of(value, name=name, at=at, resolve=pair.readers[accepting].resolve)
            found = next((part.at for part in parts if part.rule == rule), None)
            if found is not None:
                return found
    return None


def _settled(pair: Pair, side: int, source: Source) -> tuple[Json, str, str]:
    """Value, address and name of what a source that is only a reference leads to."""
    value, at, name = source.value, source.at, source.name
    while is_reference_alone(value):
        value, at = pair.readers[side].resolve(value["$ref"])
        name = schema_name(value, at.partition("#")[2] or at, name)
    return value, at, name


def _whole(pair: Pair, spot: Spot, accepting: int, text: str, refused: Claim) -> str | None:
    """The string if the whole value with it is lost too, else another that is, or None."""
    make = pair.search.claims.make
    string = make(of.OfType, frozenset({"string"}))
    answer = question(pair, spot, accepting, make(of.Among, (("string", text),)))
    if isinstance(answer, Not):
        return text
    answer = question(pair, spot, accepting, pair.search.claims.every([string, pair.search.claims.no(refused)]))
    if isinstance(answer, Unknown):
        raise NotUnderstood(", ".join(answer.differs))
    return None if answer is None else text


def _rules(pair: Pair, spot: Spot, accepting: int, accepted: Claim, witness: str) -> Iterator[tuple[Part, str]]:
    """The refusing side's rules that lose something, each with the shortest text that it alone refuses, if any.

    Where none of those is as short as the shortest lost text, the rules that this breaks have it for their witness.
    """
    found: list[tuple[Part, str]] = []
    broken: list[Part] = []
    for source in spot.sources[1 - accepting]:
        value, at, name = _settled(pair, 1 - accepting, source)
        try:
            rules = Rules.of(value, name=name, at=at, resolve=pair.readers[1 - accepting].resolve)
            broken += map(rules.part, rules.broken(witness))
        except WatchwordError:
            continue
        owns = ((rules.part(rule), _own(pair, rules, rule, accepted)) for rule in rules.names)
        found += [(part, own) for part, own in owns if own is not None]
    if not any(len(own) == len(witness) for _, own in found):
        found = [*((part, witness) for part in broken), *(each for each in found if each[0] not in broken)]
    yield from found


def _own(pair: Pair, rules: Rules, rule: str, accepted: Claim) -> str | None:
    try:
        language = pair.search.texts.language(accepted)
        alone = (language & rules.breaking(rule)).witness()
        return (language & rules.failing(rule)).witness() if alone is None else alone
    except (WatchwordError, NotUnderstood):
        return None


def told(lost: LostTexts) -> tuple[str, str, list[str]]:
    """What is lost, by which rules, and the other rules with their own witnesses."""
    if len(lost.listed) > 1 and all(part.keyword in ("enum", "const") for part, _ in lost.rules):
        return ", ".join(map(shown, lost.listed)), "not in the list", []
    here = [part for part, own in lost.rules if own == lost.witness]
    why = ", ".join(map(_rule, here)) or "another type"
    others = [f"{shown(own)}: {_rule(part)}" for part, own in lost.rules if own != lost.witness]
    return shown(lost.witness), why, others


def _rule(part: Part) -> str:
    if part.keyword in ("enum", "const"):
        return "not in the list"
    value = part.pattern if part.keyword == "pattern" and part.pattern else part.value
    certainty = ", assumed" if part.certainty is Certainty.ASSUMED else ""
    return f"{asked(part.keyword, value)} ({part.rule}{certainty})"
