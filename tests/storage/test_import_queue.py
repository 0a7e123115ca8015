"""The import log as it is worked off: the same promises by the database, and by the log in memory."""

from __future__ import annotations

from typing import Any

from bot.domain.import_events import (
    WaitChanged,
)
from bot.domain.import_state import ProxyStatus, Status
from bot.domain.import_transitions import HOLD_AFTER
from bot.domain.outcome import NotSent, Unknown
from bot.domain.proxy import Keep, Saved
from bot.usecases import import_queue
from bot.usecases.import_queue import MISSING_FOR
from tests.storage.arranged import Arranged, Card
from tests.storage.import_log import (
    DAY,
    NOTHING,
    SECOND,
    answered,
    claimed_ids,
    ids,
    send_round,
)
from tests.storage.support import CUSTOM, EXTRACTION
from tests.support.clock import MovableClock

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
