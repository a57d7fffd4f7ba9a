"""Schemathesis' own nouns under names that do not clash with ours."""

from typing import Any, TypeAlias

import schemathesis

StCase: TypeAlias = schemathesis.Case[Any]
StOperation: TypeAlias = schemathesis.APIOperation[Any, Any, Any, Any]
StResponse: TypeAlias = schemathesis.Response
StSchema: TypeAlias = schemathesis.BaseSchema
StContext: TypeAlias = schemathesis.HookContext
