"""The commands that change a server's database, while its lock is not free yet, or for whom it is not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.app import App
from bot.errors import OtherBot
from bot.new_key import new_key
from bot.opened_database import database_of
from bot.person import forget_person
from bot.settings import Settings
from bot.storage.holders import HUB, of_station
from bot.storage.lock_session import PATIENCE, LockSession
from bot.storage.tables import holders
from bot.storage.unlocking import look_for_key
from bot.storage.work import SqlStore
from bot.upkeep import move_to_this_bot, take_station
from bot.usecases.records import Role
from tests.storage.support import rows
from tests.support.postgresql_databases import Databases
from tests.support.world import settings_for

OTHER_BOT = "7000000002:AAF-another-bot-of-the-same-team-00"
#: Sessions that have asked for a lock last, and have their answer.
WAITING = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle'
    AND application_name = 'transfer-bot lock' AND query LIKE '%pg_try_advisory_lock%'
"""

Say = Callable[[str], None]
Command = Callable[[Settings, Say], Coroutine[Any, Any, None]]


async def make_new_key(settings: Settings, say: Say) -> None:
    await new_key(settings, say, sure=True)


async def take_attic(settings: Settings, say: Say) -> None:
    await take_station(settings, "attic", say)


async def forget_seven(settings: Settings, say: Say) -> None:
    """Somebody whom the settings' admin has let in."""
    database = database_of(settings)
    await look_for_key(database)
    await SqlStore(database).write(lambda work: work.users.set_role(7, Role.MEMBER, 1001, work.now))
    await database.close()
    await forget_person(settings, 7, say, lambda _: True)


COMMANDS = {
    move_to_this_bot: "belongs to the bot",
    make_new_key: "The database goes on with another key",
    take_attic: "Taken over from the station attic by the station office: 0 imports.",
    forget_seven: "7 is forgotten.",
}


@pytest.fixture
def url(postgresql: Databases) -> Iterator[str]:
    url = postgresql.make()
    yield url
    postgresql.drop(url)


@pytest.fixture
async def settings(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Those of a bot that has served once from a server's database, and is stopped."""
    monkeypatch.chdir(tmp_path)
    settings = settings_for(tmp_path, database_url=SecretStr(url))
    app = App(settings)
    await app.prepare()
    await app.close()
    return settings


@pytest.mark.parametrize("command", [make_new_key, take_attic, forget_seven])
async def test_the_database_of_another_bot_is_left_alone(settings: Settings, command: Command) -> None:
    other = settings.model_copy(update={"telegram_token": SecretStr(OTHER_BOT)})
    said: list[str] = []
    with pytest.raises(OtherBot, match="belongs to the bot 7000000001"):
        await command(other, said.append)
    database = database_of(settings)
    assert [(row["name"], row["epoch"]) for row in await rows(database, holders)] == [
        (HUB, 1),
        (of_station("office"), 1),
    ]
    await database.close()


@pytest.mark.parametrize(("command", "done"), COMMANDS.items())
async def test_a_lock_that_a_process_still_has_that_is_about_to_end_is_waited_for(
    settings: Settings, url: str, postgresql: Databases, command: Command, done: str
) -> None:
    if command is make_new_key:
        settings = settings.model_copy(update={"encryption_key": SecretStr("ab" * 32)})
    database = database_of(settings)
    ending = await asyncio.to_thread(LockSession, database.engine, PATIENCE)
    for name in (HUB, of_station("office")):
        assert await asyncio.to_thread(ending.try_lock, name)
    said: list[str] = []
    running = asyncio.create_task(command(settings, said.append))
    with postgresql.connection(url) as connection:
        # The one that is about to end asks for locks in the same way.
        async with asyncio.timeout(PATIENCE):
            while not running.done() and connection.execute(WAITING).fetchone() != (2,):
                await asyncio.wait([running], timeout=0.01)
    await asyncio.to_thread(ending.close)
    await running
    assert any(done in line for line in said)
    await database.close()
