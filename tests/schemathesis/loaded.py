"""All that a run of Schemathesis with the extension loads, but the extension, which registers itself. Not a test."""

import os
from tempfile import TemporaryDirectory

import hypothesis_jsonschema
import schemathesis.cli.commands.fuzz.executor
import schemathesis.cli.commands.run.executor
import schemathesis.engine.run.stateful
import schemathesis.engine.run.unit
import schemathesis.specs.openapi.schemas
import schemathesis.transport.asgi
import schemathesis.transport.wsgi
from hypothesis.internal.charmap import charmap

import watchword.adapters.requests
import watchword.cli.fuzz
import watchword.mock
import watchword.strategies

LOADED = (hypothesis_jsonschema, schemathesis, watchword)

with TemporaryDirectory() as _folder:  # Unicode's tables, which Hypothesis would have to make in every new home
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = _folder
    charmap()
del os.environ["HYPOTHESIS_STORAGE_DIRECTORY"]
