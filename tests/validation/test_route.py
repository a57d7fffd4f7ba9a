"""From method and URL to an operation."""

import random

import pytest

from watchword.validation.route import Router, split_url, template_names

PATHS = [
    "/pets",
    "/pets/{id}",
    "/pets/mine",
    "/pets/{id}/toys",
    "/pets/mine/bed",
    "/pets/cat:{name}",
    "/pets/{a}-{b}",
    "/v1.0/{x}.json",
    "/caf%C3%A9/{x}",
    "/{anything}/deep/{x}",
    "/",
]


@pytest.fixture(scope="module")
def router():
    found = Router()
    for path in PATHS:
        found.add("GET", path, path)
    found.add("PUT", "/pets/{id}", "put")
    found.add("GET", "/pets/{other}", "never")
    return found


@pytest.mark.parametrize(
    ("url", "path", "values"),
    [
        ("/pets", "/pets", []),
        ("/pets?x=/pets/1", "/pets", []),
        ("/pets#/1", "/pets", []),
        ("https://host/pets", "/pets", []),
        ("https://host", "/", []),
        ("https://host/", "/", []),
        ("https://host:80/pets/7?a=b#c", "/pets/{id}", ["7"]),
        ("/pets/mine", "/pets/mine", []),
        ("/pets/m%69ne", "/pets/mine", []),
        ("/pets/mine/toys", "/pets/{id}/toys", ["mine"]),
        ("/pets/mine/bed", "/pets/mine/bed", []),
        ("/pets/other/bed", None, []),
        ("/pets/cat:tom", "/pets/cat:{name}", ["tom"]),
        ("/pets/cat%3Atom", "/pets/cat:{name}", ["tom"]),
        ("/pets/cat:", "/pets/{id}", ["cat:"]),
        ("/pets/cat:a-b", "/pets/cat:{name}", ["a-b"]),
        ("/pets/a-b", "/pets/{a}-{b}", ["a", "b"]),
        ("/pets/a-b-c", "/pets/{a}-{b}", ["a", "b-c"]),
        ("/pets/a%2Fb", "/pets/{id}", ["a%2Fb"]),
        ("/pets/a%2Fb/toys", "/pets/{id}/toys", ["a%2Fb"]),
        ("/pets/", None, []),
        ("/pets//toys", None, []),
        ("/pets/1/", None, []),
        ("//pets", None, []),
        ("/Pets", None, []),
        ("/v1.0/x.json", "/v1.0/{x}.json", ["x"]),
        ("/v1x0/x.json", None, []),
        ("/caf%C3%A9/1", "/caf%C3%A9/{x}", ["1"]),
        ("/caf%c3%a9/1", "/caf%C3%A9/{x}", ["1"]),
        ("/café/1", "/caf%C3%A9/{x}", ["1"]),
        ("/pets/deep/1", "/{anything}/deep/{x}", ["pets", "1"]),
        ("", None, []),
        ("pets", None, []),
        ("*", None, []),
        ("a/b/c/pets", None, []),
        ("https:/host/pets", None, []),
    ],
)
def test_url_leads_to_the_most_concrete_path(router, url, path, values):
    """Literals win over partly literal segments, those over whole templates (OpenAPI 3.1.1, Paths Object)."""
    found = router.find("GET", url)
    assert (found and found[0], found[1] if found else []) == (path, values)


def test_shortcut_and_tree_lead_to_the_same_route():
    """The tables by position and the tree agree on every URL, also where few segments tell many routes apart."""
    random_ = random.Random(7)
    segments = ["a", "b", "c", "{x}", "{y}", "p:{x}", "q:{x}", "{x}-{y}", "p:{x}.{y}", "d%20e", ""]
    given = ["a", "b", "c", "p:1", "q:", "p:1.2", "u-v", "-", "zz", "d%20e", "d e", ""]
    found_some = 0
    for _ in range(300):
        router = Router()
        for number in range(random_.randrange(1, 14)):
            path = "".join("/" + random_.choice(segments) for _ in range(random_.randrange(1, 5)))
            router.add(random_.choice(["GET", "PUT"]), path, (number, path))
        for _ in range(60):
            url = "".join("/" + random_.choice(given) for _ in range(random_.randrange(1, 5)))
            url = random_.choice(["", "https://host"]) + url + random_.choice(["", "?k=/a"])
            found = router.find("GET", url)
            assert found == router._search("GET", url), url
            found_some += found is not None
    assert found_some > 1_000


def test_other_method_of_the_same_template_is_found_behind_a_literal(router):
    """A literal that lacks the method does not hide the template that has it."""
    assert router.find("PUT", "/pets/mine")[:2] == ("put", ["mine"])
    assert router.find("POST", "/pets/mine") is None
    assert router.methods("/pets/mine") == ("GET", "PUT")
    assert router.methods("/nothing") == ()


def test_segments_that_are_no_literals_are_not_told(router):
    """What may be an id, or a secret in the wrong place, is left out."""
    assert router.known_segments("/pets/7/toys?x") == ["pets", None, "toys"]
    assert router.known_segments("/secret") == [None]


def test_path_and_query_are_split_from_any_url():
    """Scheme, host and fragment are dropped."""
    assert split_url("https://h/a/b?c=d?e#f") == ("/a/b", "c=d?e")
    assert split_url("/a") == ("/a", "")
    assert split_url("https://h?x") == ("/", "x")


def test_template_names_come_in_order():
    """All names in braces."""
    assert template_names("/a/{b}/c:{d}-{e}") == ["b", "d", "e"]


def test_unknown_operation_names_methods_or_says_that_there_is_no_path(styles, judged):
    """No part of the URL is told that the contract does not know."""
    (finding,) = judged(styles, "DELETE /v1/query?s=x", {}, None, (200,))
    assert (finding.rule, finding.location) == ("unknown-operation", "method")
    assert finding.message == "`DELETE /v1/query` is not documented; documented there: GET"
    (finding,) = judged(styles, "GET /v1/hunter2/query")
    assert (finding.rule, finding.location) == ("unknown-operation", "url")
    assert finding.message == "`GET /v1/…/…` is not documented; no operation has such a path"
    (finding,) = judged(styles, "get /v1/query")
    assert finding.message.startswith("`<3 characters: 3 lower> /v1/query` is not documented")


def test_base_paths_of_the_servers_come_first(validator, broken):
    """Every distinct base path, and variables as templates or as each of their values."""
    api = validator(
        "servers: [{url: 'https://x/{tenant}/v{n}', variables: {tenant: {default: a}, n: {enum: ['1', '2']}}}]\n"
        "paths: {'/a/{tenant}': {get: {parameters: [{name: tenant, in: path, schema: {type: integer}}]}}}"
    )
    assert broken(api, "GET /acme/v1/a/7") == []
    assert broken(api, "GET https://other/acme/v2/a/7") == []
    assert broken(api, "GET /acme/v3/a/7") == ["unknown-operation at url"]
    assert broken(api, "GET /a/7") == ["unknown-operation at url"]
    assert broken(api, "GET /acme/v1/a/x") == ["parameter-format at path.tenant"]


def test_given_base_paths_replace_those_of_the_document(styles, exchange):
    """For a service that is mounted elsewhere."""
    from watchword.validation import Validator

    elsewhere = Validator(styles.contract, base_paths=["/mounted/"])
    assert elsewhere.conforms(exchange("GET /mounted/query"))
    assert not elsewhere.conforms(exchange("GET /v1/query"))
