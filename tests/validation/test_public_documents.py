"""Forty documents that their vendors publish: loaded, compiled, and their own examples judged."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

import watchword
from watchword.contract import Media, Operation
from watchword.ground import Exchange, Request, Response, Side
from watchword.validation import Validator

FOLDER = Path(__file__).parents[3] / "shared" / "suites" / "openapi-documents"
FILES = sorted(FOLDER.glob("*.json"))
# Keywords that these documents get wrong, or that are too large for the engine, and what becomes of them.
LEFT_OUT = {
    "adyen.com_TerminalAPI-v1_1": {"pattern"},  # `^.{0,262144}$`
    "openai.com_2.3.0": {"exclusiveMinimum"},  # a flag, which it was in OpenAPI 3.0
}
# Members that are `readOnly` and `required`: jsonschema demands them of requests, OpenAPI 3.0.3 does not.
READ_ONLY_REQUIRED = {"requestAccountHolderCapability", "uploadDocument"}

pytestmark = pytest.mark.skipif(not FILES, reason="the shared suites are not here")


def examples(operation: Operation) -> Iterator[tuple[Side, str, Media, str, object]]:
    """Side, status, media type, name and value of every JSON example of an operation."""
    if operation.body:
        yield from (
            (Side.REQUEST, "", media, each.name, each.value)
            for media in operation.body.content
            for each in media.examples
        )
    for reply in operation.replies:
        for media in reply.content:
            yield from ((Side.RESPONSE, reply.status, media, each.name, each.value) for each in media.examples)


def exchange(operation: Operation, side: Side, status: str, media: Media, value: object) -> Exchange:
    """An exchange around the example; what else is missing concerns other locations than the body."""
    content = (("Content-Type", media.media_type),), json.dumps(value).encode()
    url = operation.paths[0].replace("{", "").replace("}", "")
    if side is Side.REQUEST:
        return Exchange(Request(operation.method, url, *content))
    number = {"default": "500"}.get(status, status.replace("XX", "00"))
    return Exchange(Request(operation.method, url), Response(int(number), *content))


def wrongly_judged(path: Path) -> tuple[list[str], int, Validator]:
    """Examples on whose body jsonschema, which shares nothing with us, says otherwise; and how many were judged."""
    validator = watchword.load(path)
    document = validator.contract.root.value
    registry = Registry().with_resource("urn:document", Resource(document, DRAFT202012))
    wrong, judged = [], 0
    for operation in validator.contract.operations:
        for side, status, media, name, value in examples(operation):
            if media.schema is None or not media.media_type.endswith("json"):
                continue
            one = exchange(operation, side, status, media, value)
            findings = validator.findings(one)
            assert validator.conforms(one) == (not findings)
            ours = not any((finding.location or "").startswith("body") and finding.side is side for finding in findings)
            if not document["openapi"].startswith("3.0"):
                judge = Draft202012Validator({"$ref": f"urn:document#{media.schema.at}"}, registry=registry)
                judged += 1
                if ours != judge.is_valid(value) and name not in READ_ONLY_REQUIRED:
                    wrong.append(f"{operation.id} {side} {name}")
    return wrong, judged, validator


@pytest.mark.slow
def test_examples_of_forty_documents_are_judged_as_jsonschema_does():
    """No finding about a vendor's example is our mistake, and none is missed."""
    judged = 0
    for path in FILES:
        wrong, count, validator = wrongly_judged(path)
        assert wrong == [], path.name
        keywords = {address.rpartition("/")[2] for address in validator.left_out()}
        assert keywords <= LEFT_OUT.get(path.stem, set()), path.name
        judged += count
    assert len(FILES) == 40
    assert judged > 700


@pytest.mark.parametrize("name", ["adyen.com_TransferService_3", "codat.io_commerce_2.1.0"])
def test_examples_of_a_document_are_judged_as_jsonschema_does(name):
    """As above, for two of them."""
    wrong, _, _ = wrongly_judged(FOLDER / f"{name}.json")
    assert wrong == []


def test_engine_takes_every_pattern_but_the_largest():
    """A pattern too large for the engine is left out alone; the schema around it still holds."""
    validator = watchword.load(FOLDER / "adyen.com_TerminalAPI-v1_1.json")
    operation = next(each for each in validator.contract.operations if each.path.endswith("/display"))
    request = Request("POST", operation.paths[0], (("Content-Type", "application/json"),), b'{"DisplayOutput": 7}')
    findings = validator.findings(Exchange(request))
    assert "body#/DisplayOutput" in [finding.location for finding in findings]
    assert {address.rpartition("/")[2] for address in validator.left_out()} <= {"pattern"}
