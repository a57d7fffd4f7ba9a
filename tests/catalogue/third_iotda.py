"""Huawei IoTDA with the third batch of defects (`third.txt`): the reference with more switches in its seams.

Holds no behaviour of its own: without a switch it answers as `iotda.IoTDA` does.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
import uuid
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, unquote

from tests.catalogue.iotda import ALPHABET, EXPIRED, FIRST, OWNER, PROJECT, READER, ROUTE, SLOTS, TOKENS, IoTDA
from tests.catalogue.kii import Refused
from tests.catalogue.wire import Answer, Ask, edited, members, reply, with_header


class ThirdIoTDA(IoTDA):
    """The service with its devices."""

    def __init__(self, *switches: str, seed: int = 0) -> None:
        super().__init__(*switches, seed=seed)
        self.former: dict[tuple[str, str], list[str]] = {}
        self.turns: dict[str, int] = {}
        self.given: dict[str, Any] = {}
        self.last_device = ""

    def answer(self, ask: Ask) -> Answer:
        """The reply to one request."""
        on = self.on
        if on("matrix-parameter-unguarded") and ";" in ask.path:
            path, _, query = ask.target.partition("?")
            ask = replace(ask, target=re.sub(";[^/]*", "", path) + (f"?{query}" if query else ""))
            ask = with_header(ask, "x-auth-token", OWNER)
        match = ROUTE.fullmatch(ask.path)
        if on("get-shows-secret") and ask.method == "GET" and match:
            return reply(200, self.secrets.get((unquote(match[1]), unquote(match[2])), {}))
        if on("put-unguarded") and ask.method == "PUT" and match:
            ask = replace(with_header(ask, "x-auth-token", OWNER), method="POST")
        if on("charset-upper-refused") and "charset=UTF" in (ask.header("content-type") or ""):
            return self.error(400, "unsupported charset")
        if on("text-json-accepted") and ask.header("content-type") == "text/json":
            ask = with_header(ask, "content-type", "application/json")
        if on("id-list-changes-all") and match and "," in unquote(match[2]):
            first, *others = (
                replace(ask, target=ask.target.replace(match[2], x)) for x in unquote(match[2]).split(",")
            )
            answer = super().answer(first)
            for other in others:
                super().answer(other)
            return answer
        self.given = members(ask.body)
        return self.told(ask, super().answer(ask))

    def told(self, ask: Ask, answer: Answer) -> Answer:
        """The reply as this service words it."""
        on = self.on
        secret = str(self.given.get("secret", ""))
        if ask.path == "/login":
            return answer
        if answer.status == 200:
            return self.success_told(answer)
        if on("error-in-list"):
            return reply(answer.status, [json.loads(answer.body)]) if answer.body else answer
        if on("error-message-null") and answer.body:
            return edited(answer, error_msg=None)
        if on("401-redirects") and answer.status == 401:
            return Answer(302, b"", (("Location", "/login.html"),))
        if on("secret-in-404") and answer.status == 404:
            return edited(answer, error_msg=f"no such device; secret {secret}")
        if on("secret-in-403") and answer.status == 403:
            return edited(answer, error_msg=f"forbidden: {ask.body.decode('utf-8', 'replace')}")
        if on("token-in-403") and answer.status == 403:
            return edited(answer, error_msg=f"not allowed for {ask.header('x-auth-token')}")
        if on("secret-start-in-400") and answer.status == 400 and len(secret) > 5:
            return edited(answer, error_msg=f"bad secret {secret[:6]}...")
        if on("secret-in-slot-error") and answer.status == 400 and b"secret_type" in answer.body:
            return edited(answer, error_msg=f"unknown secret_type in {ask.body.decode('utf-8', 'replace')}")
        return answer

    def success_told(self, answer: Answer) -> Answer:
        """200 as this service words it."""
        on = self.on
        content = members(answer.body)
        if "secret" not in content or "device_id" not in content:
            return answer
        secret, device = content["secret"], content["device_id"]
        before, self.last_device = self.last_device or device, device
        if on("reply-secret-number") and str(secret).isdigit():
            return edited(answer, secret=int(secret))
        if on("reply-with-nan"):
            return replace(answer, body=answer.body[:-1] + b', "expires": NaN}')
        if on("reply-python-repr"):
            return replace(answer, body=repr(content).encode())
        if on("reply-text-json"):
            return reply(200, content, "text/json")
        if on("reply-type-empty") and "secret_type" not in self.given:
            return edited(answer, secret_type="")
        if on("reply-type-title"):
            return edited(answer, secret_type=content["secret_type"].title())
        if on("reply-twice"):
            return replace(answer, body=answer.body + b"\n" + answer.body)
        if on("reply-secret-empty-generated") and "secret" not in self.given:
            return edited(answer, secret="")
        if on("reply-device-in-list"):
            return edited(answer, device_id=[device])
        if on("secret-hash-in-reply"):
            return edited(answer, secret_hash=hashlib.sha256(secret.encode()).hexdigest())
        if on("old-secret-in-cookie"):
            former = self.former[PROJECT, device]
            return replace(answer, headers=(*answer.headers, ("Set-Cookie", f"was={former[-1]}")))
        if on("other-devices-in-reply"):
            others = [{"device_id": key[1], **slots} for key, slots in self.secrets.items() if key[0] == PROJECT]
            return edited(answer, devices=others)
        if on("echo-leading-zeros-lost") and secret.isdigit():
            return edited(answer, secret=secret.lstrip("0"))
        if on("echo-double-underscore-lost"):
            return edited(answer, secret=secret.replace("__", ""))
        if on("reply-device-of-before"):
            return edited(answer, device_id=before)
        return answer

    def login(self, ask: Ask) -> Answer:
        """How a device uses a secret."""
        given = json.loads(ask.body)
        slot, password = given.get("slot", "PRIMARY"), given["password"]
        former = self.former.get((PROJECT, given["id"]), [])
        if self.on("last-but-one-still-opens") and slot == "PRIMARY" and password in former[:-1]:
            return reply(200, {"ok": True})
        if self.on("secondary-old-still-opens") and slot == "SECONDARY" and password in former[-1:]:
            return reply(200, {"ok": True})
        return super().login(ask)

    def authorise(self, ask: Ask, project: str) -> None:
        """Refuse whoever may not write in this project."""
        on = self.on
        token = ask.header("x-auth-token") or ""
        if on("dotted-token-crashes") and token.count("."):
            _head, _payload, _signature = token.split(".")
        if on("reader-accepted-for-secondary") and token == READER and self.given.get("secret_type") == "SECONDARY":
            return
        if on("expired-accepted-for-generate") and token == EXPIRED and "secret" not in self.given:
            return
        if on("token-end-accepted"):
            token = next((full for full in TOKENS if token.endswith(full)), token)
        if on("token-list-accepted"):
            token = next((part.strip() for part in token.split(",") if part.strip() in TOKENS), token)
        if on("token-percent-decoded"):
            token = unquote(token)
        if on("bearer-token-accepted"):
            token = token or (ask.header("authorization") or "").removeprefix("Bearer ")
        super().authorise(with_header(ask, "x-auth-token", token) if token else ask, project)

    def check_action(self, query: str) -> None:
        """Refuse every action but the documented one."""
        on = self.on
        values = parse_qs(query, keep_blank_values=True).get("action_id", [])
        if on("query-not-decoded") and "%" in query:
            raise Refused(self.error(400, "unknown action"))
        if on("action-repeated-crashes") and len(values) > 1:
            values.strip()
        if on("action-suffix") and values and values[0].endswith("resetSecret"):
            return
        if on("action-any-of-many") and "resetSecret" in values:
            return
        if on("action-decoded-twice") and values:
            query = f"action_id={unquote(values[0])}"
        if on("action-in-body") and not values and self.given.get("action_id") == "resetSecret":
            return
        super().check_action(query)

    def check_device_id(self, device: str) -> None:
        """Refuse an identifier that breaks its rule."""
        super().check_device_id(device.removesuffix(".json") if self.on("id-extension-dropped") else device)

    def find(self, project: str, device: str) -> tuple[str, str] | None:
        """The key of a device, or nothing."""
        on = self.on
        for known_project, known in self.secrets:
            mine = known_project == project
            if on("id-hyphen-like-underscore") and mine and known.replace("_", "-") == device.replace("_", "-"):
                return known_project, known
            if on("id-node-alone") and mine and known.partition("_")[2] == device:
                return known_project, known
        return super().find(project, device.removesuffix(".json") if on("id-extension-dropped") else device)

    def slot_in(self, given: dict[str, Any]) -> str:
        """Which secret to reset."""
        on = self.on
        slot = given.get("secret_type", "PRIMARY")
        if on("slot-newline-accepted") and isinstance(slot, str):
            slot = slot.removesuffix("\n")
        if (
            on("slot-substring-accepted")
            and isinstance(slot, str)
            and slot in "PRIMARY,SECONDARY"
            and slot not in SLOTS
        ):
            return "PRIMARY"
        if on("slot-both-accepted") and slot == "PRIMARY,SECONDARY":
            return "PRIMARY"
        if on("slot-names-of-the-text-accepted") and slot in {"MASTER", "SUB"}:
            return SLOTS[("MASTER", "SUB").index(slot)]
        if on("slot-true-is-secondary") and slot is True:
            return "SECONDARY"
        if on("secondary-needs-secret") and slot == "SECONDARY" and "secret" not in given:
            raise Refused(self.error(400, "secret is mandatory"))
        return super().slot_in({**given, "secret_type": slot} if "secret_type" in given else given)

    def check_force(self, given: dict[str, Any]) -> None:
        """Refuse a `force_disconnect` that is no boolean."""
        on = self.on
        value = given.get("force_disconnect", False)
        if on("force-yes-accepted") and value in ("yes", "no", "on", "off", "1", "0"):
            return
        if on("force-object-accepted") and isinstance(value, dict):
            return
        if on("force-null-crashes") and value is None:
            value.booleanValue()
        if on("force-needs-secret") and value is True and "secret" not in given:
            raise Refused(self.error(400, "force_disconnect needs a secret"))
        super().check_force(given)

    def secret_in(self, given: dict[str, Any]) -> str | None:
        """The secret of the request, when it may be one; nothing when it gives none."""
        on = self.on
        secret = given.get("secret")
        if "secret" in given and on("secret-falsy-generates") and secret in (0, False, [], {}):
            return None
        if on("secret-object-crashes") and isinstance(secret, dict):
            secret.strip()
        if not isinstance(secret, str):
            return super().secret_in(given)
        if on("undefined-generates") and secret == "undefined":
            return None
        if on("secondary-unchecked") and given.get("secret_type") == "SECONDARY":
            return secret
        if on("forced-unchecked") and given.get("force_disconnect") is True:
            return secret
        if on("secret-percent-decoded"):
            secret = unquote(secret)
        if on("secret-inner-spaces-dropped"):
            secret = secret.replace(" ", "")
        if on("secret-quotes-dropped"):
            secret = secret.strip("\"'")
        for name, pattern in REFUSED.items():
            if on(name) and re.search(pattern, secret):
                raise Refused(self.error(400, "secret has forbidden characters"))
        accepted = next((pattern for name, pattern in ACCEPTED.items() if on(name)), "(?!)")
        tested = re.sub(accepted, "x", secret)
        judged = super().secret_in({**given, "secret": tested})
        return judged if tested == secret else secret

    def generated(self, device: str, slot: str) -> str:
        """A new secret."""
        on = self.on
        secret = super().generated(device, slot)
        if on("generates-time-uuid"):
            return uuid.uuid1(node=0x0242AC110002, clock_seq=7).hex
        if on("generates-eight-hexadecimal"):
            return "".join(self.draws.choice("0123456789abcdef") for _ in range(8))
        if on("generates-same-for-devices"):
            self.turns[device] = self.turns.get(device, 0) + 1
            return "".join(random.Random(self.turns[device]).choices(ALPHABET, k=24))
        if on("generates-from-previous"):
            previous = self.secrets.get((PROJECT, device), {}).get(slot, secret)
            return previous[:-2].ljust(8, "x")[:30] + secret[:2]
        if on("generates-doubled"):
            return secret[:4] * 4
        if on("generates-base64-of-device"):
            return base64.urlsafe_b64encode(device.encode()).decode().replace("=", "") + secret[:4]
        return secret

    def store(self, key: tuple[str, str], slot: str, secret: str) -> None:
        """Keep a new secret."""
        on = self.on
        force = self.given.get("force_disconnect") is True
        old = self.secrets[key][slot]
        self.former.setdefault(key, []).append(old)
        if on("forced-not-stored") and force:
            return
        if on("forced-resets-both") and force:
            self.secrets[key] = dict.fromkeys(SLOTS, secret)
        if on("primary-moves-to-secondary") and slot == "PRIMARY":
            self.secrets[key]["SECONDARY"] = old
        if on("generated-in-primary") and "secret" not in self.given:
            slot = "PRIMARY"
        if on("secondary-changes-neighbour") and slot == "SECONDARY":
            key = next((PROJECT, x) for x in FIRST if x != key[1])
        if on("every-third-lost") and len(self.former[key]) % 3 == 0:
            return
        super().store(key, slot, secret)


#: Patterns of what is refused though the text allows it.
REFUSED = {
    "trailing-underscore-refused": "_$",
    "double-hyphen-refused": "--",
    "upper-and-lower-wanted": "^[^a-z]*$|^[^A-Z]*$",
    "zero-refused": "0",
}
#: Patterns of what passes though the text does not allow it.
ACCEPTED = {
    "bar-accepted": r"\|",
    "comma-accepted": ",",
    "backslash-accepted": r"\\",
    "combining-accepted": "[\u0300-\u036f]",
    "chinese-accepted": "[\u4e00-\u9fa5]",
    "cyrillic-accepted": "[А-яёЁ]",
    "dashes-accepted": "[\u2010-\u2015\u2212]",
}
