"""From the engine's errors to findings: which rule of which schema broke, where, and how far off the value was.

Strings are named by the language room, so that a value that breaks three rules gives three findings, also where the
engine says no more than "none of the alternatives". Everything else is named after its keyword.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from watchword import language
from watchword.contract import Schema
from watchword.contract.kinds import json_type
from watchword.ground import Finding, parse_pointer, redact, render_pointer
from watchword.validation.book import Owner
from watchword.validation.engine import Compiled
from watchword.validation.scene import Scene
from watchword.validation.sparse import address_of

Json = Any


def broken_rules(scene: Scene, location: str, schema: Schema, compiled: Compiled, value: Json) -> Iterator[Finding]:
    """One finding per broken rule, in the engine's order. `location` is that of the whole value: `body`, `path.id`."""
    told: set[tuple[str, str]] = set()
    for finding in _findings(scene, location, schema, compiled.errors(value)):
        key = (finding.rule, finding.location or "")
        if key not in told:
            told.add(key)
            yield finding


def _findings(scene: Scene, location: str, schema: Schema, errors: Iterable[Any]) -> Iterator[Finding]:
    book = scene.book
    judged: set[tuple[str, str]] = set()
    for error in errors:
        owner = book.owners(_path(error), schema)[0]
        where = located(location, error.instance_path)
        key = (where, owner.at)
        if error.kind.name == "falseSchema":
            judged.add(key)
            yield _false_finding(scene, where, schema, error)
        elif error.kind.name == "type" or json_type(error.instance) not in book.types(owner, schema.resolve):
            judged.add(key)
            yield _type_finding(scene, where, schema, owner, error)
        elif isinstance(error.instance, str):
            if key not in judged:
                judged.add(key)
                yield from _string_findings(scene, where, schema, owner, error)
        elif error.kind.name in ("anyOf", "oneOf") and (closest := _closest(scene, error)):
            yield from _findings(scene, location, schema, closest)
        elif key not in judged:
            yield _plain_finding(scene, where, schema, owner, error)


# Their errors are about the whole value, though they have schemas for its members or items too.
_OF_THE_WHOLE = frozenset({"additionalProperties", "unevaluatedProperties", "unevaluatedItems", "contains"})


def _path(error: Any) -> list[str | int]:
    """The evaluation path of an error, up to the schema that speaks about the value at fault."""
    path = list(error.evaluation_path)
    return path[:-1] if error.kind.name in _OF_THE_WHOLE else path


def located(location: str, instance_path: Iterable[str | int]) -> str:
    """The runtime expression of a value below `location`: `body` and `["a", 0]` give `body#/a/0`."""
    pointer = render_pointer(instance_path)
    return f"{location}#{pointer}" if pointer else location


def _string_findings(scene: Scene, where: str, schema: Schema, owner: Owner, error: Any) -> Iterator[Finding]:
    broken = scene.book.string_rules(owner, schema.resolve).broken(error.instance)
    if not broken:
        yield _plain_finding(scene, where, schema, owner, error)
        return
    secret = scene.book.is_secret(owner, schema.resolve)
    for part in broken:
        message = _string_message(part, error.instance, secret=secret)
        yield scene.finding(part.rule, message, where, scene.book.clause_at(part.at, schema.clause))


def _string_message(part: "language.Part", text: str, *, secret: bool) -> str:
    count = f"has {len(text)} character{'s' if len(text) != 1 else ''}"
    if part.keyword == "minLength":
        return f"{count}, at least {part.value} required"
    if part.keyword == "maxLength":
        return f"{count}, at most {part.value} allowed"
    if part.keyword == "pattern":
        return f"{redact(text)} does not match `{redact(part.value, secret=False)[1:-1]}`"
    if part.keyword in ("enum", "const"):
        return _literal_message(part.keyword, part.value, text, secret=secret)
    return f"{redact(text)} does not satisfy `{part.keyword}`"


