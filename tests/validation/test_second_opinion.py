"""openapi-core as a second opinion on generated exchanges: a named deviation says why it differs, or we are wrong."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from benchmarks.peer_openapi_core import OpenApiCore
from tests.validation.generated import Maker

import watchword
from watchword.contract import BUNDLED, bundled_folder
from watchword.ground import Exchange, Finding, Side
from watchword.validation import Validator

pytestmark = [
    pytest.mark.filterwarnings("ignore:Use of allowEmptyValue:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Unsupported scheme type:UserWarning"),
]

ROOT = Path(__file__).parents[2]
PUBLIC = ROOT.parent / "shared" / "suites" / "openapi-documents"
DOCUMENTS = {
    **{name: bundled_folder() / f"{name}.openapi.yaml" for name in BUNDLED},
    "styles": ROOT / "tests" / "fixtures" / "documents" / "styles.openapi.yaml",
    **{name: PUBLIC / f"{name}.json" for name in ("rentcast.io_1.0", "exoapi.dev_1.0.0")},
}


@dataclass(frozen=True)
class Doubt:
    """One side of one exchange on which the two disagree: our findings about it, or what openapi-core says."""

    validator: Validator
    exchange: Exchange
    side: Side
    ours: tuple[Finding, ...]
    theirs: Exception | None

    def says(self, *texts: str) -> bool:
        """Whether the peer's error, or one that it was raised from, holds one of the texts."""
        error: BaseException | None = self.theirs
        told = ""
        while error is not None:
            told += f"{type(error).__name__}: {error}\n{error!r}\n"
            error = error.__cause__
        return any(text in told for text in texts)

    def only(self, *rules: str) -> bool:
        """Whether all that we found are these rules, whatever schema they are of."""
        return self.theirs is None and all(finding.rule.rpartition("/")[2] in rules for finding in self.ours)

    @property
    def path(self) -> str:
        return urlsplit(self.exchange.request.url).path

    @property
    def given(self) -> str:
        """Everything that was sent on this side, as text."""
        message = self.exchange.request if self.side is Side.REQUEST else self.exchange.response
        start = message.url if self.side is Side.REQUEST else message.status
        return repr((start, message.headers, message.body))


@dataclass(frozen=True)
class Deviation:
    """One known difference. `right` is who follows the cited clause; `applies` tells the doubts that it explains."""

    name: str
    right: str
    reason: str
    applies: Callable[[Doubt], bool]


