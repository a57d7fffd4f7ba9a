"""Which rules a case exercises: a refuse case its own, an accept case all rules of every value that it sends."""

from collections import defaultdict
from typing import Any

from watchword.check.plan import Plan, Planned
from watchword.ground import parse_pointer
from watchword.validation.decode import Undecodable, decode_json

Json = Any


class Exercised:
    """The rules of a plan by the place of the value that they are about."""

    def __init__(self, plan: Plan) -> None:
        self._rules: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for planned in plan.planned:
            case = planned.case
            if case.side == "refuse" and case.location and "/" in case.rule:
                self._rules[case.operation, case.location][case.rule] = None

    def rules(self, planned: Planned) -> list[str]:
        """The rules that count this case, its own clause first where no rule of a value stands for it."""
        case = planned.case
        if case.side != "accept":
            return [case.rule]
        body = _body(planned)
        found: dict[str, None] = {}
        if not case.location or not self._rules.get((case.operation, case.location)):
            found[case.rule] = None
        for (operation, location), rules in self._rules.items():
            if operation == case.operation and _sends(planned, location, body):
                found.update(rules)
        return list(found)


_ABSENT = object()


def _sends(planned: Planned, location: str, body: Json) -> bool:
    if location.startswith("body"):
        return _at(body, location.partition("#")[2]) is not _ABSENT
    where, _, name = location.partition(".")
    if where == "header":
        return any(given.lower() == name.lower() for given, _ in planned.request.headers)
    return where == "path" or any(value.where == where and value.name == name for value in planned.case.draft.values)


def _body(planned: Planned) -> Json:
    try:
        return decode_json(planned.request.body)
    except Undecodable:
        return _ABSENT


def _at(value: Json, pointer: str) -> Json:
    for token in parse_pointer(pointer):
        if isinstance(value, dict) and token in value:
            value = value[token]
        elif isinstance(value, list) and token.isdecimal() and int(token) < len(value):
            value = value[int(token)]
        else:
            return _ABSENT
    return value
