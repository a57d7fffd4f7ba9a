"""All faults of a contract, in the order in which a kill matrix lists them."""

from collections.abc import Iterator

from watchword.contract import Contract
from watchword.mock.faults.lax_strings import lax_strings
from watchword.mock.faults.named import NamedFault, Namer
from watchword.strategies.frame import Frame
from watchword.strategies.string_cases import string_sites


def faults(contract: Contract) -> tuple[NamedFault, ...]:
    """The faults of a contract, each id once; always the same ones."""
    found: dict[str, NamedFault] = {}
    for fault in _faults(contract):
        found.setdefault(fault.id, fault)
    return tuple(found.values())


def _faults(contract: Contract) -> Iterator[NamedFault]:
    for operation in contract.operations:
        namer = Namer(contract.name, operation)
        frame = Frame(contract, operation, daring=True)
        for site in string_sites(frame):
            yield from lax_strings(namer, site)
