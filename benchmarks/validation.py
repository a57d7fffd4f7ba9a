"""Exchanges judged per second, beside openapi-core and beside bare orjson + jsonschema-rs on the bodies alone."""

import gc
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import jsonschema_rs
import orjson

from benchmarks.peer_openapi_core import OpenApiCore
from benchmarks.table import bar, show
from benchmarks.traffic import traffic
from watchword.contract import BUNDLED, bundled_folder, load_contract, read_contract
from watchword.document import read
from watchword.ground import Exchange
from watchword.validation import Validator

Judge = Callable[[Exchange], object]
_ROUNDS = 15
_COUNT = 2_000
_PEER_COUNT = 60


def run() -> bool:
    """Print one table per question; false where a bar is missed."""
    rows, rates = [], {name: _rates(name) for name in BUNDLED}
    rates["all three"] = {key: _together([each[key] for each in rates.values()]) for _, key in _ROWS}
    for name, each in rates.items():
        for title, key in _ROWS:
            median = statistics.median(each[key])
            cells = [f"{median:,.0f}", f"{1e6 / median:.2f}", f"{_ratio(each[key], each['openapi-core']):,.0f}"]
            rows.append([f"{name}: {title}", *cells, f"{_ratio(each[key], each['bare']):.3f}"])
    heads = ["validation, 90 % valid", "exchanges/s", "us each", "x openapi-core", "x bare"]
    show("Mixed traffic, CPU time of one process, medians of interleaved rounds", heads, rows)
    few, many = _crowd()
    print(f"  one exchange with 3 operations loaded: {few * 1e6:.2f} us, with 1,000: {many * 1e6:.2f} us")
    mixed = rates["all three"]
    peer, bare = (_ratio(mixed["conforms"], mixed[key]) for key in ("openapi-core", "bare"))
    return all(
        [
            bar(f"at least 300 times openapi-core: {peer:,.0f}", holds=peer >= 300),
            bar(f"at least a sixth of bare: {bare:.3f}", holds=bare >= 1 / 6),
            bar(f"1,000 operations cost at most 1.5 times 3: {many / few:.2f}", holds=many / few <= 1.5),
        ]
    )


def _together(rates: list[list[float]]) -> list[float]:
    """The rates on the traffic of all contracts in equal parts, round by round."""
    return [len(each) / sum(1 / rate for rate in each) for each in zip(*rates, strict=True)]


_ROWS = (
    ("openapi-core", "openapi-core"),
    ("watchword conforms", "conforms"),
    ("watchword findings", "findings"),
    ("bare orjson + jsonschema-rs, bodies only", "bare"),
)


def _rates(name: str) -> dict[str, list[float]]:
    """Exchanges per second of every judge, one number a round; the rounds of all judges are interleaved."""
    validator = Validator(load_contract(name))
    exchanges = traffic(name, _COUNT)
    judges: dict[str, tuple[Judge, list[Exchange]]] = {
        "openapi-core": (
            OpenApiCore(bundled_folder() / f"{name}.openapi.yaml").conforms,
            traffic(name, _PEER_COUNT),
        ),
        "conforms": (validator.conforms, exchanges),
        "findings": (validator.findings, exchanges),
        "bare": (_bare(name), exchanges),
    }
    rates: dict[str, list[float]] = {key: [] for key in judges}
    for _ in range(_ROUNDS):
        for key, (judge, given) in judges.items():
            rates[key].append(len(given) / _seconds(judge, given))
    return rates


def _seconds(judge: Judge, exchanges: list[Exchange]) -> float:
    """CPU seconds of this process: other processes' turns do not count."""
    gc.collect()
    started = time.process_time()
    for exchange in exchanges:
        judge(exchange)
    return time.process_time() - started


def _ratio(rates: list[float], others: list[float]) -> float:
    """The median of the ratios of rounds that ran side by side: what else the machine did hits both."""
    return statistics.median(rate / other for rate, other in zip(rates, others, strict=True))


def _bare(name: str) -> Judge:
    """The floor: decode both bodies, hold them against the schemas of a good request and its usual reply."""
    contract = load_contract(name)
    (operation,) = contract.operations
    document = contract.root.value

    def check(schema: object) -> Callable[[object], bool]:
        whole = {"allOf": [schema], "components": document["components"]}
        return jsonschema_rs.Draft202012Validator(whole, validate_formats=True).is_valid

    assert operation.body is not None
    assert operation.body.content[0].schema is not None
    request = check(operation.body.content[0].schema.value)
    replies = {
        int(reply.status): check(reply.content[0].schema.value)
        for reply in operation.replies
        if reply.content and reply.content[0].schema
    }
    loads = orjson.loads

    def judge(exchange: Exchange) -> bool:
        try:
            good = request(loads(exchange.request.body))
            response = exchange.response
            if response is not None and response.body:
                reply = replies.get(response.status)
                good = good and reply is not None and reply(loads(response.body))
        except orjson.JSONDecodeError:
            return False
        return good

    return judge


def _crowd() -> tuple[float, float]:
    """Seconds an exchange with 3 and with 1,000 operations of the same shape loaded, the least of many rounds."""
    exchanges = traffic("roma-connect", _COUNT)
    validators = [_crowded(count) for count in (3, 1_000)]
    best = [min(column) for column in zip(*_interleaved(validators, exchanges), strict=True)]
    return best[0] / _COUNT, best[1] / _COUNT


def _interleaved(validators: list[Validator], exchanges: list[Exchange]) -> list[list[float]]:
    return [[_seconds(validator.conforms, exchanges) for validator in validators] for _ in range(_ROUNDS)]


def _crowded(count: int) -> Validator:
    """The ROMA Connect contract among copies of its operation: beside it, above it and below it."""
    document = load_contract("roma-connect").root.value
    ((path, item),) = document["paths"].items()
    variants = [f"/v{number}{path}" for number in range(count // 2)]
    variants += [path.replace("/devices/", f"/devices{number}/") for number in range(count - 1 - len(variants))]
    paths = {path: item, **dict.fromkeys(variants, item)}
    content = orjson.dumps({**document, "paths": paths})
    return Validator(read_contract(read(content, file="crowd.json", path=Path("crowd.json")), "crowd"))
