"""The tests that a contract itself asks for, as pytest's nodes. Chooses no cases and sends nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from watchword.ground import Finding, Severity
from watchword.pytest_plugin.bench import Bench, Group, reasons
from watchword.pytest_plugin.verdict import ContractBroken, failing, warn

WORKFLOW = "workflow"


class ContractCollector(pytest.Collector):
    """All tests of one contract; its node id is the contract's name."""

    def __init__(self, *, bench: Bench, fail_on: Severity, wanted: Callable[[str], bool], **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]
        self.bench = bench
        self.fail_on = fail_on
        self._wanted = wanted
        self.add_marker("watchword")

    def chosen(self, items: Iterable[pytest.Item]) -> Iterator[pytest.Item]:
        """Those that the command line asks for."""
        return (item for item in items if self._wanted(item.nodeid))

    def collect(self) -> Iterator[pytest.Collector]:
        """The operations, document order, then the workflows."""
        groups: dict[str, list[Group]] = {}
        for group in self.bench.groups():
            groups.setdefault(group.operation, []).append(group)
        for operation, members in groups.items():
            yield OperationCollector.from_parent(self, name=operation, groups=members)
        names = self.bench.workflows()
        if names:
            yield WorkflowCollector.from_parent(self, name=WORKFLOW, names=names)


class OperationCollector(pytest.Collector):
    """The tests of one operation."""

    def __init__(self, *, groups: Sequence[Group], **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]
        self.groups = groups

    def collect(self) -> Iterator[pytest.Item]:
        """One test per rule and side."""
        made = (RuleItem.from_parent(self, name=f"{group.name}::{group.side}", group=group) for group in self.groups)
        return _contract(self).chosen(made)


class WorkflowCollector(pytest.Collector):
    """The workflows of the Arazzo document beside the contract."""

    def __init__(self, *, names: Sequence[str], **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]
        self.names = names

    def collect(self) -> Iterator[pytest.Item]:
        """One test per workflow."""
        return _contract(self).chosen(WorkflowItem.from_parent(self, name=name) for name in self.names)


def _contract(node: pytest.Item | pytest.Collector) -> ContractCollector:
    found = node.getparent(ContractCollector)
    assert found is not None, "all nodes of the plugin are below a contract"
    return found


class _Item(pytest.Item):
    """A test whose failures are findings."""

    def reportinfo(self) -> tuple[Path, None, str]:
        """No line of code: the document is what the test is from."""
        return Path(_contract(self).bench.plan.contract.root.place.file), None, self.nodeid.replace("::", "  ")

    def told(self, findings: Sequence[Finding]) -> None:
        """Fails with what has to fail; the rest becomes warnings."""
        fatal = failing(findings, _contract(self).fail_on)
        warn(self, [finding for finding in findings if finding not in fatal])
        if fatal:
            raise ContractBroken(fatal)


class RuleItem(_Item):
    """All cases of one rule on one side."""

    def __init__(self, *, group: Group, **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]
        self.group = group

    def runtest(self) -> None:
        """Sends the cases. Skipped where the target cannot have one of them."""
        if not self.group.planned:
            pytest.skip(reasons(self.group.skipped))
        self.told(_contract(self).bench.tried(self.group))


class WorkflowItem(_Item):
    """One workflow."""

    def runtest(self) -> None:
        """Runs it. Skipped where the target lacks what it needs."""
        findings, skipped = _contract(self).bench.workflow(self.name)
        if skipped is not None and not findings:
            pytest.skip(skipped)
        self.told(findings)
