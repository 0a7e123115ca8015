"""How the process begins: what it makes and warns of, and a database that keeps it from serving for a while."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

import pytest

from bot.storage.database import Database
from bot.storage.migrate import bring_up_to_date
from tests.end_to_end.office import Office
from tests.end_to_end.process import sabotage
from tests.end_to_end.test_disk import IMPATIENT, locked

NOT_RIGHT = 1

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes: the user's own folder protects it")


@pytest.fixture(scope="module")
def from_nothing() -> bool:
    return True


@pytest.fixture
def generous() -> Iterator[None]:
    """A system on which files are for everybody unless somebody says otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


@posix
@pytest.mark.usefixtures("generous")
async def test_what_it_writes_is_its_owner_s_alone_and_settings_that_others_can_read_are_warned_of(
    office: Office,
) -> None:
    settings = office.folder / ".env"
    settings.write_text("IXBROWSER_CONCURRENCY=2\n")
    settings.chmod(0o644)

    bot = await office.start()

    await office.ana.say("/help", until="How to import")
    assert "Warning: .env holds secrets and can be read by others" in bot.said
    made = [file for file in office.folder.rglob("*") if file.is_file() and file != settings]
    assert {"bot.db", "bot.db-wal", "bot.db-shm", "bot.db.lock"} <= {file.name for file in made}
    assert {file.name: oct(stat.S_IMODE(file.stat().st_mode)) for file in made} == {file.name: "0o600" for file in made}


@pytest.mark.parametrize("new", [True, False], ids=["new", "old"])
async def test_a_database_that_another_program_holds_is_told_and_served_when_it_is_free(
    office: Office, tmp_path_factory: pytest.TempPathFactory, new: bool
) -> None:
    if not new:
        database = Database(f"sqlite:///{office.database}", "office")
        await bring_up_to_date(database)
        await database.close()

    with locked(office.database):
        bot = await office.spawn(**sabotage(tmp_path_factory.mktemp("sabotage"), IMPATIENT))
        assert await bot.ended() == NOT_RIGHT
    assert "The bot can't start: another program is using the database: close it." in bot.said
    assert "Traceback" not in bot.said

    await office.start()
    await office.ana.say("/help", until="How to import")


NO_ROOM = """
import resource
from bot.app import App

prepare = App.prepare

async def without_room(self):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        await prepare(self)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

App.prepare = without_room
"""


@posix
async def test_a_full_disk_is_told_at_the_start_and_it_serves_when_there_is_room(
    office: Office, tmp_path_factory: pytest.TempPathFactory
) -> None:
    bot = await office.spawn(**sabotage(tmp_path_factory.mktemp("sabotage"), NO_ROOM))

    assert await bot.ended() == NOT_RIGHT
    assert "The bot can't start: the disk " in bot.said
    assert "full" in bot.said
    assert "Traceback" not in bot.said

    await office.start()
    await office.ana.say("/help", until="How to import")
