"""Whether bytes hold a secret, in any of the forms in which one slips out. Knows nothing of the product.

`needles(secrets)` gives every form of every secret, `found(content, needles)` those that the content holds, and
`found_below(folder, needles)` those of every file below a folder, names included. A `Leak` names form and place, and
shows nothing of the secret but its length: so may a failing test.
"""

import base64
import html
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

SHORTEST = 6
"""Characters; a shorter text turns up anywhere by chance."""

_AROUND = 24
_FEWEST = 3

Needles = Mapping[bytes, Mapping[bytes, str]]
"""Needles by their first bytes, each with what it is: `base64+1 of a text of 12 characters`."""


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret in some form: where, and what stands before and after it."""

    where: str
    offset: int
    form: str
    before: str
    after: str


def needles(secrets: Iterable[str], public: str = "") -> Needles:
    """Every form of every secret of at least `SHORTEST` characters, and of more than two different ones.

    `public` is text that everybody may see: what stands in it anyway (`01234567` in a device's id) is no secret.
    """
    known: dict[bytes, dict[bytes, str]] = {}
    for secret in dict.fromkeys(secrets):
        if len(secret) >= SHORTEST and len(set(secret)) >= _FEWEST and secret not in public:
            for name, form in _forms(secret):
                if len(form) >= SHORTEST:
                    known.setdefault(form[:SHORTEST], {}).setdefault(form, f"{name} of {len(secret)} characters")
    return known


def found(content: bytes, known: Needles, where: str = "") -> list[Leak]:
    """The leaks in some bytes, each form once, in the order of the bytes. Time is linear in the content."""
    leaks: dict[bytes, Leak] = {}
    for start in range(len(content) - SHORTEST + 1):
        for needle, form in known.get(content[start : start + SHORTEST], {}).items():
            if needle not in leaks and content.startswith(needle, start):
                before = content[max(0, start - _AROUND) : start].decode("utf-8", "replace")
                end = start + len(needle)
                after = content[end : end + _AROUND].decode("utf-8", "replace")
                leaks[needle] = Leak(where, start, form, before, after)
    return list(leaks.values())


def found_below(folder: Path, known: Needles) -> list[Leak]:
    """The leaks in every file below a folder, and in the names of files and folders."""
    leaks: list[Leak] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        leaks += found(str(name).encode("utf-8", "surrogateescape"), known, f"the name {name.parent}/…")
        if path.is_file():
            leaks += found(path.read_bytes(), known, str(name))
    return leaks


def secret_texts(body: bytes, *members: str) -> list[str]:
    """The texts that a request or reply body holds as, or below, the members of these names; JSON or nearly so.

    Of a body that is no JSON the text that follows each name. Numbers and keys below a member count as texts.
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return list(_broken_texts(body.decode("utf-8", "replace"), members))
    return [text for held in _members(value, members) for text in _texts(held)]


def _forms(secret: str) -> Iterator[tuple[str, bytes]]:
    raw = secret.encode("utf-8", "surrogatepass")
    texts = {
        "plain": secret,
        "reversed": secret[::-1],
        "JSON": json.dumps(secret)[1:-1],
        "JSON in capitals": _capital_escapes(json.dumps(secret)[1:-1]),
        "JSON in UTF-8": json.dumps(secret, ensure_ascii=False)[1:-1],
        "JSON twice": json.dumps(json.dumps(secret)[1:-1])[1:-1],
        "repr": repr(secret)[1:-1],
        "unicode escapes": secret.encode("unicode_escape").decode(),
        "HTML": html.escape(secret),
        "HTML, quotes left": html.escape(secret, quote=False),
    }
    for name, text in texts.items():
        yield name, text.encode("utf-8", "surrogatepass")
    for name, text in {
        "URL": quote(raw, safe=""),
        "URL path": quote(raw),
        "form": quote_plus(raw),
        "hex": raw.hex(),
        "bytes": repr(raw)[2:-1],
    }.items():
        yield name, text.encode()
        yield f"{name} in lower case", text.lower().encode()
        yield f"{name} in upper case", text.upper().encode()
    yield "UTF-16, little end first", secret.encode("utf-16-le", "surrogatepass")
    yield "UTF-16, big end first", secret.encode("utf-16-be", "surrogatepass")
    for shift in range(3):
        yield f"base64+{shift}", _base64(raw, shift)
        yield f"base64url+{shift}", _base64(raw, shift).translate(bytes.maketrans(b"+/", b"-_"))


def _base64(raw: bytes, shift: int) -> bytes:
    """The characters of base64 that bytes alone decide, where they begin `shift` bytes into a group of three."""
    encoded = base64.b64encode(bytes(shift) + raw)
    return encoded[-(-8 * shift // 6) : 8 * (shift + len(raw)) // 6]


def _capital_escapes(text: str) -> str:
    parts = text.split("\\u")
    return parts[0] + "".join(f"\\u{part[:4].upper()}{part[4:]}" for part in parts[1:])


def _members(value: object, names: tuple[str, ...]) -> Iterator[object]:
    if isinstance(value, dict):
        for name, child in value.items():
            if name in names:
                yield child
            yield from _members(child, names)
    elif isinstance(value, list):
        for child in value:
            yield from _members(child, names)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, child in value.items():
            yield name
            yield from _texts(child)
    elif isinstance(value, list):
        for child in value:
            yield from _texts(child)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield json.dumps(value)


def _broken_texts(body: str, members: tuple[str, ...]) -> Iterator[str]:
    for member in members:
        for part in body.split(f'"{member}"')[1:]:
            yield part.lstrip(" :\t\r\n").removeprefix('"').partition('"')[0]
