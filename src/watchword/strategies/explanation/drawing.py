"""The automaton of a language as a small SVG: states in columns by distance from the start. Lengths are not drawn."""

import math
from html import escape

from watchword.language import Language
from watchword.language.automaton import Automaton, minimal
from watchword.language.ranges import Ranges, size
from watchword.language.tails import edges_of
from watchword.strategies.explanation.letters import render_characters

MOST_STATES = 40
_COLUMN, _ROW, _RADIUS, _MARGIN = 190, 88, 15, 62
_LABEL = 14

Edges = dict[tuple[int, int], Ranges]


def render_automaton(language: Language) -> str | None:
    """An `<svg>` element, or None for more states than one can follow with the eye."""
    automaton = _plain(language)
    edges = _edges(automaton)
    columns = _columns(edges)
    if len(columns) > MOST_STATES:
        return None
    places = _places(columns)
    width = _MARGIN * 2 + _COLUMN * max(columns.values())
    height = _MARGIN * 2 + _ROW * (max(list(columns.values()).count(column) for column in columns.values()) - 1)
    places = {state: (x, y + height / 2) for state, (x, y) in places.items()}
    lines = [_edge(pair, members, places) for pair, members in edges.items()]
    texts = [_label(pair, members, places) for pair, members in edges.items()]
    circles = [_state(number, place, ends=bool(automaton.accepts[number])) for number, place in places.items()]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" aria-label="automaton of {len(places)} states">'
    )
    return "\n".join([head, _ARROW, *lines, *circles, *texts, "</svg>"])


def _plain(language: Language) -> Automaton:
    """The smallest automaton of the characters alone."""
    automaton = language.automaton
    whole = ((0, 1 << 62),)
    return minimal(
        Automaton(automaton.alphabet, automaton.rows, tuple(whole if found else () for found in automaton.accepts))
    )


def _edges(automaton: Automaton) -> Edges:
    useful = _useful(automaton)
    found = edges_of(automaton, useful)
    return {(state, target): members for state in sorted(useful) for target, _, members in found[state]}


def _useful(automaton: Automaton) -> frozenset[int]:
    """The states that lead to an end."""
    found = {state for state, ends in enumerate(automaton.accepts) if ends}
    while more := {s for s, row in enumerate(automaton.rows) if s not in found and not found.isdisjoint(row)}:
        found |= more
    return frozenset(found)


def _columns(edges: Edges) -> dict[int, int]:
    """State -> steps from the start."""
    found = {0: 0}
    pending = [0]
    for state in pending:
        for source, target in edges:
            if source == state and target not in found:
                found[target] = found[state] + 1
                pending.append(target)
    return found


def _places(columns: dict[int, int]) -> dict[int, tuple[float, float]]:
    places: dict[int, tuple[float, float]] = {}
    for column in set(columns.values()):
        states = [state for state in columns if columns[state] == column]
        for index, state in enumerate(states):
            places[state] = (_MARGIN + column * _COLUMN, (index - (len(states) - 1) / 2) * _ROW)
    return places


def _edge(pair: tuple[int, int], members: Ranges, places: dict[int, tuple[float, float]]) -> str:
    title = f"<title>{escape(render_characters(members))}</title>"
    return f'<path class="edge" d="{_path(pair, places)}" marker-end="url(#arrow)">{title}</path>'


def _path(pair: tuple[int, int], places: dict[int, tuple[float, float]]) -> str:
    (x1, y1), (x2, y2) = places[pair[0]], places[pair[1]]
    if pair[0] == pair[1]:
        return f"M{x1 - 8:g} {y1 - 13:g} C{x1 - 24:g} {y1 - 46:g} {x1 + 24:g} {y1 - 46:g} {x1 + 8:g} {y1 - 15:g}"
    angle = math.atan2(y2 - y1, x2 - x1)
    dx, dy = math.cos(angle), math.sin(angle)
    start = (x1 + dx * _RADIUS, y1 + dy * _RADIUS)
    end = (x2 - dx * (_RADIUS + 5), y2 - dy * (_RADIUS + 5))
    bend = _bend(x1, x2)
    middle = ((start[0] + end[0]) / 2 - dy * bend, (start[1] + end[1]) / 2 + dx * bend)
    points = [*start, *middle, *end]
    return "M{:.0f} {:.0f} Q{:.0f} {:.0f} {:.0f} {:.0f}".format(*points)


def _bend(x1: float, x2: float) -> float:
    """Edges to the next column are straight; those back or within a column go round."""
    return 0.0 if x2 - x1 == _COLUMN else -46.0


def _label(pair: tuple[int, int], members: Ranges, places: dict[int, tuple[float, float]]) -> str:
    (x1, y1), (x2, y2) = places[pair[0]], places[pair[1]]
    if pair[0] == pair[1]:
        x, y = x1, y1 - 42
    else:
        bend = _bend(x1, x2) / 2
        angle = math.atan2(y2 - y1, x2 - x1)
        x = x1 + (x2 - x1) * 0.28 - math.sin(angle) * bend
        y = y1 + (y2 - y1) * 0.28 + math.cos(angle) * bend - 4
    return f'<text class="label" x="{x:.0f}" y="{y:.0f}">{escape(_short(members))}</text>'


def _short(members: Ranges) -> str:
    text = render_characters(members)
    return text if len(text) <= _LABEL else f"{size(members):,} chars"


def _state(number: int, place: tuple[float, float], *, ends: bool) -> str:
    x, y = place
    start = (
        f'<path class="edge" d="M{x - 42:g} {y:g} L{x - 20:g} {y:g}" marker-end="url(#arrow)"/>' if not number else ""
    )
    ring = f'<circle class="end" cx="{x:g}" cy="{y:g}" r="{_RADIUS - 4}"/>' if ends else ""
    return f'{start}<circle class="state" cx="{x:g}" cy="{y:g}" r="{_RADIUS}"/>{ring}'


_ARROW = (
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0 L8 4 L0 8 z"/></marker></defs>'
    "<style>.edge{fill:none;stroke:#64748b}.state{fill:#f8fafc;stroke:#0f172a}.end{fill:none;stroke:#0f172a}"
    ".label{font:11px ui-monospace,monospace;text-anchor:middle;fill:#0f172a;stroke:#fff;stroke-width:3px;"
    "paint-order:stroke}marker path{fill:#64748b}</style>"
)
