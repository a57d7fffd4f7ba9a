"""Base paths of Server Objects. Hosts are not looked at: a contract is the same wherever it is deployed."""

import re
from itertools import product

from watchword.document import Node

_AUTHORITY = re.compile(r"^(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#]*")
_VARIABLE = re.compile(r"\{([^{}]+)\}")
_MOST_COMBINATIONS = 100


def base_paths(servers: Node | None) -> tuple[str, ...]:
    """The distinct paths, without trailing slash, under which these servers offer operations; `("",)` for none.

    A variable with an `enum` stands for each of its values, one without stays a template (it may hold anything).
    """
    found: dict[str, None] = {}
    for server in servers.items() if servers else ():
        url = server.get("url")
        if url is not None and isinstance(url.value, str):
            path = _AUTHORITY.sub("", url.value).split("?")[0].split("#")[0].rstrip("/")
            for base in _expansions(path, server.get("variables")):
                found["/" + base.lstrip("/") if base else ""] = None
    return tuple(found) or ("",)


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
    variable = variables.get(name) if variables else None
    enum = variable.get("enum") if variable else None
    values = [item.value.strip("/") for item in enum.items() if isinstance(item.value, str)] if enum else []
    return values or ["{" + name + "}"]
