"""JSON Pointer (RFC 6901): parse, render, and nothing else."""

from collections.abc import Iterable


def parse_pointer(pointer: str) -> list[str]:
    """The reference tokens of a pointer (section 4); `""` is the whole document and gives no token."""
    if not pointer:
        return []
    tokens = pointer.removeprefix("/").split("/")
    return [token.replace("~1", "/").replace("~0", "~") for token in tokens] if "~" in pointer else tokens


def render_pointer(tokens: Iterable[str | int]) -> str:
    """The pointer of reference tokens, escaped (section 3)."""
    return "".join(f"/{render_token(token)}" for token in tokens)


def render_token(token: str | int) -> str:
    """One reference token, escaped (section 3)."""
    text = str(token)
    return text.replace("~", "~0").replace("/", "~1") if "~" in text or "/" in text else text
