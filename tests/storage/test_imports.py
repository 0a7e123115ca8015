"""What the use cases are promised of the import log: the same by the database, and by the log in memory that the
station's tests use."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.import_events import (
    Answered,
    CancelWanted,
    Claimed,
    ClaimReleased,
    Event,
    GoOn,
    HeldTooLong,
    KeyLost,
    LookAgain,
    NameFound,
    ProvenAbsent,
    ProxyGivenUp,
    ProxyIntended,
    ProxyMissing,
    ProxyRetried,
    ProxySet,
    RecordFound,
    RecordsUnreadable,
    Recovered,
    StationChanged,
    WaitChanged,
)
from bot.domain.import_state import ImportState, ProxyStatus, Status
from bot.domain.import_transitions import HOLD_AFTER, PROOF_WITHIN, TABLE, TRIED_FOR, apply
from bot.domain.outcome import Imported, NotSent, Outcome, Refused, Unknown
from bot.domain.proxy import Keep, Saved
from bot.errors import StorageError
from bot.storage.database import Database
from bot.storage.tables import imports, secrets
from bot.storage.work import SqlStore, SqlWork
from bot.usecases import import_queue
from bot.usecases.import_queue import MISSING_FOR, Round
from bot.usecases.import_rows import ImportRow, Imports
from bot.usecases.ports import UnitOfWork
from tests.storage.arranged import Arranged, Card, InDatabase
from tests.storage.support import ANA, CODE, CUSTOM, EXTRACTION, NOW, OTHER, STATION, confirmed, draft_of, rows
from tests.support.clock import MovableClock
from tests.support.memory_store import MemoryImports

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
ELSEWHERE = "home"
ENDED = (Status.IMPORTED, Status.FAILED, Status.CANCELLED, Status.UNKNOWN)
NOTHING = Round([], [])


async def send_round(
    arranged: Arranged,
    limit: int = 0,
    *,
    last: Collection[int] = (),
    besides: Collection[int] = (),
    hold: bool = False,
    wait: WaitChanged | None = None,
) -> Round:
    return await arranged.run(import_queue.send_round, limit=limit, last=last, besides=besides, hold=hold, wait=wait)


async def claimed_ids(arranged: Arranged, limit: int, *, last: Collection[int] = ()) -> list[int]:
    return ids((await send_round(arranged, limit, last=last)).claimed)


def ids(found: Sequence[ImportRow]) -> list[int]:
    return [row.id for row in found]


def answered(outcome: Outcome, attempt: int = 0) -> Answered:
    return Answered(attempt, outcome, NOW)


# --- whole states -----------------------------------------------------------------------------------------------------


async def test_a_saved_state_is_read_as_it_was_written_and_the_version_goes_up_by_one(arranged: Arranged) -> None:
    row_id, other = await arranged.add(proxy=EXTRACTION), await arranged.add()
    state = ImportState(
        status=Status.CHECKING,
        waiting_since=NOW + SECOND,
        attempts=3,
        unanswered=2,
        restricted=1,
        without_proxy=True,
        cancel_wanted=True,
        held=True,
        waiting_for="1010",
        verdict=Status.CANCELLED,
        sent_at=NOW + 2 * SECOND,
        finished_at=NOW + 3 * SECOND,
        error_code=2002,
        error_message="<b> 代理",
        profile_id=2**40,
        profile_name="店铺 🛒",
        record_id=2**41,
        proxy_status=ProxyStatus.MISSING,
        takes_link=True,
        key_lost=True,
        station=ELSEWHERE,
    )
    plain = ImportState(Status.QUEUED, NOW, takes_link=True, station=STATION)
    assert all(
        getattr(state, each.name) != getattr(plain, each.name)
        for each in fields(state)
        if each.name not in {"takes_link", "code_kept"}
    )

    def save(work: UnitOfWork, state: ImportState) -> None:
        [row] = work.imports.lock_batch(batch_id)
        work.imports.save([replace(row, state=state)])

    before, untouched = await arranged.row(row_id), await arranged.row(other)
    batch_id = before.batch_id
    await arranged.run(save, state)
    assert await arranged.row(row_id) == replace(before, state=state)
    assert await arranged.version(row_id) == 1
    await arranged.run(save, plain)
    assert await arranged.row(row_id) == replace(before, state=plain)
    assert await arranged.version(row_id) == 2
    assert await arranged.row(other) == untouched
    assert await arranged.version(other) == 0


async def test_several_rows_are_saved_at_once_and_none_at_all(arranged: Arranged) -> None:
    added = [await arranged.add() for _ in range(3)]

    def save(work: UnitOfWork) -> None:
        free = work.imports.lock_queued(9, last=(), besides=added[1:2])
        work.imports.save([replace(row, state=replace(row.state, attempts=row.id + 7)) for row in free])
        work.imports.save([])

    await arranged.run(save)
    assert [(await arranged.row(row_id)).state.attempts for row_id in added] == [added[0] + 7, 0, added[2] + 7]
    assert [await arranged.version(row_id) for row_id in added] == [1, 0, 1]


#: One event of each kind, and of each outcome.
EVENTS: Sequence[Event] = (
    Claimed(NOW),
    ClaimReleased(0, NOW),
    answered(Imported(5)),
    answered(Refused(110002, "no such code")),
    answered(NotSent(1010, "too fast")),
    answered(Unknown(None, "no answer")),
    answered(Imported(5), attempt=7),
    Recovered(),
    RecordFound(9, "Shop", 5, NOW),
    ProvenAbsent(0, NOW),
    RecordsUnreadable(TRIED_FOR, NOW + PROOF_WITHIN),
    CancelWanted(NOW),
    HeldTooLong(NOW + 2 * HOLD_AFTER),
    GoOn(NOW + DAY),
    WaitChanged("away"),
    LookAgain(),
    NameFound("Shop"),
    StationChanged(STATION),
    KeyLost(NOW),
    ProxyIntended(),
    ProxySet(),
    ProxyMissing(2002, "no proxy"),
    ProxyRetried(),
    ProxyGivenUp(),
)


def test_every_kind_of_event_is_tried() -> None:
    assert {type(event) for event in EVENTS} == {event for handlers in TABLE.values() for event in handlers}


@pytest.mark.parametrize("status", Status)
async def test_what_an_event_makes_of_a_row_is_written_as_a_whole(arranged: Arranged, status: Status) -> None:
    link = ProxyStatus.PENDING if status is Status.IMPORTED else None
    for event in EVENTS:
        row_id = await arranged.add(proxy=EXTRACTION, status=status, proxy_status=link, profile_id=3, sent_at=NOW)
        before = await arranged.row(row_id)
        after = replace(before, state=apply(before.state, event))
        assert await arranged.run(import_queue.record, row_id, event) == after, event
        # Its link may have been deleted with its end.
        assert (await arranged.row(row_id)).state == after.state, event
        assert await arranged.version(row_id) == int(after != before), event


async def test_an_event_for_a_row_that_there_is_not_is_nothing(arranged: Arranged) -> None:
    await arranged.add()
    assert await arranged.run(import_queue.record, 99, Recovered()) is None
    assert await arranged.run(import_queue.claim, 99) is None
    await arranged.run(import_queue.show, 99)


# --- claiming ---------------------------------------------------------------------------------------------------------


async def test_queued_rows_are_claimed_oldest_first_up_to_the_limit(arranged: Arranged) -> None:
    added = [await arranged.add() for _ in range(3)]
    first = await send_round(arranged, 2)
    assert (ids(first.claimed), first.full) == (added[:2], True)
    second = await send_round(arranged, 2)
    assert (ids(second.claimed), second.full) == (added[2:], False)
    assert await send_round(arranged, 2) == NOTHING


async def test_a_claimed_row_is_sending_from_now_with_one_more_attempt(arranged: Arranged, clock: MovableClock) -> None:
    row_id = await arranged.add(attempts=2)
    await clock.advance(7)
    [claimed] = (await send_round(arranged, 1)).claimed
    assert (claimed.state.status, claimed.state.sent_at, claimed.state.attempts) == (Status.SENDING, clock.now(), 3)
    assert await arranged.row(row_id) == claimed
    assert await arranged.card(row_id) == Card()


async def test_a_claimed_row_has_all_that_is_sent(arranged: Arranged) -> None:
    await arranged.add(proxy=EXTRACTION, group_id=5)
    await arranged.add(proxy=CUSTOM)
    await arranged.add()
    first, second, third = (await send_round(arranged, 9)).claimed
    assert (first.proxy, first.group_id, first.bypass, first.state.takes_link) == (EXTRACTION, 5, (), True)
    assert (second.proxy, second.group_id, second.state.takes_link) == (CUSTOM, None, False)
    assert third.proxy == Keep()


async def test_rows_tried_in_vain_are_claimed_after_all_others(arranged: Arranged) -> None:
    added = [await arranged.add() for _ in range(4)]
    assert await claimed_ids(arranged, 2, last=added[:2]) == added[2:]
    assert await claimed_ids(arranged, 1, last=[added[0]]) == [added[1]]
    assert await claimed_ids(arranged, 9, last=added) == [added[0]]


async def test_rows_in_flight_are_not_claimed(arranged: Arranged) -> None:
    flying, free = await arranged.add(), await arranged.add()
    assert ids((await send_round(arranged, 9, besides=[flying])).claimed) == [free]


async def test_rows_that_are_held_wanted_cancelled_or_not_queued_are_not_claimed(arranged: Arranged) -> None:
    await arranged.add(held=True)
    unwanted = await arranged.add(cancel_wanted=True)
    for status in set(Status) - {Status.QUEUED}:
        await arranged.add(status=status)
    free = await arranged.add()
    assert await claimed_ids(arranged, 9) == [free]
    assert (await arranged.row(unwanted)).state.status is Status.CANCELLED


async def test_a_row_whose_saved_proxy_is_to_be_looked_up_is_claimed_by_itself(arranged: Arranged) -> None:
    proxy = Saved(5)
    row_id, other = await arranged.add(proxy=proxy), await arranged.add()
    found = await send_round(arranged, 9)
    assert [(row.id, saved) for row, saved in found.unaddressed] == [(row_id, proxy)]
    assert ids(found.claimed) == [other]
    claimed = await arranged.run(import_queue.claim, row_id)
    assert claimed == await arranged.row(row_id)
    assert claimed.state.status is Status.SENDING
    assert await arranged.run(import_queue.claim, row_id) is None


async def test_with_nothing_queued_nothing_is_claimed(arranged: Arranged) -> None:
    assert await send_round(arranged, 3, last=[1, 2], besides=[3]) == NOTHING


# --- recovering -------------------------------------------------------------------------------------------------------


async def test_rows_found_sending_are_checked_with_one_more_unanswered(arranged: Arranged) -> None:
    sending = [await arranged.add(status=Status.SENDING, unanswered=number) for number in range(2)]
    others = [await arranged.add(status=status) for status in set(Status) - {Status.SENDING}]
    recovered = await arranged.run(import_queue.recover, [])
    assert [(row.id, row.state.status, row.state.unanswered) for row in recovered] == [
        (sending[0], Status.CHECKING, 1),
        (sending[1], Status.CHECKING, 2),
    ]
    assert [await arranged.row(row_id) for row_id in sending] == recovered
    assert [await arranged.card(row_id) for row_id in sending] == [Card(1), Card(1)]
    assert [await arranged.card(row_id) for row_id in others] == [Card()] * len(others)
    assert await arranged.run(import_queue.recover, []) == []


async def test_rows_that_are_truly_being_sent_are_not_recovered(arranged: Arranged) -> None:
    flying, lost = await arranged.add(status=Status.SENDING), await arranged.add(status=Status.SENDING)
    assert ids(await arranged.run(import_queue.recover, [flying])) == [lost]
    assert (await arranged.row(flying)).state.status is Status.SENDING


# --- what is told -----------------------------------------------------------------------------------------------------


async def test_an_answer_is_told_but_an_import_s_only_together_with_its_name(arranged: Arranged) -> None:
    refused, imported = await arranged.add(status=Status.SENDING), await arranged.add(status=Status.SENDING)
    await arranged.run(import_queue.record, refused, answered(Refused(110002, "no such code")))
    await arranged.run(import_queue.record, imported, answered(Imported(5)))
    assert [await arranged.card(row_id) for row_id in (refused, imported)] == [Card(1), Card()]
    await arranged.run(import_queue.record, imported, NameFound("Shop"))
    assert await arranged.card(imported) == Card(1)


async def test_an_imported_row_is_shown_as_it_is_where_its_name_does_not_come(arranged: Arranged) -> None:
    row_id, sending = await arranged.add(status=Status.IMPORTED), await arranged.add(status=Status.SENDING)
    before = await arranged.row(row_id)
    await arranged.run(import_queue.show, row_id)
    await arranged.run(import_queue.show, sending)
    assert await arranged.row(row_id) == before
    assert [await arranged.card(each) for each in (row_id, sending)] == [Card(1), Card()]


async def test_an_event_that_means_nothing_to_a_row_leaves_it_and_its_card_alone(arranged: Arranged) -> None:
    row_id = await arranged.add(status=Status.CANCELLED)
    before = await arranged.row(row_id)
    assert await arranged.run(import_queue.record, row_id, answered(Imported(5))) == before
    assert await arranged.row(row_id) == before
    assert await arranged.version(row_id) == 0
    assert await arranged.card(row_id) == Card()


@pytest.mark.parametrize("last", [Refused(110002, "no such code"), Unknown(None, "no answer")])
async def test_secrets_are_deleted_at_the_end_and_no_sooner(arranged: Arranged, last: Outcome) -> None:
    row_id = await arranged.add(proxy=CUSTOM, status=Status.SENDING)
    await arranged.run(import_queue.record, row_id, answered(last))
    assert await arranged.secrets_deleted(row_id) is isinstance(last, Refused)


# --- looking ----------------------------------------------------------------------------------------------------------


async def test_rows_in_checking_are_found(arranged: Arranged) -> None:
    added = {status: await arranged.add(status=status) for status in Status}
    assert ids(await arranged.run(import_queue.checking)) == [added[Status.CHECKING]]


async def test_links_that_are_still_to_be_set_are_found(arranged: Arranged) -> None:
    added = [
        await arranged.add(status=Status.IMPORTED, proxy_status=status, proxy=EXTRACTION) for status in ProxyStatus
    ]
    found = await arranged.run(import_queue.links_to_set)
    assert [row.state.proxy_status for row in found] == [ProxyStatus.PENDING, ProxyStatus.SETTING]
    assert ids(found) == added[:2]
    assert {row.proxy for row in found} == {EXTRACTION}


async def test_imported_rows_without_a_name_are_found_for_a_day(arranged: Arranged, clock: MovableClock) -> None:
    now = clock.now()
    nameless = await arranged.add(status=Status.IMPORTED, profile_id=5, finished_at=now)
    old = await arranged.add(status=Status.IMPORTED, profile_id=6, finished_at=now - DAY)
    await arranged.add(status=Status.IMPORTED, profile_id=7, finished_at=now - DAY - SECOND)
    await arranged.add(status=Status.IMPORTED, finished_at=now)
    await arranged.add(status=Status.IMPORTED, profile_id=8, profile_name="Shop", finished_at=now)
    await arranged.add(status=Status.FAILED, profile_id=9, finished_at=now)
    assert ids(await arranged.run(import_queue.unnamed)) == [nameless, old]


async def test_records_and_profiles_that_a_row_has_are_claimed(arranged: Arranged) -> None:
    await arranged.add(status=Status.IMPORTED, record_id=1, profile_id=11)
    await arranged.add(status=Status.IMPORTED, record_id=2, profile_id=12)
    await arranged.add(status=Status.IMPORTED)
    assert await arranged.run(import_queue.claimed_records, [1, 3]) == {1}
    assert await arranged.run(import_queue.claimed_profiles, [12, 1, 11]) == {11, 12}
    assert await arranged.run(import_queue.claimed_records, []) == frozenset()


# --- waiting ----------------------------------------------------------------------------------------------------------


async def test_only_the_cards_of_rows_that_did_not_wait_for_it_already_move_on(arranged: Arranged) -> None:
    first = await arranged.add()
    sending = await arranged.add(status=Status.SENDING)
    await send_round(arranged, wait=WaitChanged("away"))
    second = await arranged.add()
    await send_round(arranged, wait=WaitChanged("away"))
    added = (first, second, sending)
    assert [(await arranged.card(row_id)).behind for row_id in added] == [1, 1, 0]
    # Who waits is told the end in a message of its own, but nothing is asked now.
    assert [await arranged.card(row_id) for row_id in (first, sending)] == [Card(1, waited=True), Card()]

    await send_round(arranged, wait=WaitChanged("1002"))
    await send_round(arranged, wait=WaitChanged("1002"))
    assert [(await arranged.card(row_id)).behind for row_id in added] == [2, 2, 0]
    assert [(await arranged.row(row_id)).state.waiting_for for row_id in added] == ["1002", "1002", None]


async def test_when_the_waiting_is_over_those_who_waited_are_told(arranged: Arranged) -> None:
    waiting = await arranged.add()
    await send_round(arranged, wait=WaitChanged("1010"))
    fresh = await arranged.add()
    await send_round(arranged, wait=WaitChanged(None))
    await send_round(arranged, wait=WaitChanged(None))
    assert [(await arranged.card(row_id)).behind for row_id in (waiting, fresh)] == [2, 0]


async def test_a_row_that_waits_is_tried_and_waits_on_without_a_word(arranged: Arranged) -> None:
    row_id = await arranged.add()
    await send_round(arranged, wait=WaitChanged("away"))
    [claimed] = (await send_round(arranged, 1)).claimed
    assert claimed.state.waiting_for == "away"
    await arranged.run(import_queue.record, row_id, answered(NotSent(None, "no connection"), attempt=1))
    await send_round(arranged, wait=WaitChanged("away"))
    assert (await arranged.card(row_id)).behind == 1


async def test_what_a_row_waited_for_is_over_once_it_is_no_longer_queued(arranged: Arranged) -> None:
    row_id = await arranged.add()
    await send_round(arranged, 1, wait=WaitChanged("away"))
    assert (await arranged.row(row_id)).state.waiting_for == "away"
    await arranged.run(import_queue.record, row_id, answered(Unknown(None, "no answer"), attempt=1))
    assert (await arranged.row(row_id)).state.waiting_for is None


async def test_rows_that_have_waited_too_long_are_held_and_asked_about_once(
    arranged: Arranged, clock: MovableClock
) -> None:
    now = clock.now()
    old = await arranged.add(waiting_since=now - HOLD_AFTER - SECOND)
    young = await arranged.add(waiting_since=now - HOLD_AFTER)
    others = [
        await arranged.add(waiting_since=now - 2 * HOLD_AFTER, held=True),
        await arranged.add(waiting_since=now - 2 * HOLD_AFTER, status=Status.SENDING),
        await arranged.add(waiting_since=now - 2 * HOLD_AFTER, cancel_wanted=True),
    ]
    assert (await send_round(arranged, hold=True)).held == 1
    assert (await send_round(arranged, hold=True)).held == 0
    assert (await arranged.row(old)).state.held
    assert not (await arranged.row(young)).state.held
    # A question stands below what has been written since.
    assert await arranged.card(old) == Card(1, repost=True)
    assert [await arranged.card(row_id) for row_id in (young, *others)] == [Card()] * 4


async def test_proxies_that_have_been_missing_for_too_long_are_given_up(
    arranged: Arranged, clock: MovableClock
) -> None:
    missing: dict[str, Any] = {"status": Status.IMPORTED, "proxy_status": ProxyStatus.MISSING, "proxy": EXTRACTION}
    moment = clock.now() - MISSING_FOR
    old = await arranged.add(**missing, finished_at=moment - SECOND)
    young = await arranged.add(**missing, finished_at=moment)
    setting = await arranged.add(**missing | {"proxy_status": ProxyStatus.SETTING}, finished_at=moment - SECOND)
    assert await arranged.run(import_queue.give_up_missing_proxies) == 1
    assert await arranged.run(import_queue.give_up_missing_proxies) == 0
    found = [(await arranged.row(row_id)).state.proxy_status for row_id in (old, young, setting)]
    assert found == [ProxyStatus.GIVEN_UP, ProxyStatus.MISSING, ProxyStatus.SETTING]
    assert [await arranged.secrets_deleted(row_id) for row_id in (old, young, setting)] == [True, False, False]


# --- other stations ---------------------------------------------------------------------------------------------------


async def one_of_every_sort(arranged: Arranged, clock: MovableClock) -> list[int]:
    """Rows of another station that would be found if they were one's own."""
    now = clock.now()
    common: dict[str, Any] = {
        "station": ELSEWHERE,
        "finished_at": now,
        "waiting_since": now - 2 * DAY,
        "sent_at": now - 2 * DAY,
    }
    added = [await arranged.add(status=status, profile_id=5, record_id=5, **common) for status in Status]
    added.append(await arranged.add(**common, cancel_wanted=True))
    imported: dict[str, Any] = common | {"status": Status.IMPORTED, "proxy": EXTRACTION}
    added += [await arranged.add(**imported, proxy_status=link) for link in ProxyStatus]
    added.append(await arranged.add(**imported | {"finished_at": now - 2 * DAY}, proxy_status=ProxyStatus.MISSING))
    return added


