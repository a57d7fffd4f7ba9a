"""Documents as contracts: what is read, and what a document gets wrong."""

from pathlib import Path

import pytest

from watchword.contract import load_contract, read_contract
from watchword.document import read
from watchword.ground import BrokenDocument, Certainty


def findings(contract, text, openapi="3.1.1"):
    with pytest.raises(BrokenDocument) as caught:
        contract(text, openapi)
    return [
        f"{each.place.line}:{each.place.column} {each.rule}: {each.message}".splitlines()[0]
        for each in caught.value.findings
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[]", "1:1: not an OpenAPI document: the root must be an object"),
        ("", "1:1: not an OpenAPI document: the root must be an object"),
        ("just text", "1:1: not an OpenAPI document: the root must be an object"),
        ("a: 1", "1:1: not an OpenAPI document: it has no `openapi` field"),
        ("swagger: '2.0'", "1:1: Swagger 2.0 is not supported; convert it to OpenAPI 3 first"),
        ("info: {}\nopenapi: 2.0.0", '2:1: OpenAPI version "2.0.0" is not supported; 3.0.x, 3.1.x and 3.2.x are'),
        ("openapi: 3.1", "1:1: OpenAPI version 3.1 is not supported"),
        ("openapi: 4.0.0", '1:1: OpenAPI version "4.0.0" is not supported'),
        ("openapi: 3.3.0", '1:1: OpenAPI version "3.3.0" is not supported'),
        ("openapi: [3.1.0]", '1:1: OpenAPI version ["3.1.0"] is not supported'),
        ("openapi: 3.1.0\npaths: []", "2:1: `paths` must be an object"),
    ],
)
def test_document_that_is_no_openapi_says_what_it_is(content, message):
    """One finding says why the document cannot be used."""
    with pytest.raises(BrokenDocument) as caught:
        read_contract(read(content.encode(), file="a.yaml", path=Path("/nowhere/a.yaml")), "a")
    assert str(caught.value).startswith(f"a.yaml:{message}")
    assert [each.rule for each in caught.value.findings] == ["not-openapi"]


@pytest.mark.parametrize("version", ["3.0.0", "3.0.4", "3.1.2", "3.2.0", "3.1.0-rc1"])
def test_versions_three_zero_to_three_two_are_read(contract, version):
    """Every patch release of the supported minor versions is read."""
    assert contract("paths: {}", version).operations == ()


def test_document_without_paths_has_no_operations(contract):
    """OpenAPI 3.1 allows a document of components or webhooks alone."""
    assert contract("components: {}").operations == ()


def test_all_mistakes_are_told_in_reading_order(contract):
    """Wrong types, nameless parameters, unknown schemes and duplicate routes come together, top to bottom."""
    text = """\
paths:
  /a/{x}:
    get:
      security: [{nope: []}]
      parameters:
        - {in: query}
        - {name: q, in: body}
        - 7
      responses:
        '200': {headers: {X: true}, content: {application/json: 3}}
  /a/{y}:
    get: {responses: {default: []}}
    parameters: {}
  /b: [1]
  /c:
    post: none
    requestBody: {}
"""
    place = "a parameter needs a `name` and an `in` of path, query, querystring, header, cookie"
    assert findings(contract, text) == [
        "6:19 unknown-security-scheme: security scheme `nope` is not declared in components",
        f"8:11 parameter-shape: {place}",
        f"9:11 parameter-shape: {place}",
        "10:11 wrong-type: must be an object",
        f"10:11 parameter-shape: {place}",
        "12:27 wrong-type: must be an object",
        "12:47 wrong-type: must be an object",
        "14:5 duplicate-route: GET /a/{y} is the route of /a/{x} at line 5 already",
        "14:23 wrong-type: must be an object",
        "15:5 wrong-type: must be an array",
        "16:3 wrong-type: must be an object",
        "18:5 wrong-type: must be an object",
    ]


