"""Inputs of a workflow drawn from its schema: strings from exact languages, devices from the environment.

A draw is a function `choose(count)` that gives an index below `count`: of a random generator, or of Hypothesis, which
shrinks each choice towards 0, the simplest. Sends nothing.
"""

import json
from collections.abc import Callable
from typing import Any

from watchword.contract import Schema
from watchword.contract.kinds import json_types
from watchword.contract.shape import items, properties
from watchword.ground import WatchwordError
from watchword.language import Language, Rules
from watchword.workflow.environment import Device, Environment

Json = Any
Choose = Callable[[int], int]

FROM = "x-watchword-from"
PROFILE = "x-watchword-profile"
_DEEPEST = 12
_MOST_ITEMS = 3
_RANGE = 100
_ORDER = ("string", "integer", "number", "boolean", "null", "object", "array")


class NoSuchInput(WatchwordError):
    """The environment does not have what an input asks for, or no value obeys the input's schema."""


class Inputs:
    """The inputs of one workflow in one environment.

    Rules are compiled once; `languages` keeps them for the other workflows of the same document.
    """

    def __init__(
        self, schema: Schema | None, environment: Environment, languages: dict[str, Language] | None = None
    ) -> None:
        self._schema = schema
        self._environment = environment
        self._languages = {} if languages is None else languages
        self._used: list[Device] = []

    def draw(self, choose: Choose) -> dict[str, Json]:
        """One object of inputs. Raises `NoSuchInput`."""
        if self._schema is None:
            return {}
        self._used = []
        found = self._drawn(self._schema.value, "inputs", choose, _DEEPEST)
        return found if isinstance(found, dict) else {}

    def _resolve(self, reference: str) -> Json:
        if self._schema is None:
            raise NoSuchInput("inputs without a schema")
        return self._schema.resolve(reference)[0]

    def _drawn(self, schema: Json, name: str, choose: Choose, depth: int) -> Json:
        if depth == 0 or schema is False or self._schema is None:
            raise NoSuchInput(f"no value obeys the schema of the input `{name}`")
        provider = self._keywords(schema, FROM)
        if provider:
            return self._provided(provider[0], next(iter(self._keywords(schema, PROFILE)), None), choose)
        types = json_types(schema, self._schema.resolve)
        kind = next((each for each in self._kinds(schema) if each in types), None)
        if kind is None:
            raise NoSuchInput(f"no value obeys the schema of the input `{name}`")
        listed = self._listed(schema)
        if listed:
            return listed[choose(len(listed))]
        return self._of_type(kind, schema, name, choose, depth)

    def _kinds(self, schema: Json) -> tuple[str, ...]:
        """The types to try, an object first where the schema names members."""
        named = self._schema is not None and properties(schema, self._schema.resolve)
        return ("object", *_ORDER) if named else _ORDER

    def _of_type(self, kind: str, schema: Json, name: str, choose: Choose, depth: int) -> Json:
        if kind == "string":
            return self._text(schema, name, choose)
        if kind == "boolean":
            return choose(2) == 1
        if kind in ("integer", "number"):
            return self._number(schema, choose)
        if kind == "object":
            return self._object(schema, name, choose, depth)
        if kind == "array":
            return self._array(schema, name, choose, depth)
        return None

    def _object(self, schema: Json, name: str, choose: Choose, depth: int) -> dict[str, Json]:
        if self._schema is None:
            return {}
        required = set(self._keywords(schema, "required"))
        found = {}
        for key, child in properties(schema, self._schema.resolve).items():
            if key in required or choose(2):
                found[key] = self._drawn(child, key if name == "inputs" else f"{name}.{key}", choose, depth - 1)
        return found

    def _array(self, schema: Json, name: str, choose: Choose, depth: int) -> list[Json]:
        resolve = self._schema.resolve if self._schema else None
        least = max(self._numbers(schema, "minItems"), default=0)
        most = min(self._numbers(schema, "maxItems"), default=least + _MOST_ITEMS)
        if resolve is None or most < least:
            raise NoSuchInput(f"no value obeys the schema of the input `{name}`")
        inner = items(schema, resolve)
        count = least + choose(int(min(most, least + _MOST_ITEMS) - least) + 1)
        return [self._drawn(inner, f"{name}[]", choose, depth - 1) for _ in range(int(count))]

    def _number(self, schema: Json, choose: Choose) -> int:
        least = max(self._numbers(schema, "minimum"), default=0)
        most = min(self._numbers(schema, "maximum"), default=least + _RANGE)
        return int(least) + choose(max(1, int(most) - int(least) + 1))

    def _text(self, schema: Json, name: str, choose: Choose) -> str:
        language = self._language(schema, name)
        lengths = language.lengths()
        if not lengths:
            raise NoSuchInput(f"no string obeys the schema of the input `{name}`")
        length = lengths[choose(len(lengths))]
        state, text = 0, ""
        for remaining in range(length, 0, -1):
            choices = language.choices(state, remaining, length)
            character, state = choices.pick(choose(choices.size))
            text += character
        return text

    def _language(self, schema: Json, name: str) -> Language:
        key = json.dumps(schema, sort_keys=True)
        if key not in self._languages:
            resolve = self._schema.resolve if self._schema else None
            self._languages[key] = Rules.of(schema, name=name, resolve=resolve).valid
        return self._languages[key]

    # Keywords of a schema and of what it is made of.

    def _keywords(self, schema: Json, keyword: str) -> list[Json]:
        """All values of a keyword, those of `$ref` and `allOf` included; lists are joined."""
        if not isinstance(schema, dict):
            return []
        own = schema.get(keyword)
        found = list(own) if isinstance(own, list) else [] if own is None else [own]
        if isinstance(schema.get("$ref"), str):
            found += self._keywords(self._resolve(schema["$ref"]), keyword)
        for part in schema.get("allOf") or ():
            found += self._keywords(part, keyword)
        return found

    def _numbers(self, schema: Json, keyword: str) -> list[float]:
        return [value for value in self._keywords(schema, keyword) if isinstance(value, int | float)]

    def _listed(self, schema: Json) -> list[Json]:
        return self._keywords(schema, "const") or self._keywords(schema, "enum")

    # What only the environment knows.

    def _provided(self, kind: Json, profile: Json, choose: Choose) -> dict[str, str]:
        table = {
            "device": self._environment.devices,
            "other-device": self._environment.devices,
            "unknown-device": self._environment.unknown,
            "foreign-device": self._environment.foreign,
        }
        if kind not in table:
            raise NoSuchInput(f"`{kind}` is nothing that an input can come from; there are {', '.join(table)}")
        taken = self._used if kind == "other-device" else []
        found = [device for device in table[kind] if device.profile == profile and device not in taken]
        if not found:
            words = kind.replace("other-", "second ").replace("-", " ")
            raise NoSuchInput(f"the target names no {words}" + (f" of the profile `{profile}`" if profile else ""))
        device = found[choose(len(found))]
        self._used.append(device)
        return dict(device.path)
