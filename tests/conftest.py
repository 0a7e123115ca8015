"""What every test has: a world of its own, logging left as it was found, and PostgreSQL where it asks for it."""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from coverage import Coverage
from hypothesis import settings as hypothesis_settings

from bot.logs import QUIETED
from bot.settings import NAMES
from tests.support.env_file import TOKEN
from tests.support.migrated import migrate
from tests.support.postgresql import require_programs
from tests.support.postgresql_databases import Databases
from tests.support.postgresql_keeper import run_of_tests, shared_server
from tests.support.statements import share_compiled_statements

# A run of the whole suite on a busy machine says nothing about how long one example takes.
hypothesis_settings.register_profile("suite", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis_settings.register_profile("thorough", deadline=None, max_examples=2000)
hypothesis_settings.load_profile("suite")
share_compiled_statements()

#: Where the run's PostgreSQL server is, and the process that lives as long as the run.
_RUN = pytest.StashKey[tuple[str, int]]()
_AT_END = pytest.StashKey[ExitStack]()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two a core and one more: a third of the time tests wait for a process, a server, or a time that has to pass.

    Three a core would leave still less time unused; where other programs are at work too, it makes some tests too slow.
    """
    del config
    return 2 * (os.cpu_count() or 1) + 1


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_AT_END] = ExitStack()
    if hasattr(config, "workerinput"):
        config.stash[_RUN] = config.workerinput["postgresql"]
    else:
        config.stash[_RUN] = str(config.stash[_AT_END].enter_context(run_of_tests())), os.getpid()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist."""
    node.workerinput["postgresql"] = node.config.stash[_RUN]


#: Where tests wait more than they calculate: for processes, servers, and times that have to pass.
_WAITING = ("end_to_end", "stories", "test_demonstration.py", "test_app_stopping.py", "test_server_lock.py")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let each worker begin with its share of the tests that wait: left for the end, they would wait for one another.

    pytest-xdist gives each worker a part of the list as it is. Tests of a module stay together, for what they share.
    """
    if not hasattr(config, "workerinput"):
        return
    modules: dict[Path, list[pytest.Item]] = {}
    for item in items:
        modules.setdefault(item.path, []).append(item)
    waiting = [path for path in modules if any(name in path.parts for name in _WAITING)]
    count: int = config.workerinput["workercount"]
    dealt = [waiting[number::count] for number in range(count)]
    others = [path for path in modules if path not in waiting]
    share = len(items) / count
    for part in dealt:
        while others and sum(len(modules[path]) for path in part) < share:
            part.append(others.pop(0))
    items[:] = [item for part in (*dealt, others) for path in part for item in modules[path]]


def pytest_collection_finish() -> None:
    """Look for garbage among what the tests make, and less often: what was collected and imported stays to the end."""
    gc.freeze()
    gc.set_threshold(10_000)


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[_AT_END].close()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What tests have counted, under their results."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "summary" and report.when == "call":
                terminalreporter.write_line(value)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Leave out of coverage what tries again what others try: Python is two to three times as slow while followed."""
    tries_again = item.get_closest_marker("hypothesis") or item.get_closest_marker("not_followed")
    coverage = Coverage.current() if tries_again else None
    if coverage is None:
        return (yield)
    coverage.stop()
    try:
        return (yield)
    finally:
        coverage.start()


@pytest.fixture(scope="session")
def postgresql(request: pytest.FixtureRequest) -> Databases:
    """The run's PostgreSQL server, and this worker's databases on it."""
    require_programs()
    folder, first_process = request.config.stash[_RUN]
    return Databases(shared_server(Path(folder), first_process), os.environ.get("PYTEST_XDIST_WORKER", "main"))


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql: Databases) -> str:
    """The URL of this worker's PostgreSQL database, which is up to date."""
    return postgresql.make(postgresql.template("migrated", migrate))


@pytest.fixture(autouse=True, scope="session")
def own_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No setting of the person who runs the tests reaches them, and none of their files lands in that person's home."""
    home = str(tmp_path_factory.mktemp("home"))
    with pytest.MonkeyPatch.context() as patch:
        for name in NAMES:
            patch.delenv(name, raising=False)
        for name in ("HOME", "XDG_DATA_HOME", "LOCALAPPDATA", "APPDATA", "USERPROFILE"):
            patch.setenv(name, home)
        yield


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Logging, and the hooks that lead to it, are the process's own: a test that sets them up changes them for all."""
    loggers = [logging.getLogger(), *map(logging.getLogger, QUIETED)]
    before = [(logger, logger.level) for logger in loggers]
    handlers = logging.getLogger().handlers[:]
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook
    yield
    sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
    logging.captureWarnings(capture=False)
    for handler in set(logging.getLogger().handlers) - set(handlers):
        logging.getLogger().removeHandler(handler)
    for logger, level in before:
        logger.setLevel(level)


@pytest.fixture
def calm_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Where nothing is wrong the log holds no error and no traceback, from the start of the bot to its end."""
    yield
    records = [record for phase in ("setup", "call", "teardown") for record in caplog.get_records(phase)]
    loud = [record for record in records if record.levelno >= logging.ERROR or record.exc_info]
    assert not loud, [record.getMessage() for record in loud]


@pytest.fixture
def ptb_of_today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it python-telegram-bot warns of every RetryAfter."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a settings file may be written; a token is in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    return tmp_path


@pytest.fixture
def only_what_a_test_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting is in the environment before the test puts one there."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
