"""Verdicts on whole files: which contract judges, which words come out, what a line of output holds."""

import gzip
import io
import json
import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from watchword.audit import Outcome, Verdict, audit, verdict_line
from watchword.ground import Place, UnreadableInput, WatchwordError

DOCS = Path(__file__).parents[2] / "docs"


def _line(body: str = "", answer: str | None = "", **more: Any) -> dict[str, Any]:
    request = {"method": "PUT", "url": "/things/password", "body": body}
    return {"request": request, "response": None if answer is None else {"status": 200, "body": answer}, **more}


def _file(folder: Path, *lines: Any, name: str = "traffic.jsonl") -> str:
    path = folder / name
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return str(path)


@pytest.mark.parametrize(
    ("body", "answer", "request_outcome", "response_outcome"),
    [
        ("", "", "valid", "valid"),
        ("", None, "valid", "absent"),
        ("wrong", "", "invalid", "valid"),
        ("doubtful", "", "assumed", "valid"),
        ("doubtful wrong", None, "invalid", "absent"),
        ("", "wrong", "valid", "invalid"),
        ("wrong", "doubtful", "invalid", "assumed"),
    ],
)
def test_each_side_gets_its_own_verdict(
    tmp_path: Path, one: Any, body: str, answer: str | None, request_outcome: str, response_outcome: str
) -> None:
    """A documented clause makes a side invalid, assumed ones alone make it assumed, a missing response is absent."""
    (verdict,) = audit([_file(tmp_path, _line(body, answer, id=7))], [one])
    assert (verdict.id, verdict.operation) == (7, "one op")
    assert (verdict.request, verdict.response) == (request_outcome, response_outcome)


def test_good_exchange_is_judged_by_the_fast_path_alone(tmp_path: Path, one: Any) -> None:
    """Findings are asked for only when an exchange does not conform."""
    list(audit([_file(tmp_path, _line(), _line("wrong"))], [one]))
    assert one.asked == ["conforms", "conforms", "findings"]


def test_first_contract_with_the_operation_judges(tmp_path: Path, one: Any, two: Any) -> None:
    """Order of contracts decides; one that lacks the operation leaves it to the next."""
    path = _file(tmp_path, _line(), {"request": {"method": "GET", "url": "/other?x=1"}})
    assert [verdict.operation for verdict in audit([path], [one, two])] == ["one op", "two get"]
    assert [verdict.operation for verdict in audit([path], [two, one])] == ["two op", "two get"]


@pytest.mark.parametrize(
    ("method", "url", "speaker", "location"),
    [
        ("GET", "/nowhere", "one", "url"),
        ("POST", "/other", "two", "method"),
        ("POST", "/things/password", "one", "method"),
    ],
)
def test_unroutable_exchange_is_invalid_with_one_finding(
    tmp_path: Path, one: Any, two: Any, method: str, url: str, speaker: str, location: str
) -> None:
    """No contract with the operation: one `unknown-operation`, told by the first contract that has the path."""
    request = {"method": method, "url": url}
    path = _file(tmp_path, {"id": 1, "request": request}, {"id": 2, "request": request, "response": {"status": 404}})
    alone, answered = audit([path], [one, two])
    assert (alone.operation, alone.request, alone.response) == (None, "invalid", "absent")
    assert (answered.operation, answered.request, answered.response) == (None, "invalid", "invalid")
    (finding,) = answered.findings
    assert (finding.rule, finding.message, finding.location) == ("unknown-operation", speaker, location)


def test_audit_without_contracts_is_refused() -> None:
    """Without a contract nothing could be judged."""
    with pytest.raises(WatchwordError, match="at least one contract"):
        list(audit([], []))


def test_line_that_is_no_exchange_is_a_finding_with_its_number(tmp_path: Path, one: Any) -> None:
    """The finding names file and line; both sides are absent; the rest is judged."""
    path = _file(tmp_path, _line(), "", "{}", _line())
    first, bad, last = audit([path], [one])
    assert (first.request, last.request) == ("valid", "valid")
    assert (bad.id, bad.operation, bad.request, bad.response) == (None, None, "absent", "absent")
    (finding,) = bad.findings
    assert (finding.rule, finding.message, finding.location) == (
        "not-an-exchange",
        "line 3: `request` is missing",
        "request",
    )
    assert str(finding.place) == f"{path}:3:1"


