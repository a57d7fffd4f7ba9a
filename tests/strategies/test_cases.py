"""Cases keep their promise: the validator shares every expectation, and nothing telling is left out."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import watchword
from watchword.contract import BUNDLED, Operation
from watchword.ground import Certainty, Exchange, Side
from watchword.language import Rules
from watchword.strategies import UNSEEN, Case, cases, example_request, narrower_cases
from watchword.strategies.shape import Node
from watchword.strategies.texts import Texts
from watchword.validation import Validator

SUITE = Path(__file__).parents[3] / "shared/suites/openapi-documents"
STYLES = Path(__file__).with_name("styles.openapi.yaml")
FAST = ("rentcast.io_1.0", "exoapi.dev_1.0.0", "wolframalpha.com_v0.1", "codat.io_bank-feeds_2.1.0")
SLOW = ("vercel.com_0.0.1", "adyen.com_AccountService_5", "adyen.com_LegalEntityService_2", "codat.io_commerce_2.1.0")


@cache
def loaded(name: str | Path) -> Validator:
    """The validator of a contract, read once for all tests."""
    return watchword.load(name)


@cache
def listed(name: str | Path, operation: str = "") -> tuple[Case, ...]:
    """The cases of an operation, of the first one if none is named, listed once for all tests."""
    contract = loaded(name).contract
    return tuple(cases(contract.operation(operation) if operation else contract.operations[0], contract))


def disagreements(validator: Validator, operation: Operation) -> Iterator[tuple[Case, list[str]]]:
    """The cases whose expectation the validator does not share, with what it finds."""
    for case in cases(operation, validator.contract):
        findings = validator.findings(Exchange(example_request(case, operation)))
        assumed = {finding.rule for finding in findings if finding.certainty is Certainty.ASSUMED}
        stated = {finding.rule for finding in findings} - assumed
        if case.side == "either":
            agreed = True  # nobody expects anything of it but an answer
        elif case.rule in UNSEEN and case.draft.credential == "none":
            agreed = assumed | stated <= {"missing-credential"}
        elif case.side == "accept" or case.rule in UNSEEN or _is_optional_credential(case):
            agreed = not findings
        elif case.id.endswith("/blank"):
            agreed = case.rule in stated and assumed | stated == {case.rule, *case.also}
        elif case.certainty is Certainty.DOCUMENTED:
            agreed = stated == {case.rule} and assumed == set(case.also)
        else:
            agreed = not stated and assumed == {case.rule}
        if not agreed:
            yield case, [f"{finding.rule} {finding.location}" for finding in findings]


def _is_optional_credential(case: Case) -> bool:
    return case.rule == "missing-credential" and case.certainty is Certainty.ASSUMED


def judged(validator: Validator) -> list[tuple[str, list[str]]]:
    """Ids and findings of all disagreements of a contract."""
    return [
        (case.id, found)
        for operation in validator.contract.operations
        for case, found in disagreements(validator, operation)
    ]


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled_contract_gives_cases_that_the_validator_agrees_with(name: str) -> None:
    """An accept case conforms; a refuse case breaks the rule that it names, and of the documented ones no other."""
    assert judged(loaded(name)) == []


def test_document_of_many_styles_gives_cases_that_the_validator_agrees_with() -> None:
    """Styles, media types and nested bodies of a hand-written document keep the promise too."""
    assert judged(loaded(STYLES)) == []


@pytest.mark.parametrize(
    ("operation", "rule", "location"),
    [
        ("nest", "sku/pattern", "body#/lines/0/sku"),
        ("nest", "Line/required", "body#/lines/0"),
        ("nest", "count/minimum", "body#/lines/0/count"),
        ("nest", "tokens.items/minLength", "body#/tokens/0"),
        ("nest", "labels.items/pattern", "body#/labels/x_watchword"),
        ("nest", "matrix.items.items/maximum", "body#/matrix/0/0"),
        ("nest", "tokens/uniqueItems", "body#/tokens"),
        ("everyStyle", "scopes.items/enum", "query.scopes#/0"),
        ("everyStyle", "scopes/uniqueItems", "query.scopes"),
        ("everyStyle", "X-Marks.items/pattern", "header.X-Marks#/0"),
        ("everyStyle", "X-Marks/minItems", "header.X-Marks"),
        ("everyStyle", "b/maxLength", "query.deep#/b"),
        ("everyStyle", "a/minimum", "query.deep#/a"),
        ("everyStyle", "parameter-format", "query.piped"),
        ("everyStyle", "json/required", "query.json"),
        ("everyStyle", "x/maxLength", "query.json#/x"),
        ("everyStyle", "x/type", "query.json#/x"),
        ("nest", "labels/maxProperties", "body#/labels"),
        ("nest", "labels/minProperties", "body#/labels"),
        ("sendForm", "tags.items/maxLength", "body#/tags/0"),
        ("sendForm", "age/type", "body#/age"),
        ("sendForm", "share/maximum", "body#/share"),
        ("sendForm", "public/type", "body#/public"),
        ("sendFile", "pages/maximum", "body#/pages"),
        ("sendFile", "marks.items/minimum", "body#/marks/0"),
    ],
)
def test_rules_of_values_in_lists_maps_forms_and_parameters_are_broken(
    operation: str, rule: str, location: str
) -> None:
    """Whatever a schema says of a value is broken where that stands: in a list, a map, a form, a parameter."""
    broken = {(case.rule, case.location) for case in listed(STYLES, operation)}
    assert (rule, location) in broken


@pytest.mark.parametrize("name", [*FAST, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)])
def test_real_document_gives_cases_that_the_validator_agrees_with(name: str) -> None:
    """Documents of real services keep the promise, and each of their operations has cases."""
    path = SUITE / f"{name}.json"
    if not path.exists():
        pytest.skip("the suite of real documents is not there")
    validator = watchword.load(path)
    assert judged(validator) == []
    assert all(next(cases(operation, validator.contract), None) for operation in validator.contract.operations)


@pytest.mark.parametrize("name", [*BUNDLED, STYLES])
def test_cases_are_the_same_each_time_and_ids_are_unique_and_safe(name: str) -> None:
    """A case id can be a file name and a shell word, names one case, and stays."""
    contract = watchword.load(name).contract
    for operation in contract.operations:
        found = listed(name, operation.id)
        assert found == tuple(cases(operation, contract))
        assert max(Counter(case.id for case in found).values(), default=1) == 1
        assert all(re.fullmatch(r"[A-Za-z0-9._/-]+", case.id) for case in found)
        assert all(case.id.startswith(f"{contract.name.replace(' ', '-')}/") for case in found)


@pytest.mark.parametrize("name", BUNDLED)
def test_first_string_cases_break_every_rule_once_and_alone(name: str) -> None:
    """The first N refuse cases about strings break the N rules of the contract once each, and no other with it."""
    rules = {rule for texts in _request_strings(name) for rule in texts.names}
    rules -= {rule for texts in _request_strings(name) for rule in texts.implied}
    first = [case for case in listed(name) if case.side == "refuse" and case.rule in rules][: len(rules)]
    assert {case.rule for case in first} == rules
    assert all(case.also == () for case in first)


def _request_strings(name: str) -> list[Rules]:
    operation = loaded(name).contract.operations[0]
    assert operation.body is not None
    schema = operation.body.content[0].schema
    assert schema is not None
    members = [(key, value) for key, value in schema.value["properties"].items()]
    found = [
        Rules.of(value, name=key, resolve=schema.resolve) for key, value in members if value.get("type") != "boolean"
    ]
    found += [
        Rules.of(each.schema.value, name=each.schema.name, resolve=each.schema.resolve)
        for each in operation.parameters
        if each.schema is not None and each.schema.value.get("type") == "string"
    ]
    return found


@pytest.mark.parametrize(
    ("name", "alphabet"),
    [
        ("roma-connect", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789~!@#$%^&*()-_=+|[{}];:<>/?"),
        ("iotda", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"),
        ("kii", "".join(map(chr, range(0x20, 0x7F)))),
    ],
)
def test_accept_cases_hold_every_member_of_every_class(name: str, alphabet: str) -> None:
    """Each character that the vendor's text allows is sent in some password that must be accepted."""
    made_up = [case for case in listed(name) if case.side == "accept" and case.rule != "example"]
    sent = {character for case in made_up for secret in case.draft.secrets for character in secret}
    assert set(alphabet) == sent


