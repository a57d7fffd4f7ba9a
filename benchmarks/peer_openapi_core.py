"""openapi-core with all its documented set-up, behind the same question that our validator answers.

Used as a peer to measure against and, in the tests, as a second opinion. Holds no verdict of ours.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import yaml
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict
from werkzeug.http import parse_cookie

from watchword.ground import Exchange, Request, Response, header_values


class PeerRequest:
    """An exchange's request as openapi-core's `Request` protocol has it."""

    def __init__(self, request: Request) -> None:
        parts = urlsplit(request.url)
        self.host_url = f"{parts.scheme or 'https'}://{parts.netloc or 'example.com'}"
        self.path = unquote(parts.path)  # as the frameworks that it is made for hand it over
        self.path_pattern = None
        self.method = request.method.lower()
        self.body = request.body or None
        self.content_type = ", ".join(header_values(request.headers, "content-type"))
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(parse_qsl(parts.query, keep_blank_values=True)),
            header=Headers(list(request.headers)),
            cookie=parse_cookie("; ".join(header_values(request.headers, "cookie"))),
        )


class PeerResponse:
    """An exchange's response as openapi-core's `Response` protocol has it."""

    def __init__(self, response: Response) -> None:
        self.data = response.body
        self.status_code = response.status
        self.headers = Headers(list(response.headers))
        self.content_type = ", ".join(header_values(response.headers, "content-type"))


class OpenApiCore:
    """openapi-core on one document.

    Vendor JSON types (`+json`) are not decoded unless a deserialiser is registered for each: those of the document are.
    """

    def __init__(self, path: Path) -> None:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        bare = [media_type.partition(";")[0].strip() for media_type in _media_types(document)]
        documented = [media_type for media_type in bare if media_type.endswith("+json")]
        vendor: dict[str, Callable[[bytes], Any]] = {
            spelling: _decoded for each in documented for spelling in (each, each.lower())
        }
        config = Config(extra_media_type_deserializers=vendor)
        self._api = OpenAPI.from_dict(document, config=config)

    def request_problem(self, exchange: Exchange) -> Exception | None:
        """What openapi-core says against the request, or `None`."""
        try:
            self._api.validate_request(PeerRequest(exchange.request))
        except (OpenAPIError, ValueError, TypeError, KeyError) as error:  # it lets errors of its decoders through
            return error
        return None

    def response_problem(self, exchange: Exchange) -> Exception | None:
        """What openapi-core says against the response, or `None`; also where there is none."""
        if exchange.response is None:
            return None
        try:
            self._api.validate_response(PeerRequest(exchange.request), PeerResponse(exchange.response))
        except (OpenAPIError, ValueError, TypeError, KeyError) as error:
            return error
        return None

    def conforms(self, exchange: Exchange) -> bool:
        """Whether it has nothing to say."""
        return self.request_problem(exchange) is None and self.response_problem(exchange) is None


def _decoded(body: bytes, **_: str) -> Any:
    """JSON; openapi-core hands the media type's parameters over by name."""
    return json.loads(body)


def _media_types(value: Any) -> set[str]:
    if isinstance(value, list):
        return {name for child in value for name in _media_types(child)}
    if not isinstance(value, dict):
        return set()
    content = value.get("content")
    own = set(content) if isinstance(content, dict) else set()
    return own.union(*(_media_types(child) for child in value.values()))
