"""A contract as it holds for one kind of device."""

from pathlib import Path

import pytest

from watchword.contract import Contract, load_contract, profile_names, profiled
from watchword.ground import BrokenDocument, Exchange, Request, WatchwordError
from watchword.validation import Validator

DOCUMENT = """
openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /reset/{id}:
    put:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      requestBody:
        content:
          application/json:
            schema: {type: object, properties: {secret: {$ref: '#/components/schemas/Secret'}}}
      responses: {'204': {description: done}}
x-watchword-profiles:
  short: {replace: {'#/components/schemas/Secret': '#/components/schemas/Short'}}
PROFILES
components:
  schemas:
    Secret: {type: string, pattern: '^[a-z]*$'}
    Short:
      allOf:
        - $ref: '#/components/schemas/Secret'
        - {title: short, maxLength: 4}
"""


def contract(tmp_path: Path, profiles: str = "") -> Contract:
    path = tmp_path / "api.openapi.yaml"
    path.write_text(DOCUMENT.replace("PROFILES", profiles), encoding="utf-8")
    return load_contract(path)


def broken(of: Contract, secret: str) -> list[str]:
    body = f'{{"secret":"{secret}"}}'.encode()
    request = Request("PUT", "http://x/reset/1", (("Content-Type", "application/json"),), body)
    return [finding.rule for finding in Validator(of).findings(Exchange(request))]


def test_replaced_schema_judges_and_may_refer_to_what_it_replaces(tmp_path: Path) -> None:
    """The replacement stands wherever the schema was referred to, and inside it the old one is still meant."""
    plain = contract(tmp_path)
    short = profiled(plain, "short")
    assert broken(plain, "abcdef") == []
    assert broken(short, "abcdef") == ["Short/short"]
    assert broken(short, "ab1") == ["Secret/pattern"]
    assert broken(short, "ab") == []


def test_profile_keeps_the_places_of_the_document(tmp_path: Path) -> None:
    """Findings under a profile point into the file as it is."""
    plain = contract(tmp_path)
    short = profiled(plain, "short")
    assert short.name == "api.short"
    assert [each.clause.place for each in short.operations] == [each.clause.place for each in plain.operations]


def test_bundled_profiles_are_those_of_the_vendor_text() -> None:
    """IoTDA's text knows two kinds of devices with rules of their own, the others' know none."""
    assert profile_names(load_contract("iotda")) == ("nb-iot", "coap")
    assert profile_names(load_contract("kii")) == ()


def test_unknown_profile_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    """A mistyped profile never falls back to the plain rules."""
    with pytest.raises(WatchwordError, match=r"no profile `shrot`: the profiles of api are short"):
        profiled(contract(tmp_path), "shrot")
    with pytest.raises(WatchwordError, match=r"no profile `nb-iot`: kii has none"):
        profiled(load_contract("kii"), "nb-iot")


@pytest.mark.parametrize(
    "profiles",
    [
        "  odd: {}",
        "  odd: {replace: []}",
        "  odd: {replace: {'#/components/schemas/Secret': 1}}",
        "  odd: {replace: {'#/components/schemas/Secret': '#/components/schemas/Gone'}}",
    ],
)
def test_broken_profile_is_a_broken_document(tmp_path: Path, profiles: str) -> None:
    """A table of another shape, or one that leads nowhere, is told with its place."""
    with pytest.raises(BrokenDocument, match=r"api\.openapi\.yaml"):
        profiled(contract(tmp_path, profiles), "odd")
