"""The three documents judged from outside, by independent libraries: none of Watchword's own code runs here."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

ROOT = Path(__file__).parents[2]
VENDOR_TEXTS = ROOT.parent / "shared" / "vendor-docs"
NAMES = ("roma-connect", "iotda", "kii")
PAGE = (ROOT / "docs" / "contracts.md").read_text(encoding="utf-8")

SPECIAL = "~!@#$%^&*()-_=+|[{}];:<>/?"
NOT_SPECIAL = "\"'\\,.` "

# Rule -> values that obey it, values that break it; read off the vendor texts, never off the documents.
PREDICATES: dict[str, dict[str, tuple[list[str], list[str]]]] = {
    "roma-connect": {
        "Password/length": (["x" * 16, "x" * 32, "😀" * 16, " " * 20], ["", "x" * 15, "x" * 33, "😀" * 15, "😀" * 33]),
        "Password/digit": (["0", "a9", "--5--"], ["", "abc", "٣", "４", "²"]),
        "Password/upper": (["A", "aZa", "0M"], ["", "abc", "À", "Ａ", "А"]),
        "Password/lower": (["a", "AzA", "0m"], ["", "ABC", "ß", "ａ", "а"]),
        "Password/special": ([*SPECIAL, "a-", "]", "Aa0["], ["", "Aa0", *NOT_SPECIAL, "～", "€", "\t"]),
        "Password/alphabet": (
            ["", "abcXYZ0189", SPECIAL, f"Aa0{SPECIAL}"],
            [*NOT_SPECIAL, "é", "Aa0-😀", "a\n", "\na", "a\rb", "\x00", "\x7f", "４", "а"],
        ),
        "UserName/alphabet": (["", "device01", "A-b-3", "-", "---"], ["a_b", "a b", "é", "a\n", "\n", "a.b", "４"]),
    },
    "iotda": {
        "Secret/length": (["x" * 8, "x" * 32, "😀" * 8], ["", "x" * 7, "x" * 33]),
        "Secret/alphabet": (["", "abcXYZ0189_-"], ["a b", "a.b", "é", "ab\n", "３", "a+b", "a\x00"]),
        "NbIotSecret/hexadecimal": (["", "0123456789abcdefABCDEF"], ["g", "G", "-", "_", "0x1f\n", "ａ"]),
        "ReplySecret/length": (["x" * 8, "x" * 32], ["", "x" * 7, "x" * 33]),
        "ReplySecret/alphabet": (["", "abcXYZ0189_-"], ["a b", "a.b", "é", "ab\n"]),
        "DeviceId/length": (["", "x", "x" * 128], ["x" * 129]),
        "DeviceId/alphabet": (["", "abcXYZ0189_-"], ["a b", "a.b", "a:b", "é", "ab\n", "a/b"]),
        "ResetReply/properties/device_id/length": (["", "x" * 256, "a.b"], ["x" * 257]),
    },
    "kii": {
        "Password/first": ([" ", "~", "a", "a\n", "~é"], ["", "\n", "é", "\x1f", "\x7f", "\na", "ａ"]),
        "Password/alphabet": (["", " ", "~", "a b c", "x" * 500], ["a\n", "é", "a\x7f", "a\tb", "\x00", "a😀"]),
        "Password/length": (["", "x" * 200, "😀" * 200], ["x" * 201, "😀" * 201]),
    },
}


@cache
def document(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "specs" / f"{name}.openapi.yaml").read_text(encoding="utf-8"))
    return loaded


def assumed_in_document(name: str) -> set[str]:
    """Pointers of everything that the document marks as assumed: whole objects, and single keywords of them."""
    whole = {pointer for pointer, node in nodes(document(name)) if "x-certainty" in node}
    return whole | {f"{pointer}/{key}" for pointer, node in nodes(document(name)) for key in node.get("x-assumed", ())}


def replies(found: dict[str, Any]) -> dict[str, Any]:
    """The replies of an operation by status, without the extensions beside them."""
    return {status: reply for status, reply in found["responses"].items() if not status.startswith("x-")}


def operation(name: str) -> dict[str, Any]:
    (item,) = document(name)["paths"].values()
    found: dict[str, Any] = next(iter(item.values()))
    return found


def operation_pointer(name: str) -> str:
    ((path, item),) = document(name)["paths"].items()
    return f"/paths/{path.replace('/', '~1')}/{next(iter(item))}"


def resolve(name: str, pointer: str) -> Any:
    node: Any = document(name)
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        node = node[int(key)] if isinstance(node, list) else node[key]
    return node


def nodes(node: Any, pointer: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of the document with its pointer, example values left out."""
    if isinstance(node, dict):
        yield pointer, node
        for key, child in node.items():
            if key != "examples":
                yield from nodes(child, pointer + "/" + str(key).replace("~", "~0").replace("/", "~1"))
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from nodes(child, f"{pointer}/{index}")


