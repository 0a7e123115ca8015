"""The program as a process of its own, in an environment of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bot.settings import NAMES

#: Seconds that anything of a process may take; far more than it does, also where many want the processor.
PATIENCE = 60.0
RUNNING = "The bot is running"

_ROOT = Path(__file__).parents[2]
_HOMES = ("HOME", "XDG_DATA_HOME", "LOCALAPPDATA", "APPDATA", "USERPROFILE")
#: What would lead calls of the stand-ins elsewhere.
_PROXIES = frozenset({"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"})


def environment(folder: Path, settings: Mapping[str, object]) -> dict[str, str]:
    """The variables of a process whose home is in the folder: of the settings it has these alone."""
    # Starting takes a third longer where every module is compiled anew.
    dropped = _PROXIES | set(NAMES) | {"PYTHONDONTWRITEBYTECODE"}
    inherited = {name: value for name, value in os.environ.items() if name.upper() not in dropped}
    home = folder / "home"
    home.mkdir(exist_ok=True)
    own = {"PYTHONPATH": str(_ROOT), "PYTHONIOENCODING": "utf-8", **dict.fromkeys(_HOMES, str(home))}
    return inherited | own | {name: str(value) for name, value in settings.items()}


def sabotage(folder: Path, code: str) -> dict[str, object]:
    """A setting with which the process runs this code first of all; ``folder`` is where the code is kept."""
    (folder / "sitecustomize.py").write_text(code, encoding="utf-8")
    # The next code of the same length may be written there within the same second: it must be the one that runs.
    return {"PYTHONPATH": os.pathsep.join((str(folder), str(_ROOT))), "PYTHONDONTWRITEBYTECODE": 1}


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended, and what it printed."""

    status: int
    out: str
    err: str


def run(folder: Path, *arguments: str, typed: str = "", **settings: object) -> Ended:
    """Run a command in the folder until it ends, with ``typed`` as its standard input."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=typed,
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env=environment(folder, settings),
        timeout=PATIENCE,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


class BotProcess:
    """A command under way. What it prints is gathered in ``said``, errors and the rest in one."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._printed = bytearray()
        self._more = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, folder: Path, settings: Mapping[str, object], *arguments: str, typing: bool = False) -> Self:
        """Start a command in the folder; ``typing`` keeps its standard input open for ``type``."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *(arguments or ("run",)),
            stdin=asyncio.subprocess.PIPE if typing else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd=folder,
            env=environment(folder, settings),
        )
        return cls(process)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def said(self) -> str:
        return self._printed.decode(errors="replace")

    @property
    def running(self) -> bool:
        return self._process.returncode is None

    async def ready(self) -> Self:
        """Wait until it serves."""
        await self.says(RUNNING)
        return self

    async def says(self, text: str, seconds: float = PATIENCE) -> None:
        """Wait until it has printed this; AssertionError with what it has printed when it ends or time is up before."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while text not in self.said and not self._reading.done():
                    self._more.clear()
                    await self._more.wait()
        assert text in self.said, f"{text!r} was not said; status {self._process.returncode}\n{self.said}"

    async def type(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())
        await self._process.stdin.drain()

    def end_typing(self) -> None:
        """Its standard input comes to its end."""
        assert self._process.stdin is not None
        self._process.stdin.close()

    def kill(self) -> None:
        """End it at once, as ``kill -9`` and a power cut do."""
        self._signal(signal.SIGKILL)

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def send(self, number: int) -> None:
        self._signal(number)

    async def ended(self, seconds: float = PATIENCE) -> int:
        """Its exit status; AssertionError when it does not end in time."""
        try:
            async with asyncio.timeout(seconds):
                status = await self._process.wait()
                await self._reading
        except TimeoutError:
            raise AssertionError(f"the process does not end\n{self.said}") from None
        return status

    async def runs_on(self, seconds: float) -> bool:
        """Let it run for so long; False when it ends meanwhile."""
        await asyncio.wait({self._reading}, timeout=seconds)
        return self.running

    async def close(self) -> None:
        """Leave nothing behind, however the test went."""
        self.kill()
        await self._process.wait()
        await self._reading

    def _signal(self, number: int) -> None:
        # Not by asyncio's own way: that looks first whether the process has ended, and so may take its status away from
        # whoever waits for it.
        if self._process.returncode is None:
            # It may end at this very moment.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, number)

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while piece := await self._process.stdout.read(65536):
            self._printed += piece
            self._more.set()
        self._more.set()
