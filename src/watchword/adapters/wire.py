"""What the wire looked like, from what libraries keep of it: header text, content codings, WSGI addresses."""

import zlib
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from watchword.ground import Headers, UnreadableInput, header_values

# Everything that may stand in a URL (RFC 3986 section 2), and the percent sign of what is encoded already.
_URL = "%:/?#[]@!$&'()*+,;=-._~"
_SEGMENTS = "/:@!$&'()*+,;=-._~"


def text_of(value: str | bytes) -> str:
    """Header text as `Request` wants it: bytes are latin-1."""
    return value.decode("latin-1") if isinstance(value, bytes) else value


def header_pairs(pairs: Iterable[tuple[str | bytes, str | bytes]]) -> Headers:
    """The header field lines of raw pairs, order kept."""
    # spelt out: a test suite does this for some ten lines an exchange
    return tuple(
        [
            (
                name.decode("latin-1") if isinstance(name, bytes) else name,
                value.decode("latin-1") if isinstance(value, bytes) else value,
            )
            for name, value in pairs
        ]
    )


def announces_body(headers: Headers) -> bool:
    """Whether a request with these headers has content (RFC 9112 section 6.3)."""
    lengths = header_values(headers, "Content-Length")
    return bool(header_values(headers, "Transfer-Encoding")) or lengths not in ([], ["0"])


def decoded(body: bytes, headers: Headers) -> bytes:
    """The body as a client sees it, after undoing `Content-Encoding` (RFC 9110 section 8.4), last coding first.

    Raises UnreadableInput for a coding other than gzip and deflate, and for a body that is not so coded.
    """
    codings = [
        coding.strip().lower() for line in header_values(headers, "Content-Encoding") for coding in line.split(",")
    ]
    for coding in reversed(codings):
        body = _undo(coding, body)
    return body


def _undo(coding: str, body: bytes) -> bytes:
    if coding in {"", "identity"} or not body:
        return body
    if coding not in {"gzip", "x-gzip", "deflate"}:
        raise UnreadableInput(f"the body has the content coding `{coding}`: decode it and pass it as `response_body`")
    try:
        # 32: gzip or zlib wrapper, told from the first bytes
        return zlib.decompress(body, zlib.MAX_WBITS | 32)
    except zlib.error:
        pass
    try:
        # RFC 9110 section 8.4.1.2: some senders of "deflate" leave the zlib wrapper out
        return zlib.decompress(body, -zlib.MAX_WBITS)
    except zlib.error:
        raise UnreadableInput(f"the body is not in its content coding `{coding}`") from None


def wsgi_url(environ: Mapping[str, Any], host: str, scheme: str) -> str:
    """The URL as sent, percent-encoding kept.

    PEP 3333 gives only a decoded path; servers add the sent one as `RAW_URI` or `REQUEST_URI`. Without either, the path
    is encoded anew, which cannot tell `%2F` from `/`.
    """
    sent = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if sent:
        path = quote(sent.partition("?")[0].partition("#")[0].encode("latin-1", "replace"), safe=_URL)
    else:
        decoded_path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
        path = quote(decoded_path.encode("latin-1", "replace"), safe=_SEGMENTS)
    query = environ.get("QUERY_STRING", "")
    if query:
        path += "?" + quote(query.encode("latin-1", "replace"), safe=_URL)
    return path if "://" in path.partition("?")[0] else f"{scheme}://{host}{path}"
