"""An OpenAPI document as a frozen model. Versions are data; nothing here judges traffic."""

from watchword.contract.catalogue import BUNDLED, bundled_folder, load_contract
from watchword.contract.model import (
    Body,
    Call,
    Clause,
    Contract,
    Encoding,
    Example,
    Media,
    Operation,
    Parameter,
    Reply,
    Schema,
    Scheme,
)
from watchword.contract.profiles import profile_names, profiled
from watchword.contract.reader import read_contract
from watchword.contract.schema import is_reference_alone, rewritten, schema_name, subschemas

__all__ = [
    "BUNDLED",
    "Body",
    "Call",
    "Clause",
    "Contract",
    "Encoding",
    "Example",
    "Media",
    "Operation",
    "Parameter",
    "Reply",
    "Schema",
    "Scheme",
    "bundled_folder",
    "is_reference_alone",
    "load_contract",
    "profile_names",
    "profiled",
    "read_contract",
    "rewritten",
    "schema_name",
    "subschemas",
]
