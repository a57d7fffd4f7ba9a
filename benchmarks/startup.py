"""How long a process takes that imports, loads the three contracts and judges one exchange, beside openapi-core."""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

from benchmarks.table import bar, show

_ROUNDS = 9
_OURS = """
import watchword
from watchword.ground import Exchange, Request, Response
validators = [watchword.load(name) for name in ("roma-connect", "iotda", "kii")]
request = Request("PUT", "/api/apps/a/things/VENDOR_THING_ID:t/ownership/password",
    (("Authorization", "Bearer t"), ("Content-Type", "application/vnd.kii.ChangeThingPasswordRequest+json")),
    b'{"newPassword": "a password"}')
assert validators[2].conforms(Exchange(request, Response(204)))
"""
_PEER = """
from benchmarks.peer_openapi_core import OpenApiCore
from watchword.contract import bundled_folder
from watchword.ground import Exchange, Request, Response
judges = [OpenApiCore(bundled_folder() / f"{name}.openapi.yaml") for name in ("roma-connect", "iotda", "kii")]
request = Request("PUT", "/api/apps/a/things/VENDOR_THING_ID:t/ownership/password",
    (("Authorization", "Bearer t"), ("Content-Type", "application/vnd.kii.ChangeThingPasswordRequest+json")),
    b'{"newPassword": "a password"}')
assert judges[2].conforms(Exchange(request, Response(204)))
"""


def run() -> bool:
    """Print the table; false where a bar is missed."""
    programs = {"python alone": "pass", "watchword": _OURS, "openapi-core": _PEER}
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
    with tempfile.TemporaryDirectory() as bytecode:
        for program in programs.values():
            _milliseconds(program, bytecode)  # compiles what it imports, as an installation does
        for _ in range(_ROUNDS):
            for name, program in programs.items():
                taken[name].append(_milliseconds(program, bytecode))
    medians = {
        name: [statistics.median(column) for column in zip(*pairs, strict=True)] for name, pairs in taken.items()
    }
    ours = medians["watchword"][1]
    rows = [[name, f"{wall:.0f}", f"{cpu:.0f}", f"{cpu / ours:.1f}"] for name, (wall, cpu) in medians.items()]
    heads = ["import, load three contracts, judge one", "wall ms", "CPU ms", "x watchword"]
    show("Start-up of a process, medians", heads, rows)
    return bar(f"under 150 ms of CPU: {ours:.0f}", holds=ours < 150)


def _milliseconds(program: str, bytecode: str) -> tuple[float, float]:
    """Wall time, and CPU time of the process: on a busy machine only the latter is its own.

    Every program has its modules compiled, in the same folder, whatever the environment says about bytecode.
    """
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode, "PYTHONDONTWRITEBYTECODE": ""}
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True, env=environment)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall * 1000, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000
