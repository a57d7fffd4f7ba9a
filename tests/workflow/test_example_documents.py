"""The example documents of the Arazzo specification."""

from pathlib import Path

import pytest

from watchword.ground import WatchwordError
from watchword.workflow import Environment, load_workflows, run

EXAMPLES = Path(__file__).parents[3] / "shared" / "suites" / "arazzo"
BNPL = "https://raw.githubusercontent.com/OAI/Arazzo-Specification/main/examples/1.0.0/bnpl-openapi.yaml"

# What the examples get wrong, or what is not there: line and rule.
EXPECTED = {
    "ExtendedParametersExample.arazzo.yaml": [(6, "source-unavailable"), (24, "not-runnable"), (26, "not-runnable")],
    "FAPI-PAR.arazzo.yaml": [(102, "not-runnable")],  # `PAR`, which the OpenAPI document calls `Par`
    "LoginAndRetrievePets.arazzo.yaml": [(9, "source-unavailable"), (27, "not-runnable"), (46, "not-runnable")],
    "bnpl-arazzo.yaml": [(231, "unknown-output"), (242, "unknown-output"), (253, "unknown-output"),
                         (260, "unknown-output")],
    "oauth.arazzo.yaml": [],
    "pet-coupons.arazzo.yaml": [],
}  # fmt: skip

pytestmark = pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the specification's examples are not beside the project")


def test_every_example_is_known() -> None:
    """No example is left out."""
    assert sorted(path.name for path in EXAMPLES.glob("*arazzo.yaml")) == sorted(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_an_example_of_the_specification_is_read(name: str) -> None:
    """Each example is read, and its own slips are named with their lines."""
    workflows = load_workflows(EXAMPLES / name, files={BNPL: EXAMPLES / "bnpl-openapi.yaml"})
    assert [(finding.place.line, finding.rule) for finding in workflows.findings if finding.place] == EXPECTED[name]
    assert workflows.workflows
    assert all(workflow.steps for workflow in workflows.workflows)


@pytest.mark.parametrize("name", EXPECTED)
def test_an_example_is_read_as_version_1_1_too(name: str, tmp_path: Path) -> None:
    """What 1.0 lets pass, 1.1 calls an error: reading ends with findings or a model, never with anything else."""
    for path in EXAMPLES.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / name).write_text((EXAMPLES / name).read_text().replace("arazzo: 1.0.0", "arazzo: 1.1.0"))
    files = {BNPL: tmp_path / "bnpl-openapi.yaml"}
    if any(rule == "unknown-output" for _, rule in EXPECTED[name]) or name.startswith("FAPI"):
        with pytest.raises(WatchwordError, match=r"no output|no operation is called|must be followed"):
            load_workflows(tmp_path / name, files=files)
    else:
        assert load_workflows(tmp_path / name, files=files).version == "1.1.0"


def test_a_workflow_whose_source_is_not_there_is_not_run() -> None:
    """The reason comes with its place."""
    workflows = load_workflows(EXAMPLES / "ExtendedParametersExample.arazzo.yaml")
    with pytest.raises(WatchwordError, match=r"yaml:24:9: .* cannot be run: the source description `animals`"):
        run(workflows, "animal-workflow", {}, lambda request: pytest.fail("sent"), Environment("http://x"))
