"""What is to be said and shown in a chat, read from its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from bot.chat.handoffs.draft_people import DraftPeople, read_people
from bot.chat.shared_cards import RenderedCard, read_shared
from bot.domain.remote_lists import Listing, needs
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Batch, DraftState, Note, StoredDraft
from bot.usecases.station_lists import StationList


@dataclass(frozen=True, slots=True)
class Behind:
    """``names`` are those of the people whose cards stand in a group chat.

    ``continued`` are the drafts of group chats for which some of ``drafts`` ask in private; ``people`` are those whom
    the cards of drafts name, by the drafts' numbers.
    """

    notes: Sequence[Note]
    drafts: Sequence[StoredDraft]
    batches: Sequence[Batch]
    lists: Mapping[Listing, StationList]
    names: Mapping[int, str]
    continued: Mapping[int, StoredDraft]
    shared: Sequence[RenderedCard]
    people: Mapping[int, DraftPeople]


def read_behind(
    work: UnitOfWork, chat_ids: Sequence[int], failing: Mapping[int, str] = MappingProxyType({})
) -> Sequence[Behind]:
    """What is behind in each of these chats. Of shared cards that are ``failing`` only a reference is shown."""
    notes = work.outbox.waiting(chat_ids)
    drafts = work.drafts.behind(chat_ids)
    batches = work.batches.behind(chat_ids)
    wanted = frozenset[Listing]().union(*map(needed, drafts))
    lists = work.lists.find(wanted) if wanted else {}
    places = [stored.where for stored in drafts] + [batch.where for batch in batches]
    public = {where.user_id for where in places if not where.private}
    names = work.users.names(public) if public else {}
    asked_for = {stored.continues for stored in drafts if stored.continues is not None}
    continued = {found.id: found for draft_id in asked_for if (found := work.drafts.find(draft_id)) is not None}
    shared = read_shared(work, chat_ids, failing)
    people = {stored.id: read_people(work, stored) for stored in drafts}
    return [
        Behind(
            [note for note in notes if note.chat_id == chat_id],
            [stored for stored in drafts if stored.where.chat_id == chat_id],
            [batch for batch in batches if batch.where.chat_id == chat_id],
            lists,
            names,
            continued,
            [each for each in shared if each.copy.where.chat_id == chat_id],
            people,
        )
        for chat_id in chat_ids
    ]


def needed(stored: StoredDraft) -> frozenset[Listing]:
    """The lists that a draft's card shows."""
    return needs(stored.draft) if stored.state is DraftState.OPEN else frozenset()


def waited_for(behind: Behind, now: datetime) -> frozenset[Listing]:
    """The lists that are needed and were never read, or not at the last try, which may have been yesterday.

    A good answer is shown at once, however old it is.
    """
    wanted = frozenset[Listing]().union(*map(needed, behind.drafts))
    return frozenset(name for name in wanted if not behind.lists[name].is_good and not behind.lists[name].is_fresh(now))
