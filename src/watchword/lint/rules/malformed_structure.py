"""The document breaks the official meta-schema of its version.

Tools read such a document each in their own way: one refuses it, another drops the part in silence. All errors are
told, each at its place. (OpenAPI 3.0.4, 3.1.2, 3.2.0, and the schemas published with them.)

Bad:

    paths:
      /things:
        get:
          responses:
            '200': {}          # `description` is missing

Good:

    paths:
      /things:
        get:
          responses:
            '200': { description: The things. }
"""

from collections.abc import Iterator

from watchword.document import Node
from watchword.ground import Severity, render_pointer
from watchword.lint.metaschema import structure_errors
from watchword.lint.problem import Problem
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "structure"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per error of the meta-schema."""
    for tokens, message in structure_errors(subject.document.value, subject.version):
        yield Problem(Node(subject.document, render_pointer(tokens), None), message)
