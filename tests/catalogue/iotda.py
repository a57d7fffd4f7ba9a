"""Huawei IoTDA "reset a device secret", written by hand from the vendor text, with the catalogue's switches.

`on("name")` is one defect, `read("name")` one other reading that the text allows as well.
"""

from __future__ import annotations

import hashlib
import html
import json
import random
import re
import string
import time
import unicodedata
from typing import Any
from urllib.parse import parse_qsl, unquote

from tests.catalogue.kii import Refused
from tests.catalogue.wire import Answer, Ask, reply

ROUTE = re.compile(r"/v5/iot/([^/]*)/devices/([^/]*)/action")
PROJECT, OTHER_PROJECT = "p4f1c0ffee00d1e5ab", "p900d5eedbead0011"
OWNER, READER, EXPIRED, STRANGER = "MIIow7xQ2pVt9", "MIIrd3kN8sLz4", "MIIex5bC1gHj6", "MIIst6fM0yWa2"
#: token -> (project, may write, has expired)
TOKENS = {
    OWNER: (PROJECT, True, False),
    READER: (PROJECT, False, False),
    EXPIRED: (PROJECT, True, True),
    STRANGER: (OTHER_PROJECT, True, False),
}
FIRST = {
    "d1_lamp-01": ("first-Secret_01", "second-Secret_01"),
    "d1_lamp-02": ("first-Secret_02", "second-Secret_02"),
}
FOREIGN = {"d9_theirs": ("first-Secret_09", "second-Secret_09")}
ALPHABET = string.ascii_letters + string.digits + "_-"
SLOTS = ("PRIMARY", "SECONDARY")


