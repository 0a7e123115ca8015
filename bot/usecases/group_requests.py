"""The drafts that wait for a group to be made, as the group creator sees to them: functions over one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.draft import NewGroup, Step, step
from bot.domain.draft_answers import Answer, GroupMade, GroupNotMade
from bot.domain.draft_transitions import apply
from bot.domain.remote_lists import Listing
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import DraftState, StoredDraft
from bot.usecases.recovery_gates import sends_nothing
from bot.usecases.remote_lists import request_anew, with_lists


@dataclass(frozen=True, slots=True)
class GroupRequest:
    """A draft whose person wants a new group. ``sent``: a call that makes it may have been sent already."""

    draft_id: int
    title: str
    sent: bool


def wanted(work: UnitOfWork) -> Sequence[GroupRequest]:
    """All groups that are to be made."""
    if sends_nothing(work):
        return []
    return [
        GroupRequest(stored.id, group.title, group.sent)
        for stored in work.drafts.with_new_group()
        if (group := _wanted_by(stored)) is not None
    ]


def intend(work: UnitOfWork, draft_id: int, title: str) -> bool:
    """Note that the group is about to be made; False when the draft no longer wants it."""
    stored = _requesting(work, draft_id, title)
    if stored is None:
        return False
    return work.drafts.note(stored, replace(stored.draft, group=NewGroup(title, sent=True)))


def made(work: UnitOfWork, draft_id: int, title: str, group_id: int) -> bool:
    """The draft has its group; False when it no longer wants it."""
    return _answer(work, draft_id, title, GroupMade(group_id, title))


def failed(work: UnitOfWork, draft_id: int, title: str, reason: str, code: int | None) -> bool:
    """The request ends without a group; False when the draft no longer wants it.

    ``reason``: ``away``, ``refused`` (with its ``code``), ``unreadable`` or ``silent``.
    """
    values = {} if code is None else {"code": str(code)}
    return _answer(work, draft_id, title, GroupNotMade(f"group_{reason}", values))


def _answer(work: UnitOfWork, draft_id: int, title: str, answer: Answer) -> bool:
    # Whatever was read before is older than the group, also for drafts that do not want it any more.
    request_anew(work, frozenset({Listing.GROUPS}))
    stored = _requesting(work, draft_id, title)
    if stored is None:
        return False
    changed = work.drafts.change(stored, with_lists(work, apply(stored.draft, answer)), work.now, repost=False)
    work.signals.chat_behind(stored.where.chat_id)
    return changed


def _requesting(work: UnitOfWork, draft_id: int, title: str) -> StoredDraft | None:
    """The draft, if its person still waits for this group."""
    stored = work.drafts.find(draft_id)
    group = None if stored is None else _wanted_by(stored)
    return stored if group is not None and group.title == title else None


def _wanted_by(stored: StoredDraft) -> NewGroup | None:
    """The group that the draft's person waits for."""
    group = stored.draft.group
    waits = stored.state is DraftState.OPEN and step(stored.draft) is Step.GROUP_MAKING
    return group if waits and isinstance(group, NewGroup) else None
