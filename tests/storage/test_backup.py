"""Backups: made while others write, looked through, without a secret in plain text."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, make_url

from bot.errors import StorageError
from bot.storage import server_backup
from bot.storage.backup_files import back_up_sqlite, look_through, part_of
from bot.storage.backup_folder import BackupFolder, back_up
from bot.storage.database import Database
from bot.storage.key import key_file
from bot.storage.migrate import bring_up_to_date
from bot.storage.server_backup import count_dumped
from bot.storage.tables import users
from bot.storage.work import SqlStore
from tests.storage.migrating import NEXT, content, fill
from tests.storage.support import CODE, LINK, NOW, OTHER, PASSWORD, STATION, unlocked
from tests.support.postgresql import find_programs

SECRETS = [CODE, OTHER, PASSWORD, LINK, CODE.replace("-", "")]


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's programs, of the server's own version."""
    found = find_programs()
    assert found is not None
    monkeypatch.setenv("PATH", f"{found / 'bin'}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.usefixtures("programs")
async def test_a_backup_holds_every_row_that_is_committed_and_none_that_is_not(
    database: Database, store: SqlStore, tmp_path: Path
) -> None:
    await fill(store)
    rows = sum(map(len, (await content(database)).values()))
    to = tmp_path / "kept" / "one"
    umask = os.umask(0)
    try:
        # With the revision, which is in no table of the models.
        assert await back_up(database, to) == rows + 1
    finally:
        os.umask(umask)

    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    assert [file.name for file in to.parent.iterdir()] == ["one"]
    counted = look_through(to) if database.is_sqlite else count_dumped(to)
    assert counted["imports" if database.is_sqlite else "public.imports"] == 1


async def test_while_somebody_writes_the_backup_has_one_state(
    database: Database, store: SqlStore, file: Path, tmp_path: Path
) -> None:
    await fill(store)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM users")
        await back_up(database, tmp_path / "one.db")
        other.execute("COMMIT")
    assert look_through(tmp_path / "one.db")["users"] == 1


async def test_no_secret_and_no_key_is_in_it_nor_what_was_deleted(
    database: Database, store: SqlStore, file: Path, tmp_path: Path
) -> None:
    await fill(store)
    gone = "somebody-who-was-here-before"

    await database.write(
        lambda connection: connection.execute(
            insert(users),
            [
                {"id": number, "name": f"{gone}-{number}" * 8, "language": "", "time_zone": "", "created_at": NOW}
                for number in range(2000, 2400)
            ],
        )
    )
    await database.write(lambda connection: connection.exec_driver_sql("DELETE FROM users WHERE id >= 2000"))
    await back_up(database, tmp_path / "one.db")

    held = (tmp_path / "one.db").read_bytes()
    assert [secret for secret in [*SECRETS, gone] if secret.encode() in held] == []
    key = key_file(file).read_text().strip()
    assert key.encode() not in held
    assert bytes.fromhex(key) not in held


async def test_a_backup_opens_as_the_database_it_was(
    database: Database, store: SqlStore, file: Path, tmp_path: Path
) -> None:
    await fill(store)
    before = await content(database)
    await back_up(database, tmp_path / "one.db")
    key_file(tmp_path / "one.db").write_bytes(key_file(file).read_bytes())
    opened = await unlocked(f"sqlite:///{tmp_path / 'one.db'}")
    assert await content(opened) == before
    await opened.close()


def test_a_failed_backup_leaves_the_one_before_and_nothing_half_done(file: Path, tmp_path: Path) -> None:
    to = tmp_path / "one.db"
    back_up_sqlite(file, to)
    good = to.read_bytes()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    damaged = bytearray(file.read_bytes())
    damaged[4096 * 3 : 4096 * 12] = os.urandom(4096 * 9)
    file.write_bytes(damaged)

    with pytest.raises(StorageError, match="damaged") as raised:
        back_up_sqlite(file, to)
    assert raised.value.reason == "damaged"
    assert to.read_bytes() == good
    assert not part_of(to).exists()


async def test_before_a_migration_a_backup_is_made_that_stays(
    database: Database, store: SqlStore, file: Path, second: Path
) -> None:
    del file, second
    await fill(store)
    folder = BackupFolder(database, 3)
    await bring_up_to_date(database, folder)
    assert [made.name for made in folder.folder.iterdir()] == [f"bot-before-{NEXT}.db"]
    assert look_through(folder.folder / f"bot-before-{NEXT}.db")["imports"] == 1
    assert folder.failed is None


async def test_a_migration_is_made_also_where_no_backup_can_be(
    database: Database, store: SqlStore, file: Path, second: Path, caplog: pytest.LogCaptureFixture
) -> None:
    del file, second
    await fill(store)
    folder = BackupFolder(database, 3)
    folder.folder.touch()
    await bring_up_to_date(database, folder)
    assert folder.failed == ""
    assert "was not backed up before its migration" in caplog.text


async def test_with_none_kept_none_is_made(database: Database, file: Path, second: Path) -> None:
    del file, second
    folder = BackupFolder(database, 0)
    await bring_up_to_date(database, folder)
    assert not folder.folder.exists()


async def test_without_the_programs_of_postgresql_none_is_made_and_a_command_says_so(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    database = Database(postgresql_url, STATION)
    assert not BackupFolder(database, 3).works
    with pytest.raises(StorageError, match="install PostgreSQL's client programs"):
        await back_up(database, tmp_path / "one.dump")
    await database.close()


@pytest.mark.usefixtures("programs")
async def test_the_password_is_no_argument_of_the_programs(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []
    run = subprocess.run

    def listen(command: list[str], **options: Any) -> Any:
        commands.append(command)
        return run(command, **options)

    monkeypatch.setattr(subprocess, "run", listen)
    # The server of the tests takes any.
    url = make_url(postgresql_url).set(password="se:cr\\et'")
    database = Database(url.render_as_string(hide_password=False), STATION)
    await back_up(database, tmp_path / "one.dump")
    await database.close()
    assert [command[0] for command in commands] == ["pg_dump"]
    assert not any("se:cr" in argument for argument in commands[0])
    assert [file.name for file in there(tmp_path)] == ["one.dump"]


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
async def test_a_dump_that_does_not_end_is_a_failed_backup(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs, backups = tmp_path / "programs", tmp_path / "backups"
    programs.mkdir()
    for name in ("pg_dump", "pg_restore"):
        (programs / name).write_text("#!/bin/sh\nexec sleep 600\n")
        (programs / name).chmod(0o700)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    monkeypatch.setattr(server_backup, "DUMPED_WITHIN", 0.2)
    database = Database(postgresql_url, STATION)
    with pytest.raises(StorageError, match=r"pg_dump has not ended within 0 s"):
        await back_up(database, backups / "one.dump")
    await database.close()
    assert there(backups) == []


def there(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())
