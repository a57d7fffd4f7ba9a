"""The same mixed traffic for every peer: a tenth of it defective, in varied ways. Judges nothing."""

import json
import random
from dataclasses import replace
from typing import Any

from watchword.ground import Exchange, Request, Response

Member = dict[str, Any]
_ROMA = "/v2/default/link/instances/default/devices/1000001/authentication"
_IOTDA = "/v5/iot/p-0001/devices/device-0001/action?action_id=resetSecret"
_KII = "/api/apps/app-1/things/VENDOR_THING_ID:thing-1/ownership/password"
_KII_TYPE = "application/vnd.kii.ChangeThingPasswordRequest+json"


def traffic(name: str, count: int, seed: int = 1) -> list[Exchange]:
    """`count` exchanges of one contract, 90 % of them valid, distinct secrets throughout."""
    draw = random.Random(seed)
    return [_defective(exchange, draw) if draw.random() < 0.1 else exchange for exchange in _valid(name, count, draw)]


def _valid(name: str, count: int, draw: random.Random) -> list[Exchange]:
    make = {"roma-connect": _roma, "iotda": _iotda, "kii": _kii}[name]
    return [make("".join(draw.choices("abcdefghijkmnpqrstuvwxyz", k=14)), draw) for _ in range(count)]


def _roma(text: str, draw: random.Random) -> Exchange:
    body = {"user_name": "device-01", "password": f"Aa7!{text}"}
    reply: tuple[int, Member] = (200, body)
    if draw.random() < 0.2:
        reply = (404, {"error_code": "ROMA.00110006", "error_msg": "no such device", "request_id": text})
    return _exchange("PUT", _ROMA, {"X-Auth-Token": f"token-{text}"}, "application/json", body, *reply)


def _iotda(text: str, draw: random.Random) -> Exchange:
    body = {"secret": f"Secret_{text}", "force_disconnect": draw.random() < 0.5}
    reply = (200, {"device_id": "device-0001", "secret": body["secret"]})
    return _exchange("POST", _IOTDA, {"X-Auth-Token": f"token-{text}"}, "application/json", body, *reply)


def _kii(text: str, _: random.Random) -> Exchange:
    credential = {"Authorization": f"Bearer token-{text}"}
    return _exchange("PUT", _KII, credential, _KII_TYPE, {"newPassword": f"a password {text}"}, 204, None)


def _exchange(
    method: str, path: str, credential: dict[str, str], media_type: str, body: Member, status: int, reply: Member | None
) -> Exchange:
    sent = json.dumps(body).encode()
    headers = {
        "Host": "api.example.com",
        "User-Agent": "device-console/1.4",
        "Accept": "*/*",
        "Content-Type": media_type,
        "Content-Length": str(len(sent)),
        **credential,
    }
    returned = b"" if reply is None else json.dumps(reply).encode()
    given = {"Date": "Sun, 22 Nov 2026 15:00:00 GMT", **({"Content-Type": "application/json"} if returned else {})}
    request = Request(method, f"https://api.example.com{path}", tuple(headers.items()), sent)
    return Exchange(request, Response(status, tuple(given.items()), returned))


def _defective(exchange: Exchange, draw: random.Random) -> Exchange:
    request, response = exchange.request, exchange.response
    assert response is not None
    members = json.loads(request.body)
    secret = next(name for name in members if name in ("password", "secret", "newPassword"))
    kind = draw.randrange(10)
    if kind == 0:
        request = replace(request, body=json.dumps({**members, secret: "é" * 40}).encode())
    elif kind == 1:
        request = replace(request, body=json.dumps({**members, secret: "x" * 300}).encode())
    elif kind == 2:
        request = replace(request, body=json.dumps({**members, secret: 12345678}).encode())
    elif kind == 3:
        request = replace(request, body=request.body[:-1])
    elif kind == 4:
        request = replace(request, headers=tuple(pair for pair in request.headers if "oken" not in pair[1]))
    elif kind == 5:
        headers = tuple(
            ("Content-Type", "text/xml") if name == "Content-Type" else (name, value) for name, value in request.headers
        )
        request = replace(request, headers=headers)
    elif kind == 6:
        request = replace(request, url=request.url.replace("/v", "/w").replace("/api", "/ipa"))
    elif kind == 7:
        response = replace(response, status=418)
    elif kind == 8:
        response = replace(response, body=b'{"secret": null, "password": "short", "errorCode": 7}')
    else:
        request = replace(request, method="PATCH")
    return replace(exchange, request=request, response=response)
