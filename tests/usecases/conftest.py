"""A conversation without Telegram, on a database of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.database import Database
from bot.storage.unlocking import unlock
from tests.support.migrated import put_database
from tests.usecases.access import Door
from tests.usecases.conversation import BOSS, Conversation


@pytest.fixture
async def conversation(tmp_path: Path) -> AsyncIterator[Conversation]:
    """Ana's, in her private chat: she is a member."""
    file = tmp_path / "bot.db"
    put_database(file)
    database = Database(f"sqlite:///{file}", "office")
    await unlock(database)
    conversation = Conversation(database)
    await conversation.let_in(conversation.actor)
    yield conversation
    await database.close()


@pytest.fixture
async def door(conversation: Conversation) -> Door:
    await conversation.let_in(BOSS)
    return Door(conversation)
