"""Links of a document in stateful runs: which ids go out, and what is said of them."""

import re
from pathlib import Path
from typing import Any

import orjson
import pytest
from tests.schemathesis.conftest import Run

from watchword.contract import load_contract
from watchword.mock import app, serve

_ID = {"type": "string", "pattern": "^card-[a-z0-9]{12}$"}
_CARD = {"type": "object", "required": ["id"], "properties": {"id": _ID}}
_REPLY = {"application/json": {"schema": _CARD}}
_LINK = {"show": {"operationId": "showCard", "parameters": {"card": "$response.body#/id"}}}

_DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Cards", "version": "1"},
    "paths": {
        "/cards": {
            "post": {
                "operationId": "makeCard",
                "responses": {"201": {"description": "Made.", "content": _REPLY, "links": _LINK}},
            }
        },
        "/cards/{card}": {
            "get": {
                "operationId": "showCard",
                "parameters": [
                    {"name": "card", "in": "path", "required": True, "schema": _ID, "example": "card-aaaabbbbcccc"}
                ],
                "responses": {"200": {"description": "A card.", "content": _REPLY}},
            }
        },
    },
}


def test_the_ids_of_a_link_go_out_where_nobody_listed_a_device(fuzz: Run, tmp_path: Path) -> None:
    """A stateful run asks for what it made, counts its links, and writes none of the ids into a report."""
    path = tmp_path / "cards.json"
    path.write_bytes(orjson.dumps(_DOCUMENT))
    mock = app([load_contract(str(path))])
    asked: list[str] = []

    async def recorded(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            asked.append(scope["path"])
        await mock(scope, receive, send)

    options = ("--phases", "stateful", "--max-examples", "5", "--seed", "1", "--report", "ndjson,vcr,json")
    with serve(recorded) as server:
        done = fuzz(str(path), "--url", server.url, *options, "--report-dir", "reports")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"API Links: +[1-9][0-9]* covered", done.stdout), done.stdout
    ids = {each.removeprefix("/cards/") for each in asked if each.startswith("/cards/card-")}
    made = ids - {"card-aaaabbbbcccc"}
    assert made
    written = done.stdout + "".join(each.read_text() for each in (tmp_path / "reports").rglob("*") if each.is_file())
    assert not [each for each in made if each in written]


@pytest.mark.slow
def test_a_mock_without_a_memory_is_not_asked_what_it_remembers(fuzz: Run, tmp_path: Path) -> None:
    """What was deleted from a mock made from the document is there all the same; that is no failure."""
    gone = {"operationId": "dropCard", "responses": {"204": {"description": "Gone."}}}
    paths: dict[str, Any] = orjson.loads(orjson.dumps(_DOCUMENT["paths"]))
    shown = paths["/cards/{card}"]
    shown["delete"] = gone | {"parameters": shown["get"]["parameters"]}
    linked = paths["/cards"]["post"]["responses"]["201"]
    linked["links"] |= {"drop": {"operationId": "dropCard", "parameters": {"card": "$response.body#/id"}}}
    path = tmp_path / "cards.json"
    path.write_bytes(orjson.dumps(_DOCUMENT | {"paths": paths}))
    done = fuzz(str(path), "--mock", "--phases", "stateful", "--max-examples", "20", "--seed", "1")
    assert done.returncode == 0, done.stdout + done.stderr
