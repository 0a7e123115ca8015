"""A conversation without Telegram, on a database of its own."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.database import Database
from bot.storage.key import key_file
from bot.storage.migrate import bring_up_to_date
from bot.storage.unlocking import unlock
from tests.usecases.conversation import Conversation


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database that is up to date, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "empty.db"

    async def make() -> None:
        database = Database(f"sqlite:///{file}", "office")
        await bring_up_to_date(database)
        await database.close()

    asyncio.run(make())
    return file


@pytest.fixture
async def conversation(tmp_path: Path, migrated: Path) -> AsyncIterator[Conversation]:
    """Ana's, in her private chat: she is a member."""
    file = tmp_path / "bot.db"
    shutil.copyfile(migrated, file)
    shutil.copyfile(key_file(migrated), key_file(file))
    database = Database(f"sqlite:///{file}", "office")
    await unlock(database)
    conversation = Conversation(database)
    await conversation.let_in(conversation.actor)
    yield conversation
    await database.close()
