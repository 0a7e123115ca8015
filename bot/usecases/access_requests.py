"""Somebody asks to be let in, and an admin answers: whoever answers first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.access_request import answered, may_ask, new_request
from bot.usecases.access_request_ends import end_request, show_crowd
from bot.usecases.access_request_rows import Asker, StoredRequest
from bot.usecases.actor import Actor
from bot.usecases.audit import AuditKind
from bot.usecases.invitation_ends import bar_from_earlier
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.preferences import private_place
from bot.usecases.records import CardKind, Role
from bot.usecases.roles import give_role
from bot.usecases.shared_card_rows import SharedKind
from bot.usecases.shared_cards import show_admins, show_changed

#: At most so many requests that wait, or have come within the hour, have a card of their own: of all others the
#: admins get one card, and another only for those who come an hour later.
MOST_CARDS = 10
CROWD_LASTS = timedelta(hours=1)
#: So many may wait at a time.
MOST_WAITING = 100


class Standing(StrEnum):
    """How somebody stands who asks, or may ask."""

    MAY_ASK = "may_ask"
    ASKED = "asked"  # just now
    WAITS = "waits"
    REFUSED = "refused"  # not long ago
    TOO_MANY = "too_many"  # others wait
    LET_IN = "let_in"


@dataclass(frozen=True, slots=True)
class Asked:
    """``until`` is when who was refused may ask again."""

    standing: Standing
    until: datetime | None = None


def standing_of(work: UnitOfWork, user_id: int) -> Asked:
    """How somebody without a role stands; for the program itself."""
    last = work.access_requests.newest_of(user_id)
    if last is None or may_ask(last.request, work.now):
        return Asked(Standing.MAY_ASK)
    if last.request.waits:
        return Asked(Standing.WAITS)
    return Asked(Standing.REFUSED, last.request.refused_until)


# --- asking -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AskForAccess:
    """``username`` is empty for who has none."""

    username: str = ""


def ask_for_access(work: UnitOfWork, actor: Actor, command: AskForAccess) -> Asked:
    """Ask the admins to be let in."""
    require(actor, UseCase.ASK_FOR_ACCESS)
    if actor.role is not None:
        return Asked(Standing.LET_IN)
    requests = work.access_requests
    requests.lock()
    # Read only now: whoever lets somebody in waits for the same, and answers what they have asked.
    user = work.users.find(actor.user_id)
    if user is not None and user.role is not None:
        return Asked(Standing.LET_IN)
    stands = standing_of(work, actor.user_id)
    if stands.standing is not Standing.MAY_ASK:
        return stands
    if requests.count_waiting() >= MOST_WAITING:
        return Asked(Standing.TOO_MANY)
    alone = requests.count_cards(work.now - CROWD_LASTS) < MOST_CARDS
    request_id = requests.add(Asker(actor.user_id, actor.name, command.username, actor.language), new_request(work.now))
    if alone:
        show_admins(work, SharedKind.ACCESS_REQUEST, request_id)
    else:
        _join_crowd(work, request_id)
    work.audit.note(AuditKind.ASKED, actor.user_id, chat_id=actor.user_id, object_id=request_id)
    return Asked(Standing.ASKED)


def _join_crowd(work: UnitOfWork, request_id: int) -> None:
    crowd_id = work.access_requests.find_crowd(work.now - CROWD_LASTS)
    work.access_requests.put_into_crowd(request_id, crowd_id or request_id)
    if crowd_id is None:
        show_admins(work, SharedKind.ACCESS_CROWD, request_id)
    else:
        show_changed(work, SharedKind.ACCESS_CROWD, crowd_id)


# --- answering --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnswerRequest:
    """``chat_id`` is where the button was."""

    chat_id: int
    request_id: int
    allow: bool


@dataclass(frozen=True, slots=True)
class RequestAnswered:
    """``stored`` is the request as it is now. ``done`` is False where it had ended already."""

    stored: StoredRequest
    done: bool


def answer_request(work: UnitOfWork, actor: Actor, command: AnswerRequest) -> RequestAnswered | None:
    """Let somebody in who asks for it, or refuse it. None where there is no such request."""
    require(actor, UseCase.ANSWER_REQUEST)
    found = work.access_requests.find(command.request_id)
    # The person first, as who acts themselves is locked before anything that they do.
    user = None if found is None else work.users.lock(found.asker.user_id)
    stored = work.access_requests.lock_one(command.request_id)
    if stored is None:
        return None
    # Somebody who has come in another way meanwhile is not put out by this.
    inside = (user is not None and user.role is not None) or stored.asker.user_id in work.settings_admins
    by = None if inside else actor.user_id
    after = answered(stored.request, allow=command.allow or inside, by=by, now=work.now)
    if after is None:
        return RequestAnswered(stored, done=False)
    ended = end_request(work, stored, after)
    if command.allow and not inside:
        _let_in(work, actor, command.chat_id, stored)
    elif not inside:
        _note_refused(work, actor, command.chat_id, stored)
    if stored.crowd_id is not None:
        _show_next(work, actor, stored.crowd_id)
    return RequestAnswered(ended, done=not inside)


def _let_in(work: UnitOfWork, actor: Actor, chat_id: int, stored: StoredRequest) -> None:
    asker = stored.asker
    # Their name and language are known from here on, also before they write again.
    work.users.keep(asker.user_id, asker.name, asker.language, work.now, asker.username)
    if give_role(work, actor.user_id, asker.user_id, Role.MEMBER, was=None):
        work.audit.note(
            AuditKind.ALLOWED,
            actor.user_id,
            chat_id=chat_id,
            subject_id=asker.user_id,
            object_id=stored.id,
            detail=Role.MEMBER,
        )


def _note_refused(work: UnitOfWork, actor: Actor, chat_id: int, stored: StoredRequest) -> None:
    subject_id = stored.asker.user_id
    bar_from_earlier(work, subject_id)
    work.audit.note(
        AuditKind.REFUSED_ACCESS, actor.user_id, chat_id=chat_id, subject_id=subject_id, object_id=stored.id
    )


# --- a crowd ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NextOfCrowd:
    crowd_id: int


def show_next_of_crowd(work: UnitOfWork, actor: Actor, command: NextOfCrowd) -> bool:
    """Show the actor one of the requests that share a card; False when nobody waits there."""
    require(actor, UseCase.SHOW_NEXT_OF_CROWD)
    if _show_next(work, actor, command.crowd_id):
        return True
    # Of each they have a card by now: the oldest one is moved below what has been written since.
    oldest = work.access_requests.next_of_crowd(command.crowd_id)
    if oldest is not None:
        _show_below(work, actor, oldest)
    return oldest is not None


def _show_next(work: UnitOfWork, actor: Actor, crowd_id: int) -> bool:
    """Give the actor a card of the oldest request that waits and of which they have none."""
    found = work.access_requests.next_of_crowd(crowd_id, without_card_in=actor.user_id)
    if found is not None:
        work.shared_cards.add(SharedKind.ACCESS_REQUEST, found, private_place(work, actor.user_id))
        _show_below(work, actor, found)
    return found is not None


def _show_below(work: UnitOfWork, actor: Actor, request_id: int) -> None:
    """Show the actor their card of a request, which rings no phone: they have just asked for it."""
    copy_id = work.shared_cards.find(SharedKind.ACCESS_REQUEST, request_id, actor.user_id)
    if copy_id is not None:
        work.cards.show_again(CardKind.SHARED, copy_id)
        work.signals.chat_behind(actor.user_id)


@dataclass(frozen=True, slots=True)
class RefuseCrowd:
    """Up to ``last_id``: who has come since is not meant. ``sure`` is False where only their number is asked for."""

    chat_id: int
    crowd_id: int
    last_id: int
    sure: bool


def refuse_crowd(work: UnitOfWork, actor: Actor, command: RefuseCrowd) -> Sequence[StoredRequest]:
    """Refuse everybody of a crowd who waits; the requests that were refused, or would be."""
    require(actor, UseCase.REFUSE_CROWD)
    waiting = work.access_requests.lock_crowd(command.crowd_id, command.last_id)
    if not command.sure:
        return waiting
    refused = []
    for stored in waiting:
        after = answered(stored.request, allow=False, by=actor.user_id, now=work.now)
        if after is not None:
            work.access_requests.save(stored.id, after)
            show_changed(work, SharedKind.ACCESS_REQUEST, stored.id, over=True)
            _note_refused(work, actor, command.chat_id, stored)
            refused.append(StoredRequest(stored.id, stored.asker, stored.crowd_id, after))
    if refused:
        show_crowd(work, command.crowd_id)
    return refused