async def test_rows_of_another_station_are_never_seen_and_never_changed(
    arranged: Arranged, clock: MovableClock
) -> None:
    added = await one_of_every_sort(arranged, clock)
    before = [await arranged.row(row_id) for row_id in added]

    assert await arranged.run(import_queue.recover, []) == []
    assert await send_round(arranged, 99, hold=True, wait=WaitChanged("away")) == NOTHING
    for look in (import_queue.checking, import_queue.links_to_set, import_queue.unnamed):
        assert await arranged.run(look) == []
    assert await arranged.run(import_queue.claimed_records, [5]) == frozenset()
    assert await arranged.run(import_queue.claimed_profiles, [5]) == frozenset()
    assert await arranged.run(import_queue.give_up_missing_proxies) == 0
    for row_id in added:
        assert await arranged.run(import_queue.claim, row_id) is None
        await arranged.run(import_queue.show, row_id)
        for event in EVENTS:
            assert await arranged.run(import_queue.record, row_id, event) is None

    assert [await arranged.row(row_id) for row_id in added] == before
    assert {await arranged.version(row_id) for row_id in added} == {0}
    assert {await arranged.card(row_id) for row_id in added} == {Card()}


async def test_what_is_left_to_do_for_other_stations_is_taken_over_and_nothing_else(
    arranged: Arranged, clock: MovableClock
) -> None:
    now = clock.now()
    ended: dict[str, Any] = {"status": Status.IMPORTED, "profile_name": "Shop", "finished_at": now}
    left = [await arranged.add(station=ELSEWHERE, status=status) for status in Status if status not in ENDED]
    unset = (ProxyStatus.PENDING, ProxyStatus.SETTING, ProxyStatus.MISSING)
    left += [await arranged.add(station=ELSEWHERE, proxy=EXTRACTION, proxy_status=link, **ended) for link in unset]
    left.append(await arranged.add(station="cellar", **ended | {"profile_name": ""}))
    done = [await arranged.add(station=ELSEWHERE, status=status, profile_name="Shop") for status in ENDED]
    done.append(await arranged.add(station=ELSEWHERE, proxy=EXTRACTION, proxy_status=ProxyStatus.SET, **ended))
    mine = await arranged.add()

    before = [await arranged.row(row_id) for row_id in left]
    assert ids(await arranged.run(lambda work: work.imports.lock_of_other_stations())) == left
    assert await arranged.run(import_queue.adopt) == len(left)
    assert await arranged.run(import_queue.adopt) == 0
    assert [await arranged.row(row_id) for row_id in left] == [
        replace(row, state=replace(row.state, station=STATION)) for row in before
    ]
    assert {(await arranged.row(row_id)).state.station for row_id in done} == {ELSEWHERE}
    assert [await arranged.version(row_id) for row_id in (left[0], done[0], mine)] == [1, 0, 0]
    assert {await arranged.card(row_id) for row_id in (*left, *done)} == {Card()}


