"""A conversation without Telegram, on a database of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.database import Database
from bot.storage.migrate import bring_up_to_date
from tests.usecases.conversation import Conversation


@pytest.fixture
async def conversation(tmp_path: Path) -> AsyncIterator[Conversation]:
    """Ana's, in her private chat: she is a member."""
    database = Database(f"sqlite:///{tmp_path / 'bot.db'}", "office")
    await bring_up_to_date(database)
    conversation = Conversation(database)
    await conversation.let_in(conversation.actor)
    yield conversation
    await database.close()
