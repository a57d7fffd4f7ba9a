"""Kii with the third batch of defects (`third.txt`): the reference with more switches, in the seams of its methods.

Holds no behaviour of its own: without a switch it answers as `kii.Kii` does.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import parse_qs, quote, unquote

from tests.catalogue.kii import ADMIN, FIRST, MEDIA_TYPE, PREFIX, TOKENS, USER, Caller, Kii, Refused
from tests.catalogue.wire import Answer, Ask, edited, members, reply, with_header

ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\xad"))


class ThirdKii(Kii):
    """The service with its things."""

    def __init__(self, *switches: str, seed: int = 0) -> None:
        super().__init__(*switches, seed=seed)
        self.former = {key: [password] for key, password in FIRST.items()}
        self.bodies: set[bytes] = set()
        self.asked = Ask("", "")
        self.own_app = ""
        self.last_key: tuple[str, str] | None = None
        self.last_value = ""
        self.last_principal = ""

    def answer(self, ask: Ask) -> Answer:
        """The reply to one request."""
        on = self.on
        if on("trace-echoes-headers") and ask.method == "TRACE":
            lines = "".join(f"{name}: {value}\r\n" for name, value in ask.headers)
            return Answer(200, lines.encode(), (("Content-Type", "message/http"),))
        if on("accept-json-refused") and ask.header("accept") == "application/json":
            return Answer(406)
        self.asked = self.heard(ask)
        return self.told(ask, super().answer(self.asked))

    def heard(self, ask: Ask) -> Ask:
        """The request as this service understands it."""
        on = self.on
        path, _, query = ask.target.partition("?")
        names = parse_qs(query)
        if on("trailing-slash-unguarded") and path.endswith("/ownership/password/"):
            ask = replace(with_header(ask, "authorization", f"Bearer {ADMIN}"), target=path[:-1])
        if on("token-in-query-accepted") and "access_token" in names:
            ask = with_header(ask, "authorization", "Bearer " + names["access_token"][0])
        header = ask.header("authorization") or ""
        if on("scheme-by-length") and len(header) > 7:
            ask = with_header(ask, "authorization", "Bearer " + header[7:])
        if on("first-line-only"):
            ask = replace(ask, body=ask.body.split(b"\n")[0])
        if on("query-password-accepted") and "newPassword" in names and b"newPassword" not in ask.body:
            ask = replace(ask, body=json.dumps({"newPassword": names["newPassword"][0]}).encode())
        media_type = ask.header("content-type") or ""
        if on("any-kii-type-accepted") and media_type.startswith("application/vnd.kii."):
            ask = with_header(ask, "content-type", MEDIA_TYPE)
        if on("type-without-slash-crashes") and media_type and "/" not in media_type:
            media_type.split("/")[1]
        found = re.search("/things/([^/]*)/", path)
        segment = unquote(found[1]) if found else ""
        if on("id-bad-utf8-crashes") and found:
            unquote(found[1], errors="strict")
        if on("prefix-any-word") and ":" in segment:
            ask = replace(ask, target=path.replace(found[1], quote(PREFIX + segment.partition(":")[2])))
        if on("prefix-by-lstrip") and segment.startswith(PREFIX):
            ask = replace(ask, target=path.replace(found[1], PREFIX + quote(segment.lstrip(PREFIX))))
        return ask

    def told(self, ask: Ask, answer: Answer) -> Answer:
        """The reply as this service words it."""
        on = self.on
        password = str(members(ask.body).get("newPassword", ""))
        if answer.status == 204:
            if on("status-303"):
                return Answer(303, b"", (("Location", ask.path),))
            if on("password-hex-in-header"):
                return Answer(204, b"", (("X-Trace", password.encode().hex()),))
        if answer.status == 400:
            if on("400-type-of-404"):
                return reply(400, json.loads(answer.body), "application/vnd.kii.ThingNotFoundException+json")
            if on("400-with-nan"):
                return replace(answer, body=answer.body[:-1] + b', "retryAfter": NaN}')
            if on("400-body-twice"):
                return replace(answer, body=answer.body * 2)
            if on("400-code-lower"):
                return edited(answer, errorCode="invalid_input_data")
            if on("password-start-in-400") and len(password) > 7:
                return edited(answer, message=f"not allowed: {password[: len(password) // 2]}...")
        if answer.status == 401:
            if on("401-message-missing"):
                return edited(answer, message=...)
            if on("401-utf-16"):
                return replace(answer, body=answer.body.decode().encode("utf-16"))
            if on("token-in-www-authenticate"):
                token = (ask.header("authorization") or "").partition(" ")[2]
                challenge = f'Bearer error="invalid_token", error_description="{token}"'
                return replace(answer, headers=(*answer.headers, ("WWW-Authenticate", challenge)))
            if on("401-caller-of-before") and not members(answer.body).get("authenticatedPrincipalID"):
                return edited(answer, authenticatedPrincipalID=self.last_principal)
            self.last_principal = members(answer.body).get("authenticatedPrincipalID") or self.last_principal
        if answer.status == 404 and b"THING_NOT_FOUND" in answer.body:
            return self.not_found_told(ask, answer)
        return answer

    def not_found_told(self, ask: Ask, answer: Answer) -> Answer:
        """404 as this service words it."""
        on = self.on
        value = members(answer.body).get("value")
        before, self.last_value = self.last_value or value, value
        if on("404-value-null"):
            return edited(answer, value=None)
        if on("404-xssi-prefix"):
            return replace(answer, body=b")]}',\n" + answer.body)
        if on("404-value-encoded"):
            return edited(answer, value=re.sub(".*VENDOR_THING_ID(:|%3A)|/ownership.*", "", ask.path))
        if on("404-value-of-before"):
            return edited(answer, value=before)
        if on("unknown-changes-last") and self.last_key:
            self.passwords[self.last_key] = str(members(ask.body).get("newPassword", ""))
        return answer

    def login(self, ask: Ask) -> Answer:
        """How a thing uses its password."""
        given = json.loads(ask.body)
        key, password = (given.get("app", "app1"), given["id"]), given["password"]
        if self.on("last-but-one-still-opens") and password in self.former.get(key, [])[:-2]:
            return reply(200, {"ok": True})
        if self.on("login-prefix-opens") and password and self.passwords.get(key, "").startswith(password):
            return reply(200, {"ok": True})
        return super().login(ask)

    def authorised(self, ask: Ask, app: str) -> Caller:
        """The caller, when it is an administrator of this application."""
        on = self.on
        token = (ask.header("authorization") or "").partition(" ")[2]
        if token == USER and (
            (on("user-accepted-with-escape") and "%" in ask.path)
            or (on("user-accepted-for-second-thing") and "thing-2" in ask.path)
        ):
            return Caller(app, "user-12")
        if on("app-of-path-ignored") and token in TOKENS:
            app = self.own_app = TOKENS[token][0]
        caller = super().authorised(ask, app)
        self.last_principal = caller.principal
        return caller

    def find(self, app: str, vendor: str) -> tuple[str, str] | None:
        """The key of a thing, or nothing."""
        on = self.on
        if on("app-of-path-ignored"):
            app = self.own_app
        if on("id-cut-at-colon"):
            vendor = vendor.partition(":")[0]
        if on("id-matrix-dropped"):
            vendor = vendor.partition(";")[0]
        if on("id-trailing-space-ignored"):
            vendor = vendor.rstrip(" ")
        if on("id-zero-width-dropped"):
            vendor = vendor.translate(ZERO_WIDTH)
        if on("id-accents-dropped"):
            vendor = "".join(x for x in unicodedata.normalize("NFD", vendor) if not unicodedata.combining(x))
        if on("id-injected") and re.search(r"'\s*or\s", vendor, re.IGNORECASE):
            return next(key for key in self.passwords if key[0] == app)
        if on("id-glob") and (found := [x for x in self.passwords if x[0] == app and fnmatchcase(x[1], vendor)]):
            return found[0]
        return super().find(app, vendor)

    def parsed(self, body: bytes) -> Any:
        """The JSON of the body."""
        on = self.on
        if on("unquoted-names-accepted"):
            body = re.sub(rb"([{,]\s*)(\w+)\s*:", rb'\1"\2":', body)
        if on("utf-16-body-accepted") and body[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            body = body.decode("utf-16").encode()
        given = super().parsed(body)
        if not isinstance(given, dict):
            return given
        if on("member-trimmed"):
            given = {name.strip(): value for name, value in given.items()}
        if on("nested-member-accepted"):
            given = next((x for x in given.values() if isinstance(x, dict) and "newPassword" in x), given)
        if on("falsy-is-no-change") and given.get("newPassword", "") in (0, [], {}):
            raise Refused(Answer(204))
        if on("null-crashes") and "newPassword" in given and given["newPassword"] is None:
            raise AttributeError
        return given

    def checked(self, password: str) -> str:
        """The password, when it obeys the rule."""
        on = self.on
        if on("apostrophe-crashes") and "'" in password:
            raise SyntaxError("unterminated string")
        if on("sequence-refused") and re.search("0123|1234|2345|abcd|qwer", password.lower()):
            raise Refused(self.invalid("sequences are not allowed"))
        if on("json-text-refused") and re.fullmatch(r"[{\[].*[}\]]", password):
            raise Refused(self.invalid("newPassword must be a string"))
        tested = password
        if on("newline-at-end-accepted") and len(password) > 1:
            tested = password.removesuffix("\n")
        if on("no-break-space-accepted"):
            tested = password.replace("\xa0", " ")
        super().checked(tested)
        return password

    def store(self, key: tuple[str, str], password: str) -> None:
        """Keep a new password."""
        on = self.on
        if on("history-refused") and password in self.former[key][:-1]:
            raise Refused(self.invalid("the password was used before"))
        if on("old-within-refused") and password != self.passwords[key] and self.passwords[key] in password:
            raise Refused(self.invalid("too similar to the current password"))
        if on("thing-name-refused") and key[1] in password:
            raise Refused(self.invalid("the password holds the name of the thing"))
        if on("case-change-lost") and password.lower() == self.passwords[key].lower():
            return
        if on("cached-by-body") and self.asked.body in self.bodies:
            return
        self.bodies.add(self.asked.body)
        self.former[key].append(password)
        self.last_key = key
        if on("stored-leading-zeros-lost") and password.isdigit():
            password = str(int(password))
        if on("stored-slashes-stripped"):
            password = re.sub(r"\\(.?)", r"\1", password)
        if on("stored-apostrophe-doubled"):
            password = password.replace("'", "''")
        if on("stored-tags-stripped"):
            password = re.sub("<[a-zA-Z/][^>]*>", "", password)
        if on("stored-right-trimmed"):
            password = password.rstrip()
        if on("stored-ampersand-cut"):
            password = password.partition("&")[0] or password
        super().store(key, password)