def _shown(value: Json, *, secret: bool) -> str:
    """A number as it is, unless it is secret; of anything else its shape: any text may be a misplaced secret."""
    return redact(value, secret=secret or not isinstance(value, int | float))


def _literal_message(keyword: str, expected: Json, given: Json, *, secret: bool) -> str:
    """Shows a wrong text only where it is an expected one but for case and white space, so no misplaced secret."""
    choices = expected if keyword == "enum" and isinstance(expected, list) else [expected]
    near = isinstance(given, str) and given.strip().lower() in {str(choice).strip().lower() for choice in choices}
    shown = redact(given, secret=secret or not near) if isinstance(given, str) else _shown(given, secret=secret)
    listed = ", ".join(redact(choice, secret=False) for choice in choices[:8]) + (", …" if len(choices) > 8 else "")
    return f"is {shown}, {'one of ' if len(choices) > 1 else ''}{listed} required"


def _type_finding(scene: Scene, where: str, schema: Schema, owner: Owner, error: Any) -> Finding:
    leaf = _type_error(error)
    address = address_of((leaf or error).absolute_keyword_location)
    inner = scene.book.owners(leaf.evaluation_path, schema)[1] if leaf else owner
    allowed = scene.book.types(owner, schema.resolve)
    expected = " or ".join(sorted(allowed - {"integer"} if "number" in allowed else allowed)) or "nothing"
    message = f"is {_with_article(json_type(error.instance))}, {expected} required"
    return scene.finding(f"{inner.name}/type", message, where, scene.book.clause_at(address, schema.clause))


def _type_error(error: Any) -> Any | None:
    """The innermost complaint about the type of this very value."""
    if error.kind.name == "type":
        return error
    for branch in getattr(error.kind, "context", ()):
        for inner in branch:
            if inner.instance_path == error.instance_path and (found := _type_error(inner)):
                return found
    return None


def _plain_finding(scene: Scene, where: str, schema: Schema, owner: Owner, error: Any) -> Finding:
    address = scene.book.known_address(address_of(error.absolute_keyword_location))
    clause = scene.book.clause_at(address, schema.clause)
    keyword = parse_pointer(address)[-1] if parse_pointer(address) else error.kind.name
    rule = _rule(scene, address, keyword, scene.book.owners(_path(error), schema)[1].name)
    message = _message(error, keyword, secret=scene.book.is_secret(owner, schema.resolve))
    return scene.finding(rule, message, where, clause)


def _false_finding(scene: Scene, where: str, schema: Schema, error: Any) -> Finding:
    """A schema `false`: one that the document has, or what a `writeOnly` member is in a reply."""
    path = list(error.evaluation_path)
    clause = scene.book.clause_at(address_of(error.absolute_keyword_location), schema.clause)
    name = scene.book.owners(path, schema)[1].name
    value = clause.node.value
    if isinstance(value, dict) and value.get("writeOnly") is True:
        return scene.finding(f"{name}/writeOnly", "is there, although it is for requests alone", where, clause)
    if path[-1] == "additionalProperties":
        name = scene.book.owners(path[:-1], schema)[1].name
        return scene.finding(f"{name}/additionalProperties", "has members, none is allowed", where, clause)
    keyword = path[-1] if path[-1] in ("then", "else", "not") else "false"
    return scene.finding(f"{name}/{keyword}", "is there, although nothing is allowed here", where, clause)


def _rule(scene: Scene, address: str, keyword: str, name: str) -> str:
    """`Schema/keyword`, or `Schema/title` where the keyword is all that a titled part of an `allOf` demands."""
    tokens = parse_pointer(address)
    parent = scene.book.contract.node(address.removesuffix(render_pointer(tokens[-1:]))).value
    in_part = len(tokens) > 2 and tokens[-3] == "allOf"
    title = parent.get("title") if in_part and isinstance(parent, dict) else None
    if not isinstance(title, str):
        return f"{name}/{keyword}"
    demands = [key for key in parent if not key.startswith("x-") and key not in ("title", "description", "type")]
    return f"{name}/{title}" if len(demands) <= 1 else f"{name}/{title}.{keyword}"


