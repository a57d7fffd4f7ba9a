"""Schemathesis' own nouns under names that do not clash with ours, alike in all its releases."""

from typing import Any, TypeAlias

import schemathesis

StCase: TypeAlias = schemathesis.Case[Any]
StOperation: TypeAlias = schemathesis.APIOperation[Any, Any, Any, Any]
StResponse: TypeAlias = schemathesis.Response
StSchema: TypeAlias = schemathesis.BaseSchema
StContext: TypeAlias = schemathesis.HookContext


def freeze(case: StCase) -> None:
    """Has Schemathesis keep what a case says of itself; before 4.32.2 it has no method for that."""
    object.__setattr__(case, "_freeze_metadata", True)
