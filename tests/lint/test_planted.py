"""Fifty defects planted into copies of the three contracts: all found, at their lines, and nothing else."""

import re
from pathlib import Path

import yaml

from watchword.contract import BUNDLED, bundled_folder
from watchword.lint import RULES, lint_file

DEFECTS = yaml.safe_load((Path(__file__).parents[1] / "fixtures" / "lint" / "planted.yaml").read_text("utf-8"))
_MARK = re.compile(r"# planted: ([a-z -]+)$")


def planted(folder: Path) -> list[Path]:
    """The copies of the contracts with all defects in them."""
    files = []
    for name in BUNDLED:
        text = (bundled_folder() / f"{name}.openapi.yaml").read_text("utf-8")
        for defect in DEFECTS:
            if defect["contract"] == name:
                assert text.count(defect["old"]) >= 1, defect["old"]
                text = text.replace(defect["old"], defect["new"], 1)
        files.append(folder / f"{name}.openapi.yaml")
        files[-1].write_text(text, "utf-8")
    return files


def test_every_planted_defect_is_found_and_nothing_else(tmp_path: Path) -> None:
    """Each mark has its finding, each finding its mark."""
    for path in planted(tmp_path):
        lines = path.read_text("utf-8").splitlines()
        expected = [
            (number, rule)
            for number, line in enumerate(lines, 1)
            if (mark := _MARK.search(line))
            for rule in mark[1].split()
        ]
        found = [(finding.place.line, finding.rule) for finding in lint_file(path, own=True) if finding.place]
        assert sorted(found) == sorted(expected), path.name


def test_there_are_at_least_thirty_kinds_of_defect() -> None:
    """Nearly every rule for OpenAPI documents is among them."""
    marks = [
        rule
        for defect in DEFECTS
        for mark in re.findall(r"# planted: ([a-z -]+)\n", defect["new"])
        for rule in mark.split()
    ]
    assert len(marks) >= 50
    assert len(set(marks)) >= 45
    assert set(marks) <= set(RULES)


def test_contracts_are_clean() -> None:
    """The three contracts and their workflows have no finding, house style included."""
    for path in sorted(bundled_folder().glob("*.yaml")):
        assert lint_file(path, own=True) == []
