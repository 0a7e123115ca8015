"""Requests to be let in, on both databases: one a person, one answer, and whoever comes at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.access_request import AccessRequest, RequestState, new_request
from bot.errors import StorageError
from bot.storage.access_requests import access_requests
from bot.storage.database import Database
from bot.storage.housekeeping import Housekeeping
from bot.storage.shared_cards import shared_cards
from bot.storage.unreachable import unreachable
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.access_request_rows import Asker, StoredRequest
from bot.usecases.access_requests import (
    MOST_CARDS,
    AnswerRequest,
    Asked,
    AskForAccess,
    RefuseCrowd,
    RequestAnswered,
    Standing,
    answer_request,
    ask_for_access,
    refuse_crowd,
)
from bot.usecases.actor import Actor
from bot.usecases.members import ChangeRole, change_role
from bot.usecases.new_admins import meet_admins
from bot.usecases.reachability import note_unreachable
from bot.usecases.rebinding import rebind
from bot.usecases.records import CardKind, Place, Role
from bot.usecases.shared_card_rows import SharedKind
from bot.usecases.unreachable import Unreachable, Why
from tests.storage.support import NOW, rows
from tests.storage.two import Two, paused_at_end
from tests.support.clock import MovableClock

SAM = Asker(7, "Sam 店", "sam", "vi")
KIM = Actor(41, "Kim", Role.ADMIN, "en")
BOSS = Actor(42, "Boss", Role.ADMIN, "en")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1).total_seconds()


def asking(number: int) -> Callable[[SqlWork], object]:
    return lambda work: ask_for_access(work, Actor(number, "S", None, "en"), AskForAccess())


def answering(actor: Actor, *, allow: bool) -> Callable[[SqlWork], RequestAnswered | None]:
    return lambda work: answer_request(work, actor, AnswerRequest(actor.user_id, 1, allow=allow))


async def test_a_request_is_kept_as_it_was_asked_and_answered(store: SqlStore) -> None:
    number = await store.write(lambda work: work.access_requests.add(SAM, new_request(NOW)))
    waiting = StoredRequest(number, SAM, None, new_request(NOW))

    def look(work: SqlWork) -> None:
        assert work.access_requests.find(number) == work.access_requests.newest_of(7) == waiting
        assert work.access_requests.find(number + 1) is work.access_requests.newest_of(8) is None

    await store.read(look)
    ended = AccessRequest(RequestState.REFUSED, NOW, NOW + HOUR, 41)
    await store.write(lambda work: work.access_requests.save(number, ended))
    found = await store.read(lambda work: work.access_requests.find(number))
    assert found == StoredRequest(number, SAM, None, ended)


async def test_the_database_itself_lets_a_person_have_one_that_waits(store: SqlStore) -> None:
    await store.write(lambda work: work.access_requests.add(SAM, new_request(NOW)))
    with pytest.raises((IntegrityError, StorageError)):
        await store.write(lambda work: work.access_requests.add(SAM, new_request(NOW)))
    ended = AccessRequest(RequestState.EXPIRED, NOW, NOW)
    await store.write(lambda work: work.access_requests.save(1, ended))
    await store.write(lambda work: work.access_requests.add(SAM, new_request(NOW)))


@pytest.mark.parametrize("first", [True, False])
async def test_of_two_admins_who_answer_at_once_one_has_answered(two: Two, first: bool) -> None:
    await two.first.write(asking(7))
    one, other = await two.in_turn(answering(KIM, allow=first), answering(BOSS, allow=not first), where=paused_at_end)
    assert one.done
    assert not other.done
    [row] = await rows(two.databases[0], access_requests)
    assert (row["state"], row["answered_by"]) == ("allowed" if first else "refused", KIM.user_id)
    user = await two.first.read(lambda work: work.users.find(7))
    assert (user is not None and user.role is Role.MEMBER) == first


async def test_an_answer_and_allow_at_once_let_somebody_in_once(two: Two) -> None:
    await two.first.write(asking(7))
    await two.in_turn(
        answering(KIM, allow=True),
        lambda work: change_role(work, BOSS, ChangeRole(7, Role.MEMBER, None)),
        where=paused_at_end,
    )
    user = await two.first.read(lambda work: work.users.find(7))
    assert user is not None
    assert user.role is Role.MEMBER


async def test_who_asks_while_they_are_let_in_leaves_no_request(two: Two) -> None:
    _, asked = await two.in_turn(
        lambda work: change_role(work, BOSS, ChangeRole(7, Role.MEMBER, None)), asking(7), where=paused_at_end
    )
    assert asked == Asked(Standing.LET_IN)
    assert await rows(two.databases[0], access_requests) == []


async def test_who_is_let_in_while_they_ask_has_been_answered(two: Two) -> None:
    await two.in_turn(
        asking(7), lambda work: change_role(work, BOSS, ChangeRole(7, Role.MEMBER, None)), where=paused_at_end
    )
    assert [row["state"] for row in await rows(two.databases[0], access_requests)] == ["allowed"]


async def test_a_person_is_refused_once_by_two_who_refuse_all_at_once(two: Two) -> None:
    for number in range(2000, 2000 + MOST_CARDS + 3):
        await two.first.write(asking(number))
    first = MOST_CARDS + 1
    command = RefuseCrowd(1, first, first + 2, sure=True)
    one, other = await two.in_turn(
        lambda work: refuse_crowd(work, KIM, command),
        lambda work: refuse_crowd(work, BOSS, command),
        where=paused_at_end,
    )
    assert len(one) == 3
    assert other == []


async def test_those_who_ask_at_once_share_one_card_where_one_has_its_own_left(two: Two) -> None:
    for number in range(2000, 2000 + MOST_CARDS - 1):
        await two.first.write(asking(number))
    await two.in_turn(asking(3000), asking(3001), where=paused_at_end)
    await two.in_turn(asking(3002), asking(3003), where=paused_at_end)
    crowds = [row["crowd_id"] for row in await rows(two.databases[0], access_requests)]
    assert crowds == [None] * MOST_CARDS + [MOST_CARDS + 1] * 3


async def test_what_has_ended_is_forgotten_after_a_month_with_its_cards(database: Database) -> None:
    clock = MovableClock()
    store = SqlStore(database, now=clock.now, admins=frozenset({KIM.user_id}))
    housekeeping = Housekeeping(store, clock)
    for number in range(2000, 2000 + MOST_CARDS + 1):
        await store.write(asking(number))
    clock.computer_sleeps(14 * DAY)
    await housekeeping.tidy()
    assert {row["state"] for row in await rows(database, access_requests)} == {"expired"}
    clock.computer_sleeps(29 * DAY)
    await store.write(asking(7))
    await housekeeping.tidy()
    assert len(await rows(database, access_requests)) == MOST_CARDS + 2
    clock.computer_sleeps(2 * DAY)
    await housekeeping.tidy()
    [left] = await rows(database, access_requests)
    assert left["user_id"] == 7
    assert [row["subject_id"] for row in await rows(database, shared_cards)] == [left["id"]]


async def test_a_copy_that_nobody_has_seen_of_what_is_over_is_not_shown_unless_it_is_on_its_way(
    store: SqlStore,
) -> None:
    place = Place(41, 41, None, "en")
    kind = SharedKind.ACCESS_REQUEST

    def behind(work: SqlWork) -> list[int]:
        return [copy.card.revision for copy in work.shared_cards.behind([41])]

    def change(work: SqlWork) -> int:
        work.shared_cards.add(kind, 7, place)
        [copy] = work.shared_cards.behind([41])
        work.shared_cards.skip_unseen(kind, 7)
        assert list(work.shared_cards.bump(kind, 7)) == []
        assert behind(work) == []
        return copy.id

    copy_id = await store.write(change)
    # It was being sent at that moment.
    await store.write(
        lambda work: work.cards.note_shown(CardKind.SHARED, copy_id, message_id=5, rendered=1, complete=True)
    )
    assert await store.read(behind) == [2]


async def test_moved_to_another_bot_what_waits_is_shown_by_that_one(database: Database) -> None:
    store = SqlStore(database, admins=frozenset({41}))

    def change(work: SqlWork) -> None:
        work.owner.note(5)
        asking(7)(work)
        [copy] = work.shared_cards.behind([41])
        work.cards.note_shown(CardKind.SHARED, copy.id, message_id=5, rendered=1, complete=True)
        work.unreachable.note(Unreachable(41, NOW, Why.BLOCKED))

    await store.write(change)
    await store.write(rebind, 6)
    await store.write(meet_admins)
    [copy] = await store.read(lambda work: work.shared_cards.behind([41]))
    assert copy.card.message_id is None
    assert await rows(database, unreachable) == []


async def test_who_cannot_be_written_to_is_noted_once_and_forgotten(store: SqlStore, database: Database) -> None:
    def change(work: SqlWork) -> None:
        work.users.set_role(1002, Role.MEMBER, 1, NOW)
        note_unreachable(work, 1002, Why.BLOCKED)
        note_unreachable(work, 1002, Why.NEVER_STARTED)
        # Of a stranger it is not kept.
        note_unreachable(work, 1003, Why.BLOCKED)

    await store.write(change)
    [noted] = await store.read(lambda work: work.unreachable.all())
    assert noted == Unreachable(1002, noted.since, Why.BLOCKED)
    await store.write(lambda work: work.unreachable.forget(1002))
    assert await rows(database, unreachable) == []
