"""Random schemas, their mutations, and values to judge them by."""

import copy
from random import Random
from typing import Any

_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAPS = ("properties", "patternProperties", "dependentSchemas")
_SINGLE = ("not", "if", "then", "else", "items", "additionalProperties", "contains", "propertyNames")
_CONSTANTS: list[Any] = [0, 1, 2, "a", "ab", None, True, [], {}, {"a": 1}, [1]]


def random_schema(random: Random, depth: int = 3) -> dict[str, Any]:
    """A schema of a few keywords, many of which bear on each other."""
    found: dict[str, Any] = {}
    names = [None, "string", "integer", "number", "object", "array", "boolean", "null"]
    kind = random.choice([*names, ["string", "null"], ["integer", "object"]])
    if kind is not None:
        found["type"] = kind
    kinds = [kind] if isinstance(kind, str) else kind or ["string", "integer", "object", "array"]
    if "string" in kinds:
        _string(random, found)
    if "integer" in kinds or "number" in kinds:
        _number(random, found)
    if depth and "object" in kinds:
        _object(random, found, depth)
    if depth and "array" in kinds:
        _array(random, found, depth)
    if depth and random.random() < 0.3:
        _applied(random, found, depth)
    if random.random() < 0.1:
        found["enum"] = random.sample(_CONSTANTS, random.randint(1, 4))
    return found


def _string(random: Random, found: dict[str, Any]) -> None:
    if random.random() < 0.5:
        found["minLength"] = random.randint(0, 3)
    if random.random() < 0.5:
        found["maxLength"] = random.randint(1, 4)
    if random.random() < 0.3:
        found["pattern"] = random.choice(["^a", "b$", "^[ab]*$", "a.b", "^$"])


def _number(random: Random, found: dict[str, Any]) -> None:
    if random.random() < 0.5:
        found[random.choice(["minimum", "exclusiveMinimum"])] = random.choice([-1, 0, 1, 0.5, 2])
    if random.random() < 0.5:
        found[random.choice(["maximum", "exclusiveMaximum"])] = random.choice([1, 2, 3, 2.5])
    if random.random() < 0.3:
        found["multipleOf"] = random.choice([1, 2, 3, 0.5])


def _object(random: Random, found: dict[str, Any], depth: int) -> None:
    if random.random() < 0.7:
        found["properties"] = {
            name: random_schema(random, depth - 1) for name in random.sample("abc", random.randint(1, 2))
        }
    if random.random() < 0.4:
        found["required"] = random.sample("abc", random.randint(1, 2))
    if random.random() < 0.3:
        found["additionalProperties"] = random.choice([False, random_schema(random, depth - 1)])
    if random.random() < 0.2:
        found["patternProperties"] = {random.choice(["^a", "b"]): random_schema(random, depth - 1)}
    for keyword in ("minProperties", "maxProperties"):
        if random.random() < 0.2:
            found[keyword] = random.randint(0, 2)
    if random.random() < 0.1:
        found["propertyNames"] = {"maxLength": random.randint(0, 1)}
    if random.random() < 0.1:
        found["dependentRequired"] = {"a": ["b"]}
    if random.random() < 0.1:
        found["dependentSchemas"] = {"a": random_schema(random, depth - 1)}


def _array(random: Random, found: dict[str, Any], depth: int) -> None:
    if random.random() < 0.6:
        found["items"] = random.choice([False, random_schema(random, depth - 1), random_schema(random, depth - 1)])
    if random.random() < 0.3:
        found["prefixItems"] = [random_schema(random, depth - 1) for _ in range(random.randint(1, 2))]
    for keyword in ("minItems", "maxItems"):
        if random.random() < 0.3:
            found[keyword] = random.randint(0, 2)
    if random.random() < 0.2:
        found["uniqueItems"] = True
    if random.random() < 0.2:
        found["contains"] = random_schema(random, depth - 1)
        if random.random() < 0.2:
            found[random.choice(["minContains", "maxContains"])] = random.randint(0, 2)


def _applied(random: Random, found: dict[str, Any], depth: int) -> None:
    keyword = random.choice(["allOf", "anyOf", "oneOf", "not", "if"])
    if keyword == "not":
        found["not"] = random_schema(random, depth - 1)
    elif keyword == "if":
        found.update((each, random_schema(random, depth - 1)) for each in ("if", "then", "else"))
    else:
        found[keyword] = [random_schema(random, depth - 1) for _ in range(random.randint(1, 3))]


def mutated(random: Random, schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with a keyword or two taken out, added or replaced, somewhere."""
    result = copy.deepcopy(schema)
    for _ in range(random.randint(1, 2)):
        chosen = random.choice(_within(result))
        if chosen and random.random() < 0.5:
            chosen.pop(random.choice(list(chosen)))
        else:
            fresh = random_schema(random, 1)
            if fresh:
                keyword = random.choice(list(fresh))
                chosen[keyword] = fresh[keyword]
    return result


def _within(schema: Any) -> list[dict[str, Any]]:
    if not isinstance(schema, dict):
        return []
    found = [schema]
    for keyword, value in schema.items():
        if keyword in _LISTS:
            children = value
        elif keyword in _MAPS:
            children = list(value.values())
        else:
            children = [value] if keyword in _SINGLE else []
        for child in children:
            found += _within(child)
    return found


def random_value(random: Random, depth: int = 3) -> Any:
    """A small JSON value, likely to come close to what random schemas ask for."""
    kind = random.randint(0, 6 if depth else 4)
    if kind < 2:
        return None if kind == 0 else random.random() < 0.5
    if kind < 4:
        return random.choice([-2, -1, 0, 1, 2, 3, 4, 6, 12] if kind == 2 else [0.5, 1.5, 2.5, 0.25, -1.5, 3.0])
    if kind == 4:
        return "".join(random.choice("abc") for _ in range(random.randint(0, 5)))
    if kind == 5:
        return [random_value(random, depth - 1) for _ in range(random.randint(0, 3))]
    names = random.sample(["a", "b", "c", "ab", "x", ""], random.randint(0, 3))
    return {name: random_value(random, depth - 1) for name in names}
