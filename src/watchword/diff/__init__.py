"""What changed between two versions of a contract, and whom it hurts: exact where a containment test can decide."""

from watchword.diff.change import Change, Impact, change_record, finding, worst
from watchword.diff.compare import diff
from watchword.diff.contain import Containment, Not, Unknown, Yes, contains

__all__ = [
    "Change",
    "Containment",
    "Impact",
    "Not",
    "Unknown",
    "Yes",
    "change_record",
    "contains",
    "diff",
    "finding",
    "worst",
]
