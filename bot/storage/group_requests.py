"""The drafts that wait for a group to be made: the core's ``GroupRequests``, over SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.domain.draft import NewGroup, Step, step
from bot.domain.draft_answers import Answer, GroupMade, GroupNotMade
from bot.domain.draft_transitions import apply
from bot.storage.database import Database
from bot.storage.drafts import SqlDrafts
from bot.storage.secrets import Secrets
from bot.usecases.import_queue import GroupRequest
from bot.usecases.ports import Clock
from bot.usecases.records import DraftState, StoredDraft


class SqlGroupRequests:
    """``tell`` is called with the chats whose cards have fallen behind."""

    def __init__(self, database: Database, clock: Clock, tell: Callable[[int], None]) -> None:
        self._database = database
        self._clock = clock
        self._tell = tell

    async def wanted(self) -> Sequence[GroupRequest]:
        async with self._database.read() as connection:
            waiting = await SqlDrafts(connection, Secrets(connection)).with_new_group()
        return [
            GroupRequest(stored.id, group.title, group.sent)
            for stored in waiting
            if (group := _wanted_by(stored)) is not None
        ]

    async def intend(self, draft_id: int, title: str) -> bool:
        async with self._database.write() as connection:
            drafts = SqlDrafts(connection, Secrets(connection))
            stored = await _requesting(drafts, draft_id, title)
            if stored is None:
                return False
            return await drafts.note(stored, replace(stored.draft, group=NewGroup(title, sent=True)))

    async def made(self, draft_id: int, title: str, group_id: int) -> bool:
        return await self._answer(draft_id, title, GroupMade(group_id, title))

    async def failed(self, draft_id: int, title: str, reason: str, code: int | None) -> bool:
        values = {} if code is None else {"code": str(code)}
        return await self._answer(draft_id, title, GroupNotMade(f"group_{reason}", values))

    async def _answer(self, draft_id: int, title: str, answer: Answer) -> bool:
        async with self._database.write() as connection:
            drafts = SqlDrafts(connection, Secrets(connection))
            stored = await _requesting(drafts, draft_id, title)
            if stored is None:
                return False
            changed = await drafts.change(stored, apply(stored.draft, answer), self._clock.now(), below=False)
        self._tell(stored.where.chat_id)
        return changed


async def _requesting(drafts: SqlDrafts, draft_id: int, title: str) -> StoredDraft | None:
    """The draft, if its person still waits for this group."""
    stored = await drafts.find(draft_id)
    group = None if stored is None else _wanted_by(stored)
    return stored if group is not None and group.title == title else None


def _wanted_by(stored: StoredDraft) -> NewGroup | None:
    """The group that the draft's person waits for."""
    group = stored.draft.group
    waits = stored.state is DraftState.OPEN and step(stored.draft) is Step.GROUP_MAKING
    return group if waits and isinstance(group, NewGroup) else None
