"""Huawei ROMA Connect with the third batch of defects (`third.txt`): the reference with more switches in its seams.

Holds no behaviour of its own: without a switch it answers as `roma_connect.RomaConnect` does.
"""

from __future__ import annotations

import hashlib
import html
import json
import random
import re
import string
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, unquote

from tests.catalogue.kii import Refused
from tests.catalogue.roma_connect import CLASSES, EXPIRED, FIRST, OWNER, PROJECT, READER, ROUTE, SPECIAL, RomaConnect
from tests.catalogue.wire import Answer, Ask, edited, members, reply, with_header


class ThirdRoma(RomaConnect):
    """The service with its devices."""

    def __init__(self, *switches: str, seed: int = 0) -> None:
        super().__init__(*switches, seed=seed)
        self.former: dict[int, list[str]] = {}
        self.turns: dict[int, int] = {}
        self.replies: dict[bytes, Answer] = {}
        self.replaced = ""
        self.given: dict[str, Any] = {}

    def answer(self, ask: Ask) -> Answer:
        """The reply to one request."""
        on = self.on
        if on("double-slash-unguarded") and ask.target.startswith("//"):
            ask = replace(with_header(ask, "x-auth-token", OWNER), target=ask.target[1:])
        match = ROUTE.fullmatch(ask.path)
        if on("post-unguarded") and ask.method == "POST" and match:
            ask = replace(with_header(ask, "x-auth-token", OWNER), method="PUT")
        if on("big-body-crashes") and len(ask.body) > 65_536:
            raise MemoryError
        if on("project-not-checked") and match:
            ask = replace(ask, target=ask.target.replace(match[1], PROJECT, 1))
        names = parse_qs(ask.query)
        if on("query-password-accepted") and "password" in names and b"password" not in ask.body:
            ask = replace(ask, body=json.dumps({"password": names["password"][0]}).encode())
            ask = with_header(ask, "content-type", "application/json")
        if on("yaml-body-accepted"):
            ask = replace(ask, body=re.sub(rb"\A(\w+): (\S+)\s*\Z", rb'{"\1": "\2"}', ask.body))
        if on("many-digits-crashes") and re.search(rb"[0-9]{4400}", ask.body + ask.target.encode()):
            raise ValueError("exceeds the limit for integer string conversion")
        if on("id-list-changes-all") and match and "," in unquote(match[3]):
            first, *others = (
                replace(ask, target=ask.target.replace(match[3], x)) for x in unquote(match[3]).split(",")
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
        if ask.path == "/login" or not answer.body:
            return answer
        if answer.status == 200:
            return self.success_told(ask, answer)
        if on("error-message-null"):
            return edited(answer, error_msg=None)
        if on("error-request-id-null"):
            return edited(answer, request_id=None)
        if on("error-wrapped"):
            return reply(answer.status, {"error": json.loads(answer.body)})
        if on("wrong-type-is-415") and b"SCB.00000001" in answer.body:
            return replace(answer, status=415)
        if on("404-html") and answer.status == 404:
            return Answer(404, b"<html><h1>404</h1></html>", (("Content-Type", "text/html"),))
        if on("404-is-204") and answer.status == 404:
            return Answer(204)
        if on("password-in-404") and answer.status == 404:
            return edited(answer, error_msg=f"no device for {self.given.get('password')}")
        if on("password-in-token-error") and b"APIG" in answer.body:
            return edited(answer, error_msg=f"refused: {ask.body.decode('utf-8', 'replace')}")
        return answer

    def success_told(self, ask: Ask, answer: Answer) -> Answer:
        """200 as this service words it."""
        on = self.on
        content = members(answer.body)
        if not isinstance(content.get("password"), str) or not isinstance(content.get("user_name"), str):
            return answer
        password, name = content["password"], content["user_name"]
        headers = {
            "password-upper-in-header": ("X-Audit", f"reset {password.upper()}"),
            "password-tail-in-header": ("X-Hint", password[-8:]),
            "password-in-warning": ("Warning", f'299 - "password is now {password}"'),
            "old-password-hash-in-header": ("X-Was", hashlib.sha256(self.replaced.encode()).hexdigest()),
        }
        for switch, header in headers.items():
            if on(switch):
                return replace(answer, headers=(*answer.headers, header))
        if on("reply-duplicate-member"):
            return replace(answer, body=b'{"password": null, ' + answer.body[1:])
        if on("reply-octet-stream"):
            return reply(200, content, "application/octet-stream")
        if on("reply-with-nan"):
            return replace(answer, body=answer.body[:-1] + b', "ttl": Infinity}')
        if on("reply-cached-by-body"):
            return self.replies.setdefault(ask.body, answer)
        if on("reply-name-empty-unless-given") and not self.given.get("user_name"):
            return edited(answer, user_name="")
        if on("echo-hash-cut"):
            return edited(answer, password=password.partition("#")[0] if password.find("#") > 15 else password)
        if on("echo-doubles-collapsed"):
            return edited(answer, password=re.sub(r"([^\w])\1+", r"\1", password))
        if on("echo-percent-halved"):
            return edited(answer, password=password.replace("%%", "%"))
        if on("echo-name-zeros-lost") and name.isdigit():
            return edited(answer, user_name=str(int(name)))
        if on("echo-name-edge-hyphens-lost"):
            return edited(answer, user_name=name.strip("-"))
        return answer

    def login(self, ask: Ask) -> Answer:
        """How a device uses its password."""
        given = json.loads(ask.body)
        if self.on("last-but-one-still-opens") and given["password"] in self.former.get(int(given["id"]), [])[:-1]:
            return reply(200, {"ok": True})
        return super().login(ask)

    def authorise(self, ask: Ask, project: str, instance: str) -> None:
        """Refuse whoever may not write in this instance."""
        on = self.on
        token = ask.header("x-auth-token")
        if on("reader-accepted-for-name") and token == READER and not self.given.get("password"):
            return
        if on("expired-accepted-for-generate") and token == EXPIRED and not self.given:
            return
        if on("subject-token-accepted") and token is None and ask.header("x-subject-token"):
            ask = with_header(ask, "x-auth-token", ask.header("x-subject-token") or "")
        super().authorise(ask, project, instance)

    def device_id(self, raw: str, ask: Ask) -> int:
        """The device of the path, an integer."""
        on = self.on
        text = unquote(raw)
        if on("id-octal") and re.fullmatch("0[0-7]+", text):
            return int(text, 8)
        if on("id-long-suffix"):
            raw = re.sub("^([0-9]+)[lLn]$", r"\1", text)
        if on("empty-id-crashes") and not text:
            raise IndexError
        number = super().device_id(raw, ask)
        return number % 2**16 if on("id-wraps-at-16-bits") else number

    def name_in(self, given: dict[str, Any]) -> str:
        """The user name: letters, digits, hyphens; empty when left out."""
        on = self.on
        name = given.get("user_name", "")
        if on("name-false-is-empty") and name is False:
            name = ""
        if on("name-list-crashes") and isinstance(name, list):
            name.strip()
        if on("name-list-taken") and isinstance(name, list) and name:
            name = name[0]
        if not isinstance(name, str) or "user_name" not in given:
            return super().name_in({**given, "user_name": name} if "user_name" in given else given)
        if on("name-blank-is-empty") and name.isspace():
            name = ""
        refused = next((pattern for switch, pattern in NAMES_REFUSED.items() if on(switch)), "(?!)")
        if re.search(refused, name):
            raise Refused(self.error(400, "SCB.00000000", "Parameter is [user_name]"))
        accepted = next((pattern for switch, pattern in NAMES_ACCEPTED.items() if on(switch)), "(?!)")
        tested = re.sub(accepted, "x", name)
        judged = super().name_in({**given, "user_name": tested})
        if on("both-empty-texts-refused") and name == "" == given.get("password"):
            raise Refused(self.error(400, "SCB.00000000", "nothing to change"))
        return judged if tested == name else name

    def password_in(self, given: dict[str, Any]) -> str:
        """The password, when it may be one; empty when left out."""
        on = self.on
        password = given.get("password", "")
        if on("password-zero-is-empty") and password == 0 and not isinstance(password, bool | str):
            password = ""
        if on("password-null-crashes") and password is None:
            password.strip()
        if on("unchecked-with-name") and given.get("user_name") and isinstance(password, str):
            return password
        return super().password_in({**given, "password": password} if "password" in given else given)

    def checked(self, password: str) -> str:
        """The password, when it obeys the rule."""
        on = self.on
        refused = Refused(self.error(400, "SCB.00000000", "Parameter is [password]"))
        if on("max-after-escape") and len(html.escape(password, quote=False)) > 32:
            raise refused
        if on("two-uppers-wanted") and len(re.findall("[A-Z]", password)) < 2:
            raise refused
        if on("digit-at-end-does-not-count") and not re.search("[0-9].", password):
            raise refused
        if on("entity-refused") and re.search(r"&#?\w+;", password):
            raise refused
        for switch, character in LOST.items():
            if on(switch) and not set(password) & (set(SPECIAL) - set(character)):
                raise refused
        tested = password
        for switch, (foreign, known) in COUNTS.items():
            if on(switch):
                tested = re.sub(foreign, known, password)
        if on("special-range-slip") and not set(password) & set(SPECIAL) and re.search(r"[)-_]", password):
            tested = password[:-1] + "!" if re.search("[0-9].", password) else password
        if on("length-in-bytes"):
            tested = re.sub("[^\0-\x7f]", lambda found: "x" * len(found[0].encode()), password)
        super().checked(tested)
        return password

    def generated(self, device: int) -> str:
        """A new password."""
        on = self.on
        password = super().generated(device)
        if on("generation-renames"):
            self.names[device] = f"device-{self.made}"
        if on("generates-mostly-digits"):
            return "Aa!" + "".join(self.draws.choice(string.digits) for _ in range(13))
        if on("generates-doubled"):
            return "Aa1!" + "".join(self.draws.choice(string.ascii_letters) for _ in range(4)) * 3
        if on("generates-same-for-devices"):
            self.turns[device] = self.turns.get(device, 0) + 1
            return "Aa1!" + "".join(random.Random(self.turns[device]).choices("".join(CLASSES), k=20))
        if on("generates-from-previous"):
            return self.passwords[device][:-1] + ("1" if self.passwords[device][-1] != "1" else "2")
        return password

    def keep(self, device: int, password: str) -> None:
        """Keep a new password."""
        on = self.on
        self.replaced = self.passwords[device]
        self.former.setdefault(device, []).append(self.replaced)
        if on("password-alone-renames") and self.given.get("password") and not self.given.get("user_name"):
            self.names[device] = str(device)
        if on("empty-name-clears") and self.given.get("user_name") == "":
            self.names[device] = ""
        if on("stored-colon-cut"):
            password = password.partition(":")[0] or password
        if on("stored-tags-stripped"):
            password = re.sub("<[^>]*>", "", password)
        if on("stored-doubles-collapsed"):
            password = re.sub(r"([^\w])\1+", r"\1", password)
        if on("name-with-password-changes-neighbour") and self.given.get("user_name"):
            device = next(x for x in FIRST if x != device)
        super().keep(device, password)


#: Patterns of user names that are refused though the text allows them.
NAMES_REFUSED = {
    "name-edge-hyphen-refused": "^-|-$",
    "name-digits-only-refused": "^[0-9]+$",
    "name-double-hyphen-refused": "--",
}
#: Patterns of what passes in a user name though the text does not allow it.
NAMES_ACCEPTED = {
    "name-at-accepted": "@",
    "name-bar-accepted": r"\|",
    "name-chinese-accepted": "[\u4e00-\u9fa5]",
    "name-beginning-only": r"(?s)(?<=[A-Za-z0-9]).+",
    "name-multiline": r"(?s)(?<=[A-Za-z0-9])\n.+",
}
LOST = {"special-lost-semicolon": ";", "special-lost-parenthesis": "("}
#: What counts as a character of a class though it is none: its pattern, and what it counts as.
COUNTS = {
    "special-gained-backslash": (r"\\", "!"),
    "special-gained-apostrophe": ("'", "!"),
    "special-gained-backtick": ("`", "!"),
    "digit-superscript-counts": ("[²³¹]", "1"),
    "upper-circled-counts": ("[Ⓐ-Ⓩ]", "A"),
}
