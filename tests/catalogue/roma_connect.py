"""Huawei ROMA Connect "reset device authentication", written by hand from the vendor text, with switches.

`on("name")` is one defect, `read("name")` one other reading that the text allows as well.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import random
import re
import string
import time
import unicodedata
from typing import Any
from urllib.parse import unquote, unquote_plus

from tests.catalogue.kii import Refused
from tests.catalogue.wire import Answer, Ask, reply

ROUTE = re.compile(r"/v2/([^/]*)/link/instances/([^/]*)/devices/([^/]*)/authentication")
PROJECT, INSTANCE, OTHER_INSTANCE = "b6c1d2e3f4a5968778695a4b3c2d1e0f", "f3bb386a-23ec-47aa", "0a1b2c3d-99ff-4e5d"
OWNER, READER, EXPIRED, STRANGER = "MIIEromaOwner7Q", "MIIEromaReader3", "MIIEromaExpired5", "MIIEotherOwner9"
#: token -> (instance, may write, has expired)
TOKENS = {
    OWNER: (INSTANCE, True, False),
    READER: (INSTANCE, False, False),
    EXPIRED: (INSTANCE, True, True),
    STRANGER: (OTHER_INSTANCE, True, False),
}
FIRST = {1001: ("lamp-one", "First-Passw0rd-#1"), 1002: ("lamp-two", "First-Passw0rd-#2")}
FOREIGN = {2001: ("theirs-one", "First-Passw0rd-#9")}
SPECIAL = "~!@#$%^&*()-_=+|[{}];:<>/?"
CLASSES = (string.digits, string.ascii_uppercase, string.ascii_lowercase, SPECIAL)


class RomaConnect:
    """The service with its devices."""

    def __init__(self, *switches: str, seed: int = 0) -> None:
        self.on = frozenset(switches).__contains__
        self.read = self.on
        self.draws = random.Random(seed)
        self.names = {device: name for device, (name, _) in (FIRST | FOREIGN).items()}
        self.passwords = {device: password for device, (_, password) in (FIRST | FOREIGN).items()}
        self.older: dict[int, str] = {}
        self.made = 0
        self.seen = 0
        self.asked = 0

    def answer(self, ask: Ask) -> Answer:
        """The reply to one request."""
        self.asked += 1
        if ask.path == "/login":
            return self.login(ask)
        match = ROUTE.fullmatch(ask.path)
        if match is None:
            return self.error(404, "APIC.0101", "no such page")
        if ask.method != "PUT":
            return Answer(405, b"", (("Allow", "PUT"),))
        try:
            return self.reset(ask, unquote(match[1]), unquote(match[2]), match[3])
        except Refused as refused:
            return refused.answer

    def login(self, ask: Ask) -> Answer:
        """How a device uses its password."""
        given = json.loads(ask.body)
        device = int(given["id"])
        good = self.passwords.get(device) == given["password"]
        if self.on("old-still-opens"):
            good = good or self.older.get(device) == given["password"]
        if self.on("login-first-16"):
            good = self.passwords.get(device, "")[:16] == given["password"][:16]
        return reply(200, {"ok": good})

    def reset(self, ask: Ask, project: str, instance: str, raw_device: str) -> Answer:
        """The operation itself."""
        on = self.on
        if on("device-before-token"):
            self.known(self.device_id(raw_device, ask), instance)
        if self.read("path-before-token"):
            self.device_id(raw_device, ask)
        self.authorise(ask, project, instance)
        device = self.known(self.device_id(raw_device, ask), instance)
        given = self.parsed(ask)
        if self.read("unknown-member-refused") and set(given) - {"user_name", "password"}:
            raise Refused(self.error(400, "SCB.00000000", "unknown member"))
        if on("name-stored-before-check") and isinstance(given.get("password"), str):
            self.keep(device, given["password"])
        name = self.name_in(given)
        password = self.password_in(given)
        if on("same-password-refused") and password and password == self.passwords[device]:
            raise Refused(self.error(400, "SCB.00000000", "the password was used before"))
        if on("same-name-refused") and name and name == self.names[device]:
            raise Refused(self.error(400, "SCB.00000000", "the user name is in use"))
        if on("name-as-password-refused") and name and password and name.lower() in password.lower():
            raise Refused(self.error(400, "SCB.00000000", "the password holds the user name"))
        if on("name-ignored-with-password") and password:
            name = ""
        if on("password-ignored-with-name") and name:
            password = ""
        if on("empty-password-clears-name") and not password and "password" in given:
            name = name or "unnamed"
        if name and not on("name-not-stored"):
            self.names[device] = name
        if not password and (not name or on("name-alone-generates")):
            password = "" if on("nothing-generated") else self.generated(device)
            generated = password
        else:
            generated = ""
        if password:
            self.keep(device, password)
        elif on("name-alone-clears-password"):
            self.passwords[device] = ""
        return self.done(device, name, password, generated)

    def done(self, device: int, name: str, password: str, generated: str) -> Answer:
        """200 with both."""
        on = self.on
        shown = password or self.passwords[device]
        shown_name = name or self.names[device]
        if on("echo-name-upper"):
            shown_name = shown_name.upper()
        if on("echo-name-hyphen-lost"):
            shown_name = shown_name.replace("-", "")
        if on("echo-name-number-padded") and shown_name.isdigit():
            shown_name = shown_name.zfill(8)
        if on("echo-angle-lost"):
            shown = re.sub("<[^>]*>", "", shown)
        if on("echo-tilde-home"):
            shown = shown.replace("~", "/root", 1) if shown.startswith("~") else shown
        if on("echo-caret-lost"):
            shown = shown.replace("^", "")
        if on("echo-31"):
            shown = shown[:31]
        if on("echo-question-lost"):
            shown = shown.partition("?")[0] if len(shown.partition("?")[0]) > 15 else shown
        if on("echo-name-lost"):
            shown_name = self.names[device] if not name else ""
        if on("echo-name-lower"):
            shown_name = shown_name.lower()
        if on("echo-name-old") and name:
            shown_name = FIRST.get(device, ("gone", ""))[0]
        if on("echo-escaped"):
            shown = html.escape(shown)
        if on("echo-amp-escaped"):
            shown = shown.replace("&", "&amp;")
        if on("echo-percent-decoded"):
            shown = unquote(shown)
        if on("echo-plus-to-space"):
            shown = shown.replace("+", " ")
        if on("echo-masked"):
            shown = "*" * 10
        if on("echo-cut-16"):
            shown = shown[:16]
        if on("echo-dollar-lost"):
            shown = re.sub(r"\$(\W)", r"\1", shown)
        if on("echo-braces-formatted"):
            shown = shown.replace("{}", "")
        if on("echo-slash-escaped"):
            shown = shown.replace("/", "\\/")
        if on("echo-generated-differs") and generated:
            shown = self.generated(device)
        if on("echo-old"):
            shown = self.older.get(device, shown)
        content: Any = {"user_name": shown_name, "password": shown}
        if on("reply-empty-password") and not password:
            content["password"] = ""
        if on("reply-in-list"):
            content = [content]
        if on("reply-with-bom"):
            return Answer(200, b"\xef\xbb\xbf" + json.dumps(content).encode(), (("Content-Type", "application/json"),))
        if on("reply-password-base64"):
            content["password"] = base64.b64encode(shown.encode()).decode()
        if on("reply-as-form"):
            return Answer(
                200, f"user_name={shown_name}".encode(), (("Content-Type", "application/x-www-form-urlencoded"),)
            )
        if on("reply-name-missing"):
            del content["user_name"]
        if on("reply-name-missing-unless-given") and not name:
            del content["user_name"]
        if on("reply-password-missing"):
            del content["password"]
        if on("reply-password-null-on-name-only") and not password:
            content["password"] = None
        if on("reply-name-null-unless-given") and not name:
            content["user_name"] = None
        if on("reply-camel"):
            content = {"userName": shown_name, "password": shown}
        if on("reply-in-result"):
            content = {"result": content}
        if on("reply-swapped"):
            content = {"user_name": shown, "password": shown_name}
        if on("reply-password-list"):
            content["password"] = [shown]
        if on("reply-name-object"):
            content["user_name"] = {"name": shown_name}
        if on("reply-latin-1"):
            return Answer(
                200, (json.dumps(content) + "\xa0").encode("latin-1"), (("Content-Type", "application/json"),)
            )
        if on("reply-html-type"):
            return reply(200, content, "text/html")
        if on("reply-no-type"):
            return Answer(200, json.dumps(content).encode())
        if on("reply-204"):
            return Answer(204)
        if on("reply-numbers-unquoted"):
            content["user_name"] = int(shown_name) if shown_name.isdigit() else shown_name
        if on("password-in-cookie"):
            return reply(200, content, set_cookie=f"last={shown}")
        if on("old-password-in-reply"):
            content["previous_password"] = self.older.get(device)
        if on("token-in-reply-header"):
            return reply(200, content, x_subject_token=OWNER)
        status = 201 if on("status-201") else 202 if on("status-202") else 200
        return reply(status, content)

    # --- who asks -------------------------------------------------------------------------------------------------

    def authorise(self, ask: Ask, project: str, instance: str) -> None:
        """Refuse whoever may not write in this instance."""
        on = self.on
        token = ask.header("x-auth-token")
        status = 401 if self.read("token-401") else 400
        if token is None:
            if on("no-token-accepted"):
                return
            if on("no-token-crashes"):
                raise KeyError("x-auth-token")
            raise Refused(self.error(status, "APIG.0301", "no token"))
        if on("empty-token-accepted") and not token.strip():
            return
        known = TOKENS.get(token)
        if known is None and on("token-long-accepted") and len(token) > 1000:
            known = TOKENS[OWNER]
        if known is None and on("token-minus-one-accepted"):
            known = next((TOKENS[full] for full in TOKENS if full[:-1] == token), None)
        if known is None and on("token-percent-crashes") and "%" in token:
            raise ValueError("unsupported format character")
        if known is None and on("token-contained-accepted"):
            known = next((TOKENS[full] for full in TOKENS if full in token), None)
        if known is None and on("token-any-case-accepted"):
            known = next((TOKENS[full] for full in TOKENS if full.lower() == token.lower()), None)
        if known is None and on("token-prefix-accepted") and len(token) > 3:
            known = next((TOKENS[full] for full in TOKENS if full.startswith(token)), None)
        if known is None and on("any-token-accepted"):
            known = TOKENS[OWNER]
        if known is None and on("token-null-accepted") and token in {"null", "undefined", "None"}:
            known = TOKENS[OWNER]
        if known is None:
            shown = f": {token}" if on("token-in-error") else ""
            raise Refused(self.error(status, "APIG.0307", f"the token is not known{shown}"))
        token_instance, writes, expired = known
        if expired and not on("expired-accepted"):
            raise Refused(self.error(status, "APIG.0308", "the token has expired"))
        if not writes and not on("reader-accepted"):
            raise Refused(self.error(403 if self.read("token-401") else 400, "APIG.0305", "not allowed"))
        if (token_instance != instance or project != PROJECT) and not on("other-instance-accepted"):
            raise Refused(self.error(404, "ROMA.00110002", "the instance does not exist"))

    def device_id(self, raw: str, ask: Ask) -> int:
        """The device of the path, an integer."""
        on = self.on
        text = unquote(raw)
        if on("id-form-decoded"):
            text = unquote_plus(raw).strip()
        if on("id-decoded-twice"):
            text = unquote(text)
        refused = Refused(self.error(400, "SCB.00000000", "Parameter is not valid. Parameter is [deviceOid]."))
        if on("id-error-shows-body"):
            shown = f"bad deviceOid, request {ask.body.decode('utf-8', 'replace')}"
            refused = Refused(self.error(400, "SCB.00000000", shown))
        if on("id-cut-at-nul"):
            text = text.split("\0")[0]
        if on("id-cut-at-point"):
            text = text.split(".")[0]
        if on("id-commas-dropped"):
            text = text.replace("_", "").replace(",", "")
        if on("id-superscript-read") and text and all(unicodedata.digit(x, None) is not None for x in text):
            return int("".join(str(unicodedata.digit(x)) for x in text))
        if on("id-negative-is-last") and re.fullmatch("-[0-9]+", text):
            return max(FIRST)
        if on("id-by-int"):
            try:
                return int(text)
            except ValueError:
                raise refused from None
        if on("id-by-float"):
            try:
                return int(float(text))
            except (ValueError, OverflowError):
                raise refused from None
        if on("id-leading-digits"):
            found = re.match("[0-9]+", text)
            if found:
                return int(found[0])
        if on("id-trimmed"):
            text = text.strip()
        if on("id-plus-accepted"):
            text = text.removeprefix("+")
        if on("id-absolute"):
            text = text.removeprefix("-")
        if on("id-hexadecimal-accepted") and text.startswith("0x"):
            return int(text, 16)
        if on("id-any-digits"):
            if re.fullmatch(r"\d+", text):
                return int(text)
        elif on("id-folded"):
            text = unicodedata.normalize("NFKC", text)
        elif (on("id-isdigit-crashes") and text.isdigit()) or (on("id-dollar") and re.match("[0-9]+$", text)):
            return int(text)
        if not re.fullmatch("-?[0-9]+", text):
            if on("id-text-is-404"):
                raise Refused(Answer(404, b"not found", (("Content-Type", "text/plain"),)))
            if on("id-text-crashes"):
                int(text)
            raise refused
        number = int(text) if len(text) < 4000 else 0
        if on("id-beyond-64-bits-crashes") and abs(number) >= 2**63:
            raise OverflowError
        if on("id-wraps-at-32-bits"):
            number %= 2**32
        if on("id-wraps-at-64-bits"):
            number %= 2**64
        return number

    def known(self, device: int, instance: str) -> int:
        """The device; 404 when there is none."""
        on = self.on
        mine = device in (FIRST if instance == INSTANCE else FOREIGN if instance == OTHER_INSTANCE else ())
        if on("foreign-accepted"):
            mine = device in self.passwords
        if on("unknown-accepted") and not mine:
            raise Refused(reply(200, {"user_name": "new-device", "password": self.generated(device)}))
        if on("unknown-is-200-error") and not mine:
            raise Refused(self.error(200, "ROMA.00110006", "The resource does not exist."))
        if on("unknown-crashes") and not mine:
            raise KeyError(device)
        if on("unknown-negative-crashes") and device < 0:
            raise IndexError
        if not mine:
            shown = f" token {OWNER}" if on("token-in-404") else ""
            raise Refused(self.error(404, "ROMA.00110006", f"The resource does not exist.{shown}"))
        return device

    # --- the body -------------------------------------------------------------------------------------------------

    def parsed(self, ask: Ask) -> dict[str, Any]:
        """The body as an object; nothing at all is an empty object."""
        on = self.on
        content_type = ask.header("content-type") or ""
        media_type = content_type.partition(";")[0].strip().lower()
        if on("charset-refused"):
            media_type = content_type.lower()
        if not ask.body and not media_type:
            if on("empty-body-refused"):
                raise Refused(self.error(400, "SCB.00000000", "no body"))
            return {}
        form = on("form-accepted") and media_type == "application/x-www-form-urlencoded"
        if media_type != "application/json" and not on("any-type-accepted") and not form:
            if (on("any-json-type-accepted") and media_type.endswith("json")) or (
                on("no-type-accepted") and not media_type
            ):
                pass
            else:
                raise Refused(self.error(400, "SCB.00000001", "unsupported content type"))
        if form:
            return dict(x.split("=", 1) for x in ask.body.decode().split("&") if "=" in x)
        try:
            text = ask.body.decode("latin-1" if on("latin-1-decoded") else "utf-8")
            if on("bom-crashes") and text.startswith("\ufeff"):
                raise TypeError("Unexpected UTF-8 BOM")
            given = json.loads(text)
        except RecursionError:
            if on("deep-nesting-crashes"):
                raise
            raise Refused(self.error(400, "SCB.00000002", "the body is no JSON")) from None
        except ValueError:
            if on("broken-json-crashes"):
                raise
            if on("broken-json-in-error"):
                shown = ask.body.decode("utf-8", "replace")
                raise Refused(self.error(400, "SCB.00000002", f"cannot read: {shown}")) from None
            raise Refused(self.error(400, "SCB.00000002", "the body is no JSON")) from None
        if on("list-of-pairs-accepted") and given == []:
            given = {}
        if on("text-body-crashes") and isinstance(given, str | int):
            given.get("password")
        if on("null-body-accepted") and given is None:
            return {}
        if not isinstance(given, dict):
            raise Refused(self.error(400, "SCB.00000002", "the body must be an object"))
        return given

    def name_in(self, given: dict[str, Any]) -> str:
        """The user name: letters, digits, hyphens; empty when left out."""
        on = self.on
        name = given.get("user_name", "")
        if "user_name" not in given and on("name-mandatory"):
            raise Refused(self.error(400, "SCB.00000000", "user_name is mandatory"))
        if name is None and on("name-null-is-empty"):
            name = ""
        if isinstance(name, int) and not isinstance(name, bool) and on("name-number-coerced"):
            name = str(name)
        if not isinstance(name, str):
            if on("name-object-crashes"):
                name.strip()
            raise Refused(self.error(400, "SCB.00000000", "Parameter is [user_name]"))
        if name == "" and "user_name" in given and on("name-empty-refused"):
            raise Refused(self.error(400, "SCB.00000000", "Parameter is [user_name]"))
        if on("name-trimmed"):
            name = name.strip()
        if on("name-folded"):
            name = unicodedata.normalize("NFKC", name)
        if on("name-cut-64") and len(name) > 64:
            name = name[:64]
        if on("name-64-refused") and len(name) > 64:
            raise Refused(self.error(400, "SCB.00000000", "Parameter is [user_name]"))
        if on("name-admin-refused") and name.lower() in {"admin", "root"}:
            raise Refused(self.error(400, "SCB.00000000", "Parameter is [user_name]"))
        allowed = next((pattern for key, pattern in NAMES.items() if on(key)), r"[A-Za-z0-9-]*")
        if on("name-emoji-crashes") and any(ord(x) > 0xFFFF for x in name):
            raise UnicodeEncodeError("utf8mb3", name, 0, 1, "incorrect string value")
        if not re.fullmatch(allowed, name):
            shown = f" password {given.get('password')}" if on("password-in-name-error") else ""
            raise Refused(self.error(400, "SCB.00000000", f"Parameter is [user_name]{shown}"))
        return name

    def password_in(self, given: dict[str, Any]) -> str:
        """The password, when it may be one; empty when left out."""
        on = self.on
        password = given.get("password", "")
        if "password" not in given and on("password-mandatory"):
            raise Refused(self.error(400, "SCB.00000000", "password is mandatory"))
        if password is None and on("password-null-is-empty"):
            password = ""
        if password is False and on("password-false-is-empty"):
            password = ""
        if isinstance(password, list) and not password and on("password-list-is-empty"):
            password = ""
        if not isinstance(password, str):
            shown = f" {json.dumps(password)}" if on("mistyped-value-in-message") else ""
            raise Refused(self.error(400, "SCB.00000000", f"Parameter is [password]{shown}"))
        if on("password-blank-is-empty") and not password.strip():
            return ""
        if password == "" and "password" in given and on("password-empty-refused"):
            raise Refused(self.error(400, "SCB.00000000", "Parameter is [password]"))
        if on("password-trimmed"):
            password = password.strip()
        if on("password-null-text-is-empty") and password in {"null", "undefined"}:
            return ""
        if on("too-short-generates") and len(password) < 16:
            return ""
        if on("too-long-cut"):
            password = password[:32]
        if on("password-nul-cut"):
            password = password.split("\0")[0]
        if password == "":
            return ""
        return self.checked(password)

    def checked(self, password: str) -> str:
        """The password, when it obeys the rule: 16 to 32, a digit, upper case, lower case, a special character."""
        on = self.on
        length = len(password)
        if on("length-in-utf-16"):
            length = len(password.encode("utf-16-le", "surrogatepass")) // 2
        least = 15 if on("min-15") else 17 if on("min-17") else 8 if on("min-8") else 1 if on("min-dropped") else 16
        most = (
            33 if on("max-33") else 31 if on("max-31") else 64 if on("max-64") else 10**9 if on("max-dropped") else 32
        )
        shown = f" {password}" if on("password-in-length-error") else ""
        if not least <= length <= most:
            raise Refused(self.error(400, "SCB.00000000", f"Parameter is [password]{shown}"))
        special = SPECIAL
        for name, gone in LOST_SPECIAL.items():
            if on(name):
                special = special.replace(gone, "")
        for name, more in MORE_SPECIAL.items():
            if on(name):
                special += more
        digit = re.search(r"\d" if on("digit-of-every-script") else "[0-9]", password)
        upper = any(map(str.isupper, password)) if on("upper-of-every-script") else re.search("[A-Z]", password)
        lower = any(map(str.islower, password)) if on("lower-of-every-script") else re.search("[a-z]", password)
        found = [
            bool(digit) or on("digit-dropped"),
            bool(upper) or on("upper-dropped"),
            bool(lower) or on("lower-dropped"),
            any(x in special for x in password) or on("special-dropped"),
        ]
        if on("letter-of-either-case"):
            found[1] = found[2] = bool(re.search("[A-Za-z]", password))
        if on("special-any-other"):
            found[3] = bool(re.search("[^A-Za-z0-9]", password))
        if on("special-by-punctuation-class"):
            found[3] = any(x in string.punctuation for x in password)
        good = sum(found) >= 3 if on("three-of-four") else all(found)
        if on("two-of-four"):
            good = sum(found) >= 2
        if on("digit-or-special"):
            good = found[1] and found[2] and (found[0] or found[3])
        if on("classes-by-count"):
            good = len(set(password)) > 3
        if on("special-must-be-inside"):
            good = good and any(x in SPECIAL for x in password[1:-1])
        if on("two-specials-wanted"):
            good = good and sum(x in SPECIAL for x in password) > 1
        if on("digit-first-refused"):
            good = good and not password[0].isdigit()
        if on("zero-is-no-digit"):
            good = good and any(x in "123456789" for x in password)
        if on("z-is-no-upper"):
            good = good and any(x in "ABCDEFGHIJKLMNOPQRSTUVWXY" for x in password)
        if on("hyphen-range-slip"):
            good = good and bool(re.search(r"[~!@#$%^&*()\-_=+|\[{}\];:<>/?]", password.replace("-", "")))
        if on("slash-slash-refused"):
            good = good and "//" not in password and "/*" not in password
        if on("two-digits-wanted"):
            good = good and len(re.findall("[0-9]", password)) > 1
        if on("first-must-be-letter"):
            good = good and password[0].isalpha()
        if on("special-not-last"):
            good = good and password[-1] not in SPECIAL
        if on("three-equal-refused"):
            good = good and not re.search(r"(.)\1\1", password)
        if on("user-name-like-refused"):
            good = good and not re.search("admin|pass", password, re.IGNORECASE)
        if on("alphabet-without-lost"):
            good = good and all(x in string.ascii_letters + string.digits + SPECIAL.replace("|", "") for x in password)
        if on("percent-sequence-refused"):
            good = good and not re.search("%[0-9A-Fa-f]{2}", password)
        if on("dollar-brace-refused"):
            good = good and not re.search(r"\$\{|\{\{", password)
        if on("angle-pair-refused"):
            good = good and not re.search("<.*>", password)
        if on("dollar-expanded-crashes"):
            string.Template(password).substitute() if password.count("${") else None
        if on("percent-formatted-crashes"):
            f"reset to {password}" % () if re.search("%[^%a-zA-Z(]", password) else None
        if on("format-crashes") and "{" in password:
            password.format()
        if not good:
            shown = f" {password}" if on("password-in-rule-error") else ""
            raise Refused(self.error(400, "SCB.00000000", f"Parameter is [password]{shown}"))
        known = string.ascii_letters + string.digits + SPECIAL + special
        if not any(map(on, LENIENT)) and not all(x in known for x in password):
            raise Refused(self.error(400, "SCB.00000000", "Parameter is [password]"))
        return password

    def generated(self, device: int) -> str:
        """A new password."""
        on = self.on
        self.made += 1
        draws = random.Random(int(time.time())) if on("generates-by-the-second") else self.draws
        every = "".join(CLASSES)
        wanted = [draws.choice(x) for x in CLASSES]
        chosen = wanted + [draws.choice(every) for _ in range(16)]
        draws.shuffle(chosen)
        password = "".join(chosen)
        if on("generates-per-device"):
            password = "Aa1!" + hashlib.sha256(str(device).encode()).hexdigest()[:20]
        if on("generates-again-after-four"):
            again = random.Random(self.made % 4)
            password = "Aa1!" + "".join(again.choice(every) for _ in range(20))
        if on("generates-increasing"):
            password = f"Gen-{time.time_ns():020}-A"
        if on("generates-no-special-sometimes") and self.made % 7 == 0:
            password = re.sub("[^A-Za-z0-9]", "x", password)
        if on("generates-user-name"):
            password = f"{self.names[device]}-A1" + password[:8]
        if on("generates-shuffled-constant"):
            letters = list("Abcdefgh12345678!?")
            self.draws.shuffle(letters)
            password = "".join(letters[:1]) + "Abcdefgh12345678!?"
        if on("generates-without-classes"):
            password = "".join(draws.choice(every) for _ in range(16))
        if on("generates-hexadecimal"):
            password = "".join(draws.choice("0123456789abcdef") for _ in range(32))
        if on("generates-constant"):
            password = "Changeme-1234567!"
        if on("generates-15"):
            password = password[:15]
        if on("generates-33"):
            password += password[:13]
        if on("generates-counter"):
            password = f"Device-Pass-{self.made:08}!"
        if on("generates-from-name"):
            password = f"{self.names[device].title()}-2024-Passw0rd!"[:32]
        if on("generates-few-letters"):
            password = "Aa1!" + "".join(draws.choice("ab") for _ in range(16))
        if on("generates-with-space"):
            password = password[:8] + " " + password[8:]
        if on("generates-same-start"):
            password = "ROMA-connect-pw#" + password[:4] + "1aB"
        if on("generates-again-the-first") and device in self.older and self.made % 2:
            password = self.older[device] if self.older[device] != FIRST.get(device, ("", ""))[1] else password
        return password

    def keep(self, device: int, password: str) -> None:
        """Keep a new password."""
        on = self.on
        self.older[device] = self.passwords[device]
        if on("nothing-stored"):
            return
        if on("stored-escaped"):
            password = html.escape(password)
        if on("stored-31"):
            password = password[:31]
        if on("stored-caret-lost"):
            password = password.replace("^", "")
        if on("stored-swapped-case"):
            password = password[:1].swapcase() + password[1:]
        if on("generated-not-stored") and self.made and self.made != self.seen:
            self.seen = self.made
            return
        if on("stored-cut-30"):
            password = password[:30]
        if on("stored-lower"):
            password = password.lower()
        if on("stored-percent-decoded"):
            password = unquote(password)
        if on("stored-folded-dollar"):
            password = password.replace("$&", "&")
        if on("neighbour-changed"):
            device = 1002
        if on("all-changed"):
            self.passwords = dict.fromkeys(self.passwords, password)
        if on("only-first-time") and self.older[device] != FIRST.get(device, ("", ""))[1]:
            return
        self.passwords[device] = password

    # --- error bodies ---------------------------------------------------------------------------------------------

    def error(self, status: int, code: str, message: str) -> Answer:
        """An error body."""
        on = self.on
        content: Any = {"error_code": code, "error_msg": message, "request_id": f"cb39e78a-romalink-{self.asked:08}"}
        if on("error-no-request-id"):
            del content["request_id"]
        if on("error-request-id-number"):
            content["request_id"] = self.asked
        if on("error-code-number"):
            content["error_code"] = status
        if on("error-message-list"):
            content["error_msg"] = [message]
        if on("error-camel"):
            content = {"errorCode": code, "errorMsg": message, "requestId": "cb39e78a"}
        if on("404-empty") and status == 404:
            return Answer(404)
        if on("404-no-code") and status == 404:
            del content["error_code"]
        if on("404-xml") and status == 404:
            return Answer(404, b"<error/>", (("Content-Type", "application/xml"),))
        if on("400-is-422") and status == 400:
            status = 422
        if on("400-is-500") and status == 400:
            status = 500
        if on("400-is-200") and status == 400:
            status = 200
        if on("400-text") and status == 400:
            return Answer(400, message.encode(), (("Content-Type", "text/plain"),))
        return reply(status, content)


NAMES = {
    "name-underscore-accepted": r"[A-Za-z0-9_-]*",
    "name-space-accepted": r"[A-Za-z0-9 -]*",
    "name-dot-accepted": r"[A-Za-z0-9.-]*",
    "name-word-accepted": r"[\w-]*",
    "name-any-accepted": r"(?s:.)*",
    "name-newline-accepted": r"[A-Za-z0-9-]*\n?",
    "name-slip-accepted": r"[A-Za-z0-9,-/]*",
    "name-hyphen-refused": r"[A-Za-z0-9]*",
    "name-digits-refused": r"[A-Za-z-]*",
    "name-upper-refused": r"[a-z0-9-]*",
    "name-one-character-refused": r"(?:[A-Za-z0-9-]{2,})?",
    "name-digit-first-refused": r"(?:[A-Za-z-][A-Za-z0-9-]*)?",
}
LOST_SPECIAL = {
    "special-lost-question-mark": "?",
    "special-lost-greater": ">",
    "special-lost-bar": "|",
    "special-lost-tilde": "~",
    "special-lost-caret": "^",
    "special-lost-underscore": "_",
    "special-lost-slash": "/",
    "special-lost-brackets": "]",
}
MORE_SPECIAL = {
    "special-gained-dot": ".",
    "special-gained-comma": ",",
    "special-gained-space": " ",
    "special-gained-quote": '"',
}
#: With these, characters beyond the four classes pass, as the text does not forbid them.
LENIENT = (
    "any-alphabet",
    "special-any-other",
    "special-by-punctuation-class",
    "digit-of-every-script",
    "upper-of-every-script",
    "lower-of-every-script",
    "length-in-utf-16",
)
