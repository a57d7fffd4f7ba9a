"""Operations without a twin answer from their document: which reply, which media type, which example."""

import json
from pathlib import Path

import pytest

from watchword.contract import load_contract
from watchword.ground import Exchange, Request, Response
from watchword.mock import app
from watchword.validation import Validator

DOCUMENT = """
openapi: 3.1.0
info: {title: Pets, version: '1'}
servers: [{url: https://pets.example/base/}]
paths:
  /pets/{id}:
    get:
      operationId: pet
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
      responses:
        '404':
          description: none
          content:
            application/json:
              schema: {type: object, required: [error], properties: {error: {type: string}}}
              examples:
                gone: {value: {error: gone}}
                "never here": {value: {error: never}}
                wrong: {value: {error: 7}}
        '200':
          description: one
          headers:
            X-Rate: {required: true, schema: {type: integer, minimum: 5}}
            X-Note: {schema: {type: string}, example: a note}
            X-Left: {schema: {type: string}}
          content:
            text/plain: {schema: {type: string}, example: a pet}
            application/json:
              schema:
                type: object
                required: [name, password]
                properties:
                  name: {type: string, minLength: 1, pattern: '^[A-Z][a-z]*$'}
                  password: {type: string, writeOnly: true}
                  age: {type: integer, example: 3}
                  note: {type: string}
        default: {description: else, content: {application/json: {schema: {type: array}}}}
    post:
      operationId: change
      security: [{token: []}]
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
      requestBody:
        required: true
        content: {application/json: {schema: {type: object, required: [password], additionalProperties: {type: integer}}}}
      responses:
        '204': {description: done}
  /impossible:
    get:
      operationId: impossible
      responses: {'200': {description: x, content: {application/json: {schema: {type: string, enum: [1]}}}}}
  /wrong-example:
    get:
      operationId: wrongExample
      responses:
        '200': {description: x, content: {application/json: {schema: {type: integer, minimum: 4}, example: 3}}}
  /redirect:
    get: {operationId: redirect, responses: {'302': {description: x, headers: {Location: {required: true, schema: {type: string, format: uri}}}}}}
  /range:
    get: {operationId: range, responses: {2XX: {description: x}, '400': {description: y}}}
  /only-default:
    get: {operationId: onlyDefault, responses: {default: {description: x}}}
  /none:
    get: {operationId: none, responses: {}}
  /any:
    get: {operationId: any, responses: {'200': {description: x, content: {'*/*': {schema: {type: boolean}}}}}}
  /secured:
    get:
      operationId: secured
      security: [{token: []}]
      responses:
        '200': {description: x}
        '401': {description: y, content: {text/plain: {example: who are you}}}
  /strict/{id}:
    get:
      operationId: strict
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
      responses:
        '200': {description: x}
        '422': {description: y, content: {application/problem+json: {schema: {type: object, required: [title], properties: {title: {type: string}}}}}}
  /both/{id}:
    get:
      operationId: both
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
      responses:
        '422': {description: y}
        '400': {description: y, content: {text/plain: {example: '"no"'}}}
  /by-default/{id}:
    get:
      operationId: byDefault
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
      responses:
        '200': {description: x}
        default: {description: y, content: {application/json: {example: [no]}}}
components:
  securitySchemes:
    token: {type: http, scheme: bearer}
"""  # noqa: E501


@pytest.fixture(scope="module")
def pets(tmp_path_factory):
    path = tmp_path_factory.mktemp("documents") / "pets.openapi.yaml"
    path.write_text(DOCUMENT)
    return app([load_contract(path)])


def get(application, path, method="GET", body=b"", **headers):
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    answer, _ = application.answer(Request(method, f"/base{path}", pairs, body))
    return answer


def test_lowest_success_is_the_default_and_made_from_the_schema(pets):
    """Required members and those with an example; nothing that is for requests alone."""
    answer = get(pets, "/pets/1")
    assert answer.status == 200
    assert json.loads(answer.body) == {"name": "A", "age": 3}
    assert dict(answer.headers) == {"Content-Type": "application/json", "X-Rate": "5", "X-Note": "a note"}


@pytest.mark.parametrize(
    ("prefer", "status", "body"),
    [
        ("code=404", 404, {"error": "gone"}),
        ("code=404, example=gone", 404, {"error": "gone"}),
        ('code=404, example="never here"', 404, {"error": "never"}),
        ("code=500", 500, []),
    ],
)
def test_preferred_reply_is_sent(pets, prefer, status, body):
    """By status, by the name of an example; a status that is not listed falls under `default`."""
    answer = get(pets, "/pets/1", Prefer=prefer)
    assert (answer.status, json.loads(answer.body)) == (status, body)
    assert "Preference-Applied" in dict(answer.headers)


@pytest.mark.parametrize(
    ("path", "prefer", "status", "told"),
    [
        ("/pets/1", "code=404, example=nothing", 404, "gone, never here, wrong"),
        ("/pets/1", "code=404, example=wrong", 500, "error/type"),
        ("/range", "code=500", 404, "documented are 2XX, 400"),
        ("/range", "code=204, example=x", 404, "none"),
        ("/only-default", "code=101", 500, "final"),
    ],
)
def test_wish_that_cannot_be_granted_is_said(pets, path, prefer, status, told):
    """A problem names what there is."""
    answer = get(pets, path, Prefer=prefer)
    assert answer.status == status
    assert told in json.loads(answer.body)["detail"]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/plain", "text/plain"),
        ("text/*, application/json;q=0.5", "text/plain"),
        ("application/json", "application/json"),
        ("*/*", "application/json"),
        ("text/plain;q=0, */*", "application/json"),
        ("nonsense", "application/json"),
    ],
)
def test_accept_chooses_the_media_type(pets, accept, media_type):
    """By weight, then JSON before others."""
    assert dict(get(pets, "/pets/1", Accept=accept).headers)["Content-Type"] == media_type


