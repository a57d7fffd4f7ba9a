"""An example is masked with asterisks.

It does not show what a value looks like, breaks the rules of the very value that it stands for, and cannot be sent.
Give a made-up value that obeys the rules.

Bad:

    password: '**********'
    secret: 3b93****dc3c

Good:

    password: Example-Pass-0001
"""

import re
from collections.abc import Iterator
from typing import Any

from watchword.document import Node
from watchword.ground import Severity, redact, render_pointer
from watchword.lint.examples import given_values
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "truth"
_MASKED = re.compile(r"[^\s*•●]*[*•●]{3,}[^\s*•●]*|[xX]{8,}")


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per masked text, at its place within the example."""
    for given in given_values(subject):
        for tokens, text in _texts(given.node.value):
            if _MASKED.fullmatch(text):
                node = given.node
                message = f"{redact(text)} is masked, and no value that could be sent"
                yield Problem(Node(node.document, node.pointer + render_pointer(tokens), text), message)


def _texts(value: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    pending: list[tuple[tuple[str | int, ...], Any]] = [((), value)]
    while pending:
        tokens, value = pending.pop()
        if isinstance(value, str):
            yield tokens, value
        elif isinstance(value, dict):
            pending.extend(((*tokens, name), child) for name, child in reversed(value.items()))
        elif isinstance(value, list):
            pending.extend(((*tokens, index), child) for index, child in reversed(list(enumerate(value))))
