"""The library as a user imports it."""

import gc

import pytest

import watchword
from watchword.ground import BrokenDocument, Exchange, Request, Response, UnknownContract, WatchwordError
from watchword.validation import ContractViolation

GOOD = Exchange(
    Request(
        "PUT",
        "/api/apps/app1/things/VENDOR_THING_ID:thing-1/ownership/password",
        (("Authorization", "Bearer token"), ("Content-Type", "application/vnd.kii.ChangeThingPasswordRequest+json")),
        b'{"newPassword": "a new password"}',
    ),
    Response(204),
)


def test_loaded_validator_judges_exchanges():
    """`load` takes a bundled name; `findings` and `conforms` say the same; the contract is at hand."""
    validator = watchword.load("kii")
    assert validator.conforms(GOOD)
    assert validator.findings(GOOD) == []
    assert validator.contract.name == "kii"
    assert validator.route("PUT", GOOD.request.url) is validator.contract.operation("changeThingPassword")


def test_document_of_ones_own_is_loaded_by_its_path(tmp_path):
    """Any OpenAPI document is as good as a bundled one, by text or `Path`."""
    path = tmp_path / "mine.yaml"
    path.write_text("openapi: 3.1.0\ninfo: {title: Mine, version: '1'}\npaths: {/a: {get: {responses: {'204': {}}}}}")
    for given in (path, str(path)):
        validator = watchword.load(given)
        assert validator.contract.name == "mine"
        assert validator.conforms(Exchange(Request("GET", "/a"), Response(204)))


def test_mistakes_of_the_caller_are_one_kind_of_error(tmp_path):
    """Unknown names and broken documents are `WatchwordError`s, the latter with all that is wrong."""
    with pytest.raises(UnknownContract, match="did you mean kii"):
        watchword.load("kij")
    path = tmp_path / "broken.yaml"
    path.write_text("openapi: 3.1.0\npaths: {/a: {$ref: '#/x'}, /b: {$ref: '#/y'}}")
    with pytest.raises(WatchwordError) as caught:
        watchword.load(path)
    assert isinstance(caught.value, BrokenDocument)
    assert len(caught.value.findings) == 2


@pytest.mark.parametrize("collects", [True, False])
def test_garbage_collection_is_after_loading_as_it_was_before(collects):
    """Loading pauses it, also where loading fails, and never switches it on for somebody who switched it off."""
    try:
        (gc.enable if collects else gc.disable)()
        watchword.load("kii")
        assert gc.isenabled() is collects
        with pytest.raises(UnknownContract):
            watchword.load("kij")
        assert gc.isenabled() is collects
    finally:
        gc.enable()


def test_conforming_exchange_passes_the_assertion():
    """Nothing is raised; assumed clauses do not count."""
    watchword.assert_conforms(watchword.load("kii"), GOOD)


def test_every_broken_clause_is_an_exception_of_one_group():
    """The group names the operation; each exception has its finding and says rule, place and reason."""
    exchange = Exchange(Request("PUT", GOOD.request.url, (), b'{"newPassword": "hunter2"}'), Response(200))
    with pytest.raises(ExceptionGroup) as caught:
        watchword.assert_conforms(watchword.load("kii"), exchange)
    assert str(caught.value) == "PUT …/ownership/password → 200 breaks kii (3 sub-exceptions)"
    assert all(isinstance(each, ContractViolation) for each in caught.value.exceptions)
    assert [each.finding.rule for each in caught.value.exceptions] == [
        "missing-credential",
        "media-type",
        "reply-status",
    ]
    assert str(caught.value.exceptions[2]).startswith("reply-status: response statusCode `200` is not documented; ")
    assert "hunter2" not in repr(caught.value.exceptions)


def test_assumed_clause_alone_raises_nothing():
    """Breaking an assumed clause is an observation."""
    request = Request(
        GOOD.request.method, GOOD.request.url, GOOD.request.headers, '{"newPassword": "pässword"}'.encode()
    )
    validator = watchword.load("kii")
    (finding,) = validator.findings(Exchange(request, Response(204)))
    assert finding.severity == "observation"
    assert not validator.conforms(Exchange(request, Response(204)))
    watchword.assert_conforms(validator, Exchange(request, Response(204)))


def test_object_of_no_known_client_is_refused():
    """What is no exchange and no client's response is the caller's mistake."""
    with pytest.raises(WatchwordError):
        watchword.assert_conforms(watchword.load("kii"), object())


def test_request_alone_is_judged_alone():
    """An exchange without a response has no finding about one."""
    assert watchword.load("kii").conforms(Exchange(GOOD.request))


@pytest.mark.parametrize(("side", "rules"), [(None, 3), ("request", 2), ("response", 1)])
def test_side_judges_one_half_alone(side, rules):
    """A test that sends something wrong on purpose can judge the reply alone, and the other way round."""
    exchange = Exchange(Request("PUT", GOOD.request.url, (), b"{}"), Response(200))
    with pytest.raises(ExceptionGroup) as caught:
        watchword.assert_conforms(watchword.load("kii"), exchange, side=side)
    assert len(caught.value.exceptions) == rules
    assert side is None or {each.finding.side for each in caught.value.exceptions} == {side}


def test_reply_to_a_wrong_request_conforms_by_itself():
    """What the request breaks is no matter when the reply alone is asked about."""
    bad = Request(GOOD.request.method, GOOD.request.url, (), b"{}")
    watchword.assert_conforms(watchword.load("kii"), Exchange(bad, Response(204)), side="response")
    watchword.assert_conforms(watchword.load("kii"), Exchange(GOOD.request, Response(500)), side="request")


@pytest.mark.parametrize("side", [None, "request", "response"])
def test_exchange_without_an_operation_passes_on_no_side(side):
    """A reply that no operation documents never conforms, whichever half is asked about."""
    with pytest.raises(ExceptionGroup):
        watchword.assert_conforms(watchword.load("kii"), Exchange(Request("GET", "/nowhere"), Response(204)), side=side)


def test_side_of_another_name_is_refused():
    """A mistyped side is the caller's mistake: it would otherwise judge nothing."""
    with pytest.raises(WatchwordError, match="expected 'request', 'response' or None"):
        watchword.assert_conforms(watchword.load("kii"), GOOD, side="reply")
