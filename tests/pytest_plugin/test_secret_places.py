"""What stands at each place of a body: a secret, one of the contract's own values, or whatever somebody chose."""

import pytest

from watchword.pytest_plugin.places import ELLIPSIS, Kind, Place, texts

PASSWORD = {"type": "string", "format": "password"}
SCHEMA = {
    "type": "object",
    "properties": {
        "secret": PASSWORD,
        "note": {"type": "string"},
        "size": {"type": "string", "enum": ["small", "large"]},
        "all": {"type": "object", "additionalProperties": PASSWORD},
        "notes": {"type": "object", "additionalProperties": {"type": "string"}},
        "pair": {"type": "object", "writeOnly": True, "properties": {"current": {"type": "string"}}},
    },
}


@pytest.mark.parametrize(
    ("body", "at", "kind"),
    [
        ({"secret": "x"}, "/secret", Kind.SECRET),
        ({"note": "x"}, "/note", Kind.FREE),
        ({"size": "small"}, "/size", Kind.LISTED),
        ({"all": {"thing": "x"}}, f"/all/{ELLIPSIS}", Kind.SECRET),
        ({"notes": {"thing": "x"}}, f"/notes/{ELLIPSIS}", Kind.FREE),
        ({"pair": {"current": "x"}}, "/pair/current", Kind.SECRET),
        ({"pair": {"list": ["x"]}}, f"/pair/{ELLIPSIS}/0", Kind.SECRET),
        ({"unknown": "x"}, f"/{ELLIPSIS}", Kind.FREE),
    ],
)
def test_kind_of_a_text_is_what_the_contract_says_of_its_place(body: object, at: str, kind: Kind) -> None:
    """By name, in a map whose names nobody knows, and within a secret that is an object; the name may be one too."""
    found = texts(body, Place(SCHEMA, lambda reference: (True, reference)))
    assert [(each.at, each.kind) for each in found][-1] == (at, kind)