@pytest.mark.parametrize("name", BUNDLED)
def test_ids_and_phrases_tell_no_secret(name: str) -> None:
    """Neither the id nor the phrase of a case repeats a secret that it sends."""
    for case in listed(name):
        told = [secret for secret in case.draft.secrets if len(secret) > 5 and secret in case.id + case.about]
        assert told == [], case.id
        assert all(secret not in repr(case) for secret in case.draft.secrets if len(secret) > 12)


@pytest.mark.parametrize("name", BUNDLED)
def test_secrets_of_a_case_are_those_in_its_body(name: str) -> None:
    """Whoever redacts what `secrets` lists leaves no password of the body to be seen."""
    about = [case for case in listed(name) if case.rule.startswith(("Password", "Secret/"))]
    strings = [case for case in about if "/type/" not in case.id and not case.id.endswith("/0")]
    assert strings
    assert all(case.draft.secrets for case in strings)


def test_refuse_side_of_the_path_changes_the_targets_own_id() -> None:
    """A service that trims or folds a malformed id would reach the device that it was made from."""
    operation = loaded("roma-connect").contract.operations[0]
    urls = {
        case.id.rsplit("/", 1)[1]: case.draft.request(
            operation, base_url="http://localhost", values={"device_id": "4711"}, token=lambda _: "t"
        ).url
        for case in listed("roma-connect")
        if case.rule == "parameter-format"
    }
    assert urls["device_id-plus-sign"].endswith("/devices/%2B4711/authentication")
    assert urls["device_id-point-zero"].endswith("/devices/4711.0/authentication")
    assert urls["device_id-newline-after"].endswith("/devices/4711%0A/authentication")


