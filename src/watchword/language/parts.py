"""The rules that a string schema is made of (JSON Schema 2020-12), named, each with its place, certainty and source.

Needs no automaton. Holds what each keyword asks of a string; keywords about other types say nothing here, and `format`
is an annotation (JSON Schema Validation 2020-12, 7.2.1).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from watchword.ground import Certainty, PatternError, UnreadableInput, parse_pointer, record, render_pointer
from watchword.language.clauses import (
    ALWAYS,
    NEVER,
    Among,
    Clause,
    Every,
    ExactlyOne,
    Length,
    Matches,
    No,
    Some,
    problem_of,
)
from watchword.language.dialects import Dialect, parse_noted
from watchword.language.pieces import pieces

Resolve = Callable[[str], tuple[Any, str]]
"""From a `$ref` to the schema that it names and that schema's absolute JSON Pointer."""

_RULES = ("type", "const", "enum", "minLength", "maxLength", "pattern", "not", "anyOf", "oneOf", "then", "else")
_READ = frozenset({*_RULES, "$ref", "$dynamicRef", "allOf"})
_NAMING_PARENTS = ("schemas", "$defs", "definitions")


@record(uncompared=("problem",))
class Part:
    """One rule: broken by a text for which every clause of `when` holds and `test` does not.

    `at` is the absolute JSON Pointer of `keyword`, `value` the keyword's value. `pattern` is the piece of an ECMA-262
    pattern that this rule is about: all of it, one of its top-level look-aheads, or the rest. `problem` says why a
    pattern cannot be judged here.
    """

    rule: str
    at: str
    keyword: str
    value: Any
    certainty: Certainty
    source: str | None
    test: Clause
    when: tuple[Clause, ...] = ()
    pattern: str | None = None
    problem: PatternError | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What in the pattern only some engines read: constructs that ECMA-262 forbids with the flag `u`."""
        return self.test.notes if isinstance(self.test, Matches) else ()

    @property
    def clause(self) -> Clause:
        """What a text must meet not to break the rule, conditions included."""
        return Some((*(No(condition) for condition in self.when), self.test)) if self.when else self.test


def parts_of(
    schema: Any, *, name: str, at: str = "", resolve: Resolve | None = None, dialect: Dialect = "ecma"
) -> tuple[Part, ...]:
    """The rules of a schema, in document order, with unique names.

    `name` is what the schema is called where no `$ref` names it, `at` its absolute pointer. Without `resolve`, `$ref`s
    are looked up in the schema itself. A pattern that cannot be read gives a part with a `problem`. Raises
    UnreadableInput for a `$ref` that leads nowhere.
    """
    reader = _Reader(resolve or _within(schema), dialect)
    found = reader.parts(schema, _Scope(name, at, followed=(at,)))
    names: dict[str, int] = {}
    unique = []
    for part in found:
        number = names[part.rule] = names.get(part.rule, 0) + 1
        while number > 1 and f"{part.rule}.{number}" in names:
            number += 1
        rule = part.rule if number == 1 else f"{part.rule}.{number}"
        names.setdefault(rule, 1)
        unique.append(part if rule == part.rule else replace(part, rule=rule))
    return tuple(unique)


@record()
class _Scope:
    """Where a schema stands: what it is called, and what holds for everything in it."""

    owner: str
    at: str
    title: str | None = None
    certainty: Certainty = Certainty.DOCUMENTED
    source: str | None = None
    when: tuple[Clause, ...] = ()
    followed: tuple[str, ...] = ()

    def below(self, *tokens: str | int) -> "_Scope":
        at = self.at + render_pointer(tokens)
        return _Scope(self.owner, at, self.title, self.certainty, self.source, self.when, self.followed)

    def under(self, *conditions: Clause) -> "_Scope":
        return replace(self, when=(*self.when, *conditions))


class _Reader:
    """Reads the schemas of one document."""

    def __init__(self, resolve: Resolve, dialect: Dialect) -> None:
        self._resolve = resolve
        self._dialect = dialect

    def parts(self, schema: Any, scope: _Scope, *, member: bool = False) -> Iterator[Part]:
        """The rules of a schema; a `member` is a sub-schema, whose title names its rules."""
        if schema is False:
            yield Part(
                f"{scope.owner}/false", scope.at, "false", False, scope.certainty, scope.source, NEVER, scope.when
            )
        if not isinstance(schema, Mapping):
            return
        scope = _noted(schema, scope)
        if member and isinstance(schema.get("title"), str):
            scope = replace(scope, title=schema["title"])
        alone = (
            sum(keyword in _RULES for keyword in schema if keyword != "type" or _refuses_strings(schema[keyword])) < 2
        )
        for keyword, value in schema.items():
            if keyword in _READ:
                yield from self._keyword(schema, keyword, value, scope, alone=alone)

    def clause(self, schema: Any, scope: _Scope) -> Clause:
        """The whole schema as one clause."""
        found = tuple(part.clause for part in self.parts(schema, replace(scope, when=())))
        return found[0] if len(found) == 1 else Every(found)

    def _keyword(
        self, schema: Mapping[str, Any], keyword: str, value: Any, scope: _Scope, *, alone: bool
    ) -> Iterator[Part]:
        here = scope.below(keyword)
        match keyword:
            case "$ref" | "$dynamicRef":
                yield from self._referenced(value, scope)
            case "allOf":
                for index, member in enumerate(value):
                    yield from self.parts(member, here.below(index), member=True)
            case "anyOf":
                yield from self._any_of(value, here, alone=alone)
            case "oneOf":
                yield from self._one_of(value, here, alone=alone)
            case "then" | "else" if "if" in schema:
                condition = self.clause(schema["if"], scope.below("if"))
                yield from self.parts(value, here.under(condition if keyword == "then" else No(condition)), member=True)
            case "not":
                yield _part(here, "not", value, No(self.clause(value, here)), alone=alone)
            case "pattern":
                yield from self._pattern(value, here, alone=alone)
            case "type":
                if _refuses_strings(value):
                    yield _part(here, keyword, value, NEVER, alone=alone)
            case "const":
                yield _part(here, keyword, value, _among([value]), alone=alone)
            case "enum":
                yield _part(here, keyword, value, _among(value), alone=alone)
            case "minLength":
                yield _part(here, keyword, value, Length(low=int(value)), alone=alone)
            case "maxLength":
                yield _part(here, keyword, value, Length(high=int(value)), alone=alone)
            case _:
                pass

    def _referenced(self, ref: str, scope: _Scope) -> Iterator[Part]:
        schema, pointer = self._resolve(ref)
        if pointer in scope.followed:
            return  # A schema that is its own condition adds nothing.
        tokens = parse_pointer(pointer)
        named = len(tokens) > 1 and tokens[-2] in _NAMING_PARENTS
        title = schema.get("title") if isinstance(schema, Mapping) else None
        owner = scope.owner
        if scope.title is None:
            owner = tokens[-1] if named else title if isinstance(title, str) and tokens else owner
        yield from self.parts(schema, replace(scope, owner=owner, at=pointer, followed=(*scope.followed, pointer)))

    def _any_of(self, branches: list[Any], here: _Scope, *, alone: bool) -> Iterator[Part]:
        clauses = [self.clause(branch, here.below(index)) for index, branch in enumerate(branches)]
        if ALWAYS in clauses:
            return
        simple = [_texts(clause) for clause in clauses]
        open_at = [index for index, texts in enumerate(simple) if texts is None]
        texts = tuple(dict.fromkeys(text for found in simple for text in found or ()))
        if len(open_at) == 1:
            exempt = here.under(No(Among(texts))) if texts else here
            yield from self.parts(branches[open_at[0]], exempt.below(open_at[0]), member=True)
        else:
            clause = Some(tuple(clauses)) if open_at else Among(texts)
            yield _part(here, "anyOf", branches, clause, alone=alone)

    def _one_of(self, branches: list[Any], here: _Scope, *, alone: bool) -> Iterator[Part]:
        clauses = [self.clause(branch, here.below(index)) for index, branch in enumerate(branches)]
        open_at = [index for index, clause in enumerate(clauses) if _texts(clause) != ()]
        if len(open_at) == 1:
            yield from self.parts(branches[open_at[0]], here.below(open_at[0]), member=True)
        else:
            yield _part(here, "oneOf", branches, ExactlyOne(tuple(clauses)), alone=alone)

    def _pattern(self, pattern: str, here: _Scope, *, alone: bool) -> Iterator[Part]:
        try:
            node, notes = parse_noted(pattern, self._dialect)
        except PatternError as problem:
            yield _part(here, "pattern", pattern, Matches(pattern, None, problem=problem), alone=alone)
            return
        found = pieces(node, pattern)
        for number, (piece, text) in enumerate(found, start=1):
            part = _part(here, "pattern", pattern, Matches(text, piece, notes), alone=alone, pattern=text)
            yield part if len(found) == 1 else replace(part, rule=f"{part.rule}.{number}")


def _part(here: _Scope, keyword: str, value: Any, test: Clause, *, alone: bool, pattern: str | None = None) -> Part:
    if here.title is None:
        rule = f"{here.owner}/{keyword}"
    else:
        rule = f"{here.owner}/{here.title}" if alone else f"{here.owner}/{here.title}.{keyword}"
    problem = problem_of(Every((*here.when, test)))
    return Part(rule, here.at, keyword, value, here.certainty, here.source, test, here.when, pattern, problem)


def _noted(schema: Mapping[str, Any], scope: _Scope) -> _Scope:
    """The scope with the schema's own `x-certainty` and `x-source`."""
    certainty, source = schema.get("x-certainty"), schema.get("x-source")
    if certainty in ("documented", "assumed"):
        scope = replace(scope, certainty=Certainty(certainty))
    return replace(scope, source=source) if isinstance(source, str) else scope