def test_archive_entry_that_is_no_exchange_is_a_finding_with_its_index(tmp_path: Path, one: Any) -> None:
    """An archive has no lines to name: the entry's JSON Pointer is said, and the file as the finding's place."""
    entry = {"request": {"method": "PUT", "url": "/things/password", "headers": []}, "response": {"status": 0}}
    path = tmp_path / "misnamed.jsonl"
    path.write_text(json.dumps({"log": {"entries": [entry, {}]}}, indent=1))
    good, bad = audit([str(path)], [one])
    assert (good.id, good.operation, good.request, good.response) == (0, "one op", "valid", "absent")
    (finding,) = bad.findings
    assert finding.message == "`/log/entries/1`: `request` is missing"
    assert finding.place == Place(str(path), 1, 1, "/log/entries/1")
    assert (bad.file, bad.spot, bad.id) == (str(path), "#/log/entries/1", 1)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("squeeze", [bytes, gzip.compress])
@pytest.mark.parametrize("archive", [False, True])
def test_format_and_compression_are_told_from_content(
    tmp_path: Path, one: Any, mark: bytes, squeeze: Any, archive: bool
) -> None:
    """File endings mean nothing; a byte order mark and gzip are undone."""
    line = _line("wrong")
    content = json.dumps(
        {"log": {"entries": [{**line, "request": {**line["request"], "postData": {"text": "wrong"}}}]}}
    )
    path = tmp_path / "traffic.bin"
    path.write_bytes(squeeze(mark + (content if archive else json.dumps(line)).encode()))
    (verdict,) = audit([path], [one])
    assert verdict.request == "invalid"


def test_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch, one: Any) -> None:
    """Standard input is read like a file, even where it cannot be peeked into."""
    content = gzip.compress(json.dumps(_line(id="x")).encode())
    for raw in (io.BytesIO(content), io.BufferedReader(io.BytesIO(content))):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(raw))
        (verdict,) = audit(["-"], [one])
        assert (verdict.id, verdict.file, verdict.spot) == ("x", "<stdin>", ":1")


def test_files_follow_each_other(tmp_path: Path, one: Any) -> None:
    """Verdicts come in the order of files and lines, and begin before the next file is opened."""
    first = _file(tmp_path, _line(id=1), _line(id=2), name="a")
    verdicts = audit([first, str(tmp_path / "missing")], [one])
    assert [next(verdicts).id, next(verdicts).id] == [1, 2]
    with pytest.raises(UnreadableInput, match=r"missing: No such file or directory$"):
        next(verdicts)


def test_cut_gzip_raises_after_the_lines_it_still_gives(tmp_path: Path, one: Any) -> None:
    """A compressed file that breaks off raises where it breaks, after the exchanges before that."""
    lines = "".join(json.dumps(_line(str(number) * 50, id=number)) + "\n" for number in range(20_000))
    path = tmp_path / "cut.gz"
    path.write_bytes(gzip.compress(lines.encode())[:-2_000])
    seen: list[Verdict] = []
    with pytest.raises(
        UnreadableInput, match=r"cut\.gz: after line \d+: the compressed bytes are damaged or cut short$"
    ):
        seen.extend(audit([str(path)], [one]))
    assert len(seen) > 1_000


def test_empty_and_unreadable_files(tmp_path: Path, one: Any) -> None:
    """An empty file has no exchange; a folder and damaged gzip cannot be read."""
    assert list(audit([_file(tmp_path)], [one])) == []
    with pytest.raises(UnreadableInput, match="Is a directory"):
        list(audit([str(tmp_path)], [one]))
    broken = tmp_path / "broken.gz"
    broken.write_bytes(b"\x1f\x8b" + b"\0" * 30)
    with pytest.raises(UnreadableInput, match=r"broken\.gz: the compressed bytes are damaged"):
        list(audit([str(broken)], [one]))


