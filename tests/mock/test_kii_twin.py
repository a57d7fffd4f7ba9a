"""The twin of Kii does what the vendor's prose says; every reply is judged by the contract on the way."""

import pytest

DEVICE = "thing-1"
OLD = "initial password of thing-1"
NEW = "an example password"


def test_given_password_is_set(kii):
    """The reply is 204, without a body and without a media type."""
    answer = kii.send({"newPassword": NEW})
    assert (answer.status, answer.body, answer.headers) == (204, b"", ())
    assert kii.login(DEVICE, NEW)
    assert not kii.login(DEVICE, OLD)
    assert kii.login("thing-2", "initial password of thing-2")


def test_same_password_is_accepted_again(kii):
    """The text says so."""
    for _ in range(3):
        assert kii.send({"newPassword": OLD}).status == 204
    assert kii.login(DEVICE, OLD)


@pytest.mark.parametrize(
    ("headers", "app", "principal"),
    [
        ({}, "", ""),
        ({"Authorization": "Bearer kii-token-that-nobody-issued"}, "", ""),
        ({"Authorization": "Basic kii-token-of-the-administrator"}, "", ""),
        ({"Authorization": "kii-token-of-the-administrator"}, "", ""),
        ({"Authorization": "Bearer kii-token-of-a-mere-user"}, "app1", "user-1"),
        ({"Authorization": "Bearer kii-token-of-the-other-administrator"}, "app2", "admin-2"),
    ],
)
def test_caller_that_is_no_administrator_is_401(kii, reading, headers, app, principal):
    """The error names who was authenticated, as far as anybody was; it comes before the input and changes nothing."""
    for body in ({"newPassword": NEW}, {"newPassword": ""}):
        answer = kii.send(body, headers=headers)
        assert answer.status == 401
        assert reading(answer)["errorCode"] == "UNAUTHORIZED"
        assert reading(answer)["authenticatedAppID"] == app
        assert reading(answer)["authenticatedPrincipalID"] == principal
    assert kii.login(DEVICE, OLD)


def test_scheme_is_case_insensitive(kii):
    """RFC 9110 section 11.1."""
    headers = {"authorization": "bEARER kii-token-of-the-administrator"}
    assert kii.send({"newPassword": NEW}, headers=headers).status == 204


def test_things_of_another_application_are_refused(kii):
    """An administrator is one of a single application; whoever is that other one's may change it."""
    foreign = kii.fixtures.foreign[0]
    assert kii.send({"newPassword": NEW}, device=dict(foreign.path)).status == 401
    assert kii.login(foreign.id, foreign.secrets["newPassword"])
    other = dict(kii.fixtures.credentials[2].headers)
    assert kii.send({"newPassword": NEW}, device=dict(foreign.path), headers=other).status == 204
    assert kii.login(foreign.id, NEW)
    assert not kii.login(foreign.id, NEW, appID="app1")


def test_unknown_thing_is_404_and_named(kii, reading):
    """The error names field, value and application as they were asked for, decoded."""
    answer = kii.send({"newPassword": NEW}, device={"appID": "app1", "vendorThingID": "n%C3%B6body%25"})
    assert answer.status == 404
    told = reading(answer)
    assert (told["errorCode"], told["field"], told["value"], told["appID"]) == (
        "THING_NOT_FOUND",
        "vendorThingID",
        "nöbody%",
        "app1",
    )


@pytest.mark.parametrize("thing", ["thing_1", "%25", "thing-%31%00", "THING-1", "thing-1%20"])
def test_thing_is_found_by_its_exact_id_only(kii, thing):
    """No wildcards, no trimming, no folding of case."""
    assert kii.send({"newPassword": NEW}, device={"appID": "app1", "vendorThingID": thing}).status == 404
    assert kii.send({"newPassword": NEW}, device={"appID": "app1", "vendorThingID": "thing-%31"}).status == 204


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"newPassword": ""},
        {"newPassword": None},
        {"newPassword": 7},
        {"newPassword": "\tx"},
        {"newPassword": "x\n"},
        {"newPassword": "naïve"},
        {"newPassword": "a" * 201},
        [],
        "x",
    ],
)
def test_invalid_password_is_400_and_changes_nothing(kii, reading, body):
    """Among them those that only the assumed clauses forbid: the twin follows that reading."""
    answer = kii.send(body)
    assert (answer.status, reading(answer)["errorCode"]) == (400, "INVALID_INPUT_DATA")
    assert kii.login(DEVICE, OLD)


def test_missing_body_and_wrong_media_type_are_400(kii):
    """The request's own media type is documented, no other."""
    assert kii.send().status == 400
    assert kii.send({"newPassword": NEW}, more={"Content-Type": "application/json"}).status == 400
    assert kii.send(raw=b"{").status == 400
    assert kii.login(DEVICE, OLD)


@pytest.mark.parametrize("password", ["a", " ", "".join(map(chr, range(32, 127))), "%s{}\\'\"", "a" * 200])
def test_any_printable_password_opens(kii, password):
    """What is stored is what was sent."""
    assert kii.send({"newPassword": password}).status == 204
    assert kii.login(DEVICE, password)