DEVIATIONS = (
    Deviation(
        "unknown-operation-is-one-finding",
        "both",
        "Where no operation describes a request, nothing is known of the reply: we say it once, on the request's side.",
        lambda doubt: doubt.side is Side.RESPONSE and doubt.says("PathNotFound", "ServerNotFound", "OperationNotFound"),
    ),
    Deviation(
        "newline-before-the-end",
        "ours",
        "ECMA-262 section 22.2.2.4: `$` without the flag m asserts the end of input; Python's also holds "
        "before a newline.",
        lambda doubt: "\\n" in doubt.given or "%0A" in doubt.given,
    ),
    Deviation(
        "body-where-none-is-documented",
        "ours",
        "OpenAPI 3.1.1, Response Object, `content`: a reply without one describes no payload; openapi-core "
        "looks at none.",
        lambda doubt: doubt.only("unexpected-body"),
    ),
    Deviation(
        "body-of-a-reply-to-head",
        "ours",
        "RFC 9110 section 9.3.2: the server must not send content in reply to HEAD, so none can be missing.",
        lambda doubt: doubt.exchange.request.method == "HEAD" and doubt.says("MissingData"),
    ),
    Deviation(
        "reply-that-cannot-have-content",
        "ours",
        "RFC 9110 section 15.3.5: a 204 has no content; openapi-core misses some where `content: {}` is written.",
        lambda doubt: doubt.exchange.response.status in (204, 205, 304) and doubt.says("MissingData"),
    ),
    Deviation(
        "empty-credential",
        "ours",
        "OpenAPI 3.1.1, Security Requirement Object: schemes must be satisfied; an empty text is no credential.",
        lambda doubt: doubt.only("missing-credential"),
    ),
    Deviation(
        "oauth2-is-a-bearer-token",
        "ours",
        "RFC 6750 section 2: the token of OAuth 2 goes in `Authorization: Bearer`; openapi-core takes any text.",
        lambda doubt: doubt.path.endswith("/oauth") and doubt.only("wrong-scheme", "missing-credential"),
    ),
    Deviation(
        "scheme-is-case-insensitive",
        "ours",
        "RFC 9110 section 11.1: a scheme is matched case-insensitively; openapi-core never accepts one "
        "documented as `Bearer`.",
        lambda doubt: doubt.says("SecurityNotFound") and "'Bearer" in doubt.given,
    ),
    Deviation(
        "percent-encoding-in-cookies",
        "ours",
        "OpenAPI 3.1.1, Appendix C: `form` is RFC 6570's expansion, also in cookies; openapi-core does not "
        "decode them.",
        lambda doubt: doubt.says("location='cookie'") and "%" in doubt.given,
    ),
    Deviation(
        "mutual-tls",
        "ours",
        "OpenAPI 3.1.1, Security Scheme Object, `type: mutualTLS`: openapi-core raises KeyError.",
        lambda doubt: doubt.says("KeyError: 'mutualTLS'"),
    ),
    Deviation(
        "label-and-matrix-in-paths",
        "ours",
        "OpenAPI 3.1.1, Style Examples, `label` and `matrix`: openapi-core misses some such parameters in the path.",
        lambda doubt: doubt.path.startswith(("/v1/label/", "/v1/matrix/")) and doubt.says("MissingRequiredParameter"),
    ),
    Deviation(
        "members-in-the-query",
        "ours",
        "OpenAPI 3.1.1, Style Examples, object with `form` exploded: openapi-core reads members as lists and "
        "raises TypeError.",
        lambda doubt: doubt.says("TypeError: Expected a string value, got <class 'list'>"),
    ),
    Deviation(
        "read-only-and-required",
        "both",
        "OpenAPI 3.1.1, Schema Object, Validating readOnly and writeOnly: the direction MAY be looked at. We "
        "do, as 3.0.3 demands.",
        lambda doubt: doubt.side is Side.REQUEST and doubt.says("'made' is a required property"),
    ),
    Deviation(
        "write-only-and-required",
        "both",
        "The same clause, for replies: `required` does not ask for a `writeOnly` member there.",
        lambda doubt: doubt.side is Side.RESPONSE and doubt.says("'secret' is a required property"),
    ),
    Deviation(
        "repeated-query-parameter",
        "ours",
        "OpenAPI 3.1.1, Style Values, `form`: only arrays and objects have several pairs; openapi-core takes "
        "the last one.",
        lambda doubt: doubt.only("parameter-format") and _repeats(doubt.exchange.request.url),
    ),
    Deviation(
        "spelling-of-integers",
        "ours",
        "RFC 8259 section 6: `+1`, `1_0`, `0007`, `1.0` and other scripts' digits are no integers; Python's "
        "int() takes them.",
        lambda doubt: doubt.only("parameter-format"),
    ),
    Deviation(
        "bytes-are-no-json-string",
        "ours",
        "OpenAPI 3.1.1, Working with Binary Data: raw binary has no type; openapi-core holds bytes against "
        "`type: string`.",
        lambda doubt: doubt.says("is not of type 'string'") and doubt.says("value=b'"),
    ),
)


def _repeats(url: str) -> bool:
    names = Counter(pair.partition("=")[0] for pair in urlsplit(url).query.split("&"))
    return max(names.values()) > 1


def doubts(name: str, count: int, seed: int) -> tuple[list[Doubt], int, int]:
    """The disagreements on `count` exchanges, and how many of these we judged valid and invalid."""
    validator, peer = watchword.load(DOCUMENTS[name]), OpenApiCore(DOCUMENTS[name])
    maker = Maker(validator.contract, seed)
    found, valid = [], 0
    for _ in range(count):
        exchange = maker.exchange()
        findings = validator.findings(exchange)
        assert validator.conforms(exchange) == (not findings)
        valid += not findings
        for side, theirs in (
            (Side.REQUEST, peer.request_problem(exchange)),
            (Side.RESPONSE, peer.response_problem(exchange)),
        ):
            ours = tuple(finding for finding in findings if finding.side is side)
            if bool(ours) != (theirs is not None):
                found.append(Doubt(validator, exchange, side, ours, theirs))
    return found, valid, count - valid


def agree(name: str, count: int, seed: int) -> Counter[str]:
    """How often each deviation was met; fails on a doubt that none explains."""
    if not DOCUMENTS[name].exists():
        pytest.skip("the shared suites are not here")
    found, valid, invalid = doubts(name, count, seed)
    assert valid > count / 8
    assert invalid > count / 8
    met: Counter[str] = Counter()
    for doubt in found:
        explained = next((deviation.name for deviation in DEVIATIONS if deviation.applies(doubt)), None)
        assert explained, (doubt.side, doubt.ours, repr(doubt.theirs), doubt.exchange, doubt.exchange.request.body)
        met[explained] += 1
    return met


@pytest.mark.parametrize("name", DOCUMENTS)
def test_openapi_core_agrees_but_for_named_deviations(name):
    """Two independent judges say the same of every generated exchange, or it is known why they do not."""
    agree(name, 60, seed=2)


@pytest.mark.slow
def test_openapi_core_agrees_at_length_and_every_deviation_is_met():
    """Three thousand exchanges; a deviation that explains nothing any more has to go."""
    met: Counter[str] = Counter()
    for name, path in DOCUMENTS.items():
        if path.exists():
            met += agree(name, 500, seed=3)
    assert {deviation.name for deviation in DEVIATIONS} - met.keys() == set()
