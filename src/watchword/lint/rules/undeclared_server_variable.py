"""A server URL has a variable that is not declared, or whose default its `enum` does not list.

The URL cannot be built. (OpenAPI 3.1.1, 4.8.5 and 4.8.6.)

Bad:

    servers:
      - url: https://{region}.example.com

Good:

    servers:
      - url: https://{region}.example.com
        variables:
          region: { default: eu, enum: [eu, us] }
"""

import re
from collections.abc import Iterator

from watchword.ground import Severity, redact
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "structure"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per server and variable."""
    for spot in subject.of("server"):
        url, variables = spot.node.get("url"), spot.node.get("variables")
        declared = dict(variables.members()) if variables else {}
        if url is not None and isinstance(url.value, str):
            for name in dict.fromkeys(re.findall(r"\{([^{}]+)\}", url.value)):
                if name not in declared:
                    yield Problem(url, f"variable `{name}` is not declared")
        for name, node in declared.items():
            default, enum = node.get("default"), node.get("enum")
            listed = enum.value if enum is not None and isinstance(enum.value, list) else None
            if default is not None and listed is not None and default.value not in listed:
                shown = redact(default.value, secret=False)
                yield Problem(default, f"the default {shown} of `{name}` is not in its `enum`")
