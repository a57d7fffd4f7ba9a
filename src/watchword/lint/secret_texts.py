"""The string schemas of secrets: those that say `format: password`, or that a secret member refers to."""

from watchword.lint.reach import key_of
from watchword.lint.secrets import is_marked, secret_members
from watchword.lint.strings import Text, texts_of
from watchword.lint.subject import Subject


def secret_texts(subject: Subject) -> list[Text]:
    """One for each schema, document order; a schema that many members refer to is judged once, where it stands."""
    return subject.once(_secret_texts)


def _secret_texts(subject: Subject) -> list[Text]:
    wanted = set()
    for spot in secret_members(subject):
        target = subject.follow(spot.node)
        if target is not None:
            wanted.add(key_of(target))
    return [text for text in texts_of(subject) if key_of(text.node) in wanted or is_marked(subject, text.node)]
