"""Kii "change the password of existing Thing", written by hand from the vendor text, with the catalogue's switches.

`on("name")` is one defect, `read("name")` one other reading that the text allows as well.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from tests.catalogue.wire import Answer, Ask, reply

ROUTE = re.compile(r"/api/apps/([^/]*)/things/([^/]*)/ownership/password")
PREFIX = "VENDOR_THING_ID:"
MEDIA_TYPE = "application/vnd.kii.ChangeThingPasswordRequest+json"
ADMIN, USER, EXPIRED, OTHER_ADMIN = "adm-7f3Kq9LmZx2", "usr-4hT8wPbN6yc", "exp-2dR5vGjS1ka", "adm-9cV6nXeB3mu"
#: token -> (application, principal, is administrator, has expired)
TOKENS = {
    ADMIN: ("app1", "admin-1", True, False),
    USER: ("app1", "user-12", False, False),
    EXPIRED: ("app1", "admin-0", True, True),
    OTHER_ADMIN: ("app2", "admin-2", True, False),
}
FIRST = {
    ("app1", "thing-1"): "first secret One!1",
    ("app1", "thing-2"): "first secret Two!2",
    ("app2", "theirs"): "first secret Their!3",
    ("app2", "thing-1"): "first secret Same!4",
}


class Refused(Exception):
    """The answer that ends a request early."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


@dataclass(slots=True)
class Caller:
    """Who asks."""

    app: str
    principal: str