def _refuses_strings(value: Any) -> bool:
    return value != "string" if isinstance(value, str) else "string" not in value


def _among(values: list[Any]) -> Among:
    return Among(tuple(dict.fromkeys(value for value in values if isinstance(value, str))))


def _texts(clause: Clause) -> tuple[str, ...] | None:
    """The texts that a clause lists; None if it does more than list."""
    match clause:
        case Among(texts):
            return texts
        case Some(()):
            return ()
        case Every(clauses):
            found = [_texts(inner) for inner in clauses]
            if () in found:
                return ()
            lists = [texts for texts in found if texts is not None]
            return lists[0] if len(lists) == 1 == len(found) else None
        case _:
            return None


def _within(document: Any) -> Resolve:
    """A resolver for references inside of one schema: `#`, `#/pointer`, `#anchor`."""

    def resolve(ref: str) -> tuple[Any, str]:
        _, _, fragment = ref.partition("#")
        if not ref.startswith("#"):
            raise UnreadableInput(f"`$ref` {ref!r} leads out of the schema")
        if fragment and not fragment.startswith("/"):
            for pointer, schema in _subschemas(document, ""):
                if fragment in (schema.get("$anchor"), schema.get("$dynamicAnchor")):
                    return schema, pointer
            raise UnreadableInput(f"`$ref` {ref!r}: there is no such anchor")
        found = document
        for token in parse_pointer(fragment):
            try:
                found = found[int(token)] if isinstance(found, list) else found[token]
            except (LookupError, ValueError, TypeError):
                raise UnreadableInput(f"`$ref` {ref!r} leads nowhere") from None
        return found, fragment

    return resolve


def _subschemas(value: Any, at: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(value, Mapping):
        yield at, value
    items = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for token, inner in items:
        yield from _subschemas(inner, at + render_pointer([token]))
