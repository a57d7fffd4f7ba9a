"""Sums of verdicts, and the table made of them."""

import io

import pytest

from watchword.audit import Outcome, Summary, Verdict, summarised
from watchword.audit import summary as module
from watchword.audit.table import write_table
from watchword.ground import Certainty, Finding, Place, Severity, Side

DIGIT = Finding("Password/digit", "has no digit", side=Side.REQUEST, location="body#/p", operation="kii op")
ODD = Finding(
    "Password/alphabet", "is odd", Severity.OBSERVATION, Certainty.ASSUMED, Side.REQUEST, "body#/p", operation="kii op"
)
BAD_LINE = Finding("not-an-exchange", "line 12: is no JSON", place=Place("t", 12, 1))


def _verdicts() -> list[Verdict]:
    good = [Verdict("t", "line", n, n, "kii op", Outcome.VALID, Outcome.ABSENT) for n in range(1, 4)]
    bad = [Verdict("t", "line", n, None, "kii op", Outcome.INVALID, Outcome.VALID, (ODD, DIGIT)) for n in range(4, 11)]
    unknown = Verdict(
        "t", "line", 11, "x\x1b", None, Outcome.INVALID, Outcome.INVALID, (Finding("unknown-operation", "none"),)
    )
    unread = Verdict("t", "line", 12, None, None, Outcome.ABSENT, Outcome.ABSENT, (BAD_LINE,))
    return [*good, *bad, unknown, unread]


def test_summary_counts_verdicts_and_groups_findings() -> None:
    """Findings with one rule, side, operation and location are one group, with the first few places."""
    summary = summarised(_verdicts())
    assert (summary.exchanges, summary.unreadable, summary.worst) == (11, 1, Severity.ERROR)
    assert summary.operations() == ["kii op", None]
    assert summary.outcomes["kii op", Side.REQUEST, Outcome.INVALID] == 7
    assert summary.outcomes["kii op", Side.RESPONSE, Outcome.ABSENT] == 3
    messages = [(finding.rule, finding.message) for finding in summary.findings()]
    assert messages == [
        ("Password/digit", "has no digit (7 times: t:4, :5, :6, :7, :8, …)"),
        ("unknown-operation", 'none (once: t:11 (id "x\\u001b"))'),
        ("not-an-exchange", "line 12: is no JSON"),
        ("Password/alphabet", "is odd (7 times: t:4, :5, :6, :7, :8, …)"),
    ]


@pytest.mark.parametrize("cut", range(13))
def test_merged_parts_are_the_whole(cut: int) -> None:
    """Summaries of the two parts of a log merge into the summary of the log."""
    verdicts = _verdicts()
    merged = summarised(verdicts[:cut])
    merged.merge(summarised(verdicts[cut:]))
    assert merged == summarised(verdicts)
    assert merged.operations() == summarised(verdicts).operations()


def test_groups_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hostile traffic cannot make groups without end: the rest is counted, and still decides the exit code."""
    monkeypatch.setattr(module, "LARGEST", 2)
    observation = [Finding("r", "m", Severity.OBSERVATION, location=f"query.{n}") for n in range(5)]
    summary = Summary()
    for finding in (*observation, DIGIT):
        summary.add(Verdict("t", "line", 1, None, "o", Outcome.INVALID, Outcome.ABSENT, (finding,)))
    assert (len(summary.groups), summary.ungrouped, summary.worst) == (2, 4, Severity.ERROR)


def test_piped_table_is_plain_and_whole() -> None:
    """Without a terminal nothing is coloured, wrapped or cut, however long an operation's name is."""
    summary = summarised([*_verdicts(), Verdict("t", "line", 13, None, "x" * 300, Outcome.VALID, Outcome.VALID)])
    stream = io.StringIO()
    write_table(summary, stream, coloured=False)
    lines = stream.getvalue().splitlines()
    assert lines[-1] == "12 exchanges, 1 that could not be read"
    assert any(line.startswith("x" * 300) for line in lines)
    row = next(line for line in lines if line.startswith("kii op"))
    assert row.split() == ["kii", "op", "3", "·", "7", "7", "·", "·", "3"]
    assert "\x1b" not in stream.getvalue()
    assert all(line == line.rstrip() for line in lines)


def test_table_of_nothing_is_a_count() -> None:
    """No exchange, no table."""
    stream = io.StringIO()
    write_table(Summary(), stream, coloured=False)
    assert stream.getvalue() == "0 exchanges\n"


def test_seen_names_a_file_where_it_changes() -> None:
    """Places follow each other without repeating the file's name."""
    places = [("a", "line", 4), ("a", "line", 9), ("b.har", "entry", 0), ("b.har", "entry", 3), ("a", "line", 1)]
    summary = Summary()
    for file, unit, position in places:
        of = position if unit == "entry" else None
        summary.add(Verdict(file, unit, position, of, "o", Outcome.INVALID, Outcome.ABSENT, (DIGIT,)))
    assert summary.listed()[0].seen == "5 times: a:4, :9, b.har#/log/entries/0, #/log/entries/3, a:1"
