"""`watchword mock` as a process: what it prints, how it stops, how it fails."""

import http.client
import itertools
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from watchword.cli import main
from watchword.mock import FIXTURES_FILE

COMMAND = [sys.executable, "-c", "import sys; from watchword.cli import main; sys.exit(main())", "mock"]


def started(*arguments):
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "COLUMNS": "80"},
    )
    first = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+", first)
    assert found, (first, process.stderr.read())
    return process, found.group()


def test_served_contracts_answer_and_the_shown_commands_work():
    """Every line that shows a command is a request that succeeds; Ctrl-C ends it in one line, with exit code 130."""
    process, url = started("--port", "0", "--log")
    statuses = []
    try:
        commands = 0
        while commands < 6:
            line = process.stdout.readline()
            if "curl" not in line:
                continue
            commands += 1
            words = shlex.split(line)
            method = words[words.index("-X") + 1]
            target = next(word for word in words if word.startswith(url)).removeprefix(url)
            headers = dict(words[index + 1].split(": ", 1) for index, word in enumerate(words) if word == "-H")
            connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
            connection.request(method, target, words[words.index("-d") + 1], headers)
            reply = connection.getresponse()
            statuses.append((reply.status, reply.read()))
            connection.close()
    finally:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert [status for status, _ in statuses] == [200, 200, 200, 200, 204, 200]
    assert statuses[1][1] == b'{"ok":false}', "the command before it has reset the password"
    assert process.returncode == 130
    assert out == ""
    assert err.splitlines()[-1] == "interrupted"
    assert err.splitlines()[0] == "PUT roma-connect resetDeviceAuthentication → 200"
    assert "Example" not in err


def test_commands_of_a_document_of_ones_own_work_as_printed():
    """Required parameters in every style, credentials and bodies are there; what cannot be typed is said to be so."""
    document = Path(__file__).parents[1] / "strategies" / "styles.openapi.yaml"
    process, url = started(str(document), "--port", "0")
    statuses, others = [], []
    try:
        process.stdout.readline()
        process.stdout.readline()
        while len(statuses) + len(others) < 6:
            line = process.stdout.readline()
            if not line.startswith("  curl "):
                others.append(line.strip())
                continue
            words = shlex.split(line)
            target = next(word for word in words if word.startswith(url)).removeprefix(url)
            headers = dict(words[index + 1].split(": ", 1) for index, word in enumerate(words) if word == "-H")
            connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
            connection.request(words[words.index("-X") + 1], target, dict(itertools.pairwise(words)).get("-d"), headers)
            statuses.append(connection.getresponse().status)
            connection.close()
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
    assert statuses == [200, 204, 204, 200, 200]
    assert others == ["POST /files  (no command to try it with: its body is no line of text)"]


def test_document_of_ones_own_is_served(tmp_path):
    """By its path; an operation without a twin answers from the document."""
    document = tmp_path / "pets.yaml"
    document.write_text(
        "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\npaths:\n  /pets:\n    get:\n      operationId: pets\n"
        "      responses: {'200': {description: x, content: {application/json: {example: [cat]}}}}\n"
    )
    process, url = started(str(document), "--port", "0")
    try:
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
        connection.request("GET", "/pets")
        assert connection.getresponse().read() == b'["cat"]'
        connection.close()
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
    assert process.returncode == 130


def test_fixtures_are_shown_as_they_are_written(capsys):
    """The one readable file, comments and all."""
    assert main(["mock", "--show-fixtures"]) == 0
    assert capsys.readouterr().out == Path(FIXTURES_FILE).read_text(encoding="utf-8")


def test_fixtures_of_a_named_contract_are_its_own(capsys):
    """Of one twin, its devices and tokens below the words that explain them; of a document without a twin, none."""
    assert main(["mock", "kii", "--show-fixtures"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("# What the twins start with")
    assert "\nkii:\n" in shown
    assert "kii-token-of-the-administrator" in shown
    assert "roma" not in shown
    assert "iotda" not in shown
    document = Path(__file__).parents[1] / "fixtures" / "check" / "keys.openapi.yaml"
    assert main(["mock", str(document), "--show-fixtures"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "has no twin, so no devices and tokens; twins are of roma-connect, iotda, kii" in told.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["kiii"], "kii"),
        (["kii", "kii", "--port", "0"], "two contracts"),
        (["--host", "203.0.113.1", "--port", "0"], "cannot listen"),
        (["--port", "70000"], "70000"),
    ],
)
def test_mistakes_are_one_message_and_exit_2(capsys, arguments, told):
    """Without a traceback."""
    assert main(["mock", *arguments]) == 2
    caught = capsys.readouterr()
    assert told in caught.err
    assert "Traceback" not in caught.err


def test_room_is_imported_without_a_server():
    """Nor anything else that is heavy: whoever only lists the fixtures waits for nothing."""
    heavy = "('uvicorn', 'asyncio', 'hypothesis', 'rich', 'ijson', 'cryptography')"
    code = f"import sys, watchword.mock; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
