"""Characters that tell how a service treats what its rule does not name, and languages that hold just one of them."""

from watchword.language.alphabet import telling_apart
from watchword.language.automaton import Automaton
from watchword.language.ranges import EVERY_LENGTH, NOTHING, Ranges, complement, difference, of_text

PROBES = (
    " \t\n\r\0\x1f\x7f\x80\x85\xa0\"'\\`,.éßÿ\u0130\u0131\u017f\u0301\u0410\u0430\u0435\u0660\u0966\u200b"
    "\u200d\u2028\u202e\u212a\u3000\u4e2d\ufb01\ufeff\uff01\uff10\uff21\uff41\uffff\U0001d7ce\U0001f600\U000e0041\U0010ffff\ud800\udfff"
)
"""One of each kind: white space, controls, quotes, accents, look-alikes, other scripts' digits, wide forms, emoji,
format characters, noncharacters, lone surrogates."""


def one_foreign(alphabet: Ranges) -> Automaton:
    """All texts over an alphabet with at most one character outside of it, that one being a probe."""
    probes = difference(of_text(PROBES), alphabet)
    rest = complement(alphabet)
    joint = telling_apart([alphabet, probes, rest])
    members = joint.members()
    rows = []
    for state in range(3):
        row = []
        for number in range(joint.count):
            first = members[number][:1]
            inside = not difference(first, alphabet)
            probe = not difference(first, probes)
            row.append(state if inside else 1 if probe and state == 0 else 2)
        rows.append(tuple(row))
    return Automaton(joint, tuple(rows), (EVERY_LENGTH, EVERY_LENGTH, NOTHING))
