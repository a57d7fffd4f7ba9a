"""Every private place of Schemathesis that the extension leans on is looked at before anything is sent."""

import ast
import os
from functools import reduce
from importlib import import_module
from pathlib import Path

import pytest
from tests.forks import Forks

from watchword.ground import WatchwordError
from watchword.schemathesis.compatible import SEAMS, require_schemathesis

_ALL = (
    "import schemathesis.cli.commands.run.executor, schemathesis.cli.commands.fuzz.executor, "
    "schemathesis.specs.openapi.schemas, schemathesis.transport.asgi, schemathesis.transport.wsgi"
)
_ELSEWHERE_TOO = (".send", "._freeze_metadata", ".iter_coverage_cases")
"""What a base class has as well, or an annotation."""

SOURCE = Path(__file__).parents[2] / "src" / "watchword" / "schemathesis"


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ("import schemathesis.transport as t, schemathesis.transport.requests as m; del m.RequestsTransport.send\n"
         "del t.BaseTransport.send; del schemathesis.transport.asgi.ASGITransport.send", "ASGI_TRANSPORT.send"),
        ("import schemathesis.cli.executor as m; del m.initialize_report_handlers", "initialize_report_handlers"),
        ("import schemathesis.engine.recorder as m; m.ScenarioRecorder = lambda name: None", "parameter `label`"),
        ("import schemathesis.engine.events as m; del m.ScenarioFinished", "events.ScenarioFinished"),
        ("import schemathesis.core.failures as m; del m.FailureGroup", "FailureGroup"),
    ],
)  # fmt: skip
def test_another_schemathesis_is_told_in_one_line(forks: Forks, tmp_path: Path, change: str, missing: str) -> None:
    """A release that lacks a place, or has another parameter there, is a usage error; nothing is registered."""
    script = tmp_path / "script.py"
    script.write_text(f"{_ALL}\n{change}\nimport watchword.schemathesis\nprint('loaded')\n")
    done = forks.run([str(script)], cwd=tmp_path, env=os.environ, timeout=120)
    assert done.returncode == 2, done.stdout + done.stderr
    assert missing in done.stderr
    assert "install a release that this extension knows" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("seam", [each for each in SEAMS if not each.endswith(_ELSEWHERE_TOO)])
def test_a_missing_seam_is_named(seam: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each place of the list is looked for, and its absence told by its name."""
    module, _, path = seam.partition(":")
    *owners, name = path.split(".")
    owner = reduce(getattr, owners, import_module(module))
    if name in getattr(owner, "__annotations__", {}):
        monkeypatch.delitem(owner.__annotations__, name)
    monkeypatch.delattr(owner, name)
    with pytest.raises(WatchwordError, match=name):
        require_schemathesis()


def test_the_installed_release_has_every_seam() -> None:
    """What is there is accepted."""
    require_schemathesis()


def test_every_private_name_that_is_imported_is_a_seam() -> None:
    """No module of the extension imports from an inner module of Schemathesis what the list leaves out."""
    documented = {
        "schemathesis",
        "schemathesis.generation.meta",
        "schemathesis.core",
        "schemathesis.config",
        "schemathesis.errors",
    }
    known = {seam.partition(":")[0] for seam in SEAMS}
    for path in SOURCE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "schemathesis":
                parts = {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
                assert parts & (documented | known), f"{path.name}: {node.module}"
