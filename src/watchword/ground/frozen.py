"""Frozen records without the price of `dataclasses`, a fifth of it for each class, which every process pays at start.

Holds no behaviour of any record. What `dataclasses.replace`, `fields` and `asdict` ask for is there as well.
"""

from collections.abc import Callable, Collection
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

Kind = TypeVar("Kind", bound=type)


@dataclass_transform(frozen_default=True)
def record(*, hidden: Collection[str] = (), uncompared: Collection[str] = ()) -> Callable[[Kind], Kind]:
    """What `@dataclass(frozen=True, slots=True)` makes of a class.

    `repr` leaves the `hidden` fields out, equality and hash the `uncompared` ones. For classes that inherit from
    nothing; a field has an immutable default or none.
    """

    def made(kind: Kind) -> Kind:
        members = {name: value for name, value in vars(kind).items() if name not in ("__dict__", "__weakref__")}
        names = tuple(kind.__annotations__)
        defaults = {name: members.pop(name) for name in names if name in members}
        members |= {
            "__slots__": names,
            "__match_args__": names,
            "__dataclass_fields__": _Fields(defaults, hidden, uncompared),
            "__init__": _initializer(names, defaults),
            "__setattr__": _refuse,
            "__delattr__": _refuse,
            "__reduce__": lambda self: (type(self), tuple(getattr(self, name) for name in names)),
            **_comparison([name for name in names if name not in uncompared]),
        }
        members.setdefault("__repr__", _representation([name for name in names if name not in hidden]))
        return type(kind)(kind.__name__, (), members)

    return made


def _initializer(names: tuple[str, ...], defaults: dict[str, Any]) -> Any:
    parameters = (f"{name}=defaults[{name!r}]" if name in defaults else name for name in names)
    lines = (f" assign(self, {name!r}, {name})" for name in names)
    scope: dict[str, Any] = {"defaults": defaults, "assign": object.__setattr__}
    exec("\n".join((f"def __init__(self, {', '.join(parameters)}):", *lines, " pass")), scope)  # noqa: S102 - our own names
    return scope["__init__"]


def _comparison(names: list[str]) -> dict[str, Any]:
    values = attrgetter(*names) if names else lambda _: ()

    def equal(self: Any, other: object) -> Any:
        return values(self) == values(other) if type(other) is type(self) else NotImplemented

    return {"__eq__": equal, "__hash__": lambda self: hash(values(self))}


def _representation(names: list[str]) -> Any:
    def shown(self: Any) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return shown


def _refuse(self: Any, name: str, *_: Any) -> None:
    raise AttributeError(f"a {type(self).__name__} is frozen: `{name}` stays as it is")


class _Fields:
    """The fields as `dataclasses` describes them, made when it first asks."""

    __slots__ = ("defaults", "hidden", "uncompared")

    def __init__(self, defaults: dict[str, Any], hidden: Collection[str], uncompared: Collection[str]) -> None:
        self.defaults = defaults
        self.hidden = hidden
        self.uncompared = uncompared

    def __get__(self, _: object, kind: Any) -> Any:
        from dataclasses import MISSING, field, make_dataclass  # its import is what records do without

        members = []
        for name, shape in kind.__annotations__.items():
            default = self.defaults.get(name, MISSING)
            described: Any = field(default=default, repr=name not in self.hidden, compare=name not in self.uncompared)
            members.append((name, shape, described))
        described = make_dataclass(kind.__name__, members, init=False, repr=False, eq=False, match_args=False)
        kind.__dataclass_fields__ = described.__dataclass_fields__
        return kind.__dataclass_fields__