def _schema() -> jsonschema_rs.Draft202012Validator:
    report, line = (json.loads((DOCS / f"{name}.schema.json").read_text()) for name in ("report", "audit-line"))
    return jsonschema_rs.Draft202012Validator(line, registry=jsonschema_rs.Registry([(report["$id"], report)]))


def test_output_lines_obey_their_published_schema(tmp_path: Path, one: Any) -> None:
    """Each verdict is one line of JSON with the five members, whatever the id is."""
    ids = [None, 1, "x", [1], {"a": None}, 2**70, True]
    lines = [_line("wrong doubtful", "wrong", id=each) for each in ids]
    path = _file(tmp_path, *lines, '{"id": "\\ud800", "request": {"method": "GET", "url": "/"}}', "no exchange")
    written = [verdict_line(verdict) for verdict in audit([path], [one])]
    assert all(line.endswith("\n") and line.count("\n") == 1 for line in written)
    records = [json.loads(line) for line in written]
    assert [record["id"] for record in records] == [*ids, "\ud800", None]
    assert all(list(record) == ["id", "operation", "request", "response", "findings"] for record in records)
    schema = _schema()
    for record in records:
        schema.validate({**record, "id": str(record["id"]).encode("ascii", "replace").decode()})
    assert len(records[0]["findings"]) == 3
    assert records[0]["findings"][0] == {
        "rule": "Password/digit", "severity": "error", "certainty": "documented", "side": "request",
        "location": "body#/p", "message": "has no digit", "operation": "one op",
    }  # fmt: skip
    assert not schema.is_valid({**records[0], "request": None})


def test_outcomes_are_the_four_documented_words() -> None:
    """The words of `--format jsonl` are fixed."""
    assert {str(outcome) for outcome in Outcome} == {"valid", "invalid", "assumed", "absent"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"openapi: 3.1.0\ninfo: {}\n", "holds no line that begins with `{`"),
        (b"[1]\n[2]\n", "holds no line that begins with `{`"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is no text"),
        (b'{\n  "openapi": "3.1.0"\n}\n', "is a JSON document over several lines, and no HAR"),
        (b'[\n{"request": {}}\n]\n', "is a JSON document over several lines, and no HAR"),
        ('{"request": {}}\n'.encode("utf-16"), "is UTF-16, expected UTF-8"),
    ],
)
def test_file_of_another_kind_is_the_callers_mistake(tmp_path: Path, one: Any, content: bytes, reason: str) -> None:
    """A file that is no traffic at all is refused in one sentence, not in a finding for each of its lines."""
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(UnreadableInput) as caught:
        list(audit([str(path)], [one]))
    assert str(caught.value) == f"{path}: {reason}; an audit reads JSON lines (an exchange a line) and HAR 1.2"


@pytest.mark.parametrize(
    ("lines", "findings"),
    [
        (["no exchange"], 1),
        (["{"], 1),
        (['{"cut'], 1),
        (["noise", "more noise", '{"request"'], 3),
        (["\0" * 9, "{}"], 2),
    ],
)
def test_broken_line_is_a_finding_even_alone(tmp_path: Path, one: Any, lines: list[str], findings: int) -> None:
    """What may have been meant as traffic is judged line by line."""
    verdicts = list(audit([_file(tmp_path, *lines)], [one]))
    assert [verdict.findings[0].rule for verdict in verdicts] == ["not-an-exchange"] * findings


def test_traffic_that_begins_with_noise_is_judged(tmp_path: Path, one: Any) -> None:
    """Other text before the first exchange costs a finding a line, and no more."""
    verdicts = list(audit([_file(tmp_path, *["noise"] * 50, _line(id=7))], [one]))
    assert [verdict.request for verdict in verdicts] == ["absent"] * 50 + ["valid"]


def test_broken_line_keeps_its_id(tmp_path: Path, one: Any) -> None:
    """A line that is no exchange is told by its own id, where it has one."""
    lines = [{"id": {"n": 1}, "request": {"method": "GET"}}, {"id": 2**70, "request": None}, "[]"]
    assert [verdict.id for verdict in audit([_file(tmp_path, *lines)], [one])] == [{"n": 1}, 2**70, None]
