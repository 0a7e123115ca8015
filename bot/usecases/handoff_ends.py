"""What ends by itself of codes that were left for somebody; for the program itself."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.handoff import Declined, Expired, HandoffStatus, KeyLost, LetGo, ReturnReason
from bot.usecases.draft_closing import close_draft
from bot.usecases.handoff_changes import change, give_receipt, show
from bot.usecases.ports import UnitOfWork
from bot.usecases.preferences import private_place
from bot.usecases.records import DraftState
from bot.usecases.recovery_gates import sends_nothing
from bot.usecases.shared_card_rows import SharedKind


def tidy_handoffs(work: UnitOfWork, taken_for: timedelta) -> None:
    """One round. Codes that are taken and not confirmed for as long as ``taken_for`` wait again."""
    if sends_nothing(work):
        # What of them has arrived is not known yet: nothing comes back before.
        return
    _let_go(work)
    _give_back_unconfirmed(work, taken_for)
    for handoff_id in work.handoffs.expired_at(work.now):
        handoff = work.handoffs.lock(handoff_id)
        if handoff is not None:
            change(work, handoff, Expired())


def _let_go(work: UnitOfWork) -> None:
    """Codes whose draft has ended by itself wait again."""
    for handoff_id in work.handoffs.let_go():
        handoff = work.handoffs.lock(handoff_id)
        if handoff is None:
            continue
        drafts = {each.state.draft_id for each in handoff.codes if each.state.draft_id is not None}
        found = {draft_id: work.drafts.find(draft_id) for draft_id in drafts}
        ended = {
            draft_id for draft_id, stored in found.items() if stored is None or stored.state is not DraftState.OPEN
        }
        change(work, handoff, LetGo(), [each.id for each in handoff.codes if each.state.draft_id in ended])


def _give_back_unconfirmed(work: UnitOfWork, taken_for: timedelta) -> None:
    before = work.now - taken_for
    for handoff_id in work.handoffs.taken_before(before):
        handoff = work.handoffs.lock(handoff_id)
        if handoff is None:
            continue
        old = [each for each in handoff.with_status(HandoffStatus.TAKEN) if each.changed_at < before]
        for draft_id in sorted({each.state.draft_id for each in old if each.state.draft_id is not None}):
            stored = work.drafts.find(draft_id)
            if stored is not None and stored.state is DraftState.OPEN:
                close_draft(work, stored, DraftState.NOT_CONFIRMED)


def lose_key_of_handoffs(work: UnitOfWork) -> None:
    """The key is lost with which codes were encrypted: what waits can't be taken any more."""
    for handoff_id in work.handoffs.all_unfinished():
        handoff = work.handoffs.lock(handoff_id)
        if handoff is not None:
            change(work, handoff, KeyLost())


def give_back_of(work: UnitOfWork, user_id: int) -> None:
    """Somebody may not take codes any more: what waits for them goes back, and what they have not finished waits again.

    What is being imported ends as it will.
    """
    for handoff_id in work.handoffs.unfinished_of(user_id):
        handoff = work.handoffs.lock(handoff_id)
        if handoff is None:
            continue
        taken = [each.id for each in handoff.codes if each.state.taker_id == user_id]
        change(work, handoff, LetGo(), taken)
        if handoff.receiver_id == user_id:
            again = work.handoffs.lock(handoff_id)
            if again is not None:
                change(work, again, Declined(user_id, ReturnReason.REMOVED))


def hand_to_heir(work: UnitOfWork, user_id: int, heir_id: int) -> None:
    """What somebody has left who was removed comes back to an admin from now on, and is shown to them alone.

    Nor is it shown any more to who was removed what becomes of codes that others have left.
    """
    where = private_place(work, user_id)
    for message_id in work.shared_cards.take_away(user_id, {SharedKind.RECEIPT, SharedKind.HANDOFF}):
        work.outbox.delete_card(where, message_id, work.now)
        work.signals.chat_behind(user_id)
    for handoff_id in work.handoffs.owned_by(user_id):
        work.handoffs.set_owner(handoff_id, heir_id)
        give_receipt(work, handoff_id, heir_id)
        show(work, handoff_id)
