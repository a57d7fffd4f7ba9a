"""The tests that a contract itself asks for, as pytest's nodes. Chooses no cases and sends nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from watchword.ground import Finding, Severity
from watchword.pytest_plugin.bench import Bench, Group, reasons
from watchword.pytest_plugin.verdict import ContractBroken, failing, warn

WORKFLOW = "workflow"


def _by(key: Callable[[Group], str], groups: Iterable[Group]) -> dict[str, list[Group]]:
    found: dict[str, list[Group]] = {}
    for group in groups:
        found.setdefault(key(group), []).append(group)
    return found


def _part(text: str) -> str:
    """A name as one part of a node id, which pytest takes apart at `::` and `[`."""
    return text.replace("::", ":").replace("[", "(").replace("]", ")")


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
        for operation, groups in _by(lambda group: group.operation, self.bench.groups()).items():
            yield OperationCollector.from_parent(self, name=_part(operation), groups=groups)
        names = self.bench.workflows()
        if names:
            yield WorkflowCollector.from_parent(self, name=WORKFLOW, names=names)


class OperationCollector(pytest.Collector):
    """The tests of one operation."""

    def __init__(self, *, groups: Sequence[Group], **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]
        self.groups = groups

    def collect(self) -> Iterator[pytest.Collector]:
        """The rules and examples, most telling first."""
        for name, groups in _by(lambda group: group.name, self.groups).items():
            yield RuleCollector.from_parent(self, name=_part(name), groups=groups)


class RuleCollector(pytest.Collector):
    """The tests of one rule, clause or example."""

    def __init__(self, *, groups: Sequence[Group], **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]
        self.groups = groups

    def collect(self) -> Iterator[pytest.Item]:
        """One test per side."""
        return _contract(self).chosen(RuleItem.from_parent(self, name=group.side, group=group) for group in self.groups)


class WorkflowCollector(pytest.Collector):
    """The workflows of the Arazzo document beside the contract."""

    def __init__(self, *, names: Sequence[str], **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]
        self.names = names

    def collect(self) -> Iterator[pytest.Item]:
        """One test per workflow."""
        return _contract(self).chosen(
            WorkflowItem.from_parent(self, name=_part(name), workflow=name) for name in self.names
        )


def _contract(node: pytest.Item | pytest.Collector) -> ContractCollector:
    found = node.getparent(ContractCollector)
    assert found is not None, "all nodes of the plugin are below a contract"
    return found


class _Item(pytest.Item):
    """A test whose failures are findings."""

    def reportinfo(self) -> tuple[Path, int, str]:
        """The document is what the test is from."""
        place = _contract(self).bench.plan.contract.root.place
        return Path(place.file), place.line - 1, self.nodeid.replace("::", "  ")

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

    def __init__(self, *, workflow: str, **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]
        self.workflow = workflow

    def runtest(self) -> None:
        """Runs it. Skipped where the target lacks what it needs."""
        findings, skipped = _contract(self).bench.workflow(self.workflow)
        if skipped is not None and not findings:
            pytest.skip(skipped)
        self.told(findings)