def schema_parts(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Component schemas, their properties, and the inline members of their `allOf` and `anyOf`."""
    for pointer, node in nodes(document(name)["components"]["schemas"], "/components/schemas"):
        parent = pointer.split("/")[-2]
        if parent in ("schemas", "properties") or (parent in ("allOf", "anyOf") and "$ref" not in node):
            yield pointer, node


def titled_parts(name: str) -> dict[str, dict[str, Any]]:
    """Rule -> the part that states it, for every part that speaks about strings."""
    found = {}
    for pointer, node in schema_parts(name):
        if "title" in node and {"pattern", "minLength", "maxLength"} & set(node):
            holder = pointer.removeprefix("/components/schemas/").rsplit("/allOf/", 1)[0]
            found[f"{holder}/{node['title']}"] = node
    return found


def examples(name: str) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Pointer of the example, the schema it has to obey, its value."""
    here = operation_pointer(name)
    found = operation(name)
    media = [(f"{here}/requestBody/content", found["requestBody"]["content"])]
    media += [
        (f"{here}/responses/{status}/content", reply.get("content", {})) for status, reply in replies(found).items()
    ]
    for index, parameter in enumerate(found["parameters"]):
        for key, example in parameter["examples"].items():
            yield f"{here}/parameters/{index}/examples/{key}", parameter["schema"], example["value"]
    for pointer, content in media:
        for kind in content.values():
            for key, example in kind["examples"].items():
                yield f"{pointer}/*/examples/{key}", kind["schema"], example["value"]


def section(name: str) -> str:
    return PAGE.split(f"\n## {name}\n", 1)[1].split("\n## ", 1)[0]


def pointers(row: str) -> list[str]:
    return re.findall(r"`([…/][^`]*)`", row)


def cited(name: str) -> Iterator[tuple[str, str]]:
    """Row of the page and one pointer in it, for the clauses of a contract."""
    for row in section(name).splitlines():
        if row.startswith("|") and not row.startswith("|---"):
            cell = row.split(" | ")[2]
            yield from ((row, pointer.replace("…", operation_pointer(name))) for pointer in pointers(cell))


def assumed_in_page(name: str) -> set[str]:
    rows = [row for row in section("Assumptions").splitlines() if row.startswith(f"| {name} |")]
    return {pointer.replace("…", operation_pointer(name)) for row in rows for pointer in pointers(row.split(" | ")[3])}


def words(text: str) -> list[str]:
    return [bare for word in text.split() if (bare := word.strip(".,;:()[]\"'`|#*-—>{}").lower())]


def grams(text: str, size: int) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[start : start + size]) for start in range(len(found) - size + 1)}


@pytest.mark.parametrize("name", NAMES)
def test_document_is_valid_openapi(name: str) -> None:
    """Each contract is a valid OpenAPI 3.1 document in the eyes of openapi-spec-validator."""
    assert [str(error) for error in OpenAPIV31SpecValidator(document(name)).iter_errors()] == []


@pytest.mark.parametrize("name", NAMES)
def test_examples_obey_their_schemas(name: str) -> None:
    """Every example of a parameter, request or reply is valid, and none is masked."""
    registry: Registry[Any] = Registry().with_resource("urn:contract", DRAFT202012.create_resource(document(name)))
    seen = 0
    for pointer, schema, value in examples(name):
        absolute = json.loads(json.dumps(schema).replace('"#/', '"urn:contract#/'))
        validator = jsonschema.Draft202012Validator(absolute, registry=registry)
        assert [error.message for error in validator.iter_errors(value)] == [], pointer
        assert "***" not in json.dumps(value), pointer
        seen += 1
    assert seen >= 12


@pytest.mark.parametrize("name", NAMES)
def test_every_reply_with_content_has_an_example(name: str) -> None:
    """Each documented reply that has a body shows one."""
    for status, reply in replies(operation(name)).items():
        assert all(kind["examples"] for kind in reply.get("content", {}).values()), status
        assert bool(reply.get("content")) == (status != "204")


@pytest.mark.parametrize("name", NAMES)
def test_every_clause_names_its_source(name: str) -> None:
    """Operations, parameters, bodies, replies, security schemes, servers, schemas and parts have an `x-source`."""
    found = operation(name)
    clauses = [found, found["requestBody"], *found["parameters"], found["responses"], *replies(found).values()]
    clauses += [*document(name)["servers"], *document(name)["components"]["securitySchemes"].values()]
    clauses += [part for _, part in schema_parts(name)]
    vendor = document(name)["info"]["x-source"]
    assert [clause for clause in clauses if not str(clause.get("x-source", "")).startswith(f"{vendor}, ")] == []


@pytest.mark.parametrize("name", NAMES)
def test_sources_stand_in_the_vendor_text(name: str) -> None:
    """Each table, member and status that a source names occurs in the vendor's text."""
    file = VENDOR_TEXTS / f"{name}.txt"
    if not file.exists():
        pytest.skip("the vendor texts are not part of the repository")
    text = file.read_text(encoding="utf-8")
    for pointer, node in nodes(document(name)):
        for named in re.split(r", | and ", str(node.get("x-source", "")).partition('",')[2]):
            assert named.strip().removeprefix("Tables ").removeprefix("Table ") in text, (pointer, named)