def test_mistake_in_a_component_is_told_once(contract):
    """A component that ten operations use is wrong once."""
    text = """\
paths:
  /a: {get: {responses: {'200': {$ref: '#/components/responses/R'}}}}
  /b: {get: {responses: {'200': {$ref: '#/components/responses/R'}}}}
components: {responses: {R: {content: []}}}
"""
    assert findings(contract, text) == ["6:30 wrong-type: must be an object"]


def test_absent_value_counts_as_an_empty_object(contract):
    """`text/plain:` and `/a:` with nothing behind them are what people write for an empty object."""
    text = "paths:\n  /a:\n  /b:\n    get:\n      parameters:\n      responses:\n        '200':\n          content:\n"
    (operation,) = contract(text + "            text/plain:\n").operations
    assert [media.media_type for media in operation.replies[0].content] == ["text/plain"]


@pytest.mark.parametrize(
    ("first", "second"),
    [("/a/{x}", "/a/{y}"), ("/a/{x}/b", "/a/{zz}/b"), ("/V:{x}", "/V:{y}"), ("/{a}-{b}", "/{c}-{d}")],
)
def test_paths_that_differ_in_parameter_names_alone_are_one_route(contract, first, second):
    """OpenAPI 3.1.1, Paths Object: such templates are identical and invalid, for the same method."""
    text = "paths:\n  '{}': {{get: {{}}}}\n  '{}': {{{}: {{}}}}\n"
    assert findings(contract, text.format(first, second, "get"))[0].startswith("5:")
    assert len(contract(text.format(first, second, "put")).operations) == 2


def test_parameters_of_the_path_hold_unless_the_operation_has_its_own(contract):
    """Name and location together tell parameters apart (OpenAPI 3.1.1, Path Item Object)."""
    text = """\
paths:
  /a/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      - {name: id, in: query, schema: {type: string}}
      - {$ref: '#/components/parameters/Q'}
    get:
      parameters:
        - {name: id, in: query, required: true, schema: {type: integer}}
    put: {}
components: {parameters: {Q: {name: q, in: query, schema: {type: boolean}}}}
"""
    get, put = contract(text).operations
    shown = [
        [(each.where, each.name, each.required, each.schema.value["type"]) for each in operation.parameters]
        for operation in (get, put)
    ]
    assert shown[1] == [
        ("path", "id", True, "string"),
        ("query", "id", False, "string"),
        ("query", "q", False, "boolean"),
    ]
    assert shown[0] == [
        ("path", "id", True, "string"),
        ("query", "id", True, "integer"),
        ("query", "q", False, "boolean"),
    ]


def test_reserved_header_parameters_are_ignored(contract):
    """OpenAPI 3.1.1, Parameter Object: Accept, Content-Type and Authorization are no header parameters."""
    names = ["Accept", "content-type", "AUTHORIZATION", "X-Accept"]
    parameters = ", ".join(f"{{name: {name}, in: header, schema: {{type: string}}}}" for name in names)
    (operation,) = contract(f"paths: {{/a: {{get: {{parameters: [{parameters}]}}}}}}").operations
    assert [each.name for each in operation.parameters] == ["X-Accept"]


def test_content_type_header_of_a_reply_is_ignored(contract):
    """OpenAPI 3.1.1, Response Object: a header named Content-Type is ignored."""
    text = "paths: {/a: {get: {responses: {'200': {headers: {content-TYPE: {}, X-A: {required: true}}}}}}}"
    (operation,) = contract(text).operations
    assert [(each.name, each.required, each.style) for each in operation.replies[0].headers] == [
        ("X-A", True, "simple")
    ]


