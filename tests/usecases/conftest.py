"""A conversation without Telegram, on a database of its own."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.database import Database
from bot.storage.migrate import bring_up_to_date
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
    shutil.copyfile(migrated, tmp_path / "bot.db")
    database = Database(f"sqlite:///{tmp_path / 'bot.db'}", "office")
    conversation = Conversation(database)
    await conversation.let_in(conversation.actor)
    yield conversation
    await database.close()
