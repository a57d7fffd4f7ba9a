"""`$ref`: within a file, to other files, in circles, and into nothing."""

import pytest

from watchword.document import DanglingReference, Library, load
from watchword.ground import Finding


@pytest.fixture
def folder(tmp_path):
    """`folder({"a.yaml": text})`: the library around the first of these files."""

    def of(files: dict[str, str]) -> Library:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return Library(load(tmp_path / next(iter(files))))

    return of


def shown(findings: list[Finding], tmp_path) -> list[str]:
    return [f"{finding.place}: {finding.message}".replace(f"{tmp_path}/", "") for finding in findings]


@pytest.mark.parametrize(
    ("reference", "value"),
    [
        ("#/a/b", 1),
        ("#/list/1", "y"),
        ("#/a~1b", "slash"),
        ("#/a%7E1b", "slash"),
        ("#/til~0de", "tilde"),
        ("#/sp%20ace", "space"),
        ("#/%C3%A4", "umlaut"),
        ("#/per%25cent", "percent"),
        ("#/", "empty key"),
        ("#anchor", {"$anchor": "anchor", "k": 1}),
        ("#dynamic", {"$dynamicAnchor": "dynamic", "k": 2}),
        ("https://example.com/schemas/point", {"$id": "https://example.com/schemas/point", "k": {"z": 3}}),
        ("https://example.com/schemas/point#/k/z", 3),
    ],
)
def test_reference_within_the_file_leads_to_its_value(folder, reference, value):
    """Pointers are percent-decoded, then unescaped (RFC 6901, section 6); anchors and `$id`s are found."""
    library = folder(
        {
            "api.yaml": "a: {b: 1}\nlist: [x, y]\na/b: slash\ntil~de: tilde\nsp ace: space\nä: umlaut\n"
            "per%cent: percent\n'': empty key\nc:\n  - {$anchor: anchor, k: 1}\n  - {$dynamicAnchor: dynamic, k: 2}\n"
            "d: {$id: 'https://example.com/schemas/point', k: {z: 3}}\n"
        }
    )
    assert library.resolve(reference, library.root).value == value


def test_empty_reference_is_the_whole_document(folder):
    """`#` names the root."""
    library = folder({"api.yaml": "a: 1"})
    assert library.resolve("#", library.root).value == {"a": 1}


def test_references_between_files_start_from_the_file_they_stand_in(folder):
    """A relative reference is resolved against its own file; each file is read once."""
    library = folder(
        {
            "api.yaml": "a: {$ref: 'parts/one.yaml#/x'}\nb: {$ref: './parts/one.yaml'}\nc: {$ref: 'with%20space.json'}",
            "parts/one.yaml": "x: {$ref: 'two.yaml#/y'}\nback: {$ref: '../api.yaml#/b'}",
            "parts/two.yaml": "y: {z: 1}",
            "with space.json": '{"k": 2}',
        }
    )
    root = library.root.root
    assert library.follow(root.child("a")).value == {"z": 1}
    assert library.follow(root.child("c")).value == {"k": 2}
    assert library.dangling() == []
    assert [library.name(document) for document in library.documents] == [
        "",
        "parts/one.yaml",
        "parts/two.yaml",
        "with space.json",
    ]
    assert library.at("parts/two.yaml", "/y/z").value == 1
    assert library.at("with space.json", "/k").value == 2


