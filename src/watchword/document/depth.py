"""How deep a document may nest, so that nothing that walks one can run out of stack. Reads no text."""

from typing import Any

MAX_DEPTH = 200
"""Levels of objects and arrays. API descriptions stay below 50."""
TOO_DEEP = f"nested more than {MAX_DEPTH} levels deep"


def is_too_deep(value: Any) -> bool:
    """Whether a JSON tree without sharing nests too deeply."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [child for each in level for child in _children(each) if isinstance(child, dict | list)]
        if not level:
            return False
    return True


def _children(value: Any) -> Any:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