def test_percent_encoded_path_names_the_same_device() -> None:
    """Every byte of the target's id can be sent as an escape."""
    operation = loaded("kii").contract.operations[0]
    case = next(case for case in listed("kii") if case.id.endswith("path/percent-encoded"))
    request = case.draft.request(operation, base_url="http://h/x/", values={"vendorThingID": "ab"}, token=lambda _: "t")
    assert request.url == "http://h/x/api/apps/%61%70%70%31/things/VENDOR_THING_ID:%61%62/ownership/password"


@pytest.mark.parametrize(
    ("credential", "expected"),
    [
        ("valid", "Bearer secret-1a"),
        ("forged", "Bearer frperg-6n"),
        ("truncated", "Bearer secret-1"),
        ("lengthened", "Bearer secret-1ax"),
        ("other-case", "Bearer SECRET-1A"),
        ("bare", "secret-1a"),
        ("wrong-scheme", "Digest secret-1a"),
        ("listed", "Bearer x, secret-1a"),
        ("escaped", "Bearer %73ecret-1a"),
        ("elsewhere", None),
        ("empty", "Bearer "),
        ("none", None),
    ],
)
def test_credential_of_a_case_is_sent_as_its_name_says(credential: str, expected: str | None) -> None:
    """A forged token has the length and the kinds of characters of the real one, and is another."""
    operation = loaded("kii").contract.operations[0]
    case = next(case for case in listed("kii") if case.draft.credential == credential)
    request = case.draft.request(operation, base_url="http://h", values={}, token=lambda _: "secret-1a")
    assert dict(request.headers).get("Authorization") == expected


def test_judge_drops_what_it_does_not_agree_with_and_allows_more() -> None:
    """With a validator as the judge, alternatives that cannot be told apart here are used too."""
    validator = loaded(STYLES)
    operation = validator.contract.operation("choose")

    def judge(request: object) -> set[str]:
        findings = validator.findings(Exchange(request))  # type: ignore[arg-type]
        return {finding.rule for finding in findings if finding.side is Side.REQUEST}

    alone = {case.id for case in listed(STYLES, "choose")}
    helped = {case.id for case in cases(operation, validator.contract, judge=judge)}
    assert len(helped) > len(alone)
    left = cases(operation, validator.contract, judge=lambda _: {"this", "that"})
    assert {case.side for case in left} == {"either"}


