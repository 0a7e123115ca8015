"""What ends with a role: each of these is a part of taking one, in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.import_state import UNDER_WAY, Status
from bot.usecases.draft_closing import let_go
from bot.usecases.handoff_ends import give_back_of
from bot.usecases.import_queue import cancel_all_of
from bot.usecases.ports import UnitOfWork
from bot.usecases.preferences import private_place
from bot.usecases.records import DraftState
from bot.usecases.shared_card_rows import OF_ADMINS

#: Codes of one list: as many as a message shows with room to spare.
LIST_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Unsent:
    """What of somebody's was in the queue: how many imports were cancelled, and how many end as they will.

    ``kept`` are the numbers of the lists of their codes, which are for ``kept_for``.
    """

    cancelled: int = 0
    going_on: int = 0
    kept: Sequence[int] = ()
    kept_for: int = 0


def end_importing(work: UnitOfWork, user_id: int) -> None:
    """Somebody may not import any more: put away what they have begun and not confirmed, wherever."""
    # What asks in private for a draft of a group chat first, since it would end with that as no longer needed.
    for stored in sorted(work.drafts.open_of(user_id), key=lambda each: each.continues is None):
        let_go(work, stored)
        work.drafts.close(stored.id, DraftState.PUT_AWAY, work.now)
        work.signals.chat_behind(stored.where.chat_id)
    give_back_of(work, user_id)
    work.private_links.forget_of(user_id)


def end_administering(work: UnitOfWork, user_id: int) -> None:
    """Somebody is no admin any more: take away the cards that admins have."""
    where = private_place(work, user_id)
    for message_id in work.shared_cards.take_away(user_id, OF_ADMINS):
        work.outbox.delete_card(where, message_id, work.now)


def cancel_unsent(work: UnitOfWork, user_id: int, kept_for: int) -> Unsent:
    """Cancel what somebody has in the queue, and keep the codes of it for the admin who has removed them.

    What was sent already ends as it will, and is not sent again; of that too the codes are kept that don't arrive.
    """
    rows = cancel_all_of(work, user_id)
    if not rows:
        return Unsent()
    # What somebody else has left goes back to that person.
    ids = [row.id for row in rows if row.handoff_id is None]
    pieces = [ids[at : at + LIST_LENGTH] for at in range(0, len(ids), LIST_LENGTH)]
    statuses = [row.state.status for row in rows]
    return Unsent(
        cancelled=statuses.count(Status.CANCELLED),
        going_on=sum(status in UNDER_WAY for status in statuses),
        kept=[work.kept_codes.add(user_id, kept_for, piece, work.now) for piece in pieces],
        kept_for=kept_for,
    )
