"""Moving as commands do it, in the test's own process."""

from __future__ import annotations

import asyncio
import io
import re
from pathlib import Path

import pytest
from nacl import pwhash

from bot.app import App
from bot.cli import main
from bot.domain.passphrase import COUNT
from bot.settings import Settings
from bot.storage import sealed
from bot.storage.work import SqlWork
from bot.usecases.records import Role
from bot.usecases.recovery_rows import Recovery

_SIX_WORDS = re.compile(rf"^    ((?:[a-z]{{4}} ?){{{COUNT}}})$", re.MULTILINE)


def make_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes trying passphrases slow makes tests slow."""
    monkeypatch.setattr(sealed, "_OPERATIONS", pwhash.scrypt.OPSLIMIT_MIN)
    monkeypatch.setattr(sealed, "_MEMORY", pwhash.scrypt.MEMLIMIT_MIN)


def passphrase_in(said: str) -> str:
    """The passphrase that was shown, once."""
    [shown] = _SIX_WORDS.findall(said)
    assert said.count(shown) == 1
    return str(shown)


def restore(monkeypatch: pytest.MonkeyPatch, file: Path, typed: str) -> int:
    """``transfer-bot restore`` with something on its standard input; its exit status."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
    return main(["restore", str(file)])


def let_in(work: SqlWork) -> None:
    work.users.keep(1002, "Mai", "vi", work.now)
    work.users.set_role(1002, Role.MEMBER, 1001, work.now)


def serve_once(settings: Settings) -> None:
    """A bot has served, and has a member."""

    async def once() -> None:
        app = App(settings)
        await app.prepare()
        await app.store.write(let_in)
        await app.close()

    asyncio.run(once())


def started(settings: Settings) -> tuple[Recovery | None, list[int]]:
    """Start and stop a bot: the recovery with which it began, and its members."""
    return asyncio.run(_started(settings))


async def _started(settings: Settings) -> tuple[Recovery | None, list[int]]:
    app = App(settings)
    await app.prepare()
    recovery = await app.store.read(lambda work: work.recoveries.current())
    members = await app.store.read(lambda work: [user.id for user in work.users.list_allowed()])
    await app.close()
    return recovery, members


class Computer:
    """A folder and a home of its own, in which commands are called once it is ``entered``."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._monkeypatch = monkeypatch
        (folder / "home").mkdir(parents=True)

    def entered(self, **variables: str) -> Computer:
        self._monkeypatch.chdir(self.folder)
        for name in ("HOME", "XDG_DATA_HOME", "LOCALAPPDATA", "APPDATA", "USERPROFILE"):
            self._monkeypatch.setenv(name, str(self.folder / "home"))
        for name, value in variables.items():
            self._monkeypatch.setenv(name, value)
        return self

    @property
    def database(self) -> Path:
        """Where the database is by default."""
        return self.folder / "home" / "ixbrowser-transfer-bot" / "transfer-bot.db"

    @property
    def env(self) -> Path:
        return self.folder / ".env"

    def files(self) -> dict[str, bytes]:
        """All that is there, but for locks, and for what SQLite keeps beside a database that was looked at."""
        found = [each for each in self.folder.rglob("*") if each.is_file() and each.suffix != ".lock"]
        return {
            str(each.relative_to(self.folder)): each.read_bytes()
            for each in found
            if not each.name.endswith(("-wal", "-shm"))
        }
