"""Codes, shown to their owner where the message in which they came was deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.transfer_code import TransferCode
from bot.usecases.actor import Actor
from bot.usecases.audit import AuditKind
from bot.usecases.buttons import Problem
from bot.usecases.drafting import DraftButton
from bot.usecases.imports import BatchButton
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import DraftState, StoredDraft

#: How long the codes stand in the chat.
SHOWN_FOR = timedelta(seconds=60)
#: Codes that are shown in a group chat, over the press, where nobody else sees them.
MOST_IN_GROUP_CHAT = 10


@dataclass(frozen=True, slots=True)
class ShowCodes:
    """``hidden_text`` is what stands in the chat before the codes are shown there, and after."""

    button: DraftButton | BatchButton
    hidden_text: str


@dataclass(frozen=True, slots=True)
class ShownCodes:
    """``codes`` are to be shown over the press; ``more`` counts those for which there is no room."""

    problem: Problem | None = None
    codes: tuple[TransferCode, ...] = field(default=(), repr=False)
    more: int = 0


def show_codes(work: UnitOfWork, actor: Actor, command: ShowCodes) -> ShownCodes:
    """Show the codes of a card: in private in a message that hides them again, in a group chat over the press."""
    require(actor, UseCase.SHOW_CODES)
    button = command.button
    if isinstance(button, BatchButton):
        batch = work.batches.find(button.batch_id)
        found = None if batch is None else (batch.where, batch.draft_id)
    else:
        stored = work.drafts.find(button.draft_id)
        found = None if stored is None else (stored.where, stored.id)
    if found is None or found[0].chat_id != button.where.chat_id:
        return ShownCodes(Problem.OLD_BUTTON)
    where, draft_id = found
    if where.user_id != actor.user_id:
        return ShownCodes(Problem.NOT_YOURS)
    codes = codes_of(work, draft_id)
    if not codes:
        return ShownCodes(Problem.OLD_BUTTON)
    work.audit.note(AuditKind.CODES_SHOWN, actor.user_id, chat_id=where.chat_id, object_id=draft_id)
    if not where.private:
        return ShownCodes(codes=tuple(codes[:MOST_IN_GROUP_CHAT]), more=max(0, len(codes) - MOST_IN_GROUP_CHAT))
    work.outbox.show_codes(where, draft_id, command.hidden_text, work.now)
    return ShownCodes()


def codes_of(work: UnitOfWork, draft_id: int) -> Sequence[TransferCode]:
    """The codes of a draft, or of what it was confirmed as; those that are kept and not used up.

    The presenter reads them in the moment in which it shows them.
    """
    stored = work.drafts.find(draft_id)
    if stored is None:
        return ()
    if stored.state is not DraftState.CONFIRMED:
        return stored.draft.codes if stored.state is DraftState.OPEN else _own_codes(work, stored)
    batch = work.batches.of_draft(draft_id)
    return () if batch is None else batch.kept_codes


def _own_codes(work: UnitOfWork, stored: StoredDraft) -> Sequence[TransferCode]:
    """Of a draft that has ended: codes of somebody else's that are in it yet are not its person's to see."""
    if stored.continues is not None:
        asked_for = work.drafts.find(stored.continues)
        if asked_for is not None and (asked_for.handoff_id is not None or asked_for.state is DraftState.HANDED_OVER):
            # What it has beside what was sent in private is the group chat's.
            return [code for code in stored.draft.codes if code in stored.messages]
    if stored.handoff_id is None:
        return stored.draft.codes
    handoff = work.handoffs.find(stored.handoff_id)
    theirs = () if handoff is None else {each.code for each in handoff.codes}
    return [code for code in stored.draft.codes if code not in theirs]