@pytest.mark.parametrize("name", NAMES)
def test_page_points_at_existing_clauses_with_their_certainty(name: str) -> None:
    """Every pointer of docs/contracts.md resolves, and the page and the document agree on what is assumed."""
    assert f"`…` = `{operation_pointer(name)}`" in PAGE
    marked = {pointer for pointer, node in nodes(document(name)) if node.get("x-certainty") == "assumed"}
    rows = list(cited(name))
    assert len(rows) >= 20
    for row, pointer in rows:
        resolve(name, pointer)
        assert (pointer in marked) == row.endswith("| assumed |"), row


@pytest.mark.parametrize("name", NAMES)
def test_page_lists_exactly_the_assumptions_of_the_document(name: str) -> None:
    """The table of assumptions names each `x-certainty: assumed` of the document, and nothing else."""
    values = {node["x-certainty"] for _, node in nodes(document(name)) if "x-certainty" in node}
    assert values == {"assumed"}
    assert assumed_in_page(name) == assumed_in_document(name)


@pytest.mark.parametrize("row", [row for row in section("Readings").splitlines() if row.count("|") == 5][2:])
def test_readings_point_at_existing_clauses(row: str) -> None:
    """Every pointer of the table of readings resolves."""
    contract = row.split("|")[1].strip()
    for name in NAMES if contract == "all" else (contract,):
        for pointer in pointers(row.rsplit(" | ", 1)[1]):
            resolve(name, pointer.replace("…", operation_pointer(name)))


@pytest.mark.parametrize("name", NAMES)
def test_no_run_of_seven_words_is_the_vendors(name: str) -> None:
    """Descriptions are our own words: no seven words in a row stand in a vendor text."""
    if not VENDOR_TEXTS.exists():
        pytest.skip("the vendor texts are not part of the repository")
    theirs: set[tuple[str, ...]] = set()
    for file in VENDOR_TEXTS.glob("*.txt"):
        theirs |= grams(file.read_text(encoding="utf-8"), 7)
    ours = (ROOT / "specs" / f"{name}.openapi.yaml").read_text(encoding="utf-8")
    assert grams(ours, 7) & theirs == set()
    assert grams(PAGE, 7) & theirs == set()


@pytest.mark.parametrize("name", NAMES)
def test_every_string_rule_agrees_with_chosen_values(name: str) -> None:
    """Each titled rule accepts and refuses the values that the vendor's words accept and refuse."""
    parts = titled_parts(name)
    expected = PREDICATES[name]
    assert parts.keys() == expected.keys()
    for rule, (obeying, breaking) in expected.items():
        for value in obeying:
            assert jsonschema_rs.is_valid(parts[rule], value), (rule, value)
        for value in breaking:
            assert not jsonschema_rs.is_valid(parts[rule], value), (rule, value)
            if not value.endswith("\n"):  # Python's `$` matches before it, ECMA's does not
                assert not jsonschema.Draft202012Validator(parts[rule]).is_valid(value), (rule, value)


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_part_holds_one_keyword_under_a_short_title(name: str) -> None:
    """A titled part states one thing, so that its title can name the rule; a length may have two ends."""
    for pointer, node in schema_parts(name):
        if "title" in node:
            keywords = {key for key in node if key != "title" and not key.startswith("x-")}
            assert len(keywords) == 1 or keywords == {"minLength", "maxLength"}, pointer
            assert re.fullmatch("[a-z]+( [a-z]+)?", node["title"]), pointer


@pytest.mark.parametrize("name", NAMES)
def test_secrets_are_marked(name: str) -> None:
    """Every property that carries a secret has `format: password`, and `writeOnly` in requests alone."""
    secret = {"password", "secret", "newPassword"}
    found = {pointer: node for pointer, node in schema_parts(name) if pointer.rsplit("/properties/", 1)[-1] in secret}
    assert found
    for pointer, node in found.items():
        assert node["format"] == "password", pointer
        assert node.get("writeOnly", False) == ("Request/" in pointer), pointer
    assert {pointer for pointer, node in nodes(document(name)) if node.get("format") == "password"} == set(found)


@pytest.mark.skipif(shutil.which("node") is None, reason="node is the reference engine for ECMA patterns")
@pytest.mark.parametrize("name", NAMES)
def test_patterns_mean_the_same_to_an_ecma_engine(name: str) -> None:
    """Each pattern compiles with and without the flag `u` in node, and judges the chosen values alike."""
    values = {rule: both for rule, both in PREDICATES[name].items() if "pattern" in titled_parts(name)[rule]}
    work = [[titled_parts(name)[rule]["pattern"], obeying, breaking] for rule, (obeying, breaking) in values.items()]
    program = """
      const work = JSON.parse(require("fs").readFileSync(0, "utf8"));
      const wrong = [];
      for (const [pattern, obeying, breaking] of work) for (const flag of ["u", ""]) {
        const regex = new RegExp(pattern, flag);
        for (const value of obeying) if (!regex.test(value)) wrong.push([pattern, flag, value]);
        for (const value of breaking) if (regex.test(value)) wrong.push([pattern, flag, value]);
      }
      console.log(JSON.stringify(wrong));
    """
    answer = subprocess.run(["node", "-e", program], input=json.dumps(work), capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout) == []
