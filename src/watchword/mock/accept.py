"""The request header `Accept` (RFC 9110 section 12.5.1): which of the documented media types to send."""

from collections.abc import Sequence

from watchword.contract import Media
from watchword.validation.media import MediaType, best_match, parse_media_type


class Unacceptable(Exception):
    """The client takes none of the documented media types; the message names those."""


def acceptable(content: Sequence[Media], accept: str | None) -> list[Media]:
    """The media types that the client takes: heaviest first, of equal ones JSON first.

    A header that cannot be read is taken for none. Raises `Unacceptable`.
    """
    ranges = _ranges(accept) if accept else []
    weighed = [(_weight(media, ranges) if ranges else 1.0, media) for media in content]
    taken = [(weight, media) for weight, media in weighed if weight > 0]
    if not taken:
        raise Unacceptable(f"The reply can be sent as {', '.join(media.media_type for media in content)}.")
    return [media for _, media in sorted(taken, key=lambda pair: (-pair[0], not _is_json(pair[1])))]


def _ranges(accept: str) -> list[tuple[MediaType, float]]:
    found = [(parsed, _quality(parsed)) for part in accept.split(",") if (parsed := parse_media_type(part))]
    return [
        (MediaType(parsed.type, parsed.subtype, tuple(pair for pair in parsed.parameters if pair[0] != "q")), quality)
        for parsed, quality in found
    ]


def _quality(media_type: MediaType) -> float:
    """Section 12.4.2; a weight that is none counts as 1."""
    try:
        quality = float(media_type.parameter("q") or "1")
    except ValueError:
        return 1.0
    return quality if 0 <= quality <= 1 else 1.0


def _weight(media: Media, ranges: Sequence[tuple[MediaType, float]]) -> float:
    """The weight of the most specific range under which the type falls; one that is itself a range fits all."""
    given = parse_media_type(media.media_type)
    if given is None or "*" in given.type + given.subtype:
        return 1.0
    index = best_match(given, [entry for entry, _ in ranges])
    return 0.0 if index is None else ranges[index][1]


def _is_json(media: Media) -> bool:
    parsed = parse_media_type(media.media_type)
    return parsed is not None and parsed.is_json