@pytest.mark.parametrize(
    ("parameter", "style", "explode"),
    [
        ("in: path", "simple", False),
        ("in: header", "simple", False),
        ("in: query", "form", True),
        ("in: cookie", "form", True),
        ("in: query, style: deepObject", "deepObject", False),
        ("in: query, style: form, explode: false", "form", False),
        ("in: query, style: pipeDelimited", "pipeDelimited", False),
        ("in: path, style: matrix, explode: true", "matrix", True),
        ("in: cookie, style: cookie", "cookie", True),
    ],
)
def test_style_and_explode_have_the_defaults_of_the_specification(contract, parameter, style, explode):
    """Style follows from the location, explode from the style."""
    (operation,) = contract(f"paths: {{/a: {{get: {{parameters: [{{name: x, {parameter}}}]}}}}}}").operations
    assert (operation.parameters[0].style, operation.parameters[0].explode) == (style, explode)


def test_methods_of_three_two_are_operations(contract):
    """QUERY and `additionalOperations`; the latter keep the case of their method."""
    text = "paths: {/a: {query: {}, additionalOperations: {COPY: {}, purge: {operationId: p}}, get: {}}}"
    assert [(each.method, each.id) for each in contract(text, "3.2.0").operations] == [
        ("QUERY", "query/a"),
        ("GET", "get/a"),
        ("COPY", "copy/a"),
        ("purge", "p"),
    ]


def test_path_item_and_everything_below_may_be_references(contract):
    """Path items, parameters, bodies, replies, headers, media types, examples and schemes are followed."""
    text = """\
paths: {/a: {$ref: '#/components/pathItems/A'}}
security: [{key: []}]
components:
  pathItems:
    A:
      post:
        requestBody: {$ref: '#/components/requestBodies/B'}
        responses: {'2xx': {$ref: '#/components/responses/R'}}
  requestBodies: {B: {required: true, content: {a/b: {examples: {e: {$ref: '#/components/examples/E'}}}}}}
  responses: {R: {headers: {X: {$ref: '#/components/headers/H'}}}}
  headers: {H: {schema: {$ref: '#/components/schemas/S'}}}
  examples: {E: {value: 7}}
  schemas: {S: {type: integer, title: Other}}
  securitySchemes: {key: {$ref: '#/components/securitySchemes/real'}, real: {type: apiKey, in: query, name: k}}
"""
    (operation,) = contract(text).operations
    assert operation.body.required
    assert [each.value for each in operation.body.content[0].examples] == [7]
    assert operation.replies[0].status == "2XX"
    assert operation.replies[0].headers[0].schema.name == "S"
    ((scheme,),) = operation.security
    assert (scheme.key, scheme.kind, scheme.where, scheme.name) == ("key", "apiKey", "query", "k")


def test_security_of_the_operation_replaces_that_of_the_document(contract):
    """An empty list opens an operation; an empty requirement makes credentials optional."""
    text = """\
security: [{a: [], b: []}, {c: []}]
paths: {/x: {get: {}, put: {security: []}, post: {security: [{}, {a: []}]}}}
components: {securitySchemes: {a: {type: http, scheme: Bearer}, b: {type: mutualTLS}, c: {type: oauth2, flows: {}}}}
"""
    shown = [
        [[scheme.key for scheme in each] for each in operation.security] for operation in contract(text).operations
    ]
    assert shown == [[["a", "b"], ["c"]], [], [[], ["a"]]]


def test_certainty_and_source_are_those_of_the_nearest_enclosing_part(contract):
    """`x-certainty` and `x-source` hold downwards until something nearer says otherwise."""
    text = """\
x-source: document
paths:
  /a:
    x-source: item
    get:
      x-certainty: assumed
      parameters:
        - {name: p, in: query, x-certainty: documented, schema: {x-source: schema}}
        - {name: q, in: query, x-certainty: perhaps, schema: {}}
"""
    (operation,) = contract(text).operations
    p, q = operation.parameters
    assert (operation.clause.source, operation.clause.certainty) == ("item", Certainty.ASSUMED)
    assert (p.clause.source, p.clause.certainty) == ("item", Certainty.DOCUMENTED)
    assert (p.schema.clause.source, p.schema.clause.certainty) == ("schema", Certainty.DOCUMENTED)
    assert (q.schema.clause.source, q.schema.clause.certainty) == ("item", Certainty.ASSUMED)


