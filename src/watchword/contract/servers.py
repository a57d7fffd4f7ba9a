"""Base paths of Server Objects. Hosts are not looked at: a contract is the same wherever it is deployed."""

import re
from itertools import product

from watchword.document import Node

_VARIABLE = re.compile(r"\{([^{}]+)\}")
_AUTHORITY = re.compile(r"^(?:(?:[A-Za-z]|\{[^{}]+\})(?:[A-Za-z0-9+.-]|\{[^{}]+\})*:)?//[^/?#]*")
_MOST_COMBINATIONS = 100


def base_paths(servers: Node | None) -> tuple[str, ...]:
    """The distinct paths, without trailing slash, under which these servers offer operations; `("",)` for none.

    A variable with an `enum` stands for each of its values, one without stays a template (it may hold anything).
    """
    found: dict[str, None] = {}
    for server in servers.items() if servers else ():
        url = server.get("url")
        if url is not None and isinstance(url.value, str):
            variables = server.get("variables")
            for whole in _with_first_settled(url.value, variables):
                path = _AUTHORITY.sub("", whole).split("?")[0].split("#")[0].rstrip("/")
                for base in _expansions(path, variables):
                    found["/" + base.lstrip("/") if base else ""] = None
    return tuple(found) or ("",)


def _with_first_settled(url: str, variables: Node | None) -> list[str]:
    """The URL; where it starts with a variable that is more than a scheme, one for each value known of it."""
    match = _VARIABLE.match(url)
    if match is None or url.startswith(":", match.end()):
        return [url]
    known = [*_enum(match.group(1), variables), *_default(match.group(1), variables)]
    return [value + url[match.end() :] for value in dict.fromkeys(known)] or [url]


def _expansions(path: str, variables: Node | None) -> list[str]:
    names = list(dict.fromkeys(_VARIABLE.findall(path)))
    choices = [_values(name, variables) for name in names]
    expanded = []
    for count, values in enumerate(product(*choices)):
        if count == _MOST_COMBINATIONS:
            break
        table = dict(zip(names, values, strict=True))
        expanded.append(_VARIABLE.sub(lambda match: table[match.group(1)], path).rstrip("/"))  # noqa: B023
    return expanded


def _values(name: str, variables: Node | None) -> list[str]:
    values = [value.strip("/") for value in _enum(name, variables)]
    deep = [value.strip("/") for value in _default(name, variables) if "/" in value.strip("/")]
    return values or ["{" + name + "}", *deep]


def _enum(name: str, variables: Node | None) -> list[str]:
    variable = variables.get(name) if variables else None
    enum = variable.get("enum") if variable else None
    return [item.value for item in enum.items() if isinstance(item.value, str)] if enum else []


def _default(name: str, variables: Node | None) -> list[str]:
    variable = variables.get(name) if variables else None
    default = variable.get("default") if variable else None
    return [default.value] if default is not None and isinstance(default.value, str) else []