def test_nothing_acceptable_is_406(pets):
    """With the media types that there are."""
    answer = get(pets, "/pets/1", Accept="image/png")
    assert answer.status == 406
    assert "text/plain, application/json" in json.loads(answer.body)["detail"]


def test_example_that_breaks_its_schema_is_not_served(pets):
    """A value is made instead, where nobody asked for that example."""
    assert get(pets, "/wrong-example").body == b"4"


def test_schema_without_a_value_is_said(pets):
    """500, with the reason."""
    answer = get(pets, "/impossible")
    assert (answer.status, dict(answer.headers)["Content-Type"]) == (500, "application/problem+json")
    assert "no valid value" in json.loads(answer.body)["detail"]


def test_replies_without_content_have_none(pets):
    """Nor a media type; a required header is made all the same."""
    answer = get(pets, "/redirect")
    assert (answer.status, answer.headers, answer.body) == (302, (("Location", "https://example.com/"),), b"")
    assert (get(pets, "/range").status, get(pets, "/only-default").status) == (200, 200)
    assert get(pets, "/none").status == 500
    assert get(pets, "/any").body == b"true"


@pytest.mark.parametrize(
    ("path", "status", "media_type", "body"),
    [
        ("/pets/x", 400, "application/json", []),
        ("/strict/x", 422, "application/problem+json", {"title": "string"}),
        ("/both/x", 400, "text/plain", "no"),
        ("/by-default/x", 400, "application/json", ["no"]),
    ],
)
def test_invalid_request_gets_the_documented_refusal(pets, path, status, media_type, body):
    """400, else 422, else `default` as 400."""
    answer = get(pets, path)
    assert (answer.status, dict(answer.headers)["Content-Type"]) == (status, media_type)
    assert json.loads(answer.body) == body


def test_invalid_request_without_a_documented_refusal_is_a_problem(pets):
    """With the broken rules, and nothing of what was sent."""
    headers = {"Authorization": "Bearer sesame", "Content_Type": "application/json"}
    answer = get(pets, "/pets/1", "POST", b'{"sesame": "sesame"}', **headers)
    assert answer.status == 400
    assert {"rule": "body/required", "location": "body"} in json.loads(answer.body)["findings"]
    assert len(json.loads(answer.body)["findings"]) == 2
    assert b"sesame" not in answer.body


def test_missing_credential_is_refused_before_the_input(pets):
    """With the documented 401, or a problem that says which scheme is accepted."""
    answer = get(pets, "/pets/x", "POST")
    assert (answer.status, dict(answer.headers)["WWW-Authenticate"]) == (401, "Bearer")
    answer = get(pets, "/secured")
    assert (answer.status, answer.body) == (401, b"who are you")
    assert get(pets, "/secured", Authorization="Bearer x").status == 200


def test_same_request_gets_the_same_reply(pets):
    """Nothing is random."""
    assert get(pets, "/pets/1") == get(pets, "/pets/1")


SECRETS = """
openapi: 3.1.0
info: {title: Keys, version: '1'}
paths:
  /keys:
    post:
      operationId: make
      responses:
        '201':
          description: made
          content:
            application/json:
              schema:
                type: object
                required: [id, key, note, owner]
                properties:
                  id: {type: string, format: uuid}
                  key: {type: string, format: password, pattern: '^ak_[a-z0-9]{20}$'}
                  note: {type: string, format: password}
                  kind: {type: string, format: password, enum: [plain]}
                  serial: {type: string, readOnly: true, pattern: '^[0-9]{30}$'}
                  owner: {type: object, required: [apiKey], properties: {apiKey: {type: string, minLength: 12}}}
              examples:
                shown:
                  value: {id: 00000000-0000-4000-8000-000000000001, key: ak_00000000000000000000, note: n, kind: plain,
                    serial: '000000000000000000000000000000', owner: {apiKey: twelve chars}}
"""


def test_secrets_of_a_success_are_new_in_every_reply(tmp_path: Path) -> None:
    """A mock of any document makes up fresh valid secrets, and leaves the rest of the reply as it was."""
    path = tmp_path / "keys.openapi.yaml"
    path.write_text(SECRETS)
    contract = load_contract(str(path))
    application = app([contract])
    told = []
    for _ in range(20):
        request = Request("POST", "/keys")
        answer, _ = application.answer(request)
        assert answer.status == 201
        exchange = Exchange(request, Response(answer.status, answer.headers, answer.body))
        assert Validator(contract).findings(exchange) == []
        told.append(json.loads(answer.body))
    assert len({each["key"] for each in told}) == 20
    assert len({each["serial"] for each in told}) == 20
    assert len({each["owner"]["apiKey"] for each in told}) == 20
    assert len({each["note"] for each in told}) > 10
    assert {each["kind"] for each in told} == {"plain"}
    assert len({each["id"] for each in told}) == 1


def test_example_that_is_asked_for_is_served_as_it_stands(tmp_path: Path) -> None:
    """`Prefer: example=shown` gets the author's own secret, every time."""
    path = tmp_path / "keys.openapi.yaml"
    path.write_text(SECRETS)
    application = app([load_contract(str(path))])
    request = Request("POST", "/keys", (("Prefer", "example=shown"),))
    answers = {application.answer(request)[0].body for _ in range(3)}
    assert len(answers) == 1
    assert json.loads(answers.pop())["key"] == "ak_00000000000000000000"
