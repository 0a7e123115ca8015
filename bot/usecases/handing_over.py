"""Leaving the codes of a draft for somebody, or for the team."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.draft import Draft, Notice, Step, step
from bot.domain.sent_transitions import without_codes
from bot.errors import OldButton, Overtaken
from bot.usecases.actor import Actor
from bot.usecases.audit import AuditKind
from bot.usecases.buttons import ButtonResult
from bot.usecases.draft_changes import replace_draft
from bot.usecases.drafting import DraftButton, press
from bot.usecases.feed import note_handed_over
from bot.usecases.handoff_changes import give_receipt, notify
from bot.usecases.handoff_people import can_be_left_for, has_own_codes, receivers
from bot.usecases.known_codes import KnownCodes, find_known, in_drafts_of_others
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.prompting import end_prompt
from bot.usecases.records import StoredDraft


@dataclass(frozen=True, slots=True)
class HandedOver:
    """``message_ids`` are the messages of a group chat in which the codes stood that are somebody else's now."""

    result: ButtonResult
    message_ids: tuple[int, ...] = ()


def hand_over(work: UnitOfWork, actor: Actor, command: DraftButton) -> HandedOver:
    """Leave the codes of the draft for whom it says; those that somebody has already are told, and stay out.

    The draft ends. What was chosen in it is proposed to whoever takes the codes.
    """
    require(actor, UseCase.HAND_OVER)
    message_ids: tuple[int, ...] = ()

    def act(stored: StoredDraft) -> ButtonResult:
        nonlocal message_ids
        result, message_ids = _hand_over(work, actor, stored)
        return result

    return HandedOver(press(work, actor, command, act), message_ids)


def _hand_over(work: UnitOfWork, actor: Actor, stored: StoredDraft) -> tuple[ButtonResult, tuple[int, ...]]:
    draft = stored.draft
    wanted = draft.hand_over
    if step(draft) is not Step.HAND_OVER or wanted is None or wanted.receiver is None or not has_own_codes(stored):
        raise OldButton("nobody is chosen")
    receiver = wanted.receiver
    if not can_be_left_for(work, receiver, actor.user_id):
        choosing = replace(draft, hand_over=replace(wanted, receiver=None), notice=Notice("receiver_gone"))
        replace_draft(work, stored, choosing, repost=False)
        return ButtonResult(), ()
    known = find_known(work, draft.codes, stored)
    drafted, others = in_drafts_of_others(work, draft.codes, actor.user_id)
    free = [code for code in draft.codes if code not in known.codes | drafted]
    result = ButtonResult(taken=known.taken, left=known.left, drafted=others)
    if not free:
        left = without_codes(replace(draft, notice=None, hand_over=None), draft.codes)
        replace_draft(work, stored, left, repost=True)
        return result, ()
    expires_at = None if wanted.hours is None else work.now + timedelta(hours=wanted.hours)
    handoff_id = work.handoffs.add(
        actor.user_id, receiver.user_id, _proposal(draft), expires_at=expires_at, now=work.now
    )
    held = work.held_codes.hold(free, handoff_id)
    if not held or not work.drafts.hand_over(stored, work.now):
        raise Overtaken(f"draft {stored.id} is not as it was read, or somebody has left its codes meanwhile")
    codes = [code for code in free if code in held]
    if len(held) < len(free):
        again = find_known(work, [code for code in free if code not in held])
        known = KnownCodes((*known.taken, *again.taken), (*known.left, *again.left))
        result = replace(result, taken=known.taken, left=known.left)
    work.handoffs.add_codes(handoff_id, codes, work.now)
    end_prompt(work, stored, stored.prompt)
    work.signals.chat_behind(stored.where.chat_id)
    # With it ends what was asked for it in private.
    work.signals.chat_behind(actor.user_id)
    give_receipt(work, handoff_id, actor.user_id, stored.card.message_id if stored.where.private else None)
    notify(work, handoff_id, receivers(work, receiver, actor.user_id))
    work.audit.note(
        AuditKind.HANDED_OVER,
        actor.user_id,
        chat_id=stored.where.chat_id,
        subject_id=receiver.user_id,
        object_id=handoff_id,
    )
    to = receiver.user_id
    to_name = None if to is None else work.users.names([to]).get(to) or str(to)
    note_handed_over(work, handoff_id, actor.name, to_name, [code.masked for code in codes])
    return result, _messages_of(stored)


def _proposal(draft: Draft) -> Draft:
    """What is proposed to whoever takes the codes: what was chosen, and nothing of how it was."""
    return replace(
        draft,
        hand_over=None,
        changing=None,
        former=None,
        page=0,
        search="",
        notice=None,
        proxy_until=None,
        codes_deleted=False,
    )


def _messages_of(stored: StoredDraft) -> tuple[int, ...]:
    """In private what somebody has written stays theirs."""
    return () if stored.where.private else tuple(sorted(set(stored.messages.values())))
