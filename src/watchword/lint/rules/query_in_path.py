"""A path holds a query string or a fragment.

Paths are matched against the path of a URL, which has neither: the operation is never reached. Query parameters belong
into `parameters`. (OpenAPI 3.1.1, 4.8.8.1; RFC 3986, 3.3.)

Bad:

    /things?kind=small: ...

Good:

    /things:
      get:
        parameters:
          - { name: kind, in: query, schema: { type: string } }
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "structure"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per path."""
    paths = subject.root.get("paths")
    for path, node in paths.members() if paths else ():
        for mark, name in (("?", "query string"), ("#", "fragment")):
            if path.startswith("/") and mark in path:
                yield Problem(node, f"`{path}` holds a {name}")
                break