def test_each_of_several_bodies_is_varied_and_the_judge_names_what_is_broken() -> None:
    """Where a body is one of several, each gets its accept and refuse cases, under the rule that a validator finds."""
    validator = loaded(STYLES)
    operation = validator.contract.operation("choose")

    def judge(request: object) -> set[str]:
        return {finding.rule for finding in validator.findings(Exchange(request))}  # type: ignore[arg-type]

    found = [case for case in cases(operation, validator.contract, judge=judge) if case.side != "either"]
    about = [case for case in found if case.draft.body and case.location and case.location.startswith("body#/")]
    for member in (b"cat", b"dog"):
        assert {case.side for case in about if member in case.draft.body} == {"accept", "refuse"}
    for case in about:
        rules = judge(example_request(case, operation))
        assert rules == ({case.rule} if case.side == "refuse" else set())


@pytest.mark.parametrize("name", BUNDLED)
def test_packed_case_is_taken_apart_into_valid_ones_that_hold_all_of_it(name: str) -> None:
    """When a value with many rare characters is refused, one request each tells which of them is to blame."""
    validator = loaded(name)
    operation = validator.contract.operations[0]
    packed = [case for case in listed(name) if "/members-" in case.id]
    assert packed
    for case in packed:
        narrower = list(narrower_cases(case, operation, validator.contract))
        assert all(validator.conforms(Exchange(example_request(each, operation))) for each in narrower)
        assert len({each.id for each in narrower}) == len(narrower)
        plain = narrower[0].draft.body
        assert set(case.draft.body) <= set(plain).union(*(each.draft.body for each in narrower))


def test_case_of_one_thing_is_not_taken_apart() -> None:
    """There is nothing to isolate in a refused request, or in an example."""
    contract = loaded("kii").contract
    operation = contract.operations[0]
    whole = [case for case in listed("kii") if case.side == "refuse" or case.rule == "example"]
    assert [each for case in whole[:20] for each in narrower_cases(case, operation, contract)] == []


@pytest.mark.parametrize(
    ("pattern", "lengths"),
    [("^[a-z][a-z0-9_-]{2,29}$", (2, 31)), ("^[0-9]{4,12}$", (3, 13)), ("^(?:[a-z]{2}-)?[A-Z]{3}$", (2, 7))],
)
def test_text_of_a_wrong_length_is_wrong_in_nothing_else(pattern: str, lengths: tuple[int, int]) -> None:
    """A pattern that says lengths as well is broken by a valid text that lost, or got, one of its own characters."""
    texts = Texts(Node({"type": "string", "pattern": pattern}, "", "name", lambda _: (True, "")), _documented)
    refused = {each.variant: each.text for each in texts.refused()}
    shorter, longer = (refused[str(length)] for length in lengths)
    assert any(texts.rules.accepts(shorter[:i] + c + shorter[i:]) for i in range(len(shorter) + 1) for c in shorter)
    assert any(texts.rules.accepts(longer[:i] + longer[i + 1 :]) for i in range(len(longer)))


def _documented(_: str) -> Certainty:
    return Certainty.DOCUMENTED


def test_request_without_a_credential_has_everything_else() -> None:
    """A service may look for a credential only where nothing else tells who calls."""
    found = {case.id.rpartition("refuse/")[2]: case for case in listed("iotda")}
    assert "Instance-Id" in {value.name for value in found["missing-credential/none"].draft.values}


def test_refused_values_meet_other_members_left_out_at_their_defaults_and_far_from_them() -> None:
    """A rule may be checked on one path of the service only: the other members take turns."""
    alphabet = [case.draft.body for case in listed("iotda") if case.rule == "Secret/alphabet"]
    assert any(b"PRIMARY" in body for body in alphabet)
    assert any(b"SECONDARY" in body for body in alphabet)
    assert any(b"secret_type" not in body for body in alphabet)