def test_schema_that_is_only_a_reference_is_what_it_leads_to(contract):
    """Descriptions beside a `$ref` do not make a schema of their own; other keywords do (OpenAPI 3.1)."""
    text = """\
paths:
  /a:
    get:
      parameters:
        - {name: p, in: query, schema: {$ref: '#/components/schemas/S', description: Yes, x-source: here}}
        - {name: q, in: query, schema: {$ref: '#/components/schemas/S', maxLength: 3}}
components: {schemas: {S: {$ref: '#/components/schemas/T'}, T: {type: string}}}
"""
    for openapi, second in (
        ("3.1.0", ("/paths/~1a/get/parameters/1/schema", "q", {"$ref": "#/components/schemas/S", "maxLength": 3})),
        ("3.0.3", ("/components/schemas/T", "T", {"type": "string"})),
    ):
        (operation,) = contract(text, openapi).operations
        p, q = (each.schema for each in operation.parameters)
        assert (p.at, p.name, p.clause.source) == ("/components/schemas/T", "T", "here")
        assert (q.at, q.name, q.value) == second


def test_examples_of_the_media_type_come_before_those_of_the_schema(contract):
    """Only where a parameter or media type has none are those of its schema taken."""
    text = """\
paths:
  /a:
    get:
      parameters:
        - {name: p, in: query, example: 1, schema: {example: 2, examples: [3]}}
        - {name: q, in: query, schema: {example: 2, examples: [3, 4]}}
        - {name: r, in: query, examples: {a: {value: 0}, b: {externalValue: x}, c: {dataValue: null}}, schema: {}}
        - {name: s, in: query, example: false, schema: {}}
"""
    (operation,) = contract(text).operations
    assert [[(each.name, each.value) for each in parameter.examples] for parameter in operation.parameters] == [
        [("example", 1)],
        [("schema-1", 3), ("schema-2", 4), ("schema-3", 2)],
        [("a", 0), ("c", None)],
        [("example", False)],
    ]


def test_operation_is_found_by_its_id(contract):
    """An unknown id is answered with those that exist."""
    found = contract("paths: {/a: {get: {operationId: one}, put: {}}}")
    assert found.operation("one").label == "api one"
    assert found.operation("put/a").method == "PUT"
    with pytest.raises(KeyError, match="'two'; api has one, put/a"):
        found.operation("two")


def test_paths_that_are_no_paths_are_left_alone(contract):
    """Extensions beside the paths, and extensions beside replies, are no operations and no replies."""
    found = contract("paths: {x-note: {get: {}}, /a: {x-b: {}, get: {responses: {x-c: 1, '200': {}}}, summary: s}}")
    assert [[reply.status for reply in each.replies] for each in found.operations] == [["200"]]


def test_other_file_gives_clauses_of_its_own(tmp_path):
    """What stands in another file has its place there."""
    (tmp_path / "api.yaml").write_text(
        "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a: {$ref: 'paths/a.yaml'}\n"
    )
    (tmp_path / "paths").mkdir()
    (tmp_path / "paths" / "a.yaml").write_text(
        "get:\n  responses:\n    '200':\n      description: ok\n      content:\n        application/json:\n"
        "          schema:\n            $ref: 's.json#/S'\n"
    )
    (tmp_path / "paths" / "s.json").write_text(
        '{"S": {"type": "object", "properties": {"a": {"$ref": "#/A"}}},\n "A": {"nullable": true, "type": "string"}}'
    )
    found = load_contract(tmp_path / "api.yaml")
    (media,) = found.operations[0].replies[0].content
    assert media.schema.at == "paths/s.json#/S"
    assert media.schema.value["properties"]["a"] == {"$ref": "paths/s.json#/A"}
    assert media.schema.resolve("paths/s.json#/A") == (
        {"nullable": True, "type": ["string", "null"]},
        "paths/s.json#/A",
    )
    assert str(found.node("paths/s.json#/A").place).endswith("s.json:2:2")
    assert media.clause.place.line == 6
