"""The PostgreSQL server that tests have: one a run, never left behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.support import postgresql as support
from tests.support.postgresql import PATIENCE, find_programs, own_server, require_programs
from tests.support.postgresql_databases import Databases
from tests.support.postgresql_keeper import run_of_tests, shared_server


def wait_for(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def processes_of(folder: Path) -> list[psutil.Process]:
    """The server's first process and its keeper."""
    return [
        process
        for process in psutil.process_iter(["status", "cmdline"])
        if process.info["status"] != psutil.STATUS_ZOMBIE
        and any(str(folder) in part for part in process.info["cmdline"] or ())
    ]


@pytest.fixture
def run_that_dies() -> Iterator[subprocess.Popen[bytes]]:
    """The first process of a run."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


@pytest.fixture
def programs() -> Path:
    return require_programs()


@pytest.mark.usefixtures("programs")
def test_the_server_of_a_run_is_one_and_ends_with_it() -> None:
    with run_of_tests() as folder:
        first = shared_server(folder, os.getpid())
        assert shared_server(folder, os.getpid()) == first
        with Databases(first, "w").connection("postgres") as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert len(processes_of(folder)) == 2
    assert processes_of(folder) == []
    assert not folder.exists()


@pytest.mark.usefixtures("programs")
def test_the_server_of_a_run_that_is_killed_ends_too(run_that_dies: subprocess.Popen[bytes]) -> None:
    with run_of_tests() as folder:
        shared_server(folder, run_that_dies.pid)
        run_that_dies.kill()
        run_that_dies.wait()
        wait_for(lambda: not folder.exists())
        wait_for(lambda: processes_of(folder) == [])


def test_a_run_that_asks_for_no_server_has_none() -> None:
    with run_of_tests() as folder:
        assert processes_of(folder) == []
    assert not folder.exists()


def test_a_template_is_filled_once_and_a_database_emptied(postgresql: Databases) -> None:
    filled = []

    def fill(url: str) -> None:
        filled.append(url)
        with postgresql.connection(url) as connection:
            connection.execute("CREATE TABLE one (id BIGSERIAL PRIMARY KEY)")
            connection.execute("CREATE TABLE two (one BIGINT REFERENCES one)")

    name = f"of_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    urls = [postgresql.make(postgresql.template(name, fill)) for _ in range(2)]
    assert len(filled) == 1
    with postgresql.connection(urls[0]) as left_open:
        left_open.execute("INSERT INTO one DEFAULT VALUES")
        left_open.execute("INSERT INTO two VALUES (1)")
        postgresql.empty(urls[0])
        with postgresql.connection(urls[0]) as connection:
            assert connection.execute("SELECT count(*) FROM two").fetchone() == (0,)
            assert connection.execute("INSERT INTO one DEFAULT VALUES RETURNING id").fetchone() == (1,)
    for url in urls:
        postgresql.drop(url)


@pytest.mark.usefixtures("programs")
def test_a_server_of_a_tests_own_is_killed_and_started_again() -> None:
    with own_server(tcp=True, durable=True) as server:
        databases = Databases(server.url(""), "w")
        with databases.connection("postgres") as connection:
            connection.execute("CREATE TABLE kept (id BIGINT)")
        server.kill()
        server.start()
        with databases.connection("postgres") as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        server.stop()
        server.start()
    assert not server.folder.exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root's server runs as another user")
def test_as_root_the_programs_and_the_folder_may_be_ones_that_nobody_else_can_enter(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = tmp_path / "hidden" / programs.parent.name
    shutil.copytree(programs, hidden / programs.name, ignore=shutil.ignore_patterns("include", "*.a"))
    libraries = programs.parents[1] / f"{programs.parent.name}.libs"
    if libraries.exists():
        shutil.copytree(libraries, hidden.parent / libraries.name)
    hidden.parent.chmod(0o700)
    monkeypatch.setattr(support, "find_programs", lambda: hidden / programs.name)
    monkeypatch.setattr("tempfile.tempdir", str(hidden.parent))
    with own_server() as server:
        assert not server.folder.is_relative_to(hidden.parent)
        with Databases(server.url(""), "w").connection("postgres") as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_without_the_programs_a_test_is_skipped_and_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(support, "find_spec", lambda _name: None)
    assert find_programs() is None
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no PostgreSQL"):
        require_programs()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no PostgreSQL"):
        require_programs()