def _message(error: Any, keyword: str, *, secret: bool) -> str:
    facts = error.kind.as_dict()
    shown = _shown(error.instance, secret=secret)
    limit = facts.get("limit")
    match error.kind.name:
        case "required":
            return f"member {redact(facts['property'], secret=False)} is missing"
        case "additionalProperties" | "unevaluatedProperties":
            unnamed = len(facts.get("unexpected", ()))
            return f"has {unnamed} member{'s' if unnamed != 1 else ''} that the contract does not name"
        case "enum" | "const":
            expected = facts.get("options", facts.get("expected_value"))
            return _literal_message(keyword, expected, error.instance, secret=secret)
        case "minimum" | "exclusiveMinimum":
            return f"is {shown}, {'at least' if error.kind.name == 'minimum' else 'more than'} {limit} required"
        case "maximum" | "exclusiveMaximum":
            return f"is {shown}, {'at most' if error.kind.name == 'maximum' else 'less than'} {limit} allowed"
        case "minItems" | "minProperties" | "maxItems" | "maxProperties":
            noun = "item" if "Items" in error.kind.name else "member"
            count = f"has {len(error.instance)} {noun}{'s' if len(error.instance) != 1 else ''}"
            least = error.kind.name.startswith("min")
            return f"{count}, at least {limit} required" if least else f"{count}, at most {limit} allowed"
        case "uniqueItems":
            return "holds the same item twice"
        case "oneOf" if sum(not branch for branch in facts["context"]) > 1:
            return "matches more than one alternative, exactly one allowed"
        case "anyOf" | "oneOf":
            return f"matches none of {len(facts['context'])} alternatives"
        case "format":
            return f"{shown} is no {facts.get('format', 'valid value')}"
    return f"{shown} does not satisfy `{keyword}`"


def _closest(scene: Scene, error: Any) -> list[Any]:
    """The errors of the alternative that the value is meant to be; nothing where several may be, or none.

    It is the only one whose type fits, which its discriminator names (3.1.1, Discriminator Object), or whose tag, a
    member that has one value in each alternative, is right.
    """
    fitting = [
        branch
        for branch in error.kind.context
        if not any(inner.kind.name == "type" and inner.instance_path == error.instance_path for inner in branch)
    ]
    named = _discriminated(scene, error) if len(fitting) > 1 else None
    if named is not None:
        return list(error.kind.context[named])
    if len(fitting) > 1:
        fitting = [branch for branch in fitting if not any(_is_of_a_tag(inner, error) for inner in branch)]
    return list(fitting[0]) if len(fitting) == 1 else []


def _is_of_a_tag(inner: Any, error: Any) -> bool:
    if list(inner.instance_path)[:-1] != list(error.instance_path):
        return False
    return inner.kind.name == "const" or (inner.kind.name == "enum" and len(inner.kind.as_dict()["options"]) == 1)


def _discriminated(scene: Scene, error: Any) -> int | None:
    """The number of the alternative that the schema's discriminator says, by the value's member of that name."""
    address = address_of(error.absolute_keyword_location)
    keyword = parse_pointer(address)[-1:]
    schema = scene.book.contract.node(address.removesuffix(render_pointer(keyword))).value
    discriminator = schema.get("discriminator") if isinstance(schema, dict) else None
    if not isinstance(discriminator, dict) or not isinstance(error.instance, dict):
        return None
    told = error.instance.get(discriminator.get("propertyName"))
    mapping = discriminator.get("mapping")
    target = mapping.get(told, told) if isinstance(mapping, dict) and isinstance(told, str) else told
    for number, branch in enumerate(schema.get(error.kind.name, ())):
        reference = branch.get("$ref") if isinstance(branch, dict) else None
        if isinstance(reference, str) and isinstance(target, str) and target in (reference, reference.split("/")[-1]):
            return number
    return None


def _with_article(noun: str) -> str:
    return noun if noun == "null" else f"{'an' if noun[0] in 'aeio' else 'a'} {noun}"
