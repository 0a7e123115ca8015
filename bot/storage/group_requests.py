"""The drafts that wait for a group to be made: the core's ``GroupRequests``, over SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.draft import NewGroup, Step, step
from bot.domain.draft_answers import Answer, GroupMade, GroupNotMade
from bot.domain.draft_transitions import apply
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.import_queue import GroupRequest
from bot.usecases.records import DraftState, StoredDraft


class SqlGroupRequests:
    """The station's ``GroupRequests``."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    async def wanted(self) -> Sequence[GroupRequest]:
        return await self._store.read(_wanted)

    async def intend(self, draft_id: int, title: str) -> bool:
        return await self._store.write(_intend, draft_id, title)

    async def made(self, draft_id: int, title: str, group_id: int) -> bool:
        return await self._store.write(_answer, draft_id, title, GroupMade(group_id, title))

    async def failed(self, draft_id: int, title: str, reason: str, code: int | None) -> bool:
        values = {} if code is None else {"code": str(code)}
        return await self._store.write(_answer, draft_id, title, GroupNotMade(f"group_{reason}", values))


def _wanted(work: SqlWork) -> Sequence[GroupRequest]:
    return [
        GroupRequest(stored.id, group.title, group.sent)
        for stored in work.drafts.with_new_group()
        if (group := _wanted_by(stored)) is not None
    ]


def _intend(work: SqlWork, draft_id: int, title: str) -> bool:
    stored = _requesting(work, draft_id, title)
    if stored is None:
        return False
    return work.drafts.note(stored, replace(stored.draft, group=NewGroup(title, sent=True)))


def _answer(work: SqlWork, draft_id: int, title: str, answer: Answer) -> bool:
    stored = _requesting(work, draft_id, title)
    if stored is None:
        return False
    work.signals.groups_changed()
    work.signals.chat_behind(stored.where.chat_id)
    return work.drafts.change(stored, apply(stored.draft, answer), work.now, below=False)


def _requesting(work: SqlWork, draft_id: int, title: str) -> StoredDraft | None:
    """The draft, if its person still waits for this group."""
    stored = work.drafts.find(draft_id)
    group = None if stored is None else _wanted_by(stored)
    return stored if group is not None and group.title == title else None


def _wanted_by(stored: StoredDraft) -> NewGroup | None:
    """The group that the draft's person waits for."""
    group = stored.draft.group
    waits = stored.state is DraftState.OPEN and step(stored.draft) is Step.GROUP_MAKING
    return group if waits and isinstance(group, NewGroup) else None
