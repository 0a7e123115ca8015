"""What ends requests to be let in, whoever does that, and who is shown those that wait. For the program itself."""

from __future__ import annotations

from bot.domain.access_request import WAITS_FOR, AccessRequest, answered, expired
from bot.usecases.access_request_rows import StoredRequest
from bot.usecases.ports import UnitOfWork
from bot.usecases.shared_card_rows import SharedKind
from bot.usecases.shared_cards import keep_to_admins, show_admins, show_changed


def end_request(work: UnitOfWork, stored: StoredRequest, after: AccessRequest) -> StoredRequest:
    """Keep how a request has ended, and have its cards say so."""
    work.access_requests.save(stored.id, after)
    show_changed(work, SharedKind.ACCESS_REQUEST, stored.id, over=True)
    if stored.crowd_id is not None:
        show_crowd(work, stored.crowd_id)
    return StoredRequest(stored.id, stored.asker, stored.crowd_id, after)


def show_crowd(work: UnitOfWork, crowd_id: int) -> None:
    """Have the card that several requests share say how they stand."""
    over = not work.access_requests.crowd(crowd_id).waiting
    show_changed(work, SharedKind.ACCESS_CROWD, crowd_id, over=over)


def close_request(work: UnitOfWork, user_id: int, by: int) -> None:
    """Somebody is let in by ``by`` in another way: if they wait for an answer, that was it."""
    stored = work.access_requests.lock_waiting_of(user_id)
    if stored is None:
        return
    after = answered(stored.request, allow=True, by=by, now=work.now)
    if after is not None:
        end_request(work, stored, after)


def expire_requests(work: UnitOfWork) -> None:
    """End the requests that nobody has answered for too long."""
    for stored in work.access_requests.lock_asked_before(work.now - WAITS_FOR):
        after = expired(stored.request, work.now)
        if after is not None:
            end_request(work, stored, after)


def show_waiting(work: UnitOfWork) -> None:
    """Give every admin a card of each request that waits, unless they have it: somebody may have become one."""
    alone, crowds = work.access_requests.waiting_cards()
    for request_id in alone:
        show_admins(work, SharedKind.ACCESS_REQUEST, request_id)
    for crowd_id in crowds:
        show_admins(work, SharedKind.ACCESS_CROWD, crowd_id)


def meet_admins(work: UnitOfWork) -> None:
    """At the start, when the settings may name other admins than before."""
    keep_to_admins(work)
    show_waiting(work)