async def test_a_person_changes_a_batch_whichever_station_sees_to_it(arranged: Arranged) -> None:
    row_id = await arranged.add(station=ELSEWHERE)
    batch_id = (await arranged.row(row_id)).batch_id
    assert await arranged.run(import_queue.change_batch, batch_id, CancelWanted(NOW))
    assert not await arranged.run(import_queue.change_batch, batch_id, CancelWanted(NOW))
    assert (await arranged.row(row_id)).state.status is Status.CANCELLED


# --- the same in memory and in the database ---------------------------------------------------------------------------

COUNT = 300


def any_state(chance: random.Random, before: ImportState) -> ImportState:
    return replace(
        before,
        status=chance.choice(list(Status)),
        station=chance.choice([STATION, STATION, ELSEWHERE]),
        held=chance.random() < 0.3,
        cancel_wanted=chance.random() < 0.3,
        waiting_for=chance.choice([None, "away", "1010"]),
        waiting_since=NOW + chance.randrange(-3, 4) * SECOND,
        finished_at=chance.choice([None, *(NOW + number * SECOND for number in range(-2, 3))]),
        proxy_status=chance.choice([None, *ProxyStatus]),
        profile_id=chance.choice([None, *range(1, 9)]),
        profile_name=chance.choice(["", "Shop"]),
        record_id=chance.choice([None, *range(1, 9)]),
    )


