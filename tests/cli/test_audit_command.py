"""`watchword audit` as a user calls it, on the three bundled contracts and exchanges judged by hand."""

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from watchword.cli import main

EXCHANGES = Path(__file__).parents[1] / "fixtures" / "exchanges"
NAMES = ("roma-connect", "iotda", "kii")
CONTRACTS = [word for name in NAMES for word in ("--contract", name)]
SECRET = "hunter2-hunter2"


def _good() -> dict[str, Any]:
    first: dict[str, Any] = json.loads((EXCHANGES / "kii.jsonl").read_text().splitlines()[0])
    assert first["expect"]["request"] == first["expect"]["response"] == "valid"
    return first


def _change(password: str, status: int = 204) -> dict[str, Any]:
    line = _good()
    line["request"]["body"] = json.dumps({"newPassword": password})
    line["response"]["status"] = status
    return line


def _file(folder: Path, *lines: Any) -> str:
    path = folder / "traffic.jsonl"
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return str(path)


@pytest.mark.parametrize("name", NAMES)
def test_jsonl_gives_the_verdicts_made_by_hand(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every hand-judged exchange gets its line, in order, with operation, verdicts and rules as expected."""
    path = EXCHANGES / f"{name}.jsonl"
    assert main(["audit", str(path), *CONTRACTS, "--format", "jsonl"]) == 1
    given = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    written = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["id"] for line in written] == [line["id"] for line in given]
    for line, judged in zip(given, written, strict=True):
        rules = sorted([finding["side"], finding["rule"]] for finding in judged["findings"])
        told = {name: judged[name] for name in ("operation", "request", "response")}
        assert {**told, "rules": rules} == {**line["expect"], "rules": sorted(line["expect"]["rules"])}, line["id"]


def test_text_tells_each_kind_of_finding_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The text is a table, then a paragraph per kind of finding with how often and where it was seen."""
    bad = _change(SECRET, 200)
    del bad["id"]
    path = _file(tmp_path, _good(), bad, {**bad, "id": 9}, "no exchange")
    assert main(["audit", path, "--contract", "kii"]) == 1
    out = capsys.readouterr().out
    assert SECRET not in out
    assert out.splitlines()[-1] == "2 errors"
    assert "3 exchanges, 1 that could not be read\n" in out
    assert f"  seen     2 times: {path}:2, :3 (id 9)\n" in out
    assert f"{path}:4:1  error  not-an-exchange\n  line 4: is no JSON at character 1\n" in out
    (head,) = [line for line in out.splitlines() if "reply-status" in line]
    assert "kii.openapi.yaml:" in head
    assert head.endswith("  error  reply-status  PUT …/ownership/password → 200")


@pytest.mark.parametrize(
    ("lines", "fail_on", "code"),
    [
        ([], "error", 0),
        ([_change("good")], "observation", 0),
        ([_change("good", 200)], "error", 1),
        ([_change("é good")], "error", 1),
        ([_change("good é")], "error", 0),
        ([_change("good é")], "warning", 0),
        ([_change("good é")], "observation", 1),
        (["{}"], "error", 1),
    ],
)
@pytest.mark.parametrize("form", ["text", "json", "jsonl"])
def test_exit_code_follows_fail_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lines: list[Any], fail_on: str, code: int, form: str
) -> None:
    """Only findings at or above the threshold fail a run, in every format; an empty file passes with a note."""
    assert main(["audit", _file(tmp_path, *lines), "--contract", "kii", "--fail-on", fail_on, "--format", form]) == code
    note = "" if lines else f"note: nothing was judged: no exchange in {tmp_path / 'traffic.jsonl'}\n"
    assert capsys.readouterr().err == note


def test_outputs_get_their_formats(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Formats go to outputs in order, then endings decide, then text; standard output keeps the text."""
    path = _file(tmp_path, _change("good", 200))
    lines, document, text, other = (tmp_path / name for name in ("a.out", "b.json", "c.txt", "d.log"))
    outputs = [word for file in (lines, document, text, other) for word in ("--output", str(file))]
    assert main(["audit", path, "--contract", "kii", "--format", "jsonl", *outputs]) == 1
    assert json.loads(lines.read_text())["id"] == "change"
    assert json.loads(document.read_text())["totals"]["error"] == 1
    assert text.read_text() == other.read_text() == capsys.readouterr().out
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.out", "b.json", "c.txt", "d.log", "traffic.jsonl"]


def test_dash_as_output_replaces_the_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--output -` puts a format on standard output, and nothing else."""
    assert main(["audit", _file(tmp_path, _good()), "--contract", "kii", "--format", "jsonl", "--output", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["request"] == "valid"


def test_link_and_pipe_as_output_stay_what_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A link's file is replaced, not the link; a pipe (so a device) is written to, not renamed over."""
    traffic, real, link = _file(tmp_path, _good()), tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_text("old")
    link.symlink_to(real)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert main(["audit", traffic, "--contract", "kii", "--output", str(link), "--output", str(pipe)]) == 0
    assert pipe.is_fifo()
    assert link.is_symlink()
    assert real.read_text() == os.read(reader, 1 << 16).decode() == capsys.readouterr().out
    os.close(reader)


def test_failing_run_leaves_the_old_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report replaces an older one only when it is complete."""
    report = tmp_path / "report.jsonl"
    report.write_text("old")

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("watchword.cli.audit.verdict_line", interrupted)
    assert main(["audit", _file(tmp_path, _good()), "--contract", "kii", "--output", str(report)]) == 130
    assert report.read_text() == "old"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["report.jsonl", "traffic.jsonl"]
    capsys.readouterr()


def test_input_that_breaks_off_is_reported_so_far(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Damaged compression ends with 2 and one line, after what was judged before it."""
    path = tmp_path / "cut.gz"
    lines = "".join(json.dumps(_change(str(number))) + "\n" for number in range(2_000))
    path.write_bytes(gzip.compress(lines.encode())[:-50])
    report = tmp_path / "report.jsonl"
    assert main(["audit", str(path), "--contract", "kii", "--output", str(report)]) == 2
    captured = capsys.readouterr()
    assert len(report.read_text().splitlines()) > 500
    assert "kii changeThingPassword" in captured.out
    assert captured.err.startswith(f"error: {path}: after line ")
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.jsonl", "--contract", "kii"], "does not exist"),
        ([".", "--contract", "kii"], "is a directory"),
        (["-"], "Missing option '--contract'"),
        (["--contract", "kii"], "Missing argument"),
        (["-", "--contract", "kij"], "no contract `kij`: did you mean kii?"),
        (["-", "--contract", "kii", "--format", "yaml"], "'yaml' is not one of"),
        (["-", "--contract", "kii", "--format", "text", "--format", "json"], "--format is given 2 times"),
        (["-", "--contract", "kii", "--output", "a", "--output", "a"], "--output names the same file twice"),
        (["-", "--contract", "kii", "--output", "/nowhere/a"], "cannot write /nowhere/a: No such file or directory"),
        ([__file__, "--contract", "kii"], "an audit reads JSON lines (an exchange a line) and HAR 1.2"),
    ],
)
def test_mistakes_end_with_2(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What the caller got wrong is said in one message."""
    assert main(["audit", *arguments]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert "Traceback" not in err
