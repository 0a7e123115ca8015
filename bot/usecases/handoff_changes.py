"""How handoffs change, for the use cases that change one: what an event makes of codes, and what follows from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bot.domain.handoff import (
    HELD,
    MOVABLE,
    RETURNED,
    Confirmed,
    Event,
    HandoffStatus,
    ImportEnded,
    LetGo,
    Withdrawn,
    apply,
    has_ended,
)
from bot.usecases.draft_ends import end_draft
from bot.usecases.handoff_rows import Handoff, HandoffCode
from bot.usecases.ports import UnitOfWork
from bot.usecases.preferences import private_place
from bot.usecases.records import DraftState
from bot.usecases.shared_card_rows import SharedKind


def change(
    work: UnitOfWork, handoff: Handoff, event: Event, only: Collection[int] | None = None
) -> Sequence[HandoffCode]:
    """What an event makes of the codes of a handoff that was read under lock, or of some; those that it has changed.

    Codes that have come back are nobody's from then on; the draft of who had taken them ends.
    """
    chosen = [code.id for code in handoff.codes if only is None or code.id in only]
    return change_each(work, handoff, dict.fromkeys(chosen, event))


def change_each(
    work: UnitOfWork, handoff: Handoff, events: Mapping[int, Event], *, settled: bool | None = None
) -> Sequence[HandoffCode]:
    """The same with an event for each of some codes, by their numbers.

    ``settled`` is given for what becomes of imports: whether no other import of the handoff is under way.
    """
    applied = [(code, apply(code.state, events[code.id])) for code in handoff.codes if code.id in events]
    changed = [replace(code, state=after) for code, after in applied if after != code.state]
    if not changed:
        return []
    work.handoffs.save(handoff.id, changed, work.now)
    before = {code.id: code for code in handoff.codes}
    _take_out_of_drafts(work, [before[each.id] for each in changed if each.status is not HandoffStatus.IMPORTING])
    # A code that was being imported is the import's, which has let go of it.
    gone = {*RETURNED, HandoffStatus.IMPORTED}
    free = [each for each in changed if each.status in gone and before[each.id].status in MOVABLE]
    work.held_codes.release([each.code for each in free if each.code is not None], handoff.id)
    ended = [before[each.id] for each in changed if not isinstance(events[each.id], LetGo | Confirmed | ImportEnded)]
    _end_drafts(work, ended)
    # Who takes codes back has just tapped.
    quiet = all(isinstance(events[each.id], Withdrawn) for each in changed)
    _show_change(work, handoff, changed, quiet=quiet, settled=settled)
    return changed


def _take_out_of_drafts(work: UnitOfWork, before: Sequence[HandoffCode]) -> None:
    """Codes that somebody had taken are not theirs any more; what they have added to the draft themselves stays."""
    taken = [code for code in before if code.status is HandoffStatus.TAKEN]
    for draft_id in sorted({code.state.draft_id for code in taken if code.state.draft_id is not None}):
        codes = [code.code for code in taken if code.state.draft_id == draft_id and code.code is not None]
        work.drafts.forget_codes(draft_id, codes)


def _end_drafts(work: UnitOfWork, before: Sequence[HandoffCode]) -> None:
    """End the drafts of who had taken these codes, where they are open."""
    for draft_id in {code.state.draft_id for code in before if code.state.draft_id is not None}:
        stored = work.drafts.find(draft_id)
        if stored is not None and stored.state is DraftState.OPEN:
            end_draft(work, stored, DraftState.TAKEN_BACK)


def _show_change(
    work: UnitOfWork, handoff: Handoff, changed: Sequence[HandoffCode], *, quiet: bool, settled: bool | None
) -> None:
    after = {code.id: code.status for code in handoff.codes} | {code.id: code.status for code in changed}
    was_held = any(code.status in HELD for code in handoff.codes)
    over = was_held and has_ended(list(after.values()))
    if settled is None:
        came_back = any(code.status in RETURNED for code in changed)
    else:
        # Of many imports that end one by one it is told with one sound what has come back.
        came_back = settled and not RETURNED.isdisjoint(after.values())
    if any(code.status is HandoffStatus.WAITING for code in changed):
        _tell_who_was_not(work, handoff)
    # Who left it is told of the end, and of what has come back; what goes on is shown where it stands.
    show(work, handoff.id, ring=not quiet and (over or came_back))


def _tell_who_was_not(work: UnitOfWork, handoff: Handoff) -> None:
    """What waits again is told to those who could not be told of it before it was taken."""
    for notice in work.handoff_notices.of_handoff(handoff.id):
        if handoff.receiver_id in {None, notice.user_id}:
            work.shared_cards.add(SharedKind.HANDOFF, notice.id, private_place(work, notice.user_id))
            work.signals.chat_behind(notice.user_id)


def show(work: UnitOfWork, handoff_id: int, *, ring: bool = False) -> None:
    """Have every card of a handoff show what is known now; with ``ring`` the receipt is a new message, with sound."""
    notices = [notice.id for notice in work.handoff_notices.of_handoff(handoff_id)]
    receipts = work.shared_cards.bump(SharedKind.RECEIPT, handoff_id, repost=ring)
    for chat_id in (*receipts, *work.shared_cards.bump_each(SharedKind.HANDOFF, notices)):
        work.signals.chat_behind(chat_id)


def show_handoffs_of(work: UnitOfWork, user_id: int) -> None:
    """Have what somebody was told of, and their receipts, show what they may do now."""
    receipts = work.shared_cards.bump_each(SharedKind.RECEIPT, work.handoffs.owned_by(user_id))
    notices = [notice.id for notice in work.handoff_notices.waiting_of(user_id)]
    for chat_id in {*receipts, *work.shared_cards.bump_each(SharedKind.HANDOFF, notices)}:
        work.signals.chat_behind(chat_id)


def give_receipt(work: UnitOfWork, handoff_id: int, owner_id: int, message_id: int | None = None) -> None:
    """Show a handoff to whom it comes back, in the message ``message_id`` where it takes the place of another card."""
    work.shared_cards.add(SharedKind.RECEIPT, handoff_id, private_place(work, owner_id), message_id)
    work.signals.chat_behind(owner_id)


def notify(work: UnitOfWork, handoff_id: int, user_ids: Collection[int]) -> None:
    """Tell these people of a handoff that waits for them; who has been told before is told anew."""
    for user_id in user_ids:
        known = work.handoff_notices.of_person(handoff_id, user_id)
        notice_id = work.handoff_notices.add(handoff_id, user_id)
        if known is not None:
            work.shared_cards.bump(SharedKind.HANDOFF, notice_id, repost=True)
        work.shared_cards.add(SharedKind.HANDOFF, notice_id, private_place(work, user_id))
        work.signals.chat_behind(user_id)
