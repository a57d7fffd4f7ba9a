"""The report of our own bugs. It holds no values: neither locals nor an exception's text."""

import platform
import tempfile
import traceback
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

_LIBRARIES = ("click", "orjson", "jsonschema-rs", "referencing", "PyYAML", "hypothesis", "rich", "ijson", "uvicorn")


def versions() -> tuple[str, ...]:
    """Ours, Python's, the platform's, and those of the libraries."""
    return (
        f"watchword {_version('watchword')}",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}",
        *(f"{name} {_version(name)}" for name in _LIBRARIES),
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def report_bug(error: BaseException) -> str:
    """Write the report to a file that only its owner can read, and return the notice that names it."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", errors="backslashreplace", prefix="watchword-", suffix=".txt", delete=False
    ) as file:
        file.writelines(line + "\n" for line in (*versions(), "", *_frames(error)))
    name = type(error).__name__
    return f"internal error ({name}): this is a bug of watchword\nplease report it with {file.name}; it holds no values"


def _frames(error: BaseException) -> Iterator[str]:
    """The calls of an exception and of those behind it, innermost exception first, without any value."""
    behind = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if behind is not None:
        yield from _frames(behind)
        yield ""
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"{frame.filename}:{frame.lineno} in {frame.name}"
        yield f"    {frame.line}"
    yield f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, BaseExceptionGroup):
        for member in error.exceptions:
            yield ""
            yield from _frames(member)
