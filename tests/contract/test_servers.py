"""Base paths of servers."""

import pytest


@pytest.mark.parametrize(
    ("servers", "paths"),
    [
        ("[]", ["/a"]),
        ("[{url: /}]", ["/a"]),
        ("[{url: 'https://host.example.com'}]", ["/a"]),
        ("[{url: 'https://host.example.com/'}]", ["/a"]),
        ("[{url: 'https://host.example.com:8443/v1/'}]", ["/v1/a"]),
        ("[{url: //host.example.com/v1}]", ["/v1/a"]),
        ("[{url: /v1}, {url: v2/}, {url: 'https://x/v1'}]", ["/v1/a", "/v2/a"]),
        ("[{url: 'https://{host}/{base}', variables: {host: {default: x}, base: {default: v1}}}]", ["/{base}/a"]),
        ("[{url: '{scheme}://x/v1', variables: {scheme: {default: https, enum: [http, https]}}}]", ["/v1/a"]),
        ("[{url: 'htt{s}://x/v1', variables: {s: {default: ps}}}]", ["/v1/a"]),
        ("[{url: 'https://x/{v}', variables: {v: {default: v1, enum: [v1, v2]}}}]", ["/v1/a", "/v2/a"]),
        ("[{url: 'https://x/{v}', variables: {v: {default: api/v1}}}]", ["/{v}/a", "/api/v1/a"]),
        ("[{url: '{server}/v1', variables: {server: {default: 'https://x/api'}}}]", ["/api/v1/a"]),
        ("[{url: '{server}/v1'}]", ["/{server}/v1/a"]),
        ("[{url: 'https://x/v1?k=v'}]", ["/v1/a"]),
        ("[{url: 7}, {}]", ["/a"]),
    ],
)
def test_base_path_is_what_follows_the_host(contract, servers, paths):
    """Hosts and schemes are set aside; variables with an enum stand for each value, others for any segment."""
    (operation,) = contract(f"servers: {servers}\npaths: {{/a: {{get: {{}}}}}}").operations
    assert list(operation.paths) == paths


def test_nearest_servers_hold(contract):
    """Servers of the operation replace those of the path, those replace the document's."""
    text = """\
servers: [{url: /base}]
paths:
  /a: {servers: [{url: /item}], get: {servers: [{url: /own}]}, put: {}}
  /b: {get: {}}
"""
    assert [each.paths for each in contract(text).operations] == [("/own/a",), ("/item/a",), ("/base/b",)]


def test_many_variables_do_not_multiply_without_end(contract):
    """Combinations of enum values are cut off."""
    names = "".join(f"/{{v{number}}}" for number in range(9))
    enums = ", ".join(f"v{number}: {{enum: [a, b, c], default: a}}" for number in range(9))
    (operation,) = contract(
        f"servers: [{{url: '{names}', variables: {{{enums}}}}}]\npaths: {{/a: {{get: {{}}}}}}"
    ).operations
    assert len(operation.paths) == 100
