"""Deliberate defects of a service: derived from its contract, and written by hand for the twins' effects."""

from watchword.mock.faults.named import GROUPS, Group, NamedFault
from watchword.mock.faults.registry import faults

__all__ = ["GROUPS", "Group", "NamedFault", "faults"]
