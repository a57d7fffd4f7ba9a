"""A text of the document looks like a real credential.

Documents are published, mirrored and indexed. What is in them has to be taken as known to everybody: revoke it. Forms
that vendors give their keys are looked for, in examples, defaults, `enum`s, descriptions and server URLs. (CWE-798.)

Bad:

    example: ghp_...36 letters and digits...

Good:

    example: example-token
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from watchword.document import Node
from watchword.ground import Severity, redact, render_pointer
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "secrets"
_FORMS = {
    "a key of AWS": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a token of GitHub": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})\b",
    "a token of GitLab": r"\bglpat-[A-Za-z0-9_-]{20}\b",
    "a token of Slack": r"\bxox[abprs]-[0-9]{6,}-[A-Za-z0-9-]{10,}\b",
    "a secret key of Stripe": r"\b[sr]k_live_[A-Za-z0-9]{24,}\b",
    "a key of Google": r"\bAIza[0-9A-Za-z_-]{35}\b",
    "a key of OpenAI": r"\bsk-(?:proj-)?[A-Za-z0-9]{40,}\b",
    "a token of npm": r"\bnpm_[A-Za-z0-9]{36}\b",
    "a private key": r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*[A-Za-z0-9+/=\s]{100,}",
    "a password in a URL": r"\bhttps?://[^\s/:@{}<>]+:[^\s/:@{}<>]{6,}@[a-z0-9.-]+\.[a-z]{2,}",
}
_ANY = re.compile("|".join(f"(?:{form})" for form in _FORMS.values()))
_MADE_UP = re.compile(r"EXAMPLE|example|xxxx|XXXX|0{6}|1234567|abcdef|ABCDEF|\*\*\*|password|user:pass|placeholder")
_LEAST_BITS = 3.0
_SHORTEST = 16


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per text."""
    for document in subject.library.documents:
        if _ANY.search(document.text) is None and "PRIVATE KEY-----" not in document.text:
            continue
        for tokens, text in _texts(document.value):
            name = _form(text)
            if name is not None:
                node = Node(document, render_pointer(tokens), text)
                yield Problem(node, f"holds what looks like {name}: {redact(text)}")


def _form(text: str) -> str | None:
    """What the text most likely is, or holds."""
    if _ANY.search(text) is None:
        return None
    found = ((name, re.search(form, text)) for name, form in _FORMS.items())
    return next((name for name, match in found if match is not None and _looks_real(match[0])), None)


def _texts(value: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    pending: list[tuple[tuple[str | int, ...], Any]] = [((), value)]
    while pending:
        tokens, value = pending.pop()
        if isinstance(value, str):
            if len(value) >= _SHORTEST:
                yield tokens, value
        elif isinstance(value, dict):
            pending.extend(((*tokens, name), child) for name, child in reversed(value.items()))
        elif isinstance(value, list):
            pending.extend(((*tokens, index), child) for index, child in reversed(list(enumerate(value))))


def _looks_real(text: str) -> bool:
    """Neither marked as made up nor of too little variety (Shannon entropy of its characters, in bits)."""
    counts = Counter(text)
    bits = -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())
    return bits >= _LEAST_BITS and not _MADE_UP.search(text)
