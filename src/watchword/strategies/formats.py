"""Texts that have a `format` of JSON Schema 2020-12 (validation, 7.3), and texts that have none of them.

Only formats that the validator asserts are listed; all others say nothing about a text.
"""

SAMPLES: dict[str, tuple[str, ...]] = {
    "date-time": ("2024-05-06T07:08:09Z", "1985-04-12T23:20:50.52Z", "1996-12-19T16:39:57-08:00"),
    "date": ("2024-05-06", "2024-02-29"),
    "time": ("07:08:09Z", "23:59:59+01:00"),
    "duration": ("P3D", "PT15M"),
    "email": ("someone@example.com", "first.last+tag@sub.example.org"),
    "idn-email": ("someone@example.com",),
    "hostname": ("api.example.com", "example"),
    "idn-hostname": ("api.example.com",),
    "ipv4": ("192.0.2.1", "255.255.255.255"),
    "ipv6": ("2001:db8::1", "::1"),
    "uri": ("https://example.com/a?b=c#d", "urn:example:a"),
    "uri-reference": ("https://example.com/a", "/a/b"),
    "iri": ("https://example.com/a",),
    "iri-reference": ("https://example.com/a",),
    "uuid": ("3fa85f64-5717-4562-b3fc-2c963f66afa6", "00000000-0000-4000-8000-000000000000"),
    "uri-template": ("https://example.com/{id}",),
    "json-pointer": ("/a/0", ""),
    "relative-json-pointer": ("0/a", "1"),
    "regex": ("^[a-z]+$",),
}
"""Format -> texts that have it, the plainest first."""

LACKING: dict[str, tuple[str, ...]] = {
    "date-time": ("2024-13-45T99:99:99Z", "2024-05-06", "2024-05-06T07:08:09"),
    "date": ("2024-02-30", "06/05/2024", "2024-5-6"),
    "time": ("25:00:00Z", "07:08"),
    "duration": ("3 days", "P"),
    "email": ("nobody", "@example.com", "someone@"),
    "idn-email": ("nobody",),
    "hostname": ("a b.example", "-example.com"),
    "idn-hostname": ("a b.example",),
    "ipv4": ("256.256.256.256", "192.0.2", "192.0.2.01"),
    "ipv6": ("2001:db8:::1", "192.0.2.1"),
    "uri": ("not a uri", "/relative"),
    "uri-reference": ("not a reference <",),
    "iri": ("not an iri <",),
    "iri-reference": ("not a reference <",),
    "uuid": ("3fa85f64-5717-4562-b3fc-2c963f66afag", "3fa85f64"),
    "uri-template": ("https://example.com/{id",),
    "json-pointer": ("a/0", "/~2"),
    "relative-json-pointer": ("/a", "-1"),
    "regex": ("(", "[a"),
}
"""Format -> texts that lack it."""
