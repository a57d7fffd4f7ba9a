"""Runtime expressions as text and as records, and texts that hold them. Evaluates nothing.

Arazzo 1.1.0, "Runtime Expressions"; 1.0.1 has a looser grammar, which matters for `$steps` and `$workflows` alone.
"""

import re
from dataclasses import dataclass

_SOURCES = {
    "request": ("header", "query", "path", "body", "payload"),
    "response": ("header", "query", "path", "body", "payload"),
    "message": ("header", "body", "payload"),
}
_ALONE = ("url", "method", "statusCode", "self")
_NAMED = ("inputs", "outputs", "steps", "workflows", "sourceDescriptions", "components")
_ROOTS = (*_ALONE, *_SOURCES, *_NAMED)
_COMPONENTS = ("parameters", "successActions", "failureActions", "inputs")
_IDENTIFIER = re.compile(r"[A-Za-z0-9._-]+")
_STRICT = re.compile(r"[A-Za-z0-9_-]+")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_POINTER = re.compile(r"(?:/(?:[^/{}~]|~[01])*)*")
_TRAIL = re.compile(r"\.([A-Za-z_][A-Za-z0-9_-]*)|\[([0-9]{1,9})\]")
_EMBEDDED = re.compile(r"\{(\$[^{}]*)\}")
_LOOKS_LIKE_ONE = re.compile(r"\$[A-Za-z]+(?:\.|$)")


class ExpressionProblem(Exception):
    """A text that is no runtime expression; says why."""


@dataclass(frozen=True, slots=True)
class Expression:
    """One runtime expression.

    `root` is its first word, `path` what follows: `("header", "Location")` of a request or response, `("body",)`,
    `("name",)` of an input or output, `("stepId", "outputs", "name")`, `("source", "operationId")`.
    `pointer` is the JSON Pointer behind `#`. `trail` are de-references behind that: `.name` and `[0]`.
    """

    text: str
    root: str
    path: tuple[str, ...] = ()
    pointer: str | None = None
    trail: tuple[str | int, ...] = ()

    @property
    def location(self) -> str:
        """Where a finding about it points: `body#/secret`, `header.Location`, `statusCode`, else the whole text."""
        if self.root not in ("request", "response"):
            return self.root if self.root in _ALONE else self.text.removeprefix("$")
        dots = "".join(f"/{token}" for token in self.trail)
        pointer = (self.pointer or "") + dots
        return ".".join(self.path) + (f"#{pointer}" if pointer else "")


@dataclass(frozen=True, slots=True)
class Template:
    """A text with embedded expressions, in pieces."""

    pieces: tuple[str | Expression, ...]

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Those that are embedded, in order."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Expression))


def parse_expression(text: str, *, strict: bool = True) -> Expression:
    """The expression; `strict` is the grammar of 1.1. Raises `ExpressionProblem`."""
    word, dot, rest = text.removeprefix("$").partition(".")
    root = re.split(r"[#\[]", word)[0]
    if not text.startswith("$") or root not in _ROOTS:
        raise ExpressionProblem(f"`${root}` is no runtime expression; those begin with {_listed(_ROOTS)}")
    if root in _ALONE:
        if text != f"${root}":
            raise ExpressionProblem(f"nothing may follow `${root}`")
        return Expression(text, root)
    if not dot or not rest:
        raise ExpressionProblem(f"`${root}.` must be followed by a name")
    if root in _SOURCES:
        return _of_message(text, root, rest)
    return _of_name(text, root, rest, strict=strict)


def parse_text(text: str, *, strict: bool = True) -> str | Expression | Template:
    """A value's text: one expression, a template, or itself. Raises `ExpressionProblem`."""
    if _LOOKS_LIKE_ONE.match(text):
        root = re.split(r"[.#\[]", text[1:])[0]
        if root in _ROOTS or "." in text:
            return parse_expression(text, strict=strict)
    return parse_template(text, strict=strict)


def parse_template(text: str, *, strict: bool = True) -> str | Template:
    """A text with its embedded expressions, or the text itself where there is none. Raises `ExpressionProblem`."""
    pieces: list[str | Expression] = []
    position = 0
    for match in _EMBEDDED.finditer(text):
        if match.start() > position:
            pieces.append(text[position : match.start()])
        pieces.append(parse_expression(match.group(1), strict=strict))
        position = match.end()
    if not position:
        return text
    if position < len(text):
        pieces.append(text[position:])
    return Template(tuple(pieces))


def _of_message(text: str, root: str, rest: str) -> Expression:
    for source in ("body", "payload"):
        tail = rest.removeprefix(source)
        if source in _SOURCES[root] and tail != rest and (not tail or tail[0] in "#.["):
            if tail.startswith("#"):
                return Expression(text, root, (source,), _pointer(tail[1:]))
            return Expression(text, root, (source,), None, _trail(tail))
    source, _, name = rest.partition(".")
    if source not in _SOURCES[root] or source in ("body", "payload"):
        raise ExpressionProblem(f"`${root}.` must be followed by {_listed(_SOURCES[root], '')}")
    if not name or (source == "header" and not _TOKEN.fullmatch(name)):
        raise ExpressionProblem(f"`${root}.{source}.` must be followed by a name")
    return Expression(text, root, (source, name))


def _of_name(text: str, root: str, rest: str, *, strict: bool) -> Expression:
    name, hash_, pointer_text = rest.partition("#")
    if root == "sourceDescriptions":
        source, dot, reference = rest.partition(".")
        if not dot or not reference or not _STRICT.fullmatch(source):
            raise ExpressionProblem("`$sourceDescriptions.` must be followed by a source's name, a dot and a reference")
        return Expression(text, root, (source, reference))
    pointer = _pointer(pointer_text) if hash_ else None
    name, bracket, indices = name.partition("[")
    trail = _trail(bracket + indices)
    if not _IDENTIFIER.fullmatch(name):
        raise ExpressionProblem(f"`${root}.` must be followed by a name")
    if root in ("inputs", "outputs"):
        return Expression(text, root, (name,), pointer, trail)
    path = tuple(name.split(".", 1 if root == "components" else 2))
    if root == "components":
        if len(path) != 2 or path[0] not in _COMPONENTS:
            raise ExpressionProblem(f"`$components.` must be followed by {_listed(_COMPONENTS, '')}, a dot and a name")
    elif len(path) != 3 or path[1] not in (("outputs",) if root == "steps" else ("inputs", "outputs", "steps")):
        if strict:
            fields = "outputs" if root == "steps" else "inputs. or .outputs"
            raise ExpressionProblem(f"`${root}.` must be followed by an id, `.{fields}.` and a name")
        return Expression(text, root, path, pointer, trail)
    return Expression(text, root, path, pointer, trail)


def _pointer(text: str) -> str:
    if not _POINTER.fullmatch(text):
        raise ExpressionProblem("what follows `#` is no JSON Pointer")
    return text


def _trail(text: str) -> tuple[str | int, ...]:
    found: list[str | int] = []
    position = 0
    while position < len(text):
        match = _TRAIL.match(text, position)
        if not match:
            raise ExpressionProblem(f"`{text[position:]}` is neither `.name` nor `[0]`")
        found.append(match.group(1) if match.group(1) is not None else int(match.group(2)))
        position = match.end()
    return tuple(found)


def _listed(words: tuple[str, ...], sign: str = "$") -> str:
    return ", ".join(f"`{sign}{word}`" for word in words)
