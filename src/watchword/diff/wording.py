"""What a keyword asks for, and what a change of it means to somebody, in words. Decides nothing."""

from typing import Any

from watchword.ground import Side, cut, redact

Json = Any

_LONG = 40
"""Characters that nobody counts by eye."""


def shown(value: Json) -> str:
    """A witness as JSON in backticks. It is made from the documents, not a secret of anybody's."""
    long = f" ({len(value)} characters)" if isinstance(value, str) and len(value) > _LONG else ""
    return f"`{redact(value, secret=False)}`{long}"


def asked(keyword: str, value: Json) -> str:
    """What a keyword asks for."""
    match keyword:
        case "minLength":
            return f"at least {_count(value, 'character')}"
        case "maxLength":
            return f"at most {_count(value, 'character')}"
        case "pattern":
            return f"must match {_code(value)}"
        case "minimum":
            return f"at least {value}"
        case "maximum":
            return f"at most {value}"
        case "exclusiveMinimum":
            return f"more than {value}"
        case "exclusiveMaximum":
            return f"less than {value}"
        case "multipleOf":
            return f"a multiple of {value}"
        case "minItems":
            return f"at least {_count(value, 'item')}"
        case "maxItems":
            return f"at most {_count(value, 'item')}"
        case "uniqueItems":
            return "no two equal items"
        case "minProperties":
            return f"at least {_count(value, 'member')}"
        case "maxProperties":
            return f"at most {_count(value, 'member')}"
        case "const":
            return f"must be {shown(value)}"
        case "enum":
            return f"must be one of {cut(', '.join(shown(each) for each in value))}"
        case "type":
            return f"must be of type {value if isinstance(value, str) else ' or '.join(map(str, value))}"
        case "required":
            return f"`{value}` is required"
        case "additionalProperties" | "unevaluatedProperties":
            return "no other members" if value is False else "other members are restricted"
        case "items" if value is False:
            return "no items"
        case "not":
            return "must not match `not`"
        case _:
            return f"`{keyword}`"


def narrowed(side: Side | None, what: str, why: str, sent: str = "returned") -> str:
    """That a value went out of use, and why; `sent` is the participle for what a service sends."""
    if side is Side.RESPONSE:
        return f"{what} could be {sent}, now it cannot: {why}"
    return f"{what} was accepted, now refused: {why}"


def widened(side: Side | None, what: str, why: str, sent: str = "returned") -> str:
    """That a value came into use, and why it was not."""
    if side is Side.RESPONSE:
        return f"{what} could not be {sent} before ({why}), now it can"
    return f"{what} was refused ({why}), now accepted"


def _count(number: Json, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _code(text: Json) -> str:
    return f"`{cut(str(text))}`"
