"""How long a process takes that imports, loads the three contracts and judges one exchange, beside openapi-core."""

import statistics
import subprocess
import sys
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
    taken: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(_ROUNDS):
        for name, program in programs.items():
            taken[name].append(_milliseconds(program))
    ours = statistics.median(taken["watchword"])
    rows = [
        [name, f"{statistics.median(times):.0f}", f"{min(times):.0f}", f"{statistics.median(times) / ours:.1f}"]
        for name, times in taken.items()
    ]
    heads = ["import, load three contracts, judge one", "median ms", "least ms", "x watchword"]
    show("Start-up of a process", heads, rows)
    return bar(f"under 150 ms: {ours:.0f} (least {min(taken['watchword']):.0f})", holds=ours < 150)


def _milliseconds(program: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True)
    return (time.perf_counter() - started) * 1000
