"""One exchange against several contracts. Holds no reading."""

from collections.abc import Sequence

from watchword.audit.readers.protocol import NotAnExchange
from watchword.audit.source import Traffic
from watchword.audit.verdict import Outcome, Verdict, entry_pointer, outcome
from watchword.ground import Exchange, Finding, Place, Side
from watchword.validation import Validator

NOT_AN_EXCHANGE = "not-an-exchange"


class Judge:
    """Validators in the caller's order; made once per audit."""

    def __init__(self, validators: Sequence[Validator]) -> None:
        self._validators = tuple(validators)

    def verdict(self, traffic: Traffic, position: int, found: Exchange | NotAnExchange) -> Verdict:
        """The verdict on what a reader found at a position."""
        name, unit = traffic.name, traffic.unit
        if isinstance(found, NotAnExchange):
            finding = _not_an_exchange(traffic, position, found)
            return Verdict(name, unit, position, found.id, None, Outcome.ABSENT, Outcome.ABSENT, (finding,))
        request, response = found.request, found.response
        for validator in self._validators:
            operation = validator.route(request.method, request.url)
            if operation is None:
                continue
            judged = f"{validator.contract.name} {operation.id}"
            if validator.conforms(found):
                of_response = Outcome.ABSENT if response is None else Outcome.VALID
                return Verdict(name, unit, position, found.id, judged, Outcome.VALID, of_response)
            findings = tuple(validator.findings(found))
            of_response = Outcome.ABSENT if response is None else outcome(findings, Side.RESPONSE)
            return Verdict(
                name, unit, position, found.id, judged, outcome(findings, Side.REQUEST), of_response, findings
            )
        of_response = Outcome.ABSENT if response is None else Outcome.INVALID
        return Verdict(name, unit, position, found.id, None, Outcome.INVALID, of_response, (self._unknown(found),))

    def _unknown(self, exchange: Exchange) -> Finding:
        """What the first contract that has the path says, or else the first one."""
        findings = [finding for validator in self._validators for finding in validator.findings(exchange)]
        return next((finding for finding in findings if finding.location == "method"), findings[0])


def _not_an_exchange(traffic: Traffic, position: int, found: NotAnExchange) -> Finding:
    if traffic.unit == "line":
        spot, place = f"line {position}", Place(traffic.name, position, 1)
    else:  # streamed JSON tells no lines: the file's first stands for it, and the pointer says where
        pointer = entry_pointer(position)
        spot, place = f"`{pointer}`", Place(traffic.name, 1, 1, pointer)
    return Finding(NOT_AN_EXCHANGE, f"{spot}: {found.reason}", location=found.location, place=place)
