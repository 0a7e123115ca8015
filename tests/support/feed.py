"""A team whose imports end at the times that a test says, and what its feed then tells."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.chat.feed.teller import tell_next
from bot.chat.feed.texts import message
from bot.chat.translator import plain, translator
from bot.domain.import_events import Answered, CancelWanted, Event, NameFound
from bot.domain.outcome import Imported, NotSent, Refused
from bot.storage.database import Database
from bot.storage.tables import outbox
from bot.storage.work import SqlStore
from bot.usecases import import_queue
from bot.usecases.actor import Actor
from bot.usecases.feed_rows import Feed
from bot.usecases.feed_settings import Begin, Change, FeedNow, Keep, Move, SetFeed, Stop, set_feed
from bot.usecases.feed_telling import FeedMessage, feed_due, next_message
from bot.usecases.group_chats import GroupChatSeen, bot_seen
from bot.usecases.records import Batch, Place, Role
from tests.storage.support import ANA, NOW, batch_by_id, draft_of, opened, rows

BOSS = Actor(1000, "Boss", Role.ADMIN, "en")
MEMBER = Actor(1001, "Ana", Role.MEMBER, "en")
CHAT, OTHER_CHAT = -1001, -1002
HERE = Place(BOSS.user_id, CHAT, 7, "en")
ELSEWHERE = Place(BOSS.user_id, OTHER_CHAT, None, "vi")
Wish = Begin | Move | Keep | Stop | Change

_CODES = itertools.count(1)
_PROFILES = itertools.count(1)


@dataclass
class Team:
    """``now`` is the moment of every transaction."""

    database: Database
    now: datetime = NOW
    signals: list[str] = field(default_factory=list)

    @property
    def store(self) -> SqlStore:
        """One of its own each time, as after a restart."""
        return SqlStore(self.database, now=lambda: self.now)

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    async def gather(self) -> None:
        """The bot works in both group chats."""
        for chat_id, title in ((CHAT, "Team"), (OTHER_CHAT, "Shop")):
            await self.store.write(bot_seen, BOSS, GroupChatSeen(chat_id, title))

    async def set(self, wish: Wish, where: Place = HERE, *, revision: int | None = None) -> FeedNow:
        """The admin wishes this, by the newest button."""
        feed = await self.feed()
        current = feed.revision if feed is not None else 0
        command = SetFeed(where, wish, current if revision is None else revision)
        return await self.store.write(set_feed, BOSS, command)

    async def feed(self) -> Feed | None:
        return await self.store.read(lambda work: work.feed.find())

    async def begun(self, count: int, where: Place = ANA, name: str = "Ana") -> Batch:
        """So many codes, each of which is being sent."""
        codes = [f"{next(_CODES):08}-27182818" for _ in range(count)]
        stored = await opened(self.store, draft_of(*codes), where, at=self.now)
        result = await self.store.write(lambda work: work.batches.confirm(stored, name, self.now))
        assert result.batch_id is not None
        batch = await batch_by_id(self.store, result.batch_id)
        for row in batch.rows:
            assert await self.store.write(import_queue.claim, row.id) is not None
        return batch

    async def happen(self, row_id: int, event: Event) -> None:
        await self.store.write(import_queue.record, row_id, event)

    async def end(self, row_id: int, ending: str) -> None:
        """``imported``, with its name, ``cancelled``, or the number of an error."""
        if ending == "imported":
            await self.happen(row_id, Answered(1, Imported(next(_PROFILES)), self.now))
            await self.happen(row_id, NameFound(f"Shop {row_id}"))
        elif ending == "cancelled":
            await self.happen(row_id, CancelWanted(self.now))
            await self.happen(row_id, Answered(1, NotSent(None, ""), self.now))
        else:
            await self.happen(row_id, Answered(1, Refused(int(ending), ""), self.now))

    async def batch(self, *endings: str, where: Place = ANA, name: str = "Ana") -> Batch:
        """A batch that ends like this."""
        batch = await self.begun(len(endings), where, name)
        for row, ending in zip(batch.rows, endings, strict=True):
            await self.end(row.id, ending)
        return await batch_by_id(self.store, batch.id)

    async def due(self) -> float | None:
        return await self.store.read(feed_due)

    async def next(self) -> FeedMessage | None:
        return await self.store.write(next_message)

    async def told(self) -> list[str]:
        """What is told now, as people read it."""
        found = []
        while (told := await self.next()) is not None:
            found.append(plain(message(translator("en"), told)))
        return found

    async def put(self) -> Sequence[tuple[int, int | None, str, bool]]:
        """Tell one thing more; the chat and topic, the words, and whether it is silent, of all that is put by now."""
        await self.store.write(tell_next)
        return [
            (row["chat_id"], row["thread_id"], row["text"], row["silent"]) for row in await rows(self.database, outbox)
        ]


def as_of(where: Place, user_id: int) -> Place:
    """The private chat of somebody else."""
    return replace(where, user_id=user_id, chat_id=user_id)
