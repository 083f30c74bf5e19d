"""Fixtures of all black-box suites. How to use them: tests/README.md."""

import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from lib import schema  # noqa: E402
from lib.postgres import Cluster  # noqa: E402
from lib.server import Server  # noqa: E402
from lib.smtp import Sink  # noqa: E402
from lib.world import World  # noqa: E402

DRIVERS = os.environ.get("ANSER_TEST_DRIVERS", "sqlite postgres").split()
running = []  # the servers of the test at hand, for their logs


@pytest.fixture(scope="session")
def cluster():
    """PostgreSQL, started when the first test asks for it."""
    started = []

    def get():
        if not started:
            started.append(Cluster())
        return started[0]

    yield get
    for one in started:
        one.close()


@pytest.fixture(scope="session")
def make_server(cluster):
    def make(driver="sqlite", settings=None, **options):
        server = Server(driver, cluster() if driver == "postgres" else None, settings, **options)
        running.append(server)
        return server

    return make


def finish(server):
    running.remove(server)
    server.close()


@pytest.fixture
def start_server(make_server):
    """start_server(driver, settings, **options): a fresh server for one test, which may kill and start it as it likes; the
    options are those of lib.server.Server."""
    started = []

    def start(driver="sqlite", settings=None, **options):
        started.append(make_server(driver, settings, **options))
        return started[-1].start()

    yield start
    for server in started:
        finish(server)


@pytest.fixture(scope="module", params=DRIVERS)
def driver(request):
    return request.param


@pytest.fixture(scope="module")
def settings():
    """Settings of this module's server, over those of lib/server.py: define a fixture of this name to change them."""
    return {}


@pytest.fixture(scope="module")
def mail(driver):  # one for each driver's server
    sink = Sink()
    yield sink
    sink.close()


@pytest.fixture(scope="module")
def server(make_server, driver, settings):
    """One server for all tests of a module, with data of its own."""
    server = make_server(driver, settings)
    try:
        yield server.start()
    finally:
        finish(server)


@pytest.fixture(scope="module")
def documented(server):
    return schema.Documented(server.url)


@pytest.fixture(scope="module")
def world(server, documented):
    return World(server, documented)


@pytest.fixture
def nobody(world):
    return world.nobody


@pytest.fixture
def admin(world):
    return world.admin


@pytest.fixture
def romeo(world):
    return world.romeo


@pytest.fixture
def juliet(world):
    return world.juliet


@pytest.fixture
def paris(world):
    return world.paris


@pytest.fixture
def guest(world):
    return world.guest


@pytest.fixture
def team(world):
    return world.team


@pytest.fixture
def channel(world):
    """A fresh public channel with romeo and juliet."""
    return world.admin.make_channel(world.team, world.romeo, world.juliet)


@pytest.fixture
def private(world):
    """A fresh private channel with romeo and juliet."""
    return world.admin.make_channel(world.team, world.romeo, world.juliet, kind="P")


@pytest.fixture
def sockets():
    """sockets(client): an open WebSocket of that client, closed after the test."""
    opened = []

    def open_socket(client, **parameters):
        opened.append(client.socket(**parameters))
        return opened[-1]

    yield open_socket
    for one in opened:
        one.close()
    broken = [one.failure for one in opened if one.failure]
    assert not broken, broken


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.failed:
        for server in running:
            report.sections.append((f"server log ({server.driver}, {server.url})", server.log_tail()))
