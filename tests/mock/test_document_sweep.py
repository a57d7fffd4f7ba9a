"""Whole public documents are served: valid requests get conforming replies, as far as a schema has any value."""

from pathlib import Path

import pytest

from watchword.contract import load_contract
from watchword.ground import BrokenDocument, Exchange, Request, Response, Side
from watchword.mock import app
from watchword.mock.answer import PROBLEM, render_json
from watchword.mock.instance import NoInstance, instance
from watchword.mock.render import Unwritable, render_header
from watchword.validation import Validator
from watchword.validation.engine import Engine

SUITE = Path(__file__).parents[2] / ".." / "shared" / "suites" / "openapi-documents"
DOCUMENTS = sorted(SUITE.glob("*.json")) if SUITE.is_dir() else []
FEW = ("vercel.com_0.0.1.json", "adyen.com_AccountService_3.json")
# Operations whose schema of the success reply no value satisfies; so we read it too, and the mock says so.
WITHOUT_VALUE = {
    ("vercel.com_0.0.1", "getEdgeConfigItem"): "null, and one of types other than null",
    ("vercel.com_0.0.1", "getEdgeConfigItems"): "the same below an array",
    ("vercel.com_0.0.1", "get/v1/integrations/search-repo"): "null, and a string or a number",
    ("codat.io_sync-for-expenses_prealpha", "list-sync-transactions"): "additionalProperties beside allOf",
}


def valid_request(operation, engine):
    """The simplest request, or `None` where an author's rules are beyond so simple a generator."""
    path, query = operation.paths[0], []
    headers = [("Authorization", "Bearer x"), ("Cookie", "x=y")]
    headers += [(scheme.name, "x") for each in operation.security for scheme in each if scheme.where == "header"]
    query += [f"{scheme.name}=x" for each in operation.security for scheme in each if scheme.where == "query"]
    for parameter in operation.parameters:
        if parameter.required and parameter.schema:
            value = (
                parameter.examples[0].value if parameter.examples else instance(parameter.schema, engine, Side.REQUEST)
            )
            text = render_header(value, parameter)
            if parameter.where == "path":
                path = path.replace("{" + parameter.name + "}", text or "x")
            elif parameter.where == "query":
                query.append(f"{parameter.name}={text}")
            else:
                headers.append((parameter.name, text))
    body = b""
    for media in operation.body.content if operation.body else ():
        if "json" in media.media_type and media.schema:
            body = render_json(instance(media.schema, engine, Side.REQUEST))
            headers.append(("Content-Type", media.media_type))
            break
    return Request(operation.method, path + ("?" + "&".join(query) if query else ""), tuple(headers), body)


def sweep(path):
    """Names of operations without a value; how many got a valid request; asserts on every reply."""
    contract = load_contract(path)
    application, validator, engine = app([contract]), Validator(contract), Engine()
    without, valid = set(), 0
    for operation in contract.operations:
        try:
            request = valid_request(operation, engine)
        except (NoInstance, Unwritable):
            continue
        found = validator.route(request.method, request.url)
        if found is not operation or validator.findings(Exchange(request)):
            continue
        valid += 1
        answer, call = application.answer(request)
        assert call is not None
        if dict(answer.headers).get("Content-Type") == PROBLEM:
            assert answer.status == 500, (operation.label, answer)
            assert b"No " in answer.body, (operation.label, answer.body)
            without.add((contract.name, operation.id))
            continue
        assert answer.status < 400 or not any(each.status.startswith("2") for each in operation.replies), (
            operation.label
        )
        response = Response(answer.status, answer.headers, answer.body)
        assert validator.findings(Exchange(request, response)) == [], operation.label
    return without, valid, len(contract.operations)


def swept(paths):
    without, valid, total = set(), 0, 0
    for path in paths:
        try:
            found, count, operations = sweep(path)
        except BrokenDocument:
            continue
        without |= found
        valid += count
        total += operations
    return without, valid, total


@pytest.mark.skipif(not DOCUMENTS, reason="the suite of public documents lies beside a checkout, and is not there")
def test_valid_requests_get_conforming_replies():
    """In two documents."""
    without, valid, total = swept([path for path in DOCUMENTS if path.name in FEW])
    assert without <= set(WITHOUT_VALUE)
    assert valid > 0.75 * total


@pytest.mark.slow
@pytest.mark.skipif(not DOCUMENTS, reason="the suite of public documents lies beside a checkout, and is not there")
def test_valid_requests_get_conforming_replies_everywhere():
    """In all documents; the operations whose replies no value satisfies are listed."""
    assert len(DOCUMENTS) >= 15
    without, valid, total = swept(DOCUMENTS)
    assert without == set(WITHOUT_VALUE)
    assert valid > 0.75 * total
