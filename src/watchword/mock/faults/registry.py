"""All faults of a contract, in the order in which a kill matrix lists them."""

from collections.abc import Iterator

from watchword.contract import Contract
from watchword.language.ranges import contains
from watchword.mock.faults.access import access_faults
from watchword.mock.faults.effects import effect_faults
from watchword.mock.faults.lax_bodies import lax_bodies
from watchword.mock.faults.lax_strings import language_of, lax_strings
from watchword.mock.faults.lax_values import lax_values
from watchword.mock.faults.leaks import leak_faults
from watchword.mock.faults.named import NamedFault, Namer
from watchword.mock.faults.rare_input import rare_input
from watchword.mock.faults.replies import reply_faults
from watchword.mock.faults.strict_strings import strict_strings
from watchword.mock.fixtures import load_fixtures
from watchword.strategies.frame import Frame
from watchword.strategies.string_cases import StringSite, string_sites


def faults(contract: Contract) -> tuple[NamedFault, ...]:
    """The faults of a contract, each id once; always the same ones."""
    found: dict[str, NamedFault] = {}
    for fault in _faults(contract):
        found.setdefault(fault.id, fault)
    return tuple(found.values())


def _faults(contract: Contract) -> Iterator[NamedFault]:
    fixtures = load_fixtures().get(contract.name)
    for operation in contract.operations:
        namer = Namer(contract.name, operation)
        frame = Frame(contract, operation, daring=True)
        sites = list(string_sites(frame))
        for site in sites:
            yield from lax_strings(namer, site)
        yield from lax_values(namer, frame)
        yield from lax_bodies(namer, frame)
        for site in sites:
            yield from strict_strings(namer, site)
        yield from reply_faults(namer, contract)
        yield from access_faults(namer, fixtures)
        yield from leak_faults(namer, frame, fixtures)
        yield from rare_input(namer, frame)
        yield from effect_faults(namer, fixtures, lambda name, sites=sites: _sample(sites, name))  # type: ignore[misc]


def _sample(sites: list[StringSite], member: str) -> str:
    """All printable characters that a member of the body may have; white space at both ends where it may have any."""
    for site in sites:
        valid = language_of(site.texts) if site.location == f"body#/{member}" else None
        if valid is not None:
            inner = "".join(chr(point) for point in range(0x20, 0x7F) if contains(valid.alphabet, point))
            return f"{inner} " if " " in inner else inner
    return ""
