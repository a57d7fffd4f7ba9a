"""A contract as it holds for one kind of device: schemas in the place of others, as `x-watchword-profiles` says.

At the root of a document, `x-watchword-profiles` maps a profile's name to an object whose `replace` maps the `$ref` of
a schema to that of the one which stands in its place. A replacement may itself refer to what it replaces.
"""

from collections.abc import Mapping
from typing import Any

from watchword.contract.model import Contract
from watchword.contract.reader import read_contract
from watchword.document import Document
from watchword.ground import BrokenDocument, Finding, WatchwordError, render_token

Json = Any

EXTENSION = "x-watchword-profiles"


def profile_names(contract: Contract) -> tuple[str, ...]:
    """The profiles that a contract defines, document order."""
    node = contract.root.get(EXTENSION)
    return tuple(name for name, _ in node.members()) if node else ()


def profiled(contract: Contract, profile: str) -> Contract:
    """The contract for devices of a profile; its name is `iotda.nb-iot`, and its places are those of the document.

    Raises `WatchwordError` with the known names for an unknown one, `BrokenDocument` for a table of another shape or
    one that names a schema which does not exist.
    """
    names = profile_names(contract)
    if profile not in names:
        known = f"the profiles of {contract.name} are {', '.join(names)}" if names else f"{contract.name} has none"
        raise WatchwordError(f"no profile `{profile}`: {known}")
    document = contract.root.document
    table = _table(document, profile)
    kept = {pointer.removeprefix("#") for pointer in table.values()}
    value = _replaced(document.value, "", table, kept)
    return read_contract(document.with_value(value), f"{contract.name}.{profile}")


def _table(document: Document, profile: str) -> Mapping[str, str]:
    entry = document.root.child(EXTENSION).child(profile)
    table = entry.value.get("replace") if isinstance(entry.value, dict) else None
    whole = isinstance(table, dict) and table and all(isinstance(value, str) for value in table.values())
    if not isinstance(table, dict) or not whole:
        message = f"the profile `{profile}` needs `replace`, an object of references to schemas by references"
        raise BrokenDocument(document.file, [Finding("profile-shape", message, place=entry.place)])
    return table


def _replaced(value: Json, pointer: str, table: Mapping[str, str], kept: set[str]) -> Json:
    """The value with every `$ref` of the table led elsewhere, but for those inside the replacements."""
    if pointer in kept:
        return value
    if isinstance(value, list):
        return [_replaced(child, f"{pointer}/{index}", table, kept) for index, child in enumerate(value)]
    if not isinstance(value, dict):
        return value
    found = {name: _replaced(child, f"{pointer}/{render_token(name)}", table, kept) for name, child in value.items()}
    reference = found.get("$ref")
    if isinstance(reference, str) and reference in table:
        found["$ref"] = table[reference]
    return found
