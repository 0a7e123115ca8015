"""``transfer-bot restore``."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from bot.app import App
from bot.cli import ALREADY_RUNNING, NOT_RIGHT, OK, TOO_NEW, main
from bot.errors import StorageError
from bot.opened_database import database_of
from bot.process_lock import hold
from bot.restoring import restore
from bot.settings import Settings
from bot.storage import server_restoring
from bot.storage.backup_files import back_up_sqlite, look_through
from bot.storage.backup_folder import back_up
from bot.storage.server_backup import RESTORE, run_program
from bot.storage.work import SqlWork
from bot.usecases.records import Role
from bot.usecases.recovery_rows import Misfit, Recovery
from tests.standins.telegram import TOKEN
from tests.support.postgresql import find_programs
from tests.support.postgresql_databases import Databases
from tests.support.world import settings_for


def let_in(work: SqlWork) -> None:
    work.users.keep(1002, "Mai", "vi", work.now)
    work.users.set_role(1002, Role.MEMBER, 1001, work.now)


async def started(settings: Settings, *, more: bool = False) -> tuple[Recovery | None, list[int]]:
    """Start and stop a bot: the recovery with which it began, and its members. With ``more`` it gets one."""
    app = App(settings)
    await app.prepare()
    if more:
        await app.store.write(let_in)
    recovery = await app.store.read(lambda work: work.recoveries.current())
    members = await app.store.read(lambda work: [user.id for user in work.users.list_allowed()])
    await app.close()
    return recovery, members


def there(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern))


@pytest.fixture
async def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Those of a bot that has a member since its backup ``one.db`` was made."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "bot.db"
    for name, value in {"TELEGRAM_TOKEN": TOKEN, "ADMIN_IDS": "1001", "DATABASE_URL": f"sqlite:///{file}"}.items():
        monkeypatch.setenv(name, value)
    settings = settings_for(tmp_path)
    await started(settings)
    back_up_sqlite(file, tmp_path / "one.db")
    await started(settings, more=True)
    return settings


async def test_the_backup_takes_its_place_what_was_there_is_kept_and_the_start_is_a_recovery(
    settings: Settings, tmp_path: Path
) -> None:
    said: list[str] = []
    await restore(settings, tmp_path / "one.db", said.append)
    [kept] = there(tmp_path, "bot.db.replaced-*")
    assert f"What was there is kept as {kept}." in said
    assert there(tmp_path, "*.restored*") == []
    assert look_through(kept)["users"] == 1
    assert {stat.S_IMODE(file.stat().st_mode) for file in (kept, tmp_path / "bot.db")} == {0o600}
    recovery, members = await started(settings)
    assert recovery is not None
    assert (recovery.why, members) == (Misfit.OLDER, [])
    first = recovery.generation
    # What was kept can be put back in the same way.
    await restore(settings, kept, said.append)
    recovery, members = await started(settings)
    assert recovery is not None
    assert recovery.generation > first > 1
    assert members == [1002]


async def test_a_backup_of_the_same_state_starts_as_a_recovery_too(settings: Settings, tmp_path: Path) -> None:
    back_up_sqlite(tmp_path / "bot.db", tmp_path / "same.db")
    await restore(settings, tmp_path / "same.db", lambda _: None)
    recovery, members = await started(settings)
    assert recovery is not None
    assert members == [1002]


@pytest.mark.usefixtures("settings")
def test_while_a_bot_serves_nothing_is_restored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (tmp_path / "bot.db").read_bytes()
    with hold(settings_for(tmp_path)):
        assert main(["restore", "one.db"]) == ALREADY_RUNNING
    assert (tmp_path / "bot.db").read_bytes() == before
    assert main(["restore", "one.db"]) == OK
    assert "Start the bot now." in capsys.readouterr().err


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        (lambda file: file.unlink(), NOT_RIGHT, "There is no file"),
        (lambda file: file.write_bytes(b"nothing of the kind" * 999), NOT_RIGHT, "can't be read, or is damaged"),
        (lambda file: file.write_bytes(_damaged(file.read_bytes())), NOT_RIGHT, "can't be read, or is damaged"),
        (lambda file: _run(file, "DROP TABLE owner"), NOT_RIGHT, "is no backup of this bot's"),
        (lambda file: _run(file, "DELETE FROM alembic_version"), NOT_RIGHT, "is no backup of this bot's"),
        (lambda file: _run(file, "DELETE FROM installation"), NOT_RIGHT, "is no backup of this bot's"),
        (lambda file: _run(file, "UPDATE alembic_version SET version_num = '9999'"), TOO_NEW, "a newer version"),
        (lambda file: _run(file, "UPDATE owner SET bot_id = 7"), ALREADY_RUNNING, "belongs to the bot 7"),
    ],
    ids=["missing", "other", "damaged", "foreign", "without a version", "without a key", "newer", "of another bot"],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    change: object, status: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert callable(change)
    change(tmp_path / "one.db")
    before = {file.name: file.read_bytes() for file in tmp_path.glob("bot.db*") if "lock" not in file.name}
    assert main(["restore", "one.db"]) == status
    after = {file.name: file.read_bytes() for file in tmp_path.glob("bot.db*") if "lock" not in file.name}
    assert after == before
    assert said in capsys.readouterr().err


def _run(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute(statement)
        database.commit()


def _damaged(content: bytes) -> bytes:
    return content[: 4096 * 3] + os.urandom(4096 * 9) + content[4096 * 12 :]


async def test_a_key_that_is_not_there_is_told(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "bot.db.key").unlink()
    said: list[str] = []
    await restore(settings, tmp_path / "one.db", said.append)
    assert any("their key is missing" in line for line in said)


@pytest.mark.usefixtures("settings")
def test_a_start_on_a_newer_database_ends_with_a_status_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(tmp_path / "bot.db", "UPDATE alembic_version SET version_num = '9999'")
    assert main(["run"]) == TOO_NEW
    assert "written by a newer version" in capsys.readouterr().err


async def test_on_a_server_too(postgresql: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = find_programs()
    assert programs is not None
    monkeypatch.setenv("PATH", f"{programs / 'bin'}{os.pathsep}{os.environ['PATH']}")
    url = postgresql.make()
    settings = settings_for(tmp_path, database_url=SecretStr(url))
    try:
        await started(settings)
        database = database_of(settings)
        await back_up(database, tmp_path / "one.dump")
        await database.close()
        await started(settings, more=True)
        with postgresql.connection(url) as connection:
            connection.execute("CREATE TABLE newer (id BIGINT)")
        said: list[str] = []
        await restore(settings, tmp_path / "one.dump", said.append)
        assert any("What was there is kept as" in line for line in said)
        recovery, members = await started(settings)
        assert recovery is not None
        assert (recovery.why, members) == (Misfit.OLDER, [])
    finally:
        postgresql.drop(url)


async def test_a_restore_on_a_server_that_fails_leaves_what_was_there(
    postgresql: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = find_programs()
    assert programs is not None
    monkeypatch.setenv("PATH", f"{programs / 'bin'}{os.pathsep}{os.environ['PATH']}")
    url = postgresql.make()
    settings = settings_for(tmp_path, database_url=SecretStr(url))
    try:
        await started(settings, more=True)
        database = database_of(settings)
        await back_up(database, tmp_path / "one.dump")
        await database.close()
        with postgresql.connection(url) as connection:
            connection.execute("CREATE TABLE newer (id BIGINT)")
            connection.execute("INSERT INTO newer VALUES (7)")
        tried: list[object] = []

        def fails_at_first(command: Sequence[str], engine: Engine, folder: Path) -> None:
            if command[0] == RESTORE and not tried:
                tried.append(command)
                raise StorageError("the disk is full")
            run_program(command, engine, folder)

        monkeypatch.setattr(server_restoring, "run_program", fails_at_first)
        with pytest.raises(StorageError, match="the disk is full"):
            await restore(settings, tmp_path / "one.dump", lambda _: None)
        with postgresql.connection(url) as connection:
            assert connection.execute("SELECT id FROM newer").fetchall() == [(7,)]
            assert connection.execute("SELECT count(*) FROM users WHERE role IS NOT NULL").fetchone() == (1,)
    finally:
        postgresql.drop(url)
