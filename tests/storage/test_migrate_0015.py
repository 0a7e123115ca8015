"""Databases of the versions that worked in every group chat."""

from __future__ import annotations

from bot.storage import migrate
from bot.storage.database import Database
from bot.storage.group_chats import group_chats
from bot.storage.migrate import bring_up_to_date
from bot.storage.work import SqlStore
from bot.usecases.group_chat_rows import GroupChat, GroupChatState
from tests.storage.migrating import schema
from tests.storage.old_versions import make_old, old_rows
from tests.storage.support import STATION, rows


async def test_the_group_chats_in_which_it_was_used_are_allowed(empty_url: str) -> None:
    database = Database(empty_url, STATION)
    before = {name: [dict(row) for row in values] for name, values in old_rows("0001").items()}
    # Private chats stay what they are; each table has one group chat of its own, and all have one together.
    for name, numbers in {"drafts": (2, 3), "batches": (0, 1), "imports": (5, 6)}.items():
        for number, chat_id in zip(numbers, (-100500, -len(name)), strict=True):
            before[name][number]["chat_id"] = chat_id
    await make_old(database, "0001", before)
    await bring_up_to_date(database)

    found = {row["chat_id"]: row for row in await rows(database, group_chats)}
    assert set(found) == {-100500, -len("drafts"), -len("batches"), -len("imports")}
    store = SqlStore(database)
    for chat_id, row in found.items():
        allowed = await store.read(lambda work, chat_id=chat_id: work.group_chats.find(chat_id))  # type: ignore[misc]
        assert allowed == GroupChat(row["id"], chat_id, "", GroupChatState.ALLOWED)

    there = await schema(database)
    await migrate.migrate(database, "0014", safely=False)
    assert "group_chats.chat_id" not in await schema(database)
    await bring_up_to_date(database)
    assert await schema(database) == there
    assert {row["chat_id"] for row in await rows(database, group_chats)} == set(found)
    await database.close()
