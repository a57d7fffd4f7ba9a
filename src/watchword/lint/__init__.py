"""Judging the documents themselves: structure, truthfulness, rules as languages, secrets, provenance, house style."""

from watchword.lint.baseline import read_baseline, render_baseline, unknown
from watchword.lint.problem import Problem
from watchword.lint.protocol import GROUPS, Rule
from watchword.lint.registry import RULES
from watchword.lint.run import lint, lint_file
from watchword.lint.settings import Settings, check_names, read_lint_settings
from watchword.lint.subject import Subject

__all__ = [
    "GROUPS",
    "RULES",
    "Problem",
    "Rule",
    "Settings",
    "Subject",
    "check_names",
    "lint",
    "lint_file",
    "read_baseline",
    "read_lint_settings",
    "render_baseline",
    "unknown",
]
