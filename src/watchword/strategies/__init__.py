"""Inputs from a contract: enumerated cases, and Hypothesis strategies, which load Hypothesis when first asked for."""

from watchword.strategies.case import Case, Draft, Value
from watchword.strategies.enumeration import UNSEEN, cases, example_request

__all__ = ["UNSEEN", "Case", "Draft", "Value", "cases", "example_request"]
