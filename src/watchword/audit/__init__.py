"""Recorded traffic judged against contracts: readers in, one verdict an exchange out, summed up where wanted.

    verdicts = audit(["traffic.jsonl"], [watchword.load("kii")])
    summary = summarised(verdicts)

Prints nothing; `verdict_line` and `watchword.audit.table.write_table` render.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from watchword.audit.judge import Judge
from watchword.audit.lines import verdict_line
from watchword.audit.source import opened
from watchword.audit.summary import Summary, summarised
from watchword.audit.verdict import Outcome, Verdict
from watchword.ground import WatchwordError
from watchword.validation import Validator

__all__ = ["Outcome", "Summary", "Verdict", "audit", "summarised", "verdict_line"]


def audit(paths: Iterable[str | Path], validators: Sequence[Validator]) -> Iterator[Verdict]:
    """One Verdict per exchange or unreadable line, input order, lazily and in constant memory.

    Files are JSON lines or HAR 1.2, told apart by content, gzip'd or not; `-` is standard input. Of several validators
    the first one that has an operation for the exchange's method and path judges it. Raises UnreadableInput for a file
    that cannot be opened or whose compression is broken, when its turn comes; WatchwordError without any validator.
    """
    if not validators:
        raise WatchwordError("an audit needs at least one contract")
    judge = Judge(validators)
    for path in paths:
        with opened(str(path)) as traffic:
            for position, found in traffic.recorded():
                yield judge.verdict(traffic, position, found)
