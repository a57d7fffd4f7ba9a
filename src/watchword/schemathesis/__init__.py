"""The Schemathesis extension: exact strings, rule-wise checks, the guard, the journal and redaction for `st run`.

Schemathesis loads it by name, `SCHEMATHESIS_HOOKS=watchword.schemathesis` or `hooks = "watchword.schemathesis"`; to be
imported is what it is for, so this is the one room that registers itself. Holds no start-up code but that.
"""

import warnings

import click
from hypothesis.errors import HypothesisSideeffectWarning

from watchword.ground import WatchwordError
from watchword.schemathesis.compatible import changed, require_no_observer, require_schemathesis

try:
    require_no_observer()
    require_schemathesis()
    try:
        with warnings.catch_warnings():
            # hypothesis-jsonschema reads Unicode's tables when it is imported, here from a test's conftest.
            warnings.simplefilter("ignore", HypothesisSideeffectWarning)
            from watchword.schemathesis.install import install
    except ImportError as _missing:
        raise changed(f"{_missing.name}: {_missing.msg}") from None
    install()
except WatchwordError as _error:
    # Schemathesis shows a traceback for anything else that an extension raises.
    click.echo(f"error: {_error}", err=True)
    raise SystemExit(2) from None
