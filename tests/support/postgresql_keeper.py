"""Runs the one PostgreSQL server of a test run until the run has ended, however it ends.

Workers of pytest-xdist come and go, and may be killed; the process that started them may be killed too. So the server
is started by a process of its own, this one, which looks whether the run's first process is still there.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from tests.support.postgresql import PATIENCE, PostgresqlServer, choose_folder, make_folder

#: Seconds between two looks whether the run goes on.
_LOOK = 0.1
_READY, _FAILED, _STOP, _KEEPER = "ready", "failed", "stop", "keeper"

#: Never waited for by whoever has started it, which is what Python would warn of when it lets go of them.
_started: list[subprocess.Popen[bytes]] = []


@contextmanager
def run_of_tests() -> Iterator[Path]:
    """For a run's first process: where ``shared_server`` makes a folder for the server. Both are gone at the end."""
    folder = choose_folder()
    try:
        yield folder
    finally:
        # Gone already where the keeper has taken the run for dead.
        with suppress(FileNotFoundError):
            (folder / _STOP).touch()
        end = time.monotonic() + PATIENCE
        while _is_kept(folder) and time.monotonic() < end:
            time.sleep(0.01)
        shutil.rmtree(folder, ignore_errors=True)


def _is_kept(folder: Path) -> bool:
    try:
        keeper = psutil.Process(int((folder / _KEEPER).read_text("utf-8")))
        # One that nobody has waited for stays in the list of processes.
        return keeper.status() != psutil.STATUS_ZOMBIE
    except (OSError, ValueError, psutil.Error):
        return False


def shared_server(folder: Path, first_process: int) -> str:
    """The URL of the run's server, without a database's name; started by whoever asks first. RuntimeError: it can't be.

    ``first_process``: the process that lives as long as the run.
    """
    with suppress(FileExistsError):
        make_folder(folder)
        keeper = subprocess.Popen(
            [sys.executable, "-m", __name__, str(folder), str(first_process)],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        _started.append(keeper)
        _write(folder / _KEEPER, str(keeper.pid))
    end = time.monotonic() + PATIENCE
    while not (folder / _READY).exists():
        if (folder / _FAILED).exists() or time.monotonic() > end:
            raise RuntimeError((folder / _FAILED).read_text("utf-8"))
        time.sleep(0.01)
    return (folder / _READY).read_text("utf-8")


def keep(folder: Path, first_process: psutil.Process) -> None:
    """Run a server while the process does, unless it is stopped before."""
    server = PostgresqlServer(folder)
    try:
        server.start()
        _write(folder / _READY, server.url(""))
        while first_process.is_running() and not (folder / _STOP).exists():
            time.sleep(_LOOK)
    except Exception as error:
        _write(folder / _FAILED, str(error))
        raise
    finally:
        server.stop()
        if not first_process.is_running():
            shutil.rmtree(folder, ignore_errors=True)


def _write(file: Path, text: str) -> None:
    unfinished = file.with_suffix(".part")
    unfinished.write_text(text, "utf-8")
    unfinished.replace(file)


if __name__ == "__main__":
    keep(Path(sys.argv[1]), psutil.Process(int(sys.argv[2])))
