"""The string schemas of a document with their rules as languages. Says nothing about what is wrong with them.

A document may hold thousands of patterns, some of them hostile: languages here have small limits, and after a number
of refusals no more are made. What was not looked at is said by `unanalysable-pattern`.
"""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from watchword import language
from watchword.contract import Schema
from watchword.document import DanglingReference, Node
from watchword.ground import PatternError, RuleTooLarge, WatchwordError
from watchword.language.parts import Part
from watchword.lint.reach import key_of
from watchword.lint.subject import Subject
from watchword.lint.walk import Spot

Json = Any
_Answer = TypeVar("_Answer")

MOST_PARTS = 200
"""Parts of one schema; more come of hostile documents only."""
MOST_REFUSALS = 15
MOST_COMPILED = 3_000
LARGE = 800
"""States of a language that counts as a refusal: it was made, at a price."""
_WORDS = frozenset({"pattern", "minLength", "maxLength", "format", "enum", "const"})
_APPLICATORS = ("allOf", "anyOf", "oneOf")
_INNER = frozenset({"allOf", "anyOf", "oneOf", "not", "if", "then", "else"})


@dataclass(eq=False, slots=True)
class Effort:
    """What the languages of one document may still cost."""

    refusals: int = 0
    compiled: int = 0

    @property
    def is_spent(self) -> bool:
        """Whether no more languages are made."""
        return self.refusals >= MOST_REFUSALS or self.compiled >= MOST_COMPILED


@dataclass(eq=False, slots=True)
class Shared:
    """What schemas that ask the same of strings have in common, whatever they are called and wherever they stand.

    `answers` are kept by question, so that a question is a function that is made once, or a tuple of such a function
    and what else it depends on. `failures` name the schema, and are kept by its names.
    """

    rules: "language.Rules | None" = None
    answers: dict[Hashable, Any] = field(default_factory=dict)
    failures: dict[tuple[str, ...], WatchwordError] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Text:
    """One schema that asks something of strings, where it stands. `parts` are its rules, document order."""

    spot: Spot
    schema: Schema
    parts: tuple[Part, ...]
    effort: Effort
    shared: Shared = field(repr=False)
    problem: WatchwordError | None = None

    @property
    def node(self) -> Node:
        """Where it stands."""
        return self.spot.node

    @property
    def rules(self) -> "language.Rules | None":
        """The rules as languages; `None` where a pattern cannot be read or compiled, and `problem` then says why."""
        if self.shared.rules is None and self.problem is None:
            names = (self.schema.name, *(part.rule for part in self.parts))
            if names not in self.shared.failures:
                made = self._compile()
                if isinstance(made, WatchwordError):
                    self.shared.failures[names] = made
                else:
                    self.shared.rules = made
            self.problem = self.shared.failures.get(names)
        return self.shared.rules

    def asked(self, question: "Callable[[language.Rules], _Answer]") -> _Answer | None:
        """The answer to a question about the rules; `None` where there are no languages or the answer is too large.

        Schemas with equal rules share the answer: the question reads no names, no places and no certainty.
        """
        return self.once(question, lambda: self._answer(question))

    def once(self, key: Hashable, make: "Callable[[], _Answer]") -> _Answer:
        """What `make` makes for the first of all schemas with equal rules that asks by this key."""
        if key not in self.shared.answers:
            made = make()
            if self.shared.rules is None:
                return made  # for want of languages, which another name or place may have
            self.shared.answers[key] = made
        answer: _Answer = self.shared.answers[key]
        return answer

    def _answer(self, question: "Callable[[language.Rules], _Answer]") -> _Answer | None:
        rules = self.rules
        if rules is None:
            return None
        try:
            return question(rules)
        except RuleTooLarge:
            return None

    def _compile(self) -> "language.Rules | WatchwordError":
        if self.effort.is_spent:
            return RuleTooLarge("the document has too many patterns like this to look at all of them")
        self.effort.compiled += 1
        try:
            found = next((part.problem for part in self.parts if part.problem is not None), None)
            if found is not None:
                return found
            rules = language.Rules(self.parts, self.schema.name, limits())
            self.effort.refusals += len(rules.valid.automaton.rows) > LARGE
        except (PatternError, RuleTooLarge) as error:
            self.effort.refusals += isinstance(error, RuleTooLarge)
            return error
        return rules

    def at(self, part: Part) -> Node:
        """The node of a part's keyword."""
        return self.schema.clause.node if not part.at else _node(self, part.at)


def limits() -> "language.Limits":
    """What one language may cost here: about a tenth of a second."""
    return language.Limits(nodes=20_000, states=5_000, cells=250_000, steps=120_000)


def texts_of(subject: Subject) -> list[Text]:
    """The string schemas of a subject, those left out that only refer to another or are part of one."""
    return subject.once(_texts)


def _texts(subject: Subject) -> list[Text]:
    sizes = _Sizes(subject)
    effort = Effort()
    shared: dict[Hashable, Shared] = {}
    return [text for spot in subject.of("schema") if (text := _text(subject, spot, sizes, effort, shared))]


def _text(subject: Subject, spot: Spot, sizes: "_Sizes", effort: Effort, shared: dict[Hashable, Shared]) -> Text | None:
    value = spot.node.value
    if spot.via in _INNER or not isinstance(value, dict) or set(value) <= {"$ref"} or not sizes.asks(spot.node):
        return None
    schema = subject.schema(spot.node, spot.name)
    if schema is None or schema.at != subject.schemas.address(spot.node):
        return None
    try:
        parts = language.parts_of(schema.value, name=schema.name, at=schema.at, resolve=schema.resolve)
    except (WatchwordError, TypeError, ValueError, AttributeError, RecursionError):
        return None  # `malformed-schema` and `dangling-reference` tell why
    if not parts or any(part.keyword in ("type", "false") and not part.when for part in parts):
        return None
    key = tuple([part.clause for part in parts])
    return Text(spot, schema, parts, effort, shared.setdefault(key, Shared()))


def _node(text: Text, address: str) -> Node:
    document = text.node.document
    pointer = address if address.startswith("/") or not address else address.partition("#")[2]
    return Node(document, pointer, None)


class _Sizes:
    """How many schemas a schema is made of in place, and whether any of them asks something of strings."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._known: dict[tuple[int, str], tuple[int, bool]] = {}

    def asks(self, node: Node) -> bool:
        """Whether it is worth reading as a string schema, and small enough."""
        value = node.value
        declared = value.get("type")
        if declared is not None and declared != "string" and not (isinstance(declared, list) and "string" in declared):
            return False
        size, asks = self._measure(node)
        return asks and size <= MOST_PARTS

    def _measure(self, node: Node) -> tuple[int, bool]:
        key = key_of(node)
        if key in self._known:
            return self._known[key]
        self._known[key] = (0, False)  # a circle adds nothing
        value = node.value
        size, asks = 1, False
        if isinstance(value, dict):
            asks = not _WORDS.isdisjoint(value)
            for child in self._parts(node):
                below, below_asks = self._measure(child)
                size, asks = size + below, asks or below_asks
        self._known[key] = (min(size, MOST_PARTS + 1), asks)
        return self._known[key]

    def _parts(self, node: Node) -> Iterator[Node]:
        reference = node.value.get("$ref")
        if isinstance(reference, str):
            try:
                yield self._subject.library.resolve(reference, node.document)
            except DanglingReference:
                return
        for keyword in _APPLICATORS:
            child = node.get(keyword)
            yield from child.items() if child else ()
        for keyword in ("not", "if", "then", "else"):
            child = node.get(keyword)
            if child is not None:
                yield child
