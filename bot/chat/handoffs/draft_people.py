"""Who is named on the card of a draft: for whom its codes are left, or who has left them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.handoffs.hand_over_texts import BESIDE_HANDLE
from bot.chat.translator import cut
from bot.domain.draft import Step, step
from bot.domain.handoff import HandoffStatus
from bot.usecases.handoff_lists import ReceiverPage, find_receivers, handles_of
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import DraftState, StoredDraft


@dataclass(frozen=True, slots=True)
class DraftPeople:
    """``receivers`` are those of whom one is to be chosen, None where that is not asked.

    ``receiver`` is the one who was chosen, empty for the team. ``giver`` has left the codes that were taken into the
    draft, with a ``note``; ``withdrawn``: and has taken them back.
    """

    receivers: ReceiverPage | None = None
    receiver: str = ""
    giver: str = ""
    note: str = ""
    withdrawn: bool = False


NOBODY = DraftPeople()


def read_people(work: UnitOfWork, stored: StoredDraft) -> DraftPeople:
    """Read it; of a draft that has to do with nobody else nothing is read."""
    if stored.handoff_id is not None:
        return _of_taken(work, stored, stored.handoff_id)
    wanted = stored.draft.hand_over
    if wanted is None:
        return NOBODY
    if stored.state is DraftState.OPEN and step(stored.draft) is Step.RECEIVER:
        but = frozenset({stored.where.user_id})
        return DraftPeople(receivers=find_receivers(work, stored.draft.search, stored.draft.page, but))
    user_id = None if wanted.receiver is None else wanted.receiver.user_id
    if user_id is None:
        return NOBODY
    name, handle = _name(work, user_id), handles_of(work, [user_id]).get(user_id)
    return DraftPeople(receiver=name if handle is None else f"{cut(name, BESIDE_HANDLE)} ({handle})")


def _of_taken(work: UnitOfWork, stored: StoredDraft, handoff_id: int) -> DraftPeople:
    handoff = work.handoffs.find(handoff_id)
    if handoff is None:
        return NOBODY
    withdrawn = bool(handoff.with_status(HandoffStatus.WITHDRAWN))
    # Who may take them back is an admin where the one who left them was removed.
    giver_id = handoff.owner_id if stored.state is DraftState.TAKEN_BACK else handoff.giver_id
    return DraftPeople(giver=_name(work, giver_id), note=handoff.note, withdrawn=withdrawn)


def _name(work: UnitOfWork, user_id: int) -> str:
    return work.users.names([user_id]).get(user_id) or str(user_id)