def test_every_dangling_reference_is_told_with_its_place(folder, tmp_path):
    """All of them at once, in every file reached, also those below names that look like keywords."""
    library = folder(
        {
            "api.yaml": "a: {$ref: '#/nothing'}\n"
            "b: {$ref: 'missing.yaml'}\n"
            "c: {$ref: 'https://example.com/x.yaml#/y'}\n"
            "d: {$ref: '#/list/2'}\n"
            "e: {$ref: '#unknown'}\n"
            "f: {$ref: 'broken.yaml'}\n"
            "g: {$ref: 'other.yaml#/o'}\n"
            "responses: {default: {$ref: '#/no/response'}}\n"
            "properties: {example: {$ref: '#/no/example'}, properties: {enum: {$ref: '#/x/literal'}}}\n"
            "list: [1, 2]\n",
            "other.yaml": "o: {k: {$ref: '#/p'}}",
            "broken.yaml": "a: [",
        }
    )
    assert shown(library.dangling(), tmp_path) == [
        "api.yaml:1:5: `#/nothing`: `nothing` is not in the document of api.yaml",
        "api.yaml:2:5: `missing.yaml`: missing.yaml: No such file or directory",
        "api.yaml:3:5: `https://example.com/x.yaml#/y`: "
        "remote references are not fetched; save the file beside the document",
        "api.yaml:4:5: `#/list/2`: `2` is not in /list of api.yaml",
        "api.yaml:5:5: `#unknown`: no schema of api.yaml has the anchor `unknown`",
        "api.yaml:6:5: `broken.yaml`: broken.yaml:2:1: not valid YAML: "
        "did not find expected node content while parsing a flow node",
        "api.yaml:8:23: `#/no/response`: `no` is not in the document of api.yaml",
        "api.yaml:9:24: `#/no/example`: `no` is not in the document of api.yaml",
        "other.yaml:1:9: `#/p`: `p` is not in the document of other.yaml",
    ]


def test_literal_values_hold_no_references(folder):
    """What looks like a reference in an example, a default, an enum, a constant or an extension is none."""
    library = folder(
        {
            "api.yaml": "a: {example: {$ref: '#/x'}, default: {$ref: '#/x'}, const: {$ref: '#/x'}}\n"
            "b: {enum: [{$ref: '#/x'}], examples: [{$ref: '#/x'}]}\n"
            "c: {examples: {one: {value: {$ref: '#/x'}}}}\n"
            "x-d: {$ref: '#/x'}\n"
            "properties: {$ref: {type: string}}\n"
        }
    )
    assert library.dangling() == []


def test_extension_that_is_referred_to_is_looked_into(folder, tmp_path):
    """A schema that lies in an extension is a schema once something refers to it."""
    library = folder({"api.yaml": "a: {$ref: '#/x-parts/p'}\nx-parts: {p: {q: {$ref: '#/r'}}}"})
    assert shown(library.dangling(), tmp_path) == ["api.yaml:2:19: `#/r`: `r` is not in the document of api.yaml"]


def test_circle_of_bare_references_is_dangling(folder, tmp_path):
    """References that lead to each other and to nothing else have no value."""
    library = folder({"api.yaml": "a: {$ref: '#/b'}\nb: {$ref: '#/a'}\nc: {$ref: '#/c'}"})
    assert [text.partition(":")[2] for text in shown(library.dangling(), tmp_path)] == [
        "1:5: `#/b`: the reference leads back to itself",
        "2:5: `#/a`: the reference leads back to itself",
        "3:5: `#/c`: the reference leads back to itself",
    ]


def test_recursion_through_members_is_no_circle(folder):
    """A tree schema refers to itself below a member."""
    library = folder({"api.yaml": "node: {properties: {children: {items: {$ref: '#/node'}}}}"})
    assert library.dangling() == []


@pytest.mark.parametrize("reference", ["#/list/01x", "#/list/-1", "#/list/-", f"#/list/{10**20}", "#/text/0"])
def test_pointer_past_the_tree_raises(folder, reference):
    """An index that is none, and a step into a scalar, lead nowhere."""
    library = folder({"api.yaml": "list: [1]\ntext: x"})
    with pytest.raises(DanglingReference):
        library.resolve(reference, library.root)


def test_file_reference_through_a_link_reads_the_file_once(folder, tmp_path):
    """Two names of one file are one document."""
    library = folder({"api.yaml": "a: {$ref: 'b.yaml'}\nc: {$ref: 'link.yaml'}", "b.yaml": "k: 1"})
    (tmp_path / "link.yaml").symlink_to(tmp_path / "b.yaml")
    assert library.dangling() == []
    assert len(library.documents) == 2
