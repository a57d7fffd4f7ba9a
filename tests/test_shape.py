"""The shape of the code: light imports, complete `__all__`s, a docstring on every room and module."""

import ast
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import watchword

SOURCE = Path(watchword.__file__).parent
ROOMS = sorted(path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists())
MODULES = sorted(path for path in SOURCE.rglob("*.py"))
HEAVY = (
    "hypothesis",
    "schemathesis",
    "openapi_core",
    "jsonschema",
    "uvicorn",
    "click",
    "rich",
    "ijson",
    "cryptography",
)
LIGHT = ("watchword", "watchword.ground", "watchword.document", "watchword.contract", "watchword.validation")


def loaded_by(program: str) -> set[str]:
    """The top-level modules that a fresh process has loaded after a program."""
    shown = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()[-1]
    return {name.partition(".")[0] for name in shown.split()}


@pytest.mark.parametrize("name", [*LIGHT, "watchword.language"])
def test_light_import_stays_light(name):
    """Judging traffic loads no test library, no server, no terminal and no encryption."""
    assert loaded_by(f"import {name}").isdisjoint(HEAVY)


def test_importing_the_package_loads_nothing_of_ours_or_others():
    """A pytest session with the plug-in installed pays for this import every time."""
    shown = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; before = set(sys.modules); import watchword; print(*set(sys.modules) - before)",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert [name for name in shown if name.startswith("watchword.")] == []
    assert {"yaml", "orjson", "jsonschema_rs", "dataclasses", "inspect"}.isdisjoint(shown)


def test_judging_an_exchange_loads_no_mail_parser_of_its_own():
    """What only rare bodies need is imported when one comes."""
    program = "import watchword, sys; watchword.load('kii'); assert 'email.parser' not in sys.modules"
    assert loaded_by(program).isdisjoint(HEAVY)


def test_judging_a_valid_exchange_loads_little_beside_the_engines():
    """Beside PyYAML, orjson and jsonschema-rs: `pathlib`, and our own rooms up to validation without automata."""
    program = """
import jsonschema_rs, orjson, sys, yaml
before = set(sys.modules)
import watchword
from watchword.ground import Exchange, Request, Response
validators = [watchword.load(name) for name in ("roma-connect", "iotda", "kii")]
headers = (("Authorization", "Bearer t"), ("Content-Type", "application/vnd.kii.ChangeThingPasswordRequest+json"))
url = "/api/apps/a/things/VENDOR_THING_ID:t/ownership/password"
exchange = Exchange(Request("PUT", url, headers, b'{"newPassword": "a password"}'), Response(204))
assert validators[2].conforms(exchange) and validators[2].findings(exchange) == []
print(*set(sys.modules) - before)
"""
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    theirs = {name.partition(".")[0] for name in shown} - {"watchword"}
    # Beside `gc`, what `pathlib` and the decoding of a file load, in one version of Python or another.
    assert theirs <= {"pathlib", "encodings", "fnmatch", "gc", "glob", "itertools", "ntpath", "unicodedata"}
    rooms = {name.split(".")[1] for name in shown if name.startswith("watchword.")}
    assert rooms == {"ground", "document", "contract", "language", "validation"}
    assert [name for name in shown if name.startswith("watchword.language.")] == []


@pytest.mark.parametrize("room", ["ground", "document", "contract", "language", "validation"])
def test_rooms_that_every_process_loads_make_no_dataclass(room):
    """Each takes a millisecond to make; `watchword.ground.record` makes the same in a fifth of it."""
    made = [
        path.name
        for path in sorted((SOURCE / room).glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "dataclasses"
        if any(name.name == "dataclass" for name in node.names)
    ]
    assert made == []


@pytest.mark.parametrize("room", [None, *ROOMS])
def test_all_is_what_can_be_imported(room):
    """Every name of `__all__` exists, sorted, each once."""
    module = importlib.import_module("watchword" if room is None else f"watchword.{room}")
    names = getattr(module, "__all__", [])
    assert len(set(names)) == len(names)
    assert [name for name in names if not hasattr(module, name)] == []


def test_every_room_is_in_the_import_contract():
    """A new room has to take its place among the layers that CI proves."""
    text = (SOURCE.parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    layers = text.partition("layers = [")[2].partition("]")[0]
    missing = [
        room for room in ROOMS if room not in layers.replace('"', " ").replace("|", " ").replace(",", " ").split()
    ]
    assert missing == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_module_says_what_it_holds(path):
    """Every module starts with a docstring."""
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_every_module_can_be_imported():
    """No module is left behind by a change elsewhere."""
    for module in pkgutil.walk_packages([str(SOURCE)], "watchword."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
