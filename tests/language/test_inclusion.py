"""Two versions of a rule: whether the new one takes all that the old one took, and the shortest text that it lost."""

import random

import pytest

from watchword.language import Rules

_ROMA = [
    {"title": "length", "minLength": 16, "maxLength": 32},
    {"pattern": "[0-9]"},
    {"pattern": "[A-Z]"},
    {"pattern": "[a-z]"},
    {"pattern": r"[~!@#$%^&*()\-_=+|[{}\];:<>/?]".replace("|[", "|\\[")},
    {"pattern": r"^[A-Za-z0-9~!@#$%^&*()\-_=+|\[{}\];:<>/?]*$"},
]
_LESS_SPECIAL = [*_ROMA[:4], {"pattern": r"[~!@#$%^&*()\-_=+|\[{}\];:</?]"}, _ROMA[5]]
_AS_ONE = {
    "pattern": r"^(?=.*[0-9])(?=.*[A-Z])(?=.*[a-z])(?=.*[~!@#$%^&*()\-_=+|\[{}\];:<>/?])"
    r"[A-Za-z0-9~!@#$%^&*()\-_=+|\[{}\];:<>/?]{16,32}$"
}

_PAIRS = [
    # Old schema, new schema, shortest text lost (None: nothing is lost).
    ({"minLength": 8}, {"minLength": 9}, "0" * 8),
    ({"minLength": 9}, {"minLength": 8}, None),
    ({"maxLength": 32}, {"maxLength": 31}, "0" * 32),
    ({"maxLength": 31}, {"maxLength": 32}, None),
    ({"minLength": 1, "maxLength": 3}, {"minLength": 4}, "0"),
    ({}, {"maxLength": 0}, "0"),
    ({"maxLength": 0}, {"const": ""}, None),
    ({"pattern": "^[a-z]*$"}, {"pattern": "^[a-y]*$"}, "z"),
    ({"pattern": "^[a-y]*$"}, {"pattern": "^[a-z]*$"}, None),
    ({"pattern": r"^\d+$"}, {"pattern": "^[0-9]+$"}, None),
    ({"pattern": r"^\w+$"}, {"pattern": "^[A-Za-z0-9]+$"}, "_"),
    ({"pattern": r"^\s$"}, {"pattern": r"^[ \t\r\n]$"}, "\u1680"),
    ({"pattern": "^[^a]$"}, {"pattern": "^.$"}, "\u2028"),
    ({"pattern": "^.$"}, {"pattern": "^[^\n]$"}, None),
    ({"pattern": r"^\p{Lu}$"}, {"pattern": r"^\p{L}$"}, None),
    ({"pattern": r"^\p{L}$"}, {"pattern": r"^[A-Za-z]$"}, "\u00aa"),
    ({"pattern": "a"}, {"pattern": "^a"}, "0a"),
    ({"pattern": "^a"}, {"pattern": "a"}, None),
    ({"pattern": "a"}, {"pattern": "a$"}, "a0"),
    ({"pattern": "^a$"}, {"pattern": "^a"}, None),
    ({"pattern": "^a|b$"}, {"pattern": "^(?:a|b)$"}, "0b"),
    ({"pattern": "^(?:a|b)$"}, {"pattern": "^a|b$"}, None),
    ({"pattern": r"cat"}, {"pattern": r"\bcat\b"}, "0cat"),
    ({"pattern": r"\bcat\b"}, {"pattern": r"cat"}, None),
    ({"pattern": "^(?=.*a)b"}, {"pattern": "^b"}, None),
    ({"pattern": "^b"}, {"pattern": "^(?=.*a)b"}, "b"),
    ({"pattern": "^[ab]*$"}, {"pattern": "^(?!.*aa)[ab]*$"}, "aa"),
    ({"pattern": "^(?!.*aa)[ab]*$"}, {"pattern": "^(?:b|ab)*a?$"}, None),
    ({"pattern": "(?<!a)b"}, {"pattern": "^b|[^a]b"}, None),
    ({"pattern": "^(?:a{2}){1,3}$"}, {"pattern": "^a{2,6}$"}, None),
    ({"pattern": "^a{2,6}$"}, {"pattern": "^(?:a{2}){1,3}$"}, "aaa"),
    ({"enum": ["a", "b"]}, {"enum": ["a", "c"]}, "b"),
    ({"enum": ["a", "b"]}, {"pattern": "^[a-c]$"}, None),
    ({"allOf": _ROMA}, _AS_ONE, None),
    (_AS_ONE, {"allOf": _ROMA}, None),
    ({"allOf": _ROMA}, {"allOf": _LESS_SPECIAL}, "0000000000000Aa>"),
    ({"allOf": _LESS_SPECIAL}, {"allOf": _ROMA}, None),
    ({"pattern": "^[a-z]{1,65535}$"}, {"pattern": "^[a-z]{1,65534}$"}, "a" * 65_535),
    ({"if": {"pattern": "^k"}, "then": {"minLength": 3}}, {"minLength": 3}, ""),
    ({"not": {"pattern": "a"}}, {"pattern": "^[^a]*$"}, None),
]


def test_there_are_at_least_thirty_pairs():
    """Lengths, classes, anchors, look-around, lists: at least thirty pairs, both answers well represented."""
    assert len(_PAIRS) >= 30
    assert sum(lost is None for _, _, lost in _PAIRS) > 12


@pytest.mark.parametrize(("old", "new", "lost"), _PAIRS)
def test_inclusion_is_decided_with_the_shortest_lost_text(old, new, lost):
    """`old <= new` holds exactly when no text is lost; else the witness is one, and no shorter sample is."""
    before, after = Rules.of(old), Rules.of(new)
    assert (before.valid <= after.valid) == (lost is None)
    difference = before.valid - after.valid
    assert difference.witness() == lost
    if lost is not None:
        assert before.accepts(lost)
        assert not after.accepts(lost)
    draw = random.Random(3)
    for _ in range(5 if lost and len(lost) > 1000 else 300):
        text = before.valid.sample(draw)
        assert before.accepts(text)
        if not after.accepts(text):
            assert lost is not None
            assert len(text) >= len(lost)
