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
from watchword.lint.metaschema import EXCLUSIVE, NAME, structure_errors
from watchword.lint.problem import Problem
from watchword.lint.rules.exclusive_fields import exclusive
from watchword.lint.subject import Subject

SEVERITY = Severity.ERROR
GROUP = "structure"


def problems(subject: Subject) -> Iterator[Problem]:
    """One problem per error of the meta-schema, but for what `exclusive-fields` and `malformed-component-name` tell."""
    told = {owner.pointer for owner, _ in exclusive(subject)}
    for tokens, message in structure_errors(subject.document.value, subject.version):
        pointer = render_pointer(tokens)
        is_told = (message == EXCLUSIVE and pointer in told) or (len(tokens) == 3 and tokens[0] == "components")
        if not (is_told and (message == EXCLUSIVE or NAME in message)):
            yield Problem(Node(subject.document, pointer, None), message)
