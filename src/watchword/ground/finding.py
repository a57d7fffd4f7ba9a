"""The statement that every producer yields and every report takes. Holds no wording of any rule."""

from enum import StrEnum

from watchword.ground.frozen import record


class Severity(StrEnum):
    """How much a finding matters; `observation` means an assumed clause was broken and never fails a run."""

    ERROR = "error"
    WARNING = "warning"
    OBSERVATION = "observation"

    @property
    def rank(self) -> int:
        """0 for the most severe."""
        return _RANKS[self]


_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.OBSERVATION: 2}


class Certainty(StrEnum):
    """Whether the vendor's text says it, or the contract's author had to decide."""

    DOCUMENTED = "documented"
    ASSUMED = "assumed"


class Side(StrEnum):
    """Which half of an exchange a finding is about."""

    REQUEST = "request"
    RESPONSE = "response"


@record()
class Place:
    """A spot in a file: `line` and `column` count from 1, in code points; `pointer` is an RFC 6901 JSON Pointer."""

    file: str
    line: int
    column: int
    pointer: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@record()
class Finding:
    """One statement about a contract, an exchange or a traffic log: data, never an exception.

    `rule` names the defect (`reply-status`) or the broken rule of a schema (`Password/digit`).
    `location` is an OpenAPI runtime expression without its `$request.` or `$response.` (`body#/password`,
    `path.device_id`, `header.Content-Type`, `query.action_id`, `statusCode`); `side` says which half.
    `message` is lower case, without a full stop; every value in it went through `redact`.
    `place` points into the document that states the broken clause, `source` names the vendor text behind it.
    `operation` reads `kii changeThingPassword`. `case` is a stable case id, `repeat` a command that repeats it.
    `subject` is what happened in one phrase, made by `render_subject`: `PUT …/ownership/password → 200`.
    `suggestion` is a correction, given only where it is sure.
    """

    rule: str
    message: str
    severity: Severity = Severity.ERROR
    certainty: Certainty = Certainty.DOCUMENTED
    side: Side | None = None
    location: str | None = None
    source: str | None = None
    place: Place | None = None
    operation: str | None = None
    case: str | None = None
    repeat: str | None = None
    subject: str | None = None
    suggestion: str | None = None


def render_subject(method: str, path: str, status: int | None = None) -> str:
    """An exchange in one phrase; `path` is the documented template, never a sent path, which may hold a secret.

    >>> render_subject("PUT", "/apps/{appID}/things/{thingID}/ownership/password", 200)
    'PUT …/ownership/password → 200'
    """
    segments = path.split("/")
    short = "…/" + "/".join(segments[-2:]) if len(segments) > 3 else path
    return f"{method} {short}" if status is None else f"{method} {short} → {status}"
