"""ixBrowser's lists between hub and station, which meet in the database alone.

The hub requests a list; the station reads it and publishes what it has read; the hub shows that. A list that was read
just now also answers by itself what there is nothing to ask about. Nobody asks for that, so that it needs no actor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.draft import Draft
from bot.domain.remote_lists import Listing, Row, apply_remote_lists, needs, shows_rows, with_known_names
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import DraftState, StoredDraft
from bot.usecases.station_lists import StationList, lists_known, lists_now

Found = Mapping[Listing, StationList]


# --- in drafts --------------------------------------------------------------------------------------------------------


def with_lists(work: UnitOfWork, draft: Draft) -> Draft:
    """The draft with what the lists that it needs answer by themselves. Those that are too old are requested."""
    found: dict[Listing, StationList] = {}
    while missing := needs(draft) - found.keys():
        new = work.lists.find(missing)
        _request_stale(work, new)
        found.update(new)
        draft = answered(draft, found, work.now)
    return draft


def answered(draft: Draft, found: Found, now: datetime) -> Draft:
    """The draft with what these lists answer by themselves, as far as it needs them.

    Only a list that was read just now tells that there is nothing to choose from, or that what was chosen is gone. An
    old one, as of an ixBrowser that is closed, gives names.
    """
    needed = {listing: found[listing] for listing in needs(draft) if listing in found}
    return with_known_names(apply_remote_lists(draft, lists_now(needed, now)), lists_known(needed, now))


def is_changed_by(stored: StoredDraft, found: Found, now: datetime) -> bool:
    """Whether the lists answer something of an open draft that stands otherwise in it, or not at all."""
    return stored.state is DraftState.OPEN and answered(stored.draft, found, now) != stored.draft


def answer_draft(work: UnitOfWork, draft_id: int) -> None:
    """Write what the lists answer. Only a draft that changes gets another revision, so that no tap is spoiled."""
    stored = work.drafts.find(draft_id)
    if stored is not None and stored.state is DraftState.OPEN:
        _answer(work, stored)


def _answer(work: UnitOfWork, stored: StoredDraft) -> bool:
    """Whether the draft was changed."""
    draft = with_lists(work, stored.draft)
    if draft == stored.draft or not work.drafts.change(stored, draft, work.now, repost=False):
        return False
    work.signals.chat_behind(stored.where.chat_id)
    return True


# --- the hub ----------------------------------------------------------------------------------------------------------


def request_lists(work: UnitOfWork, wanted: frozenset[Listing]) -> None:
    """Have those of the lists read that are too old."""
    _request_stale(work, work.lists.find(wanted))


def request_anew(work: UnitOfWork, wanted: frozenset[Listing]) -> None:
    """Have these lists read, however new they are; until then they prove nothing any more."""
    work.lists.request(wanted, work.now)
    work.signals.lists_requested()


def _request_stale(work: UnitOfWork, found: Found) -> None:
    if wanted := stale(found, work.now):
        request_anew(work, wanted)


def stale(found: Found, now: datetime) -> frozenset[Listing]:
    """Those of the lists that are too old, and that nobody has requested."""
    return frozenset(name for name, each in found.items() if not each.is_fresh(now) and not each.is_requested(now))


# --- the station ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListRequest:
    """A list that is to be read; ``requested_at`` tells the request from a later one."""

    listing: Listing
    requested_at: datetime


def requested(work: UnitOfWork) -> Sequence[ListRequest]:
    """All lists that are to be read."""
    return [ListRequest(listing, at) for listing, at in work.lists.requested().items()]


def publish(work: UnitOfWork, request: ListRequest, rows: Sequence[Row]) -> bool:
    """Keep what has been read for the request, answer by it in open drafts, and have their cards show it.

    Whether the list is to be read once more.
    """
    before = work.lists.lock(request.listing)
    rows = tuple(rows)
    differs = before.rows is None or tuple(before.rows) != rows
    after = replace(
        before,
        rows=rows if differs else before.rows,
        version=before.version + differs,
        read_at=work.now,
        failure=None,
    )
    return _publish(work, request, before, after)


def publish_failure(work: UnitOfWork, request: ListRequest, reason: str) -> bool:
    """Note why the list could not be read; what was read before stays. Whether it is to be read once more."""
    before = work.lists.lock(request.listing)
    return _publish(work, request, before, replace(before, failure=reason))


def _publish(work: UnitOfWork, request: ListRequest, before: StationList, after: StationList) -> bool:
    # What was requested since may have changed after this reading began: it is read once more.
    pending = None if before.requested_at == request.requested_at else before.requested_at
    after = replace(after, tried_at=work.now, requested_at=pending)
    work.lists.save(request.listing, before, after)
    work.signals.lists_published()
    outdated = []
    for stored in _concerned(work, request.listing, before, after):
        if request.listing not in needs(stored.draft):
            continue
        if is_changed_by(stored, {request.listing: after}, work.now) and _answer(work, stored):
            continue
        if _shows_otherwise(stored.draft, request.listing, before, after):
            outdated.append(stored.id)
            work.signals.chat_behind(stored.where.chat_id)
    work.cards.mark_outdated(outdated)
    return pending is not None


def _concerned(work: UnitOfWork, listing: Listing, before: StationList, after: StationList) -> Sequence[StoredDraft]:
    """The open drafts whose card or answers may change by what was published.

    A list that has not changed can only correct what was chosen while it was too old, or choose the only group. To
    read all drafts each time would delay everybody.
    """
    alone = listing is Listing.GROUPS and after.failure is None and len(after.rows or ()) <= 1
    if alone or before.shown != after.shown:
        return work.drafts.all_open()
    labels = lists_known({listing: after}, work.now).labels(listing)
    return work.drafts.open_differing(listing, labels or {})


def _shows_otherwise(draft: Draft, listing: Listing, before: StationList, after: StationList) -> bool:
    """Whether the card of a draft that needs the list shows another one by now."""
    if before.failure != after.failure or (before.rows is None) != (after.rows is None):
        return True
    if shows_rows(draft, listing):
        return before.version != after.version
    return bool(before.rows) != bool(after.rows)
