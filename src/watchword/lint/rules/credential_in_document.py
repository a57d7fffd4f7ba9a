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
from functools import cache
from typing import Any

from watchword.document import Node
from watchword.ground import Severity, redact, render_pointer
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.WARNING
GROUP = "secrets"
# Each with a text that all of its kind hold: to look for that one first is a hundred times as fast. What may not stand
# before a form is asked after its first letters for the same reason.
_FORMS = (
    ("a key of AWS", "AKIA", r"AKIA(?<!\wAKIA)[0-9A-Z]{16}\b"),
    ("a key of AWS", "ASIA", r"ASIA(?<!\wASIA)[0-9A-Z]{16}\b"),
    ("a token of GitHub", "gh", r"gh(?<!\wgh)[pousr]_[A-Za-z0-9]{36}\b"),
    ("a token of GitHub", "github_pat_", r"github_pat_(?<!\wgithub_pat_)[A-Za-z0-9_]{60,}\b"),
    ("a token of GitLab", "glpat-", r"glpat-(?<!\wglpat-)[A-Za-z0-9_-]{20}\b"),
    ("a token of Slack", "xox", r"xox(?<!\wxox)[abprs]-[0-9]{6,}-[A-Za-z0-9-]{10,}\b"),
    ("a secret key of Stripe", "k_live_", r"[sr]k_live_(?<!\w.k_live_)[A-Za-z0-9]{24,}\b"),
    ("a key of Google", "AIza", r"AIza(?<!\wAIza)[0-9A-Za-z_-]{35}\b"),
    ("a key of OpenAI", "sk-", r"sk-(?<!\wsk-)(?:proj-)?[A-Za-z0-9]{40,}\b"),
    ("a token of npm", "npm_", r"npm_(?<!\wnpm_)[A-Za-z0-9]{36}\b"),
    ("a key of SendGrid", "SG.", r"SG\.(?<!\wSG\.)[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b"),
    ("a token of PyPI", "pypi-", r"pypi-(?<!\wpypi-)AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}"),
    ("a token of Hugging Face", "hf_", r"hf_(?<!\whf_)[A-Za-z]{34}\b"),
    ("a key of Anthropic", "sk-ant-", r"sk-ant-(?<!\wsk-ant-)[a-z0-9]+-[A-Za-z0-9_-]{40,}"),
    (
        "a webhook of Slack",
        "hooks.slack.com",
        r"hooks\.slack\.com/services/T[A-Z0-9]{8,}/B[A-Z0-9]{8,}/[A-Za-z0-9]{24}\b",
    ),
    ("a signed token (JWT)", "eyJ", r"eyJ(?<!\weyJ)[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}"),
    ("a private key", "-----BEGIN ", r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*[A-Za-z0-9+/=\s]{100,}"),
    ("a password in a URL", "://", r"http(?<!\whttp)s?://[^\s/:@{}<>]+:[^\s/:@{}<>]{6,}@[a-z0-9.-]+\.[a-z]{2,}"),
)
_compiled = cache(re.compile)
# The last is the head of the payload of jwt.io's example, `{"sub":"1234567890"`.
_MADE_UP = re.compile(
    r"EXAMPLE|example|xxxx|XXXX|0{6}|1234567|abcdef|ABCDEF|\*\*\*|password|user:pass|placeholder|eyJzdWIiOiIxMjM0NTY3ODkwI"
)
_LEAST_BITS = 3.0
_SHORTEST = 16


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per text."""
    for document in subject.library.documents:
        forms = [form for form in _FORMS if _may_hold(document.text, *form[1:])]
        if not forms:
            continue
        for tokens, text in _texts(document.value):
            name = _form(text, forms)
            if name is not None:
                node = Node(document, render_pointer(tokens), text)
                yield Problem(node, f"holds what looks like {name}: {redact(text)}")


def _may_hold(source: str, mark: str, form: str) -> bool:
    """Whether a file can hold a form; in its source a line break of a private key may be an escape."""
    return mark in source and (mark == "-----BEGIN " or _compiled(form).search(source) is not None)


def _form(text: str, forms: list[tuple[str, str, str]]) -> str | None:
    """What the text most likely is, or holds."""
    found = ((name, _compiled(form).search(text)) for name, mark, form in forms if mark in text)
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