class Kii:
    """The service with its things."""

    def __init__(self, *switches: str, seed: int = 0) -> None:
        self.on = frozenset(switches).__contains__
        self.read = self.on
        self.seed = seed
        self.passwords = dict(FIRST)
        self.older: dict[tuple[str, str], str] = {}
        self.changes = 0
        self.late = ""

    def answer(self, ask: Ask) -> Answer:
        """The reply to one request."""
        if ask.path == "/login":
            return self.login(ask)
        match = ROUTE.fullmatch(ask.path)
        if match is None:
            return Answer(404, b"no such page", (("Content-Type", "text/plain"),))
        if ask.method != "PUT":
            if self.on("get-shows-password") and ask.method == "GET":
                key = (unquote(match[1]), unquote(match[2]).removeprefix(PREFIX))
                return reply(200, {"newPassword": self.passwords.get(key)})
            if not (self.on("post-unguarded") and ask.method == "POST"):
                return Answer(405, b"", (("Allow", "PUT"),))
        try:
            return self.change(ask, match[1], match[2])
        except Refused as refused:
            return refused.answer

    def login(self, ask: Ask) -> Answer:
        """How a thing uses its password."""
        given = json.loads(ask.body)
        app = given.get("app", "app1")
        key, password = (app, given["id"]), given["password"]
        known = self.passwords.get(key)
        good = known is not None and password == known
        if self.on("old-still-opens"):
            good = good or self.older.get(key) == password
        if self.on("login-ignores-case"):
            good = known is not None and password.lower() == known.lower()
        return reply(200 if good else 401, {"ok": good})

    def change(self, ask: Ask, raw_app: str, raw_thing: str) -> Answer:
        """The operation itself."""
        on = self.on
        app, segment = unquote(raw_app), unquote(raw_thing)
        if on("path-not-decoded"):
            segment = raw_thing
        if on("app-not-decoded"):
            app = raw_app
        if on("app-any-case"):
            app = app.lower()
        if on("quote-in-id-crashes") and ("'" in segment or "%27" in raw_thing):
            raise SyntaxError("near")
        if on("path-decoded-twice"):
            segment = unquote(segment)
        if on("broken-escape-crashes") and re.search("%(?![0-9A-Fa-f]{2})", raw_thing):
            raise ValueError("malformed escape")
        if not (segment.lower() if on("prefix-any-case") else segment).startswith(
            PREFIX.lower() if on("prefix-any-case") else PREFIX
        ) and not on("prefix-optional"):
            return Answer(404, b"no such page", (("Content-Type", "text/plain"),))
        vendor = segment[len(PREFIX) :] if segment.lower().startswith(PREFIX.lower()) else segment
        if on("missing-thing-before-401") and self.find(app, vendor) is None:
            raise Refused(self.not_found(app, vendor, ask))
        try:
            caller = self.authorised(ask, app)
        except Refused:
            if on("unauthorised-still-stores") and (app, vendor) in self.passwords and ask.header("authorization"):
                self.store((app, vendor), str(_member(ask.body)))
            raise
        if self.read("body-before-thing"):
            password = self.password_in(ask, caller)
        key = self.find(app, vendor)
        if key is None:
            raise Refused(self.not_found(app, vendor, ask))
        if not self.read("body-before-thing"):
            try:
                password = self.password_in(ask, caller)
            except Refused as refused:
                if on("refused-still-stores") and refused.answer.status == 400:
                    self.store(key, str(_member(ask.body)))
                raise
        if on("same-password-refused") and self.passwords[key] == password:
            raise Refused(self.invalid("the password was used before"))
        self.store(key, password)
        return self.done(password, key)

    def done(self, password: str, key: tuple[str, str]) -> Answer:
        """204, which has no contents."""
        on = self.on
        if on("status-200"):
            return Answer(200)
        if on("type-with-204"):
            return Answer(204, b"", (("Content-Type", "application/json"),))
        if on("password-hash-in-etag"):
            return Answer(204, b"", (("ETag", hashlib.sha1(password.encode()).hexdigest()),))
        if on("password-reversed-in-header"):
            return Answer(204, b"", (("X-Trace", password[::-1]),))
        if on("status-201"):
            return reply(201, {"result": "created"})
        if on("status-202"):
            return Answer(202)
        if on("body-in-204"):
            return Answer(204, b'{"ok":true}', (("Content-Type", "application/json"),))
        if on("reply-200-empty-object"):
            return reply(200, {})
        if on("password-in-header"):
            return Answer(204, b"", (("X-Debug-Password", password),))
        if on("password-in-location"):
            return Answer(204, b"", (("Location", f"/api/things/{key[1]}?pw={_quoted(password)}"),))
        if on("password-base64-in-request-id"):
            return Answer(204, b"", (("X-Request-Id", base64.b64encode(password.encode()).decode()),))
        if on("old-password-in-header"):
            return Answer(204, b"", (("X-Previous", self.older[key]),))
        return Answer(204)

    # --- who asks -------------------------------------------------------------------------------------------------

    def authorised(self, ask: Ask, app: str) -> Caller:
        """The caller, when it is an administrator of this application."""
        on = self.on
        header = ask.header("authorization")
        if header is None:
            if on("no-credential-accepted"):
                return Caller(app, "")
            raise Refused(self.unauthorized(app, "", "no credential"))
        if on("one-word-header-crashes"):
            scheme, token = header.split(" ")
        else:
            scheme, _, token = header.partition(" ")
        if on("any-scheme-accepted"):
            scheme = "Bearer"
        if on("quoted-token-accepted"):
            token = token.strip("\"'")
        if on("token-without-dashes-accepted"):
            token = next((full for full in TOKENS if full.replace("-", "") == token.replace("-", "")), token)
        if on("token-first-4-accepted"):
            token = next((full for full in TOKENS if full[:4] == token[:4]), token)
        if on("bare-token-accepted") and not token:
            scheme, token = "Bearer", header
        if scheme != "Bearer" and not (self.read("scheme-any-case") and scheme.lower() == "bearer"):
            raise Refused(self.unauthorized(app, "", "unsupported scheme"))
        if on("long-token-crashes") and len(token) > 4096:
            raise MemoryError
        known = TOKENS.get(token)
        if known is None and on("token-prefix-accepted"):
            known = next((TOKENS[full] for full in TOKENS if full.startswith(token)), None)
        if known is None and on("token-any-case-accepted"):
            known = next((TOKENS[full] for full in TOKENS if full.lower() == token.lower()), None)
        if known is None and on("token-suffix-ignored"):
            known = next((TOKENS[full] for full in TOKENS if token.startswith(full)), None)
        if known is None and on("any-token-accepted"):
            known = TOKENS[ADMIN]
        if known is None and on("empty-token-accepted") and not token:
            known = TOKENS[ADMIN]
        if known is None:
            message = f"token {token} is not known" if on("token-in-401") else "the token is not known"
            raise Refused(self.unauthorized(app, "", message))
        token_app, principal, admin, expired = known
        if expired and not on("expired-accepted"):
            raise Refused(self.unauthorized(token_app, principal, "the token has expired"))
        if not admin and not on("user-accepted"):
            raise Refused(self.unauthorized(token_app, principal, "administrators only"))
        if token_app != app and not on("other-app-accepted"):
            raise Refused(self.unauthorized(token_app, principal, "not of this application"))
        return Caller(token_app, principal)

    def find(self, app: str, vendor: str) -> tuple[str, str] | None:
        """The key of a thing, or nothing."""
        on = self.on
        if on("id-trimmed"):
            vendor = vendor.strip()
        if on("id-cut-at-nul"):
            vendor = vendor.split("\0")[0]
        if on("long-id-crashes") and len(vendor) > 255:
            raise ValueError("value too long for type character varying(255)")
        for known_app, known in self.passwords:
            if on("id-any-case") and (known_app, known.lower()) == (app, vendor.lower()):
                return known_app, known
            if on("id-folded") and (known_app, known) == (app, unicodedata.normalize("NFKC", vendor)):
                return known_app, known
            if on("id-like") and known_app == app and re.fullmatch(_like(vendor), known):
                return known_app, known
            if on("id-prefix") and known_app == app and vendor and known.startswith(vendor):
                return known_app, known
        if (app, vendor) in self.passwords:
            return app, vendor
        return None

    # --- the body -------------------------------------------------------------------------------------------------

    def password_in(self, ask: Ask, caller: Caller) -> str:
        """The new password, when it may be one."""
        on = self.on
        content_type = ask.header("content-type")
        media_type, _, parameters = (content_type or "").partition(";")
        if on("media-type-exact"):
            media_type, parameters = content_type or "", ""
        if on("long-body-refused") and len(ask.body) > 150:
            raise Refused(self.invalid("the body is too long"))
        same = media_type.strip() == MEDIA_TYPE
        if not on("media-type-case-sensitive") and not on("media-type-exact"):
            same = media_type.strip().lower() == MEDIA_TYPE.lower()
        if on("type-by-prefix"):
            same = media_type.strip().lower().startswith(MEDIA_TYPE.lower())
        if on("any-json-type-accepted"):
            same = same or media_type.endswith("json")
        if on("charset-looked-up") and "charset=" in parameters:
            "".encode(parameters.split("charset=")[1].strip())
        if not same and not on("any-type-accepted") and not (on("no-type-accepted") and content_type is None):
            raise Refused(self.invalid("the content type is not supported"))
        given = self.parsed(ask.body)
        if not isinstance(given, dict):
            if on("non-object-crashes"):
                given.get("newPassword")
            if on("list-of-one-accepted") and isinstance(given, list) and given and isinstance(given[0], dict):
                given = given[0]
            else:
                raise Refused(self.invalid("the body must be an object"))
        if on("member-any-case"):
            given = {"newPassword" if key.lower() == "newpassword" else key: given[key] for key in given}
        if self.read("unknown-member-refused") and set(given) - {"newPassword"}:
            raise Refused(self.invalid("unknown member"))
        password = given.get("newPassword")
        if password is None and on("alias-accepted"):
            password = given.get("password") or given.get("new_password") or given.get("newpassword")
        if isinstance(password, dict) and on("object-serialised"):
            password = json.dumps(password)
        if isinstance(password, list) and on("first-of-list-taken") and password:
            password = password[0]
        if password is False and on("false-is-text"):
            password = "False"
        if on("controls-stripped") and isinstance(password, str):
            password = "".join(x for x in password if x.isprintable() or x > "\x7f")
        if on("surrogate-replaced") and isinstance(password, str):
            password = password.encode("ascii", "replace").decode()
        if password is None and on("missing-is-no-change") and "newPassword" not in given:
            raise Refused(Answer(204))
        if password is None and on("null-is-no-change") and "newPassword" in given:
            raise Refused(Answer(204))
        if isinstance(password, bool) and on("boolean-coerced"):
            password = str(password).lower()
        if isinstance(password, int | float) and not isinstance(password, bool):
            if on("number-coerced"):
                password = str(password)
            if on("big-number-crashes"):
                int(password).to_bytes(8, "big", signed=True)
        if isinstance(password, list) and on("list-joined"):
            password = "".join(map(str, password))
        if not isinstance(password, str):
            shown = f": {json.dumps(password)}" if on("mistyped-value-in-message") else ""
            raise Refused(self.invalid(f"newPassword must be a string{shown}"))
        return self.checked(password)

    def parsed(self, body: bytes) -> Any:
        """The body as JSON."""
        on = self.on
        try:
            text = body.decode("utf-8", "replace" if on("bad-utf8-replaced") else "strict")
        except UnicodeDecodeError:
            if on("bad-utf8-crashes"):
                raise
            raise Refused(self.invalid("the body is no UTF-8")) from None
        if on("parsed-by-pattern"):
            found = re.search(r'"newPassword"\s*:\s*"([^"]*)"', text)
            return {"newPassword": found[1]} if found else {}
        if not body and on("empty-body-crashes"):
            raise IndexError
        if on("trailing-garbage-accepted"):
            text = text[: text.rfind("}") + 1]
        if on("single-quotes-accepted"):
            text = re.sub(r"'([^'\"]*)'", r'"\1"', text)
        if on("trailing-comma-accepted"):
            text = re.sub(r",\s*}", "}", text)
        try:
            return json.loads(text)
        except RecursionError:
            if on("deep-nesting-crashes"):
                raise
        except ValueError:
            if on("broken-json-crashes"):
                raise
        raise Refused(self.invalid("the body is no JSON"))

    def checked(self, password: str) -> str:
        """The password, when it obeys the rule: printable ASCII, 1 to 200 characters."""
        on = self.on
        tested = password.strip() if on("trimmed-before-check") else password
        least, most = 1, 200
        if on("min-2"):
            least = 2
        if on("max-199"):
            most = 199
        if on("max-201"):
            most = 201
        if on("max-dropped"):
            most = 10**9
        if on("min-dropped"):
            least = 0
        if on("max-255"):
            most = 255
        if not least <= len(tested) <= most:
            shown = f" ({password})" if on("password-in-400") else ""
            raise Refused(self.invalid(f"the password{shown} must have 1 to 200 characters"))
        allowed = r"[ -~]*"
        for name, pattern in ALPHABETS.items():
            if on(name):
                allowed = pattern
        if on("emoji-crashes"):
            password.encode("utf-16-be").decode("ucs2" if any(ord(x) > 0xFFFF for x in password) else "utf-16-be")
        if on("surrogate-crashes"):
            password.encode()
        if on("nul-crashes") and "\0" in password:
            raise ValueError("a string literal cannot contain NUL (0x00) characters")
        if on("only-first-checked-wide"):
            tested = tested[:1] if tested[:1].isprintable() else tested
            allowed = r"(?s:.*)"
        if self.read("first-character-only"):
            allowed += r"(?s:.*)" if tested and re.match("[ -~]", tested) else ""
        if on("four-equal-refused") and re.search(r"(.)\1\1\1", password):
            raise Refused(self.invalid("four equal characters"))
        if on("word-password-refused") and "password" in password.lower():
            raise Refused(self.invalid("too easy to guess"))
        if on("escape-refused") and re.search(r"\\[a-z]", password):
            raise Refused(self.invalid("escapes are not allowed"))
        if on("percent-n-crashes") and "%n" in password:
            raise OSError("abort")
        if on("path-refused") and "../" in password:
            raise Refused(self.invalid("paths are not allowed"))
        if on("markup-refused") and re.search("<[^>]+>", password):
            raise Refused(self.invalid("markup is not allowed"))
        if on("sql-refused") and re.search(r"('|--|;).*\b(or|select|drop)\b|' ", password, re.IGNORECASE):
            raise Refused(self.invalid("suspicious input"))
        if on("digits-only-refused") and password.isdigit():
            raise Refused(self.invalid("the password must not be a number"))
        if on("outer-space-refused") and password != password.strip():
            raise Refused(self.invalid("white space at the ends"))
        if on("blank-refused") and not password.strip():
            raise Refused(self.invalid("the password must not be blank"))
        if not re.fullmatch(allowed, tested):
            shown = f": {password}" if on("foreign-password-in-400") else ""
            raise Refused(self.invalid(f"the password must be printable{shown}"))
        return password

    def store(self, key: tuple[str, str], password: str) -> None:
        """Keep a new password."""
        on = self.on
        stored = password
        if on("stored-trimmed"):
            stored = stored.strip()
        if on("stored-lower"):
            stored = stored.lower()
        if on("stored-72"):
            stored = stored[:72]
        if on("stored-128"):
            stored = stored[:128]
        if on("stored-escaped"):
            stored = html.escape(stored)
        if on("stored-backslash-doubled"):
            stored = stored.replace("\\", "\\\\")
        if on("stored-plus-to-space"):
            stored = stored.replace("+", " ")
        if on("stored-quotes-lost"):
            stored = stored.replace('"', "")
        if on("stored-comment-cut"):
            stored = stored.split("#")[0] or stored
        if on("stored-formatted"):
            stored = stored.replace("{0}", "")
        if on("stored-semicolon-cut"):
            stored = stored.split(";")[0] or stored
        if on("stored-199"):
            stored = stored[:199]
        self.changes += 1
        if on("every-fifth-lost") and self.changes % 5 == 0:
            return
        if on("one-change-late"):
            stored, self.late = self.late or stored, stored
        if on("stored-percent-decoded"):
            stored = unquote(stored)
        if on("stored-spaces-collapsed"):
            stored = re.sub(" +", " ", stored)
        self.older[key] = self.passwords[key]
        if on("nothing-stored"):
            return
        if on("all-of-app-changed"):
            for other in self.passwords:
                if other[0] == key[0]:
                    self.passwords[other] = stored
        if on("first-of-app-changed"):
            key = next(other for other in self.passwords if other[0] == key[0])
        if on("last-of-app-changed"):
            key = [other for other in self.passwords if other[0] == key[0]][-1]
        if on("short-not-stored") and len(stored) < 8:
            return
        self.passwords[key] = stored

    # --- error bodies ---------------------------------------------------------------------------------------------

    def invalid(self, message: str) -> Answer:
        """400."""
        on = self.on
        content: Any = {"errorCode": "INVALID_INPUT_DATA", "message": message}
        status, media_type = 400, "application/vnd.kii.ValidationException+json"
        if on("400-error-nested"):
            content = {"error": content}
        if on("400-problem-json"):
            media_type = "application/problem+json"
        if on("400-code-space"):
            content["errorCode"] += " "
        if on("400-tells-current"):
            content["message"] += f"; the password stays {self.passwords['app1', 'thing-1']}"
        if on("400-code-wrong"):
            content["errorCode"] = "VALIDATION_FAILED"
        if on("400-snake-case"):
            content = {"error_code": "INVALID_INPUT_DATA", "message": message}
        if on("400-no-message"):
            del content["message"]
        if on("400-message-null"):
            content["message"] = None
        if on("400-messages-list"):
            content["message"] = [message]
        if on("400-is-422"):
            status = 422
        if on("400-plain-json"):
            media_type = "application/json"
        if on("400-in-list"):
            content = [content]
        if on("400-html"):
            return Answer(400, b"<h1>Bad Request</h1>", (("Content-Type", "text/html"),))
        if on("400-cut"):
            whole = reply(400, content, media_type)
            return Answer(400, whole.body[:-1], whole.headers)
        if on("400-encoded-twice"):
            content = json.dumps(content)
        if on("400-empty"):
            return Answer(400)
        return reply(status, content, media_type + ("; charset=utf-8" if self.read("charset-in-errors") else ""))

    def unauthorized(self, app: str, principal: str, message: str) -> Answer:
        """401."""
        on = self.on
        content: Any = {
            "errorCode": "UNAUTHORIZED",
            "message": message,
            "authenticatedAppID": app,
            "authenticatedPrincipalID": principal,
        }
        media_type = "application/vnd.kii.UnauthorizedAccessException+json"
        if on("401-names-administrator"):
            content["authenticatedPrincipalID"] = "admin-1" if principal else ""
        if on("401-app-of-path"):
            content["authenticatedAppID"] = "app2" if app == "app1" else "app1"
        if on("401-empty"):
            return Answer(401, b"", (("WWW-Authenticate", "Bearer"),))
        if on("401-plain-json"):
            media_type = "application/json"
        if on("401-no-principal"):
            del content["authenticatedPrincipalID"]
        if on("401-app-null"):
            content["authenticatedAppID"] = None
        if on("401-principal-number"):
            content["authenticatedPrincipalID"] = 12
        if on("401-code-of-404"):
            content["errorCode"] = "THING_NOT_FOUND"
        return reply(403 if on("401-is-403") else 401, content, media_type)

    def not_found(self, app: str, vendor: str, ask: Ask) -> Answer:
        """404, which repeats what was searched."""
        on = self.on
        content: Any = {
            "errorCode": "THING_NOT_FOUND",
            "message": "the thing was not found",
            "field": "vendorThingID",
            "value": vendor,
            "appID": app,
        }
        media_type = "application/vnd.kii.ThingNotFoundException+json"
        if on("404-plain-json"):
            media_type = "application/json"
        if on("404-value-quoted"):
            content["value"] = f"'{vendor}'"
        if on("404-message-object"):
            content["message"] = {"en": content["message"]}
        if on("404-creates") and (app, vendor) not in self.passwords:
            self.passwords[app, vendor] = "created"
        if on("404-no-field"):
            del content["field"]
        if on("404-field-lower"):
            content["field"] = "vendorthingid"
        if on("404-field-thing-id"):
            content["field"] = "thingID"
        if on("404-value-with-prefix"):
            content["value"] = PREFIX + vendor
        if on("404-value-lower"):
            content["value"] = vendor.lower()
        if on("404-app-of-other"):
            content["appID"] = "app2" if app == "app1" else "app1"
        if on("404-app-and-value-swapped"):
            content["value"], content["appID"] = app, vendor
        if on("404-app-missing"):
            del content["appID"]
        if on("404-code-short"):
            content["errorCode"] = "NOT_FOUND"
        if on("404-shows-body"):
            content["message"] += f"; request was {ask.body.decode('utf-8', 'replace')}"
        if on("404-shows-token"):
            content["message"] += f"; authorization was {ask.header('authorization')}"
        if on("404-is-400"):
            return self.invalid("no such thing")
        return reply(404, content, media_type)


ALPHABETS = {
    "tilde-refused": r"[ -}]*",
    "space-refused": r"[!-~]*",
    "percent-refused": r"[ -$&-~]*",
    "backslash-refused": r"[ -\[\]-~]*",
    "quote-refused": r"[ !#-~]*",
    "backtick-refused": r"[ -_a-~]*",
    "delete-accepted": r"[ -\x7f]*",
    "latin-1-accepted": r"[ -~\xa0-\xff]*",
    "unicode-printable-accepted": r"[^\x00-\x1f\x7f]*",
    "tab-accepted": r"[ -~\t]*",
    "white-space-accepted": r"[!-~\s]*",
    "any-character-accepted": r"(?s:.*)",
    "word-or-ascii-accepted": r"[ -~\w]*",
}


def _member(body: bytes) -> Any:
    try:
        return json.loads(body).get("newPassword", "")
    except (ValueError, AttributeError, RecursionError):
        return ""


def _like(pattern: str) -> str:
    return "".join(".*" if x == "%" else "." if x == "_" else re.escape(x) for x in pattern)


def _quoted(text: str) -> str:
    return "".join(x if x.isalnum() else f"%{ord(x):02X}" for x in text)
