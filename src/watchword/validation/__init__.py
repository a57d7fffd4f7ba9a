"""A contract compiled: verdicts on exchanges. Builds nothing at run time on the good path."""

from watchword.validation.assertion import ContractViolation, assert_conforms, is_about
from watchword.validation.validator import Validator

__all__ = ["ContractViolation", "Validator", "assert_conforms", "is_about"]
