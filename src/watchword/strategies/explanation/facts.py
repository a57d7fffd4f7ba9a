"""The string schemas of a contract, counted and sampled. Renders nothing.

Samples are drawn with a fixed seed: the same contract always gives the same ones.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from watchword.contract import Contract, Media, Schema
from watchword.ground import Certainty, Place, RuleTooLarge
from watchword.language import Language, Part, Rules, parts_of
from watchword.language.ranges import Ranges, size
from watchword.strategies.explanation.patterns import patterns_of
from watchword.strategies.languages import broken_language, over, rules_at, sendable
from watchword.strategies.shape import Node, certainty_at, node_of, types_of, view
from watchword.strategies.text_forms import characters

_SAMPLES = 4
_DEEPEST = 6
_MANY = 1_000
_PRINTABLE: Ranges = ((0x20, 0x7E),)


@dataclass(frozen=True, slots=True)
class Breach:
    """Strings that break one rule and no other: the plainest, then drawn ones."""

    plainest: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleFact:
    """One rule. `breach` is None where the rule cannot be broken alone, and `problem` says why nothing is known.

    `patterns` has the rule as a pattern of each dialect, or the reason why there is none.
    """

    rule: str
    keyword: str
    certainty: Certainty
    source: str | None
    statement: str
    patterns: tuple[tuple[str, str | None, str | None], ...]
    """(dialect, pattern, reason); one of the last two is None."""
    breach: Breach | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """One string schema. Lengths are in code points; `longest` and `count` are None where there is no limit.

    `bits` is log2 of the number of valid strings, `floor` that of the number of shortest ones. `language` is None, and
    `problem` says why, where a rule is no regular language or too large.
    """

    name: str
    place: Place
    rules: tuple[RuleFact, ...]
    language: Language | None
    shortest: int | None = None
    longest: int | None = None
    count: int | None = None
    bits: float = math.inf
    floor: float = 0.0
    alphabet: Ranges = ()
    samples: tuple[str, ...] = ()
    problem: str | None = None


def explanations(contract: Contract, schema: str | None = None) -> list[Explanation]:
    """Every string schema of a contract that has a rule, components first; or those of one name or pointer."""
    found = []
    seen: set[tuple[object, ...]] = set()
    for node in _nodes(contract):
        if "string" not in types_of(node.value, node.resolve):
            continue
        parts = parts_of(node.value, name=node.name, at=node.at, resolve=node.resolve)
        key = tuple((part.rule, part.at, part.when) for part in parts)
        if not parts or key in seen:
            continue
        seen.add(key)
        if schema is None or schema in (node.name, node.at) or schema.removeprefix("#") == node.at:
            found.append(_explanation(contract, node, parts))
    return found


def _nodes(contract: Contract) -> Iterator[Node]:
    """Schemas by name, then those that operations state themselves, and all that they lead to."""
    roots = list(_roots(contract))
    pending = [*_components(contract, roots), *(node_of(root) for root in roots)]
    seen: set[tuple[str, str]] = set()
    for _ in range(_DEEPEST):
        below: list[Node] = []
        for node in pending:
            if (node.at, node.name) in seen:
                continue
            seen.add((node.at, node.name))
            yield node
            for kind in types_of(node.value, node.resolve) & {"object", "array"}:
                found = view(node, kind)
                below += [*found.items(), *(child for nodes in found.members().values() for child in nodes)]
        pending = below


def _components(contract: Contract, roots: list[Schema]) -> Iterator[Node]:
    schemas = contract.root.get("components")
    node = schemas.get("schemas") if schemas else None
    if node is not None and roots:
        for name, _ in node.members():
            value, at = roots[0].resolve(f"#/components/schemas/{name.replace('~', '~0').replace('/', '~1')}")
            yield Node(value, at, name, roots[0].resolve)


def _roots(contract: Contract) -> Iterator[Schema]:
    for operation in contract.operations:
        media: list[Media] = list(operation.body.content) if operation.body else []
        parameters = list(operation.parameters)
        for reply in operation.replies:
            media += reply.content
            parameters += reply.headers
        schemas = [each.schema for each in parameters] + [each.schema for each in media]
        yield from (schema for schema in schemas if schema is not None)


def _explanation(contract: Contract, node: Node, parts: tuple[Part, ...]) -> Explanation:
    place = contract.node(node.at).place
    problem = next((str(part.problem) for part in parts if part.problem is not None), None)
    if problem is None:
        rules = rules_at(node)
        try:
            facts = _counted(rules.valid)
            told = tuple(_rule_fact(contract, part, rules) for part in parts)
            return Explanation(node.name, place, told, rules.valid, *facts)
        except RuleTooLarge as error:
            problem = str(error)
    told = tuple(_rule_fact(contract, part, None) for part in parts)
    return Explanation(node.name, place, told, None, problem=problem)


def _counted(
    language: Language,
) -> tuple[int | None, int | None, int | None, float, float, Ranges, tuple[str, ...]]:
    """Shortest, longest, count, bits, floor, alphabet, samples."""
    if language.is_empty:
        return None, None, 0, -math.inf, -math.inf, (), ()
    shortest = language.shortest
    fewest = language.count(shortest) or 1
    texts = _sampled(sendable(language))
    return shortest, language.longest, language.count(), language.bits, math.log2(fewest), language.alphabet, texts


def _sampled(language: Language) -> tuple[str, ...]:
    if size(language.alphabet) > _MANY:
        plain = language & over(_PRINTABLE)
        language = language if plain.is_empty else plain
    draw = Random(1)  # noqa: S311 (samples to look at, the same each time)
    texts = [language.sample(draw, maximum=(language.shortest or 0) + 32) for _ in range(_SAMPLES)]
    return tuple(dict.fromkeys(sorted(texts, key=len)))


def _rule_fact(contract: Contract, part: Part, rules: Rules | None) -> RuleFact:
    """What is known of one rule; without `rules`, its own text only."""
    breach = None
    problem: str | None = str(part.problem) if part.problem is not None else "see above"
    if rules is not None:
        problem = None
        try:
            broken = broken_language(rules, part.rule)
            if broken is not None:
                breach = Breach(broken.language.witness() or "", _sampled(broken.language))
        except RuleTooLarge as error:
            problem = str(error)
    certainty = certainty_at(contract, part.at, contract.operations[0].clause)
    return RuleFact(
        part.rule, part.keyword, certainty, part.source, _statement(part), patterns_of(part), breach, problem
    )


def _statement(part: Part) -> str:
    """The rule in a few words."""
    exempt = ", unless exempt" if part.when else ""
    match part.keyword:
        case "minLength":
            return f"at least {characters(part.value)}{exempt}"
        case "maxLength":
            return f"at most {characters(part.value)}{exempt}"
        case "pattern":
            return f"matches {part.pattern or part.value}{exempt}"
        case "enum":
            return "one of " + ", ".join(str(value) for value in part.value[:12]) + exempt
        case "const":
            return f"is {part.value!r}{exempt}"
        case _:
            return f"satisfies `{part.keyword}`{exempt}"


def schema_names(contract: Contract) -> list[str]:
    """The names of the string schemas that can be explained, each once."""
    return list(dict.fromkeys(explanation.name for explanation in explanations(contract)))
