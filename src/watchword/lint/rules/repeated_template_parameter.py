"""A path template has one parameter twice.

A request can give it two values, and nothing says which counts. (OpenAPI 3.1.1, 4.6: a template expression must not
appear more than once in a path.)

Bad:

    /things/{id}/parts/{id}: ...

Good:

    /things/{thingId}/parts/{partId}: ...
"""

from collections.abc import Iterator

from watchword.ground import Severity
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject, template_names

SEVERITY = Severity.ERROR
GROUP = "structure"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per path and repeated parameter."""
    paths = subject.root.get("paths")
    for path, node in paths.members() if paths else ():
        names = template_names(path)
        for name in dict.fromkeys(names):
            if names.count(name) > 1:
                yield Problem(node, f"`{{{name}}}` occurs {names.count(name)} times in `{path}`")
