"""The hand-judged exchanges of the three contracts, which were derived from the vendors' texts alone."""

from collections import Counter

import pytest

from watchword.contract import BUNDLED
from watchword.ground import Certainty, Severity, Side


@pytest.mark.parametrize("name", BUNDLED)
def test_every_judged_exchange_breaks_exactly_the_expected_rules(bundled, recorded, name):
    """Rules and sides are those derived by hand, each once; both paths agree."""
    wrong = []
    for exchange, expect in recorded[name]:
        findings = bundled[name].findings(exchange)
        given = Counter((str(finding.side), finding.rule) for finding in findings)
        expected = Counter((side, rule) for side, rule in expect["rules"])
        if given != expected or bundled[name].conforms(exchange) is bool(findings):
            wrong.append((exchange.id, given, expected))
    assert wrong == []


@pytest.mark.parametrize("name", BUNDLED)
def test_every_judged_exchange_has_the_expected_verdicts(bundled, recorded, name):
    """A documented clause broken is invalid, assumed ones alone are assumed, none is valid."""
    for exchange, expect in recorded[name]:
        findings = bundled[name].findings(exchange)
        for side in Side:
            certainties = {finding.certainty for finding in findings if finding.side is side}
            verdict = "invalid" if Certainty.DOCUMENTED in certainties else "assumed" if certainties else "valid"
            if side is Side.RESPONSE:
                if exchange.response is None:
                    verdict = "absent"
                elif expect["operation"] is None:
                    verdict = "invalid"
            assert expect[side] == verdict, (exchange.id, side)


@pytest.mark.parametrize("name", BUNDLED)
def test_every_judged_exchange_is_routed_to_the_expected_operation(bundled, recorded, name):
    """Findings and `route` name the same operation."""
    for exchange, expect in recorded[name]:
        operation = bundled[name].route(exchange.request.method, exchange.request.url)
        assert (operation and operation.label) == expect["operation"], exchange.id
        assert {finding.operation for finding in bundled[name].findings(exchange)} <= {expect["operation"]}


@pytest.mark.parametrize("name", BUNDLED)
def test_every_finding_points_at_the_line_of_its_clause(bundled, recorded, name):
    """The place is the clause itself; for a rule of a schema it is the broken keyword."""
    validator = bundled[name]
    lines = (validator.contract.root.document.text).splitlines()
    seen = set()
    for exchange, _ in recorded[name]:
        for finding in validator.findings(exchange):
            assert finding.place is not None
            assert finding.place.file == validator.contract.root.document.file
            text = lines[finding.place.line - 1][finding.place.column - 1 :]
            last = finding.place.pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
            seen.add(finding.rule)
            if last.isdecimal() and not text.startswith(("'", '"')):
                assert lines[finding.place.line - 1].lstrip().startswith("- "), (finding.rule, text)
            else:
                assert text.lstrip("'\"").startswith(f"{last}"), (finding.rule, finding.place, text)
            if "/" in finding.rule and last != "schema":
                keyword = validator.contract.node(finding.place.pointer)
                assert not isinstance(keyword.value, dict) or last in ("items", "properties"), finding
    assert len(seen) > 15


@pytest.mark.parametrize("name", BUNDLED)
def test_every_finding_says_how_sure_it_is_and_what_it_goes_back_to(bundled, recorded, name):
    """Assumed clauses are observations; all that concerns an operation has a source in the vendor's text."""
    for exchange, _ in recorded[name]:
        for finding in bundled[name].findings(exchange):
            assumed = finding.certainty is Certainty.ASSUMED
            assert finding.severity is (Severity.OBSERVATION if assumed else Severity.ERROR)
            assert finding.subject
            if finding.rule != "unknown-operation":
                assert finding.source, finding
                assert finding.location


@pytest.mark.parametrize("name", BUNDLED)
def test_messages_read_as_the_style_asks(bundled, recorded, name):
    """Lower case, one line, no full stop."""
    for exchange, _ in recorded[name]:
        for finding in bundled[name].findings(exchange):
            assert "\n" not in finding.message
            assert not finding.message.endswith(".")
            assert not finding.message[0].isupper()
