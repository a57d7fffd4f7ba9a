"""Sparse copies of documents, in which every address stays what it is, and the URIs by which an engine knows them.

An address is that of `Schema.at`: a pointer in the root document, or `file#pointer` in another.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, unquote

Json = Any

PREFIX = "urn:watchword:"


def split_address(address: str) -> tuple[str, str]:
    """File (empty for the root document) and pointer of an address."""
    if not address or address.startswith("/"):
        return "", address
    file, _, pointer = address.partition("#")
    return file, pointer


def uri_of(address: str) -> str:
    """The URI that stands for an address."""
    file, pointer = split_address(address)
    return f"{PREFIX}{quote(file)}#{quote(pointer, safe='/~')}"


def address_of(uri: str) -> str:
    """The address that a URI of `uri_of` stands for."""
    file, _, pointer = uri.removeprefix(PREFIX).partition("#")
    file, pointer = unquote(file), unquote(pointer)
    return f"{file}#{pointer}" if file else pointer


def planted(tree: Json, tokens: Sequence[str], value: Json) -> Json:
    """A copy of the tree with a value at a place; arrays on the way there that do not exist yet become objects."""
    if not tokens:
        return {**tree, **value} if isinstance(tree, dict) and isinstance(value, dict) else value
    token, rest = tokens[0], tokens[1:]
    if isinstance(tree, list) and token.isdecimal() and int(token) < len(tree):
        index = int(token)
        return [*tree[:index], planted(tree[index], rest, value), *tree[index + 1 :]]
    members = tree if isinstance(tree, dict) else {}
    return {**members, token: planted(members.get(token, {}), rest, value)}


def uprooted(tree: Json, path: Sequence[str | int]) -> Json:
    """A copy of the tree without the member or item at a path; raises `LookupError` where it does not exist."""
    token, rest = path[0], path[1:]
    if isinstance(tree, list):
        index = int(token)
        inner = [uprooted(tree[index], rest)] if rest else [True]  # the items after it keep their addresses
        return [*tree[:index], *inner, *tree[index + 1 :]]
    if not isinstance(tree, dict) or token not in tree:
        raise LookupError(token)
    if rest:
        return {name: uprooted(child, rest) if name == token else child for name, child in tree.items()}
    return {name: child for name, child in tree.items() if name != token}


def at(tree: Json, path: Sequence[str | int]) -> Json:
    """The value at a path, `None` where there is none."""
    for token in path:
        if isinstance(tree, dict):
            tree = tree.get(str(token))
        elif isinstance(tree, list) and str(token).isdecimal() and int(token) < len(tree):
            tree = tree[int(token)]
        else:
            return None
    return tree
