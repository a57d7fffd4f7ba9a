"""What is a secret in a document: by `format: password`, and by name. Judges nothing."""

from watchword.document import Node
from watchword.ground import sounds_secret
from watchword.lint.reach import key_of, reach_of
from watchword.lint.subject import Subject
from watchword.lint.walk import Spot

_NO_SECRET_FORMATS = frozenset({"date", "date-time", "uri", "url", "email", "uuid", "byte-count"})


def is_marked(subject: Subject, node: Node) -> bool:
    """Whether a schema says `format: password`, itself, by reference or in a part of it."""
    pending, seen = [node], set()
    while pending:
        each = subject.follow(pending.pop())
        if each is None or key_of(each) in seen or not isinstance(each.value, dict):
            continue
        seen.add(key_of(each))
        if each.value.get("format") == "password":
            return True
        for keyword in ("allOf", "anyOf", "oneOf"):
            child = each.get(keyword)
            pending.extend(child.items() if child else ())
    # Beside a `$ref` too (3.1 and later).
    return isinstance(node.value, dict) and node.value.get("format") == "password"


def may_hold_secret_text(subject: Subject, node: Node) -> bool:
    """Whether a schema can hold a text of the author's choice: no list of values, no date, no other type."""
    target = subject.follow(node)
    value = target.value if target is not None else None
    if not isinstance(value, dict):
        return False
    types = value.get("type", "string" if not set(value) & {"properties", "items"} else "object")
    is_text = types == "string" or (isinstance(types, list) and "string" in types)
    return is_text and "enum" not in value and "const" not in value and value.get("format") not in _NO_SECRET_FORMATS


def secret_members(subject: Subject) -> list[Spot]:
    """The members of objects that are secrets, by mark or by name, document order."""
    return subject.once(_secret_members)


def _secret_members(subject: Subject) -> list[Spot]:
    found = []
    for spot in subject.of("schema"):
        if spot.via == "properties" and isinstance(spot.node.value, dict):
            sounds = sounds_secret(spot.name) and may_hold_secret_text(subject, spot.node)
            if sounds or is_marked(subject, spot.node):
                found.append(spot)
    return found


def secrets_below(subject: Subject, start: Node) -> list[Spot]:
    """The secret members that a schema reaches, in the order of the walk."""
    by_key = {key_of(spot.node): spot for spot in secret_members(subject)}
    if not by_key:
        return []
    return [by_key[key_of(node)] for node in reach_of(subject).below(start) if key_of(node) in by_key]
