"""A mock of any contract, with stateful twins of the three services."""

from watchword.mock.answer import Answer
from watchword.mock.application import MOST_BYTES, Application, app
from watchword.mock.endpoint import Call, Endpoint, Fault
from watchword.mock.fixtures import FIXTURES_FILE, Credential, Device, Fixtures, load_fixtures
from watchword.mock.server import Served, serve
from watchword.mock.twin import Twin
from watchword.mock.twins import TWINS

__all__ = [
    "FIXTURES_FILE",
    "MOST_BYTES",
    "TWINS",
    "Answer",
    "Application",
    "Call",
    "Credential",
    "Device",
    "Endpoint",
    "Fault",
    "Fixtures",
    "Served",
    "Twin",
    "app",
    "load_fixtures",
    "serve",
]