def selections(work: Imports, some: Sequence[int]) -> list[object]:
    """Everything that can be asked of the log."""
    return [
        [work.lock(row_id) for row_id in (*some, 0)],
        work.lock_sending([]),
        work.lock_sending(some),
        *(work.lock_queued(limit, last=last, besides=rest) for limit in (1, 9, 999) for last in ([], some)
          for rest in ([], some[::3])),
        *(work.lock_waiting_since_before(NOW + number * SECOND) for number in range(-4, 5)),
        *(work.lock_waiting_for_other(reason) for reason in (None, "away", "1002")),
        *(work.lock_proxies_missing_since_before(NOW + number * SECOND) for number in range(-3, 4)),
        work.lock_of_other_stations(),
        work.checking(),
        work.links_to_set(),
        *(work.unnamed(NOW + number * SECOND) for number in range(-3, 4)),
        *(look(wanted) for look in (work.claimed_records, work.claimed_profiles) for wanted in ([], [1, 99], range(9))),
    ]  # fmt: skip


async def test_whatever_is_in_the_log_the_same_rows_are_found_in_memory(store: SqlStore) -> None:
    chance = random.Random(7)
    batch = await confirmed(store, draft_of(*(f"{number:08}-00000000" for number in range(COUNT)), proxy=EXTRACTION))

    def change(work: SqlWork) -> list[ImportRow]:
        changed = [replace(row, state=any_state(chance, row.state)) for row in work.imports.lock_batch(batch.id)]
        work.imports.save(changed)
        return changed

    written = await store.write(change)
    memory = MemoryImports(STATION)
    memory.rows = {row.id: row for row in written}
    some = chance.sample([row.id for row in written], COUNT // 3)

    assert await store.write(lambda work: work.imports.lock_batch(batch.id)) == memory.lock_batch(batch.id) == written
    found, expected = await store.write(lambda work: selections(work.imports, some)), selections(memory, some)
    assert found == expected
    assert sum(1 for each in expected if each) > 30


# --- what only the database promises ----------------------------------------------------------------------------------


@pytest.fixture
def mine(database: Database, clock: MovableClock) -> InDatabase:
    return InDatabase(database, clock)


async def test_the_chat_of_an_import_that_is_shown_without_its_name_is_told(mine: InDatabase) -> None:
    row_id = await mine.add(status=Status.IMPORTED)
    mine.told.clear()
    await mine.run(import_queue.show, row_id)
    assert mine.told == [1]


async def test_the_chat_in_which_the_card_stands_now_is_told(mine: InDatabase) -> None:
    row_id = await mine.add()
    await mine.store.write(lambda work: work.cards.move_chat(1, -100))
    await mine.run(import_queue.record, row_id, CancelWanted(NOW))
    await send_round(mine, wait=WaitChanged("away"))
    assert mine.told == [-100]


async def test_another_station_s_rows_are_its_own(mine: InDatabase, clock: MovableClock) -> None:
    added = await one_of_every_sort(mine, clock)
    with mine.at(ELSEWHERE):
        assert ids(await mine.run(import_queue.checking)) == [added[list(Status).index(Status.CHECKING)]]
        assert await mine.run(import_queue.adopt) == 0


@pytest.mark.parametrize("outcome", [Imported(5), Refused(110002, "no such code")])
async def test_the_end_of_an_import_deletes_its_secrets_and_nobody_else_s(mine: InDatabase, outcome: Outcome) -> None:
    batch = await confirmed(mine.store, draft_of(CODE, OTHER, proxy=CUSTOM), ANA)
    await send_round(mine, 2)
    first, last = (row.id for row in batch.rows)
    await mine.run(import_queue.record, first, answered(outcome, attempt=1))
    assert [row["import_id"] for row in await rows(mine.database, secrets)] == [last]
    assert (await mine.row(last)).proxy == CUSTOM

    await mine.run(import_queue.record, last, answered(outcome, attempt=1))
    assert await rows(mine.database, secrets) == []


async def test_a_state_that_cannot_be_written_leaves_the_row_and_the_card_as_they_were(mine: InDatabase) -> None:
    row_id, other = await mine.add(), await mine.add()
    before = await rows(mine.database, imports)

    def save(work: SqlWork) -> None:
        import_queue.record(work, other, CancelWanted(NOW))
        row = work.imports.lock(row_id)
        assert row is not None
        work.imports.save([replace(row, state=replace(row.state, waiting_since=None))])  # type: ignore[arg-type]

    with pytest.raises(StorageError):
        await mine.store.write(save)
    assert await rows(mine.database, imports) == before
    assert (await mine.card(other), mine.told) == (Card(), [])
