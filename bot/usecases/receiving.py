"""What somebody does with codes that were left for them, or for the team."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.draft import Draft, NewGroup, begin
from bot.domain.handoff import Declined, Expired, HandoffStatus, Taken
from bot.domain.transfer_code import TransferCode
from bot.usecases.actor import Actor
from bot.usecases.audit import AuditKind
from bot.usecases.buttons import Problem
from bot.usecases.draft_changes import open_draft
from bot.usecases.handoff_changes import change
from bot.usecases.handoff_people import is_for
from bot.usecases.handoff_rows import Handoff
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import CardKind, DraftState, Place
from bot.usecases.recovery_gates import sends_nothing
from bot.usecases.shared_card_rows import SharedKind

#: After what time somebody is told again who wants to see to it later.
LATER = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class HandoffButton:
    """A pressed button of a handoff, and where."""

    where: Place
    handoff_id: int


@dataclass(frozen=True, slots=True)
class HandoffResult:
    """``problem`` is None where it was done. ``taken_by`` is who has taken the codes already, by name."""

    problem: Problem | None = None
    taken_by: str | None = None


def take_handoff(work: UnitOfWork, actor: Actor, command: HandoffButton) -> HandoffResult:
    """Take all codes that wait in a handoff into a draft of one's own, with what is proposed filled in.

    Of any number who do so at once one gets them.
    """
    require(actor, UseCase.TAKE_HANDOFF)
    if sends_nothing(work):
        return HandoffResult(Problem.RESTORED)
    handoff = work.handoffs.lock(command.handoff_id)
    if handoff is None:
        return HandoffResult(Problem.OLD_BUTTON)
    if not is_for(handoff, actor.user_id):
        return _not_to_be_taken(work, actor, handoff, Problem.NOT_YOURS)
    if handoff.expires_at is not None and handoff.expires_at <= work.now:
        change(work, handoff, Expired())
        return HandoffResult(Problem.OLD_BUTTON)
    codes = [each.code for each in handoff.waiting if each.code is not None]
    proposal = work.handoffs.proposal(handoff.id)
    if not codes or proposal is None:
        return _not_to_be_taken(work, actor, handoff, Problem.OLD_BUTTON)
    draft_id = open_draft(work, command.where, _draft_of(actor, command.where, proposal, codes), handoff_id=handoff.id)
    change(work, handoff, Taken(actor.user_id, draft_id))
    work.audit.note(
        AuditKind.TAKEN,
        actor.user_id,
        chat_id=command.where.chat_id,
        subject_id=handoff.giver_id,
        object_id=handoff.id,
    )
    return HandoffResult()


def _draft_of(actor: Actor, where: Place, proposal: Draft, codes: list[TransferCode]) -> Draft:
    """The draft of who takes the codes: as proposed, and where nothing is, as they have imported last."""
    begun = begin(actor.last, secrets_welcome=where.private)
    group = None if isinstance(proposal.group, NewGroup) else proposal.group
    return replace(
        proposal,
        codes=tuple(codes),
        own={code: own for code, own in proposal.own.items() if code in codes},
        group=group or begun.group,
        proxy=proposal.proxy or begun.proxy,
        bypass=proposal.bypass if proposal.proxy is not None else begun.bypass,
        recent=begun.recent,
        last_type=begun.last_type,
        listed=len(codes) > 1,
        # They have no message with the codes.
        codes_deleted=True,
    )


def _not_to_be_taken(work: UnitOfWork, actor: Actor, handoff: Handoff, otherwise: Problem) -> HandoffResult:
    """Why there is nothing to take: somebody was first, or it is not there any more."""
    theirs = handoff.with_status(HandoffStatus.TAKEN, HandoffStatus.IMPORTING, HandoffStatus.IMPORTED)
    takers = [each.state.taker_id for each in theirs if each.state.taker_id is not None]
    if not takers or otherwise is Problem.NOT_YOURS:
        return HandoffResult(otherwise)
    if actor.user_id in takers:
        for draft_id in {each.state.draft_id for each in handoff.codes if each.state.taker_id == actor.user_id}:
            stored = None if draft_id is None else work.drafts.find(draft_id)
            if stored is not None and stored.state is DraftState.OPEN:
                work.cards.show_again(CardKind.DRAFT, stored.id)
                work.signals.chat_behind(stored.where.chat_id)
        return HandoffResult(Problem.OLD_BUTTON)
    return HandoffResult(Problem.OLD_BUTTON, taken_by=work.users.names(takers).get(takers[0], str(takers[0])))


def decline_handoff(work: UnitOfWork, actor: Actor, command: HandoffButton) -> HandoffResult:
    """Give codes back that were left for the actor alone."""
    require(actor, UseCase.DECLINE_HANDOFF)
    if sends_nothing(work):
        return HandoffResult(Problem.RESTORED)
    handoff = work.handoffs.lock(command.handoff_id)
    if handoff is None:
        return HandoffResult(Problem.OLD_BUTTON)
    if handoff.receiver_id != actor.user_id:
        return HandoffResult(Problem.NOT_YOURS)
    if not change(work, handoff, Declined(actor.user_id)):
        return HandoffResult(Problem.OLD_BUTTON)
    where = command.where
    work.audit.note(
        AuditKind.DECLINED, actor.user_id, chat_id=where.chat_id, subject_id=handoff.giver_id, object_id=handoff.id
    )
    return HandoffResult()


def put_off_handoff(work: UnitOfWork, actor: Actor, command: HandoffButton) -> HandoffResult:
    """Close what tells the actor of a handoff, and tell them once more later."""
    require(actor, UseCase.PUT_OFF_HANDOFF)
    handoff = work.handoffs.find(command.handoff_id)
    if handoff is None or not handoff.waiting:
        return HandoffResult(Problem.OLD_BUTTON)
    notice = work.handoff_notices.of_person(handoff.id, actor.user_id)
    if notice is None or not is_for(handoff, actor.user_id):
        return HandoffResult(Problem.NOT_YOURS)
    if notice.later_used:
        return HandoffResult(Problem.OLD_BUTTON)
    work.handoff_notices.put_off(notice.id, work.now + LATER)
    for chat_id in work.shared_cards.bump(SharedKind.HANDOFF, notice.id):
        work.signals.chat_behind(chat_id)
    return HandoffResult()