class IoTDA:
    """The service with its devices."""

    def __init__(self, *switches: str, seed: int = 0) -> None:
        self.on = frozenset(switches).__contains__
        self.read = self.on
        self.draws = random.Random(seed)
        self.secrets = {
            (PROJECT if device in FIRST else OTHER_PROJECT, device): dict(zip(SLOTS, pair, strict=True))
            for device, pair in (FIRST | FOREIGN).items()
        }
        self.older: dict[tuple[str, str], str] = {}
        self.made = 0
        self.waiting = ""

    def answer(self, ask: Ask) -> Answer:
        """The reply to one request."""
        if ask.path == "/login":
            return self.login(ask)
        match = ROUTE.fullmatch(ask.path)
        if match is None:
            return self.error(404, "no such page")
        if ask.method != "POST":
            return Answer(405, b"", (("Allow", "POST"),))
        try:
            return self.act(ask, unquote(match[1]), match[2])
        except Refused as refused:
            return refused.answer

    def login(self, ask: Ask) -> Answer:
        """How a device uses a secret."""
        given = json.loads(ask.body)
        key = (PROJECT, given["id"])
        secrets, slot = self.secrets.get(key), given.get("slot", "PRIMARY")
        good = secrets is not None and secrets[slot] == given["password"]
        if self.on("old-still-opens"):
            good = good or self.older.get(key) == given["password"]
        if self.on("either-slot-opens"):
            good = secrets is not None and given["password"] in secrets.values()
        return reply(200, {"ok": good})

    def act(self, ask: Ask, project: str, raw_device: str) -> Answer:
        """The operation itself."""
        on = self.on
        device = unquote(raw_device)
        if on("path-not-decoded"):
            device = raw_device
        if on("project-not-checked"):
            project = PROJECT
        if on("instance-mandatory") and ask.header("instance-id") is None:
            raise Refused(self.error(400, "Instance-Id is mandatory"))
        if on("instance-refused") and ask.header("instance-id") is not None:
            raise Refused(self.error(400, "unknown instance"))
        if on("path-decoded-twice"):
            device = unquote(device)
        if on("unknown-before-401") and self.find(project, device) is None:
            raise Refused(self.error(404, "no such device"))
        self.authorise(ask, project)
        if self.read("device-first") and re.fullmatch("[A-Za-z0-9_-]{1,128}", device):
            self.known(project, device)
        self.check_action(ask.query)
        self.check_device_id(device)
        given = {} if on("body-ignored") else self.parsed(ask)
        key = self.known(project, device)
        if on("refused-still-stores") and isinstance(given.get("secret"), str):
            self.secrets[key]["PRIMARY"] = given["secret"]
        slot = self.slot_in(given)
        self.check_force(given)
        if self.read("unknown-member-refused") and set(given) - {"secret", "force_disconnect", "secret_type"}:
            raise Refused(self.error(400, "unknown member"))
        secret = self.secret_in(given)
        if on("same-secret-refused") and secret == self.secrets[key][slot]:
            raise Refused(self.error(400, "the secret was used before"))
        if on("same-as-other-slot-refused") and secret == self.secrets[key][SLOTS[1 - SLOTS.index(slot)]]:
            raise Refused(self.error(400, "both secrets are the same"))
        if on("forced-generates") and given.get("force_disconnect") is True:
            secret = None
        if on("secondary-generates") and slot == "SECONDARY":
            secret = None
        if secret is None:
            secret = self.generated(device, slot)
        self.store(key, slot, secret)
        return self.done(key, slot, secret, given)

    def done(self, key: tuple[str, str], slot: str, secret: str, given: dict[str, Any]) -> Answer:
        """200 with what was set."""
        on = self.on
        shown, device = secret, key[1]
        if on("echo-upper"):
            shown = shown.upper()
        if on("echo-masked"):
            shown = shown[:4] + "****" + shown[-4:]
        if on("echo-cut-31"):
            shown = shown[:31]
        if on("echo-old"):
            shown = self.older[key]
        if on("echo-empty-when-given") and given.get("secret"):
            shown = ""
        if on("echo-hyphen-lost"):
            shown = shown.replace("--", "-")
        if on("echo-generated-differs") and not given.get("secret"):
            shown = self.generated(device, slot)
        if on("echo-edge-underscore-lost"):
            shown = shown.strip("_") if len(shown.strip("_")) >= 8 else shown
        if on("echo-newline"):
            shown += "\n"
        if on("echo-other-slot"):
            shown = self.secrets[key][SLOTS[1 - SLOTS.index(slot)]]
        if on("echo-underscore-to-hyphen"):
            shown = shown.replace("_", "-")
        content: Any = {"device_id": device, "secret": shown, "secret_type": slot}
        if on("reply-device-with-project"):
            content["device_id"] = f"{key[0]}_{device}"
        if on("reply-type-swapped"):
            content["secret_type"] = SLOTS[1 - SLOTS.index(slot)]
        if on("reply-secret-object"):
            content["secret"] = {"value": shown}
        if on("reply-encoded-twice"):
            content = json.dumps(content)
        if on("reply-jsonp"):
            return Answer(
                200, b"callback(" + json.dumps(content).encode() + b")", (("Content-Type", "application/json"),)
            )
        if on("token-in-header"):
            return reply(200, content, x_session="owner " + OWNER)
        if on("secret-in-log-link"):
            return reply(200, content, link=f"</logs?s={secret}>; rel=log")
        if on("reply-vendor-json"):
            return reply(200, content, "application/vnd.huawei+json")
        if self.read("no-secret-type"):
            del content["secret_type"]
        if on("reply-device-number"):
            content["device_id"] = 17
        if on("reply-device-other"):
            content["device_id"] = "d1_lamp-03"
        if on("reply-device-lower"):
            content["device_id"] = device.upper()
        if on("reply-no-device"):
            del content["device_id"]
        if on("reply-no-secret"):
            del content["secret"]
        if on("reply-secret-null") and not given.get("secret"):
            content["secret"] = None
        if on("reply-type-lower"):
            content["secret_type"] = slot.lower()
        if on("reply-type-always-primary"):
            content["secret_type"] = "PRIMARY"
        if on("reply-type-number"):
            content["secret_type"] = SLOTS.index(slot)
        if on("reply-type-null"):
            content["secret_type"] = None if "secret_type" not in given else slot
        if on("reply-wrapped"):
            content = {"device": content}
        if on("reply-camel"):
            content = {"deviceId": device, "secret": shown, "secretType": slot}
        if on("reply-list"):
            content = [content]
        if on("reply-text-plain"):
            return reply(200, content, "text/plain")
        if on("reply-empty"):
            return Answer(200)
        if on("reply-cut"):
            whole = reply(200, content)
            return Answer(200, whole.body[:-1], whole.headers)
        if on("secret-in-header"):
            return reply(200, content, x_new_secret=secret)
        if on("old-secret-in-reply"):
            content["old_secret"] = self.older[key]
        if on("other-slot-in-reply"):
            content["secrets"] = dict(self.secrets[key])
        if on("secret-hash-in-header"):
            return reply(200, content, etag=hashlib.md5(secret.encode()).hexdigest())
        status = 201 if on("status-201") else 202 if on("status-202") else 200
        return reply(status, content)

    # --- who asks -------------------------------------------------------------------------------------------------

    def authorise(self, ask: Ask, project: str) -> None:
        """Refuse whoever may not write in this project."""
        on = self.on
        token = ask.header("x-auth-token")
        if token is None:
            if on("no-token-accepted"):
                return
            raise Refused(self.error(401, "no token"))
        if on("token-not-ascii-crashes"):
            token.encode("ascii")
        if on("empty-token-accepted") and not token:
            return
        if on("token-trimmed-end"):
            token = token.rstrip("xX")
        if on("token-rot"):
            token = next((full for full in TOKENS if len(full) == len(token)), token)
        known = TOKENS.get(token)
        if known is None and on("token-prefix-accepted") and token:
            known = next((TOKENS[full] for full in TOKENS if full.startswith(token)), None)
        if known is None and on("token-any-case-accepted"):
            known = next((TOKENS[full] for full in TOKENS if full.lower() == token.lower()), None)
        if known is None and on("token-first-8-accepted"):
            known = next((TOKENS[full] for full in TOKENS if full[:8] == token[:8]), None)
        if known is None and on("token-shape-accepted") and re.match("MII", token):
            known = TOKENS[OWNER]
        if known is None and on("any-token-accepted"):
            known = TOKENS[OWNER]
        if known is None:
            raise Refused(self.error(401, f"unknown token {token}" if on("token-in-401") else "unknown token"))
        token_project, writes, expired = known
        if expired and not on("expired-accepted"):
            raise Refused(self.error(401, "the token has expired"))
        if not writes and on("reader-tells-secret"):
            raise Refused(reply(403, {"error_code": "X", "error_msg": f"only {OWNER} may"}))
        if not writes and not on("reader-accepted"):
            raise Refused(self.error(403, "the role allows reading only"))
        if token_project != project and not on("other-project-accepted"):
            raise Refused(self.error(403, "not of this project"))

    def check_action(self, query: str) -> None:
        """Refuse every action but the documented one."""
        on = self.on
        pairs = parse_qsl(query, keep_blank_values=True)
        values = [
            value for name, value in pairs if (name.lower() if on("action-name-any-case") else name) == "action_id"
        ]
        if not values:
            if on("action-optional"):
                return
            if on("action-missing-crashes"):
                raise KeyError("action_id")
            raise Refused(self.error(400, "action_id is mandatory"))
        value = values[0]
        if on("action-underscores") and value.replace("_", "").lower() == "resetsecret":
            return
        if on("action-any-case") and value.lower() == "resetsecret":
            return
        if on("action-trimmed") and value.strip() == "resetSecret":
            return
        if on("action-prefix") and value.startswith("resetSecret"):
            return
        if on("action-any") and value:
            return
        if on("action-empty") and not value:
            return
        if value != "resetSecret":
            raise Refused(self.error(400, "unknown action"))

    def check_device_id(self, device: str) -> None:
        """Refuse an identifier that breaks its rule: letters, digits, `_`, `-`, at most 128."""
        on = self.on
        if on("long-id-crashes") and len(device) > 128:
            raise ValueError("value too long")
        most = 127 if on("id-max-127") else 128
        if on("id-as-unicode-trimmed"):
            device = unicodedata.normalize("NFKC", device).strip()
        if len(device) > most or not re.fullmatch(r"[A-Za-z0-9_-]+", device):
            raise Refused(self.error(400, "malformed device_id"))

    def find(self, project: str, device: str) -> tuple[str, str] | None:
        """The key of a device, or nothing."""
        on = self.on
        if on("id-as-unicode-trimmed"):
            device = unicodedata.normalize("NFKC", device).strip()
        for known_project, known in self.secrets:
            mine = known_project == project
            if on("id-any-case") and mine and known.lower() == device.lower():
                return known_project, known
            if on("id-like") and mine and re.fullmatch(re.escape(device).replace("_", "."), known):
                return known_project, known
            if on("foreign-accepted") and known == device:
                return known_project, known
            if on("id-suffix-ignored") and mine and device.startswith(known):
                return known_project, known
        return (project, device) if (project, device) in self.secrets else None

    def known(self, project: str, device: str) -> tuple[str, str]:
        """The key of a device; 404 when there is none."""
        on = self.on
        key = self.find(project, device)
        if key is None and on("unknown-created"):
            key = (project, device)
            self.secrets[key] = dict.fromkeys(SLOTS, "made-up-secret")
        if key is None and on("unknown-is-200"):
            raise Refused(reply(200, {"device_id": device, "secret": "Nothing-happened"}))
        if key is None:
            if on("unknown-crashes"):
                raise KeyError(device)
            raise Refused(self.error(404, "no such device"))
        return key

    # --- the body -------------------------------------------------------------------------------------------------

    def parsed(self, ask: Ask) -> dict[str, Any]:
        """The body as an object; nothing at all is an empty object."""
        on = self.on
        media_type, _, _ = (ask.header("content-type") or "").partition(";")
        if on("charset-refused") and ";" in (ask.header("content-type") or ""):
            raise Refused(self.error(400, "unsupported content type"))
        same = media_type.strip().lower() == "application/json"
        if on("media-type-case-sensitive"):
            same = media_type.strip() == "application/json"
        if not ask.body and not media_type:
            if on("no-body-crashes"):
                json.loads(ask.body)
            return {}
        if not same and not on("any-type-accepted") and not (on("no-type-accepted") and not media_type):
            raise Refused(self.error(400, "unsupported content type"))
        try:
            text = ask.body.decode("utf-8", "ignore" if on("bad-utf8-ignored") else "strict")
            if on("trailing-garbage-accepted"):
                text = text[: text.rfind("}") + 1]
            if on("comments-accepted"):
                text = re.sub(r"/\*.*?\*/|//.*", "", text)
            given = json.loads(text)
        except RecursionError:
            if on("deep-nesting-crashes"):
                raise
            raise Refused(self.error(400, "the body is no JSON")) from None
        except ValueError:
            if on("broken-json-crashes"):
                raise
            if on("broken-json-is-empty"):
                return {}
            raise Refused(self.error(400, "the body is no JSON")) from None
        if on("number-body-is-empty") and isinstance(given, int):
            return {}
        if on("text-body-parsed") and isinstance(given, str):
            given = json.loads(given)
        if given is None and on("null-body-is-empty"):
            return {}
        if not isinstance(given, dict):
            if on("non-object-crashes"):
                given.get("secret")
            if on("list-is-empty") and isinstance(given, list):
                return {}
            raise Refused(self.error(400, "the body must be an object"))
        return given

    def slot_in(self, given: dict[str, Any]) -> str:
        """Which secret to reset."""
        on = self.on
        slot = given.get("secret_type", "SECONDARY" if on("default-secondary") else "PRIMARY")
        if on("slot-null-is-primary") and slot is None:
            return "PRIMARY"
        if on("slot-null-crashes") and slot is None:
            slot.upper()
        if on("slot-false-is-primary") and slot is False:
            return "PRIMARY"
        if on("slot-prefix") and isinstance(slot, str) and slot and any(x.startswith(slot) for x in SLOTS):
            return next(x for x in SLOTS if x.startswith(slot))
        if on("slot-longer") and isinstance(slot, str) and slot.startswith(SLOTS):
            return next(x for x in SLOTS if slot.startswith(x))
        if on("slot-list-taken") and isinstance(slot, list) and slot:
            slot = slot[0]
        if on("slot-any-case") and isinstance(slot, str):
            slot = slot.upper()
        if on("slot-trimmed") and isinstance(slot, str):
            slot = slot.strip()
        if on("slot-unhashable-crashes"):
            hash(slot)
        if on("slot-unknown-is-primary") and isinstance(slot, str) and slot not in SLOTS:
            return "PRIMARY"
        if on("slot-tertiary-accepted") and slot == "TERTIARY":
            return "SECONDARY"
        if on("slot-empty-is-primary") and slot == "":
            return "PRIMARY"
        if on("slot-number-accepted") and slot in {0, 1} and not isinstance(slot, bool):
            return SLOTS[slot]
        if on("secondary-refused") and slot == "SECONDARY":
            raise Refused(self.error(400, "not available"))
        if not isinstance(slot, str) or slot not in SLOTS:
            raise Refused(self.error(400, "unknown secret_type"))
        return slot

    def check_force(self, given: dict[str, Any]) -> None:
        """Refuse a `force_disconnect` that is no boolean."""
        on = self.on
        if "force_disconnect" not in given:
            if on("force-mandatory"):
                raise Refused(self.error(400, "force_disconnect is mandatory"))
            return
        value = given["force_disconnect"]
        if on("force-true-refused") and value is True:
            raise Refused(self.error(400, "not a long-connection device"))
        if on("force-string-accepted") and isinstance(value, str) and value.lower() in {"true", "false"}:
            return
        if on("force-number-accepted") and value in {0, 1}:
            return
        if on("force-null-accepted") and value is None:
            return
        if on("force-empty-accepted") and value == "":
            return
        if on("force-list-accepted") and isinstance(value, list):
            return
        if on("force-big-number-crashes") and isinstance(value, int) and not isinstance(value, bool):
            value.to_bytes(8, "big")
        if on("force-not-checked"):
            return
        if on("force-string-crashes") and isinstance(value, str):
            value & True
        if not isinstance(value, bool):
            raise Refused(self.error(400, "force_disconnect must be a boolean"))

    def secret_in(self, given: dict[str, Any]) -> str | None:
        """The secret of the request, when it may be one; nothing when it gives none."""
        on = self.on
        if "secret" not in given:
            if on("secret-mandatory"):
                raise Refused(self.error(400, "secret is mandatory"))
            return None
        secret = given["secret"]
        if secret is None and on("secret-null-generates"):
            return None
        if secret == "" and on("secret-empty-generates"):
            return None
        if isinstance(secret, int) and not isinstance(secret, bool) and on("secret-number-coerced"):
            secret = str(secret)
        if isinstance(secret, float) and on("secret-big-float-crashes"):
            secret = str(int(secret))
        if not isinstance(secret, str):
            shown = f", not {json.dumps(secret)}" if on("mistyped-value-in-message") else ""
            raise Refused(self.error(400, f"secret must be a string{shown}"))
        if on("secret-trimmed"):
            secret = secret.strip()
        if on("secret-left-trimmed"):
            secret = secret.lstrip()
        if on("secret-cut-at-nul"):
            secret = secret.split("\0")[0]
        if on("secret-zero-width-dropped"):
            secret = "".join(x for x in secret if unicodedata.category(x) not in {"Cf", "Cs"})
        if on("secret-accents-dropped"):
            decomposed = unicodedata.normalize("NFD", secret)
            secret = "".join(x for x in decomposed if not unicodedata.combining(x))
        if on("secret-folded"):
            secret = unicodedata.normalize("NFKC", secret)
        if on("secret-newline-stripped"):
            secret = secret.rstrip("\n")
        if on("secret-surrogate-crashes"):
            secret.encode()
        length = len(secret)
        least = 7 if on("min-7") else 9 if on("min-9") else 6 if on("min-6") else 0 if on("min-dropped") else 8
        most = (
            33 if on("max-33") else 31 if on("max-31") else 64 if on("max-64") else 10**9 if on("max-dropped") else 32
        )
        if on("too-short-generates") and length < 8:
            return None
        if on("too-long-cut") and length > 32:
            secret, length = secret[:32], 32
        shown = f" {secret}" if on("secret-in-length-error") else ""
        if not least <= length <= most:
            raise Refused(self.error(400, f"secret{shown} must have 8 to 32 characters"))
        allowed = next((pattern for name, pattern in ALPHABETS.items() if on(name)), r"[A-Za-z0-9_-]+")
        if on("surrogate-in-error-crashes") and not re.fullmatch(allowed, secret):
            print(secret, file=_Utf8())
        if on("dollar-for-end"):
            good = re.match(r"[A-Za-z0-9_-]+$", secret)
        elif on("search-for-match"):
            good = re.match(r"[A-Za-z0-9_-]{8,}", secret) or least == 0
        elif on("isalnum"):
            good = all(x.isalnum() or x in "_-" for x in secret)
        else:
            good = re.fullmatch(allowed, secret) or not secret
        if not good:
            shown = f": {secret!r}" if on("secret-in-alphabet-error") else ""
            raise Refused(self.error(400, f"secret has forbidden characters{shown}"))
        return secret

    def generated(self, device: str, slot: str) -> str:
        """A new secret."""
        on = self.on
        self.made += 1
        secret = "".join(self.draws.choice(ALPHABET) for _ in range(24))
        if on("generates-two-in-turn"):
            secret = ("First-of-two-secrets", "Other-of-two-secrets")[self.made % 2]
        if on("generates-again-after-ten"):
            self.draws = random.Random(self.made % 10)
            secret = "".join(self.draws.choice(ALPHABET) for _ in range(24))
        if on("generates-clock-hex"):
            secret = f"{time.time_ns():032x}"
        if on("generates-one-letter"):
            secret = "a" * 16 + secret[:1]
        if on("generates-eight-digits"):
            secret = "".join(self.draws.choice(string.digits) for _ in range(8))
        if on("generates-first-always-same"):
            secret = "X" * 20 + secret[:4]
        if on("generates-constant"):
            secret = "Default-Secret-0001"
        if on("generates-counter"):
            secret = f"generated-secret-{self.made:08}"
        if on("generates-from-device"):
            secret = hashlib.sha256(f"{device}{slot}".encode()).hexdigest()[:32]
        if on("generates-short"):
            secret = secret[:7]
        if on("generates-long"):
            secret += secret[:9]
        if on("generates-digits"):
            secret = "".join(self.draws.choice(string.digits) for _ in range(16))
        if on("generates-plus"):
            secret = "+/" + secret[2:]
        if on("generates-by-the-second"):
            clock = random.Random(int(time.time()))
            secret = "".join(clock.choice(ALPHABET) for _ in range(24))
        if on("generates-four-random"):
            secret = "iotda-device-secret-" + secret[:4]
        if on("generates-sometimes-short") and self.made % 6 == 0:
            secret = secret[:6]
        if on("generates-device-id"):
            secret = device
        return secret

    def store(self, key: tuple[str, str], slot: str, secret: str) -> None:
        """Keep a new secret."""
        on = self.on
        self.older[key] = self.secrets[key][slot]
        if on("nothing-stored"):
            return
        if on("stored-lower"):
            secret = secret.lower()
        if on("stored-underscore-lost"):
            secret = secret.strip("_")
        if on("stored-after-second"):
            self.older[key] = self.secrets[key][slot]
            secret, self.waiting = self.waiting or secret, secret
        if on("stored-cut-31"):
            secret = secret[:31]
        if on("stored-hyphen-edges-lost"):
            secret = secret.strip("-")
        if on("secondary-changes-primary") and slot == "SECONDARY":
            self.secrets[key]["PRIMARY"] = secret
        if on("primary-changes-both") and slot == "PRIMARY":
            self.secrets[key]["SECONDARY"] = secret
        if on("slot-ignored"):
            slot = "PRIMARY"
        if on("slots-swapped"):
            slot = SLOTS[1 - SLOTS.index(slot)]
        if on("primary-clears-secondary") and slot == "PRIMARY":
            self.secrets[key]["SECONDARY"] = html.escape("<none>")
        if on("neighbour-changed"):
            key = (key[0], "d1_lamp-02")
        if on("all-changed"):
            for other in self.secrets:
                self.secrets[other][slot] = secret
        self.secrets[key][slot] = secret

    # --- error bodies ---------------------------------------------------------------------------------------------

    def error(self, status: int, message: str) -> Answer:
        """An error body."""
        on = self.on
        content: Any = {"error_code": f"IOTDA.{status:06}", "error_msg": message}
        if on("error-code-number"):
            content["error_code"] = 14001
        if on("error-message-missing"):
            del content["error_msg"]
        if on("error-camel"):
            content = {"errorCode": f"IOTDA.{status:06}", "errorMsg": message}
        if on("error-html"):
            return Answer(status, f"<p>{message}</p>".encode(), (("Content-Type", "text/html"),))
        if on("401-is-400") and status == 401:
            status = 400
        if on("404-is-410") and status == 404:
            status = 410
        if on("400-is-422") and status == 400:
            status = 422
        if on("400-is-200") and status == 400:
            status = 200
        if on("403-is-500") and status == 403:
            status = 500
        return reply(status, content)


