"""Functions that rulesets in Spectral's form may call. One takes its options and gives a check of a value."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from watchword.ground import WatchwordError, redact

Json = Any
Check = Callable[[Json], str | None]
"""What is wrong with a value, in words; `None` where nothing is."""

_CASES = {
    "flat": r"[a-z][a-z0-9]*",
    "camel": r"[a-z][a-z0-9]*(?:[A-Z0-9](?:[a-z0-9]+|$))*",
    "pascal": r"[A-Z][a-z0-9]*(?:[A-Z0-9](?:[a-z0-9]+|$))*",
    "kebab": r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*",
    "cobol": r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*",
    "snake": r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*",
    "macro": r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*",
}


def truthy(_options: Mapping[str, Json], _where: str) -> Check:
    """Neither absent, nor null, false, 0 or empty."""
    return lambda value: None if value else "must not be empty"


def defined(_options: Mapping[str, Json], _where: str) -> Check:
    """Present."""
    return lambda value: None if value is not None else "must be given"


def undefined(_options: Mapping[str, Json], _where: str) -> Check:
    """Absent."""
    return lambda value: None if value is None else "must not be given"


def pattern(options: Mapping[str, Json], where: str) -> Check:
    """A text in which `match` is found and `notMatch` is not."""
    match, not_match = _compiled(options, "match", where), _compiled(options, "notMatch", where)

    def check(value: Json) -> str | None:
        if not isinstance(value, str):
            return None
        if match is not None and match.search(value) is None:
            return f"must match `{match.pattern}`"
        if not_match is not None and not_match.search(value) is not None:
            return f"must not match `{not_match.pattern}`"
        return None

    return check


def casing(options: Mapping[str, Json], where: str) -> Check:
    """A text in one of the usual cases (`type`), `separator.char` between words of it allowed."""
    kind = options.get("type")
    if kind not in _CASES:
        raise WatchwordError(f"{where}: casing `{kind}` is not one of {', '.join(_CASES)}")
    word = _CASES[kind]
    separator = options.get("separator", {})
    char = re.escape(str(separator.get("char", ""))) if isinstance(separator, dict) else ""
    leading = f"{char}?" if char and separator.get("allowLeading") else ""
    form = re.compile(f"{leading}{word}(?:{char}{word})*" if char else word)
    return lambda value: (
        None if not isinstance(value, str) or not value or form.fullmatch(value) else f"must be in {kind} case"
    )


def length(options: Mapping[str, Json], where: str) -> Check:
    """A text, list or object of `min` to `max` characters, items or members, or a number between them."""
    least, most = options.get("min"), options.get("max")
    if least is None and most is None:
        raise WatchwordError(f"{where}: length needs `min` or `max`")

    def check(value: Json) -> str | None:
        if isinstance(value, str | list | dict):
            size: float = len(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            size = value
        else:
            return None
        if least is not None and size < least:
            return f"must not be below {least}"
        return f"must not be above {most}" if most is not None and size > most else None

    return check


def enumeration(options: Mapping[str, Json], where: str) -> Check:
    """One of `values`."""
    values = options.get("values")
    if not isinstance(values, list):
        raise WatchwordError(f"{where}: enumeration needs `values`")
    shown = ", ".join(redact(value, secret=False) for value in values[:10])
    return lambda value: None if value in values or isinstance(value, dict | list) else f"must be one of {shown}"


def schema(options: Mapping[str, Json], where: str) -> Check:
    """A value that meets the JSON Schema in `schema`."""
    import jsonschema_rs  # the other functions do without

    given = options.get("schema")
    try:
        validator = jsonschema_rs.validator_for(given if given is not None else True)
    except (ValueError, TypeError, jsonschema_rs.ValidationError) as error:
        raise WatchwordError(f"{where}: the schema is not valid: {str(error).splitlines()[0]}") from None

    def check(value: Json) -> str | None:
        if value is None or validator.is_valid(value):
            return None
        error = next(iter(validator.iter_errors(value)))
        return f"breaks `{error.kind.name}` of the schema"

    return check


def _compiled(options: Mapping[str, Json], name: str, where: str) -> re.Pattern[str] | None:
    text = options.get(name)
    if text is None:
        return None
    flags = 0
    if isinstance(text, str) and (slashed := re.fullmatch(r"/(.*)/([a-z]*)", text, re.DOTALL)):
        text, flags = slashed[1], re.IGNORECASE if "i" in slashed[2] else 0
    try:
        return re.compile(text, flags)
    except (re.error, TypeError) as error:
        raise WatchwordError(f"{where}: `{name}` is no regular expression: {error}") from None


FUNCTIONS: Mapping[str, Callable[[Mapping[str, Json], str], Check]] = {
    "truthy": truthy,
    "pattern": pattern,
    "casing": casing,
    "length": length,
    "enumeration": enumeration,
    "schema": schema,
    "defined": defined,
    "undefined": undefined,
}
"""The functions by their names in rulesets."""
