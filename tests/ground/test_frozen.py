"""Records behave as the frozen dataclasses that they stand for."""

import copy
import dataclasses
import inspect
import pickle
import subprocess
import sys

import pytest

from watchword.ground import Exchange, Finding, Request, Response, record


class Shape:
    """A point with a name."""

    x: int
    y: int = 2
    name: str | None = None

    @property
    def sum(self) -> int:
        """Of both."""
        return self.x + self.y


PEER = dataclasses.dataclass(frozen=True, slots=True)(type("Shape", (), dict(vars(Shape))))
OURS = record()(Shape)


@pytest.mark.parametrize("values", [((1,), {}), ((1, 5), {"name": "a"}), ((), {"x": 0, "name": "b"})])
def test_record_looks_and_compares_as_a_frozen_dataclass(values):
    """Text, equality, hash, properties, order of fields and of a `match` are those of the standard library."""
    positional, named = values
    ours, peer = OURS(*positional, **named), PEER(*positional, **named)
    assert repr(ours) == repr(peer)
    assert hash(ours) == hash(peer)
    assert ours.sum == peer.sum
    assert ours == OURS(*positional, **named)
    assert ours != OURS(9, 9)
    assert ours != peer
    assert OURS.__match_args__ == PEER.__match_args__
    assert OURS.__slots__ == PEER.__slots__
    assert OURS.__doc__ == "A point with a name."
    assert inspect.signature(OURS).parameters.keys() == inspect.signature(PEER).parameters.keys()


@pytest.mark.parametrize("values", [((), {}), ((1, 2, "a", 3), {}), ((1,), {"x": 1}), ((1,), {"z": 1})])
def test_call_that_a_dataclass_refuses_is_refused(values):
    """Missing, surplus, repeated and unknown fields are mistakes of the caller."""
    for kind in (OURS, PEER):
        with pytest.raises(TypeError):
            kind(*values[0], **values[1])


def test_record_is_frozen():
    """No field can be set, deleted or added."""
    ours = OURS(1)
    for change in (lambda: setattr(ours, "x", 2), lambda: setattr(ours, "z", 2), lambda: delattr(ours, "x")):
        with pytest.raises(AttributeError, match="a Shape is frozen"):
            change()
    assert ours == OURS(1)
    assert not hasattr(ours, "__dict__")


def test_functions_of_dataclasses_take_records():
    """`replace`, `fields`, `asdict` and `is_dataclass` say what they say of a frozen dataclass."""
    ours, peer = OURS(1), PEER(1)
    assert dataclasses.replace(ours, y=7) == OURS(1, 7)
    assert dataclasses.asdict(ours) == dataclasses.asdict(peer)
    assert dataclasses.is_dataclass(OURS)
    for kind in (OURS, ours):
        given = [(field.name, field.type, field.default) for field in dataclasses.fields(kind)]
        assert given == [(field.name, field.type, field.default) for field in dataclasses.fields(PEER)]
    with pytest.raises(TypeError):
        dataclasses.replace(ours, z=1)


def test_record_is_copied_and_pickled():
    """Also one that holds others."""
    exchange = Exchange(Request("GET", "/a", (("A", "b"),), b"c"), Response(204), id=7)
    for twin in (copy.copy(exchange), copy.deepcopy(exchange), pickle.loads(pickle.dumps(exchange))):
        assert twin == exchange
        assert hash(twin) == hash(exchange)


def test_hidden_field_is_not_shown_and_counts_all_the_same():
    """A field that may hold a secret is no part of any text about its record."""

    @record(hidden=("body",))
    class Sent:
        url: str
        body: bytes = b""

    assert repr(Sent("/a", b"hunter2")).endswith("Sent(url='/a')")
    assert Sent("/a", b"hunter2") != Sent("/a", b"")


def test_uncompared_field_does_not_count():
    """Neither for equality nor for the hash, and `dataclasses` says so too."""

    @record(uncompared=("note",))
    class Noted:
        x: int
        note: str = ""

    assert Noted(1, "a") == Noted(1, "b") != Noted(2, "a")
    assert hash(Noted(1, "a")) == hash(Noted(1, "b"))
    assert [field.compare for field in dataclasses.fields(Noted)] == [True, False]
    assert dataclasses.replace(Noted(1, "a"), x=2).note == "a"


def test_record_without_fields_equals_its_like():
    """The nodes of a syntax tree that say nothing but what they are."""

    @record()
    class Start:
        """A line's."""

    assert Start() == Start()
    assert hash(Start()) == hash(Start())
    assert repr(Start()).endswith("Start()")
    assert dataclasses.fields(Start) == ()


def test_method_of_its_own_is_kept():
    """A record that says how it reads as text reads so."""

    @record()
    class Own:
        x: int

        def __repr__(self) -> str:
            return "own"

        def __str__(self) -> str:
            return "text"

    assert repr(Own(1)) == "own"
    assert str(Own(1)) == "text"


def test_ground_loads_no_dataclasses():
    """The nouns cost no more than themselves."""
    program = "import watchword.ground, sys; print('dataclasses' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "False"
    assert [field.name for field in dataclasses.fields(Finding)][:2] == ["rule", "message"]
