"""Exchanges made from a contract, valid and then spoiled, by a generator that shares no code with the product.

Only the strings of patterns come from the language room; whether they are valid is for the judges to say.
"""

import json
import random
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

from watchword.contract import Contract, Media, Operation, Parameter, Schema
from watchword.ground import Exchange, Request, Response, WatchwordError
from watchword.language import Rules

Json = Any
JUNK_TEXT = ["", "x", "7", "-1", "1.5", "true", "null", "a,b", "A b", "blue", "R,1", "R,1,G,2", "é", "256", "[]", "a\n"]
JUNK_TEXT += ["0007", "1e2", "NULL", "+1", "1_0", "\u0661"]
JUNK_JSON = [
    None,
    True,
    0,
    -1,
    1.0,
    2.5,
    10**9,
    "",
    "x",
    "Example-Pass-0001",
    "pass\n",
    [],
    [1],
    {},
    {"a": 1},
    "é" * 40,
]

_FORMATS = {"date": "2026-01-31", "uuid": "6f9619ff-8b86-4011-b42d-00c04fc964ff", "uri": "https://example.com/a"}


class Maker:
    """Makes exchanges of one contract; the same seed makes the same ones."""

    def __init__(self, contract: Contract, seed: int) -> None:
        self.contract = contract
        self.draw = random.Random(seed)
        server = urlsplit(contract.server_urls[0]) if contract.server_urls else None
        named = server is not None and server.netloc and "{" not in server.netloc
        self.host = f"{server.scheme}://{server.netloc}" if named else "https://api.example.com"

    def exchange(self) -> Exchange:
        """A conforming exchange, or one that was spoiled in one or two places."""
        operation = self.draw.choice(self.contract.operations)
        one = self._valid(operation)
        for _ in range(self.draw.choice([0, 1, 1, 1, 2])):
            one = self._spoiled(one)
        return one

    def _valid(self, operation: Operation) -> Exchange:
        path = operation.paths[0]
        query: list[str] = []
        headers: list[tuple[str, str]] = []
        cookies: list[str] = []
        for parameter in operation.parameters:
            if not parameter.required and self.draw.random() < 0.6:
                continue
            value = self._parameter_value(parameter)
            if parameter.where == "path":
                path = path.replace("{" + parameter.name + "}", self._written(parameter, value))
            elif parameter.where == "query":
                query.append(self._written_pairs(parameter, value))
            elif parameter.where == "header":
                headers.append((parameter.name, self._written(parameter, value)))
            else:
                cookies.append(self._written_pairs(parameter, value))
        for scheme in self.draw.choice(operation.security) if operation.security else ():
            if scheme.kind == "apiKey" and scheme.where == "header":
                headers.append((scheme.name, "token-1"))
            elif scheme.kind == "apiKey" and scheme.where == "query":
                query.append(f"{scheme.name}=token-1")
            elif scheme.kind == "apiKey":
                cookies.append(f"{scheme.name}=token-1")
            else:
                headers.append(("Authorization", {"basic": "Basic dTpw"}.get(scheme.scheme, "Bearer abc")))
        if cookies:
            headers.append(("Cookie", "; ".join(cookies)))
        body = b""
        if operation.body is not None and (operation.body.required or self.draw.random() < 0.9):
            media_type, body = self._content(operation.body.content, request=True)
            headers.append(("Content-Type", media_type))
        url = path + ("?" + "&".join(query) if query else "")
        request = Request(operation.method, f"{self.host}{url}", tuple(headers), body)
        return Exchange(request, self._response(operation))

    def _response(self, operation: Operation) -> Response:
        reply = self.draw.choice(operation.replies)
        status = {"default": "500", "2XX": "206"}.get(reply.status, reply.status)
        headers = [
            (header.name, self._written(header, self._parameter_value(header)))
            for header in reply.headers
            if header.required or self.draw.random() < 0.5
        ]
        if not reply.content or operation.method == "HEAD":
            return Response(int(status), tuple(headers))
        media_type, body = self._content(reply.content, request=False)
        return Response(int(status), (*headers, ("Content-Type", media_type)), body)

    def _content(self, content: tuple[Media, ...], *, request: bool) -> tuple[str, bytes]:
        media = self.draw.choice([each for each in content if "*" not in each.media_type])
        value = self.value(media.schema, request=request) if media.schema else "x"
        kind = media.media_type.split(";")[0]
        if kind.endswith("json"):
            return media.media_type, json.dumps(value).encode()
        if kind == "application/x-www-form-urlencoded" and isinstance(value, dict):
            pairs = [(name, each) for name, each in value.items() if not isinstance(each, list | dict)]
            return media.media_type, "&".join(f"{name}={quote(_text(each))}" for name, each in pairs).encode()
        if kind == "multipart/form-data":
            return "application/json", json.dumps({"id": 1, "secret": "long"}).encode()
        return media.media_type, _text(value).encode()

    def value(self, schema: Schema, *, request: bool) -> Json:
        """A value that the schema accepts, most of the time."""
        return self._value(schema.value, schema, request, 0)

    def _value(self, schema: Json, owner: Schema, request: bool, depth: int) -> Json:
        if not isinstance(schema, dict):
            return self.draw.choice(["x", 1, None])
        if "$ref" in schema:
            return self._value(owner.resolve(schema["$ref"])[0], owner, request, depth)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self.draw.choice(schema["enum"])
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema:
                return self._value(self.draw.choice(schema[keyword]), owner, request, depth)
        kind = schema.get("type", "object" if "properties" in schema else "string")
        kind = self.draw.choice(kind) if isinstance(kind, list) else kind
        if kind == "object":
            return self._object(schema, owner, request, depth)
        if kind == "array":
            size = self.draw.randint(schema.get("minItems", 0), max(schema.get("minItems", 0), 2))
            return [self._value(schema.get("items", True), owner, request, depth + 1) for _ in range(size)]
        if kind in ("integer", "number"):
            low = schema.get("minimum", schema.get("exclusiveMinimum", -1) + 1)
            high = min(schema.get("maximum", low + 9), schema.get("exclusiveMaximum", low + 9) - 1)
            return self.draw.randint(int(low), int(high))
        return {"boolean": self.draw.random() < 0.5, "null": None}.get(kind, self._string(schema, owner))

    def _object(self, schema: Json, owner: Schema, request: bool, depth: int) -> Json:
        required = set(schema.get("required", ()))
        for part in schema.get("allOf", ()):
            required |= set(part.get("required", ()))
        found = {}
        for name, child in schema.get("properties", {}).items():
            flags = child if isinstance(child, dict) else {}
            if flags.get("readOnly" if request else "writeOnly") or depth > 1:
                continue
            if name in required or self.draw.random() < 0.5:
                found[name] = self._value(child, owner, request, depth + 1)
        return found

    def _string(self, schema: Json, owner: Schema) -> str:
        if schema.get("format") in _FORMATS:
            return _FORMATS[schema["format"]]
        try:
            text = Rules.of(schema, resolve=owner.resolve).valid.sample(self.draw)
        except (WatchwordError, ValueError):
            return "text"
        return text if text.isascii() and text.isprintable() else "thing-1"

    def _parameter_value(self, parameter: Parameter) -> Json:
        schema = parameter.schema or (parameter.media.schema if parameter.media else None)
        value = self.value(schema, request=True) if schema else "x"
        return value if value != "" else "x"

    def _written(self, parameter: Parameter, value: Json) -> str:
        """OpenAPI 3.1.1, "Style Examples", for `simple`, `label` and `matrix`."""
        encode = _encoded if parameter.where == "path" else str
        if parameter.media is not None:
            return json.dumps(value)
        name, explode = parameter.name, parameter.explode
        if isinstance(value, dict):
            pairs = [(key, encode(_text(each))) for key, each in value.items()]
            parts = [f"{key}={each}" for key, each in pairs] if explode else [part for pair in pairs for part in pair]
        else:
            parts = [encode(_text(each)) for each in (value if isinstance(value, list) else [value])]
        if parameter.style == "label":
            return "." + ("." if explode else ",").join(parts)
        if parameter.style == "matrix" and isinstance(value, dict) and explode:
            return ";" + ";".join(parts)
        if parameter.style == "matrix":
            return "".join(f";{name}={part}" for part in parts) if explode else f";{name}=" + ",".join(parts)
        return ",".join(parts)

    def _written_pairs(self, parameter: Parameter, value: Json) -> str:
        """OpenAPI 3.1.1, "Style Examples", for `form`, `spaceDelimited`, `pipeDelimited` and `deepObject`."""
        name = parameter.name
        if parameter.media is not None:
            return f"{name}={quote(json.dumps(value))}"
        if isinstance(value, dict):
            pairs = [(key, quote(_text(each))) for key, each in value.items()]
            if parameter.style == "deepObject":
                return "&".join(f"{name}[{key}]={each}" for key, each in pairs)
            if parameter.explode:
                return "&".join(f"{key}={each}" for key, each in pairs)
            return f"{name}=" + ",".join(part for pair in pairs for part in pair)
        if isinstance(value, list):
            items = [quote(_text(each), safe="") for each in value]
            if parameter.explode:
                return "&".join(f"{name}={each}" for each in items)
            between = {"spaceDelimited": "%20", "pipeDelimited": "%7C"}.get(parameter.style, ",")
            return f"{name}=" + between.join(items)
        return f"{name}={quote(_text(value), safe='')}"

    # Spoiling.

    def _spoiled(self, one: Exchange) -> Exchange:
        request, response = one.request, one.response
        assert response is not None
        kind = self.draw.randrange(11)
        if kind == 0:
            request = replace(request, url=self._spoiled_path(request.url))
        elif kind == 1:
            request = replace(request, url=self._spoiled_query(request.url))
        elif kind == 2 and request.headers:
            dropped = self.draw.randrange(len(request.headers))
            request = replace(request, headers=(*request.headers[:dropped], *request.headers[dropped + 1 :]))
        elif kind == 3 and request.headers:
            request = replace(request, headers=self._spoiled_headers(request.headers))
        elif kind in (4, 5, 6):
            request = replace(request, body=self._spoiled_body(request.body))
        elif kind in (7, 8):
            response = replace(response, body=self._spoiled_body(response.body))
        elif kind == 9:
            response = replace(response, status=self.draw.choice([200, 201, 204, 299, 400, 404, 418, 500]))
        elif response.headers:
            response = replace(response, headers=self._spoiled_headers(response.headers))
        return Exchange(request, response)

    def _spoiled_path(self, url: str) -> str:
        path, question, query = url.partition("?")
        segments = path.split("/")
        index = self.draw.randrange(3, len(segments))
        segments[index] = quote(self.draw.choice(JUNK_TEXT), safe=",") or "x"
        return "/".join(segments) + question + query

    def _spoiled_query(self, url: str) -> str:
        path, _, query = url.partition("?")
        pairs = query.split("&") if query else []
        if pairs:
            index = self.draw.randrange(len(pairs))
            name = pairs[index].partition("=")[0]
            pairs[index] = f"{name}={quote(self.draw.choice(JUNK_TEXT), safe=',')}"
        return f"{path}?{'&'.join([*pairs, *self.draw.choice([[], ['unknown=1'], pairs[:1]])])}"

    def _spoiled_headers(self, headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        index = self.draw.randrange(len(headers))
        name, _ = headers[index]
        plain = [text for text in JUNK_TEXT if text.isascii() and "\n" not in text]
        types = ["application/json", "text/plain", "application/xml"]
        value = self.draw.choice(types if name == "Content-Type" else plain)
        return (*headers[:index], (name, value), *headers[index + 1 :])

    def _spoiled_body(self, body: bytes) -> bytes:
        try:
            value = json.loads(body)
        except ValueError:
            return self.draw.choice([b"", b"{}", b"x", body])
        if self.draw.random() < 0.1:
            return self.draw.choice([body[:-1], b"", b"\xff", b"[]", b"null"])
        places = list(_places(value))
        place = self.draw.choice(places)
        if not place:
            return json.dumps(self.draw.choice(JUNK_JSON)).encode()
        inner = value
        for token in place[:-1]:
            inner = inner[token]
        if self.draw.random() < 0.3:
            del inner[place[-1]]
        else:
            inner[place[-1]] = self.draw.choice(JUNK_JSON)
        if isinstance(value, dict) and self.draw.random() < 0.2:
            value["unknown"] = 1
        return json.dumps(value).encode()


def _encoded(text: str) -> str:
    return quote(text, safe="")


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _places(value: Json, place: tuple[Any, ...] = ()) -> Any:
    yield place
    if isinstance(value, dict):
        for name, child in value.items():
            yield from _places(child, (*place, name))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _places(child, (*place, index))
