"""What ends requests to be let in, whoever does that. For the program itself."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.access_request import WAITS_FOR, AccessRequest, RequestState, answered, expired
from bot.usecases.access_request_rows import StoredRequest
from bot.usecases.ports import UnitOfWork
from bot.usecases.shared_card_rows import SharedKind
from bot.usecases.shared_cards import show_changed


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
    work.access_requests.lock()
    stored = work.access_requests.lock_waiting_of(user_id)
    if stored is None:
        return
    after = answered(stored.request, allow=True, by=by, now=work.now)
    if after is not None:
        end_request(work, stored, after)


def know_asker(work: UnitOfWork, user_id: int) -> None:
    """What somebody has told of themselves when they asked is known of them, unless they have told it since."""
    newest, user = work.access_requests.newest_of(user_id), work.users.find(user_id)
    if newest is not None and (user is None or not user.name):
        work.users.keep(user_id, newest.asker.name, newest.asker.language, work.now, newest.asker.username)


def end_all_requests(work: UnitOfWork) -> None:
    """End every request that waits, which nobody has answered."""
    for stored in work.access_requests.lock_asked_before(work.now):
        end_request(work, stored, replace(stored.request, state=RequestState.EXPIRED, ended_at=work.now))


def expire_requests(work: UnitOfWork) -> None:
    """End the requests that nobody has answered for too long."""
    for stored in work.access_requests.lock_asked_before(work.now - WAITS_FOR):
        after = expired(stored.request, work.now)
        if after is not None:
            end_request(work, stored, after)
