"""`watchword audit --format jsonl`: what may stand in a line of input, and what stands in each line of output."""

import base64
import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from watchword.cli import main

URL = "/api/apps/app1/things/VENDOR_THING_ID:thing-1/ownership/password"
TOKEN, MEDIA_TYPE = "Bearer t0k3n", "application/vnd.kii.ChangeThingPasswordRequest+json"
GOOD, BAD, ODD = "a good password", "", "assumed: \N{EM DASH}"

HEADERS: tuple[Any, ...] = (
    {"Authorization": TOKEN, "Content-Type": MEDIA_TYPE},
    [["Authorization", TOKEN], ["Content-Type", MEDIA_TYPE]],
    {"authorization": [TOKEN], "content-type": [MEDIA_TYPE]},
)
IDS: tuple[Any, ...] = (0, 1, -1.5, 2**80, "", "a", "\u2028", None, True, False, [], [1, [2]], {}, {"a": {"b": None}})


def _body(text: str, spelled: str) -> dict[str, Any]:
    encoded = base64.b64encode(text.encode()).decode()
    return {
        "text": {"body": text},
        "base64": {"body_base64": encoded},
        "base64 beside null": {"body": None, "body_base64": encoded},
        "text beside null": {"body": text, "body_base64": None},
    }[spelled]


def _line(headers: Any, password: str, spelled: str, response: Any, own: Any) -> dict[str, Any]:
    body = json.dumps({"newPassword": password}, ensure_ascii=False)
    request = {"method": "PUT", "url": URL, "headers": headers, **_body(body, spelled)}
    return {"id": own, "request": request, **response}


def _audit(tmp_path: Path, capsys: pytest.CaptureFixture[str], *lines: Any) -> tuple[int, list[dict[str, Any]]]:
    path = tmp_path / "traffic.jsonl"
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    code = main(["audit", str(path), "--contract", "kii", "--format", "jsonl"])
    captured = capsys.readouterr()
    assert captured.err == ""
    assert captured.out.endswith("\n")
    return code, [json.loads(line) for line in captured.out.split("\n")[:-1]]


def test_every_spelling_of_an_exchange_gets_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Headers as object or pairs, bodies as text or base64, an absent reply and any id: a line each, in input order."""
    ids = itertools.cycle(IDS)
    passwords = {GOOD: "valid", BAD: "invalid", ODD: "assumed"}
    replies: list[tuple[dict[str, Any], str]] = [
        ({}, "absent"),
        ({"response": None}, "absent"),
        ({"response": {"status": 204, "headers": {}, "body": ""}}, "valid"),
        ({"response": {"status": 204, "headers": [], "body": None, "body_base64": None}}, "valid"),
        ({"response": {"status": 204}}, "valid"),
        ({"response": {"status": 200, "headers": {}, "body": ""}}, "invalid"),
        ({"response": {"status": 204, "headers": {}, "body_base64": "eA=="}}, "invalid"),
    ]
    spellings = ("text", "base64", "base64 beside null", "text beside null")
    lines, expected = [], []
    for headers, password, spelled, (response, reply) in itertools.product(HEADERS, passwords, spellings, replies):
        own = next(ids)
        lines.append(_line(headers, password, spelled, response, own))
        expected.append((own, passwords[password], reply))
    code, written = _audit(tmp_path, capsys, *lines)
    assert code == 1
    assert [(line["id"], line["request"], line["response"]) for line in written] == expected
    for line in written:
        assert list(line) == ["id", "operation", "request", "response", "findings"]
        assert line["operation"] == "kii changeThingPassword"
        verdicts = {side: line[side] for side in ("request", "response")}
        for finding in line["findings"]:
            assert finding.keys() >= {"rule", "side", "location", "certainty", "message"}
            assert verdicts[finding["side"]] == {"documented": "invalid", "assumed": "assumed"}[finding["certainty"]]
        assert bool(line["findings"]) == bool({"invalid", "assumed"} & set(verdicts.values()))


def test_ids_come_back_as_they_were(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Any JSON value is an id, and is not touched: no rounding, no text of a number, no merging of 1 and true."""
    lines = [_line(HEADERS[0], GOOD, "text", {}, own) for own in IDS]
    code, written = _audit(tmp_path, capsys, *lines)
    assert code == 0
    assert [json.dumps(line["id"]) for line in written] == [json.dumps(own) for own in IDS]


def test_exchange_of_no_operation_is_invalid(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No such operation: null, and invalid on each side that is there."""
    request = {"method": "GET", "url": "/elsewhere", "headers": {}, "body": None}
    code, written = _audit(
        tmp_path, capsys, {"id": 1, "request": request}, {"id": 2, "request": request, "response": {"status": 200}}
    )
    assert code == 1
    told = [(line["operation"], line["request"], line["response"]) for line in written]
    assert told == [(None, "invalid", "absent"), (None, "invalid", "invalid")]
    assert {finding["rule"] for line in written for finding in line["findings"]} == {"unknown-operation"}


def test_assumed_clauses_alone_do_not_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Observations leave the exit code 0."""
    code, (line,) = _audit(tmp_path, capsys, _line(HEADERS[0], ODD, "text", {}, "odd"))
    assert (code, line["request"]) == (0, "assumed")


@pytest.mark.parametrize(
    "broken",
    [
        "no json",
        "{}",
        "[]",
        "null",
        '{"id": 1}',
        '{"request": {"method": "GET"}}',
        '{"request": {"url": "/"}}',
        '{"cut',
    ],
)
def test_line_that_is_no_exchange_costs_itself_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], broken: str
) -> None:
    """It is a finding with its line number; the exchanges around it keep their verdicts; the exit code is 1."""
    good = _line(HEADERS[0], GOOD, "text", {"response": {"status": 204}}, "good")
    code, (first, bad, last) = _audit(tmp_path, capsys, good, broken, good)
    assert code == 1
    assert first == last
    assert (first["request"], first["response"], first["findings"]) == ("valid", "valid", [])
    (finding,) = bad["findings"]
    assert finding["rule"] == "not-an-exchange"
    assert finding["message"].startswith("line 2: ")
    assert finding["place"]["line"] == 2
    assert (bad["operation"], bad["request"], bad["response"]) == (None, "absent", "absent")
