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

from watchword.document import Node
from watchword.ground import Severity, redact
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


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per text."""
    for document in subject.library.documents:
        if _ANY.search(document.text) is None and "\\n" not in document.text:
            continue
        for node in _texts(document.root):
            for name, form in _FORMS.items():
                found = re.search(form, node.value)
                if found is not None and _looks_real(found[0]):
                    yield Problem(node, f"holds what looks like {name}: {redact(found[0])}")
                    break


def _texts(root: Node) -> Iterator[Node]:
    pending = [root]
    while pending:
        node = pending.pop()
        if isinstance(node.value, str):
            if len(node.value) >= 16:
                yield node
        elif isinstance(node.value, dict | list):
            pending.extend(reversed([*(child for _, child in node.members()), *node.items()]))


def _looks_real(text: str) -> bool:
    """Neither marked as made up nor of too little variety (Shannon entropy of its characters, in bits)."""
    counts = Counter(text)
    bits = -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())
    return bits >= _LEAST_BITS and not _MADE_UP.search(text)