class _Utf8:
    def write(self, text: str) -> None:
        text.encode("utf-8")


ALPHABETS = {
    "digits-of-every-script": r"[A-Za-z\d_-]+",
    "word-characters": r"[\w-]+",
    "dot-accepted": r"[A-Za-z0-9_.-]+",
    "space-accepted": r"[A-Za-z0-9_ -]+",
    "range-slip": r"[A-z0-9_-]+",
    "plus-to-hyphen-slip": r"[A-Za-z0-9+-_]+",
    "equals-accepted": r"[A-Za-z0-9_=-]+",
    "latin-1-letters": r"[A-Za-zÀ-ÿ0-9_-]+",
    "underscore-refused": r"[A-Za-z0-9-]+",
    "hyphen-refused": r"[A-Za-z0-9_]+",
    "nine-refused": r"[A-Za-z0-8_-]+",
    "capital-z-refused": r"[A-Ya-z0-9_-]+",
    "hexadecimal-only": r"[A-Fa-f0-9_-]+",
    "leading-hyphen-refused": r"[A-Za-z0-9_][A-Za-z0-9_-]+",
    "letter-wanted": r"(?=.*[A-Za-z])[A-Za-z0-9_-]+",
    "digit-wanted": r"(?=.*[0-9])[A-Za-z0-9_-]+",
    "any-alphabet": r"(?s:.)+",
    "long-s-by-ignorecase": r"(?i:[a-z0-9_-]+)",
    "newline-by-multiline": r"(?ms:[A-Za-z0-9_-]+$.*)",
}
