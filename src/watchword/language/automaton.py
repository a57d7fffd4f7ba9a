"""Complete deterministic automata whose states carry the lengths at which a text may end there.

A text is accepted when its length is among the `accepts` of the state that it leads to. Keeping lengths out of the
states is what makes `{1,200}` cost nothing. Holds construction, products and minimisation; questions are in `language`.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from operator import itemgetter

from watchword.ground import record
from watchword.language.alphabet import ONE_CLASS, Alphabet, joined, telling_apart
from watchword.language.limits import Budget
from watchword.language.machine import Machine
from watchword.language.ranges import EVERY_LENGTH, NOTHING, UNBOUNDED, Ranges, complement

Rows = tuple[tuple[int, ...], ...]
Accept = Callable[[tuple[Ranges, ...]], Ranges]


@record()
class Automaton:
    """`rows[state][class]` is the next state, 0 the first one; `accepts[state]` a set of lengths."""

    alphabet: Alphabet
    rows: Rows
    accepts: tuple[Ranges, ...]


def of_lengths(low: int, high: int = UNBOUNDED) -> Automaton:
    """All texts of `low` to `high` characters."""
    return Automaton(ONE_CLASS, ((0,),), (((low, high),) if low <= high else NOTHING,))


EVERYTHING = of_lengths(0)
EMPTY = Automaton(ONE_CLASS, ((0,),), (NOTHING,))


def of_machine(machine: Machine, lengths: Ranges, budget: Budget) -> Automaton:
    """The automaton of a machine, minimal, for texts of the given lengths. Raises RuleTooLarge."""
    classes = range(machine.alphabet.count)
    start = machine.initial()
    index = {start: 0}
    states = [start]
    rows = []
    for state in states:
        row = []
        for number in classes:
            after = machine.step(state, number)
            target = index.get(after)
            if target is None:
                target = index[after] = len(states)
                states.append(after)
            row.append(target)
        rows.append(tuple(row))
        budget.spend(len(row))
        budget.check("states", len(states))
        budget.check("cells", len(states) * len(classes))
    accepts = tuple(lengths if machine.accepts(state) else NOTHING for state in states)
    return minimal(Automaton(machine.alphabet, tuple(rows), accepts))


def of_texts(texts: Sequence[str], budget: Budget) -> Automaton:
    """Exactly the given texts: a tree of beginnings with equal endings shared. Raises RuleTooLarge."""
    alphabet = telling_apart(((point, point),) for point in sorted({ord(c) for text in texts for c in text}))
    class_of = {c: alphabet.class_of(ord(c)) for c in {c for text in texts for c in text}}
    tree: list[dict[int, int]] = [{}]
    ends = set()
    for text in texts:
        state = 0
        for character in text:
            branch = tree[state]
            state = branch.setdefault(class_of[character], len(tree))
            if state == len(tree):
                tree.append({})
        ends.add(state)
        budget.check("states", len(tree))
    return _shared_endings(alphabet, tree, ends, budget)


def _shared_endings(alphabet: Alphabet, tree: list[dict[int, int]], ends: set[int], budget: Budget) -> Automaton:
    merged = [0] * len(tree)
    dead = (False, ())
    numbers: dict[tuple[bool, tuple[tuple[int, int], ...]], int] = {dead: 0}
    for state in range(len(tree) - 1, -1, -1):  # children have higher numbers than their parents
        key = (state in ends, tuple((c, merged[target]) for c, target in sorted(tree[state].items())))
        merged[state] = numbers.setdefault(key, len(numbers))
    budget.check("cells", len(numbers) * alphabet.count)
    order = [merged[0], *(number for number in range(len(numbers)) if number != merged[0])]
    place = {number: i for i, number in enumerate(order)}
    keys = list(numbers)
    rows, accepts = [], []
    for number in order:
        is_end, branches = keys[number]
        row = [place[0]] * alphabet.count
        for c, target in branches:
            row[c] = place[target]
        rows.append(tuple(row))
        accepts.append(EVERY_LENGTH if is_end else NOTHING)
    return Automaton(alphabet, tuple(rows), tuple(accepts))


def product(parts: Sequence[Automaton], accept: Accept, budget: Budget) -> Automaton:
    """All parts run side by side; `accept` joins what they accept. Raises RuleTooLarge."""
    alphabet, rows, states = run_together(parts, budget)
    labels = [part.accepts for part in parts]
    known: dict[tuple[Ranges, ...], Ranges] = {}
    accepts = []
    for state in states:
        key = tuple(label[own] for label, own in zip(labels, state, strict=True))
        if key not in known:
            known[key] = accept(key)
        accepts.append(known[key])
    return Automaton(alphabet, rows, tuple(accepts))


def run_together(parts: Sequence[Automaton], budget: Budget) -> tuple[Alphabet, Rows, list[tuple[int, ...]]]:
    """The joint alphabet, the joint rows, and the parts' own states for each joint state. Raises RuleTooLarge."""
    if not parts:  # nothing is asked of a text: one state that every character keeps
        return ONE_CLASS, ((0,),), [()]
    alphabet, maps = joined([part.alphabet for part in parts])
    tables = [
        part.rows if mapping == tuple(range(part.alphabet.count)) else _expanded(part.rows, mapping)
        for part, mapping in zip(parts, maps, strict=True)
    ]
    start = (0,) * len(parts)
    index = {start: 0}
    states = [start]
    rows = []
    for state in states:
        row = []
        for after in zip(*[table[own] for table, own in zip(tables, state, strict=True)], strict=True):
            target = index.get(after)
            if target is None:
                target = index[after] = len(states)
                states.append(after)
            row.append(target)
        rows.append(tuple(row))
        budget.spend(1 + len(row) // 4)  # a cell of a product costs a fraction of a machine's step
        budget.check("states", len(states))
        budget.check("cells", len(states) * alphabet.count)
    return alphabet, tuple(rows), states


def _expanded(rows: Rows, mapping: tuple[int, ...]) -> Rows:
    if len(mapping) == 1:
        return tuple((row[mapping[0]],) for row in rows)
    pick = itemgetter(*mapping)
    return tuple(pick(row) for row in rows)


def complemented(part: Automaton) -> Automaton:
    """The texts that the automaton does not accept."""
    flipped = {label: complement(label, UNBOUNDED) for label in set(part.accepts)}
    return Automaton(part.alphabet, part.rows, tuple(flipped[label] for label in part.accepts))


def minimal(part: Automaton) -> Automaton:
    """The smallest automaton with the same labels (Hopcroft), with classes merged that it treats alike."""
    blocks = _refined(part)
    return _merged_classes(part, blocks)


def _refined(part: Automaton) -> list[int]:
    """The block of each state; states of one block accept the same continuations."""
    groups: dict[Ranges, set[int]] = defaultdict(set)
    for state, label in enumerate(part.accepts):
        groups[label].add(state)
    blocks = list(groups.values())
    block_of = [0] * len(part.rows)
    for number, block in enumerate(blocks):
        for state in block:
            block_of[state] = number
    columns = list(dict.fromkeys(zip(*part.rows, strict=True)))
    inverse = [_inverse(column) for column in columns]
    pending = {(number, c) for number in range(len(blocks)) for c in range(len(columns))}
    while pending:
        number, c = pending.pop()
        before = inverse[c]
        sources = [source for state in blocks[number] for source in before.get(state, ())]
        touched: dict[int, list[int]] = defaultdict(list)
        for source in sources:
            touched[block_of[source]].append(source)
        for old, members in touched.items():
            if len(members) == len(blocks[old]):
                continue
            split = set(members)
            blocks[old] -= split
            new = len(blocks)
            blocks.append(split)
            for state in split:
                block_of[state] = new
            smaller = new if len(split) <= len(blocks[old]) else old
            for column in range(len(columns)):
                pending.add((new, column) if (old, column) in pending else (smaller, column))
    return block_of


def _inverse(column: tuple[int, ...]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for source, target in enumerate(column):
        found[target].append(source)
    return found


def _merged_classes(part: Automaton, blocks: list[int]) -> Automaton:
    """The automaton over the blocks, in the order in which they are reached; unreached ones are left out."""
    representative: dict[int, int] = {}
    for state, block in enumerate(blocks):
        representative.setdefault(block, state)
    order = {blocks[0]: 0}
    queue = [blocks[0]]
    raw = []
    for block in queue:
        row = [blocks[target] for target in part.rows[representative[block]]]
        for target in row:
            if target not in order:
                order[target] = len(queue)
                queue.append(target)
        raw.append([order[target] for target in row])
    accepts = tuple(part.accepts[representative[block]] for block in queue)
    columns: dict[tuple[int, ...], int] = {}
    mapping = [columns.setdefault(column, len(columns)) for column in zip(*raw, strict=True)]
    if len(columns) == part.alphabet.count:
        return Automaton(part.alphabet, tuple(tuple(row) for row in raw), accepts)
    alphabet = _coarser(part.alphabet, mapping, len(columns))
    return Automaton(alphabet, tuple(zip(*columns, strict=True)), accepts)


def _coarser(alphabet: Alphabet, mapping: list[int], count: int) -> Alphabet:
    starts: list[int] = []
    classes: list[int] = []
    for start, number in zip(alphabet.starts, alphabet.classes, strict=True):
        if not classes or classes[-1] != mapping[number]:
            starts.append(start)
            classes.append(mapping[number])
    return Alphabet(tuple(starts), tuple(classes), count)
