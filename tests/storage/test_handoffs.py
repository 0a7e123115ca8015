"""Codes that people leave for one another: each has one owner, whoever taps what at which moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial

import pytest

from bot.domain.draft import DefaultGroup, ListedGroup
from bot.domain.draft_answers import CodeTakenOut
from bot.domain.handoff import HandoffStatus, ReturnReason
from bot.domain.import_state import Status
from bot.domain.proxy import Custom, ProxyType
from bot.domain.transfer_code import TransferCode
from bot.storage.database import Database
from bot.storage.handoff_tables import handoff_codes, handoffs
from bot.storage.shared_cards import shared_cards
from bot.usecases.actor import Actor
from bot.usecases.buttons import Problem
from bot.usecases.given_handoffs import SplitHandoff, import_returned, returned_codes, split_handoff
from bot.usecases.receiving import HandoffButton, HandoffResult, decline_handoff, put_off_handoff
from bot.usecases.records import DraftState, Role
from tests.storage.support import rows
from tests.support.team import (
    ADMIN,
    ANA,
    CODES,
    IMPORTED,
    KIM,
    LEE,
    REFUSED,
    TEAM,
    Team,
    private,
)

WAITING, TAKEN, IMPORTING, DONE, DECLINED, WITHDRAWN, EXPIRED, FAILED = HandoffStatus
ONE, TWO, THREE, *_ = CODES


@pytest.fixture
async def team(database: Database) -> AsyncIterator[Team]:
    team = Team(database)
    await team.gather()
    yield team
    assert await team.faults() == []


async def readers(team: Team, kind: str) -> list[int]:
    return [row["chat_id"] for row in await rows(team.database, shared_cards) if row["kind"] == kind]


async def test_from_one_hand_to_another_and_imported(team: Team) -> None:
    stored = await team.draft(ANA, ONE, TWO, note="for the shop")
    done = await team.hand_over(ANA, stored, KIM)
    assert (done.result.problem, done.result.taken, done.result.left, done.message_ids) == (None, (), (), ())
    assert (await team.stored(stored.id)).state is DraftState.HANDED_OVER
    assert await readers(team, "receipt") == [ANA.user_id]
    assert await readers(team, "handoff") == [KIM.user_id]

    assert (await team.take(KIM, 1)).problem is None
    taken = await team.open_draft(KIM)
    assert taken is not None
    assert ([code.text for code in taken.draft.codes], taken.draft.note) == ([ONE, TWO], "for the shop")
    assert (taken.handoff_id, taken.draft.group, await team.statuses(1)) == (1, DefaultGroup(), [TAKEN, TAKEN])
    await team.confirm(KIM)
    assert await team.statuses(1) == [IMPORTING, IMPORTING]
    await team.end(ONE, IMPORTED)
    await team.end(TWO, REFUSED)
    assert await team.statuses(1) == [DONE, FAILED]

    logged = await team.read(lambda work: work.log.page(user_id=KIM.user_id, size=5).rows)
    assert [(row.user_name, row.given and row.given.name) for row in logged] == [("Kim", "Ana"), ("Kim", "Ana")]
    handoff = await team.handoff(1)
    assert [code.code and code.code.text for code in handoff.codes] == [None, TWO]
    assert handoff.codes[1].state.reason is ReturnReason.REFUSED
    assert await team.read(returned_codes, 1, ANA.user_id) == [TransferCode(TWO)]
    assert await team.read(returned_codes, 1, KIM.user_id) == []


async def test_a_hundred_who_take_at_once_and_one_has_it(team: Team) -> None:
    people = [Actor(5000 + number, f"Person {number}", Role.MEMBER, "en") for number in range(100)]
    crowd = Team(team.database, [ADMIN, ANA, *people])
    await crowd.gather()
    handoff_id = await crowd.leave(ANA, TEAM, ONE, TWO)
    results = await asyncio.gather(*(crowd.take(person, handoff_id) for person in people))

    [winner] = [person for person, result in zip(people, results, strict=True) if result.problem is None]
    others = [result for result in results if result.problem is not None]
    assert {(result.problem, result.taken_by) for result in others} == {(Problem.OLD_BUTTON, winner.name)}
    drafts = [await crowd.open_draft(person) for person in people]
    assert [stored.where.user_id for stored in drafts if stored is not None] == [winner.user_id]


@pytest.mark.parametrize("who", ["withdraw", "decline", "reassign", "take"])
async def test_at_the_moment_of_take_one_of_two_is_first(team: Team, who: str) -> None:
    for code in CODES:
        handoff_id = await team.leave(ANA, KIM, code)
        others: Mapping[str, Callable[[], Awaitable[object]]] = {
            "withdraw": partial(team.withdraw, ANA, handoff_id),
            "decline": partial(team.press, decline_handoff, KIM, handoff_id),
            "reassign": partial(team.reassign, ANA, handoff_id, LEE),
            "take": partial(team.take, KIM, handoff_id),
        }
        await asyncio.gather(team.take(KIM, handoff_id), others[who]())
        [status] = await team.statuses(handoff_id)
        stored = await team.open_draft(KIM)
        assert (stored is not None) == (status is TAKEN)
        assert await team.faults() == []
        if stored is not None:
            await team.cancel(KIM)


async def test_a_code_that_waits_is_left_or_imported_by_nobody_else(team: Team) -> None:
    handoff_id = await team.leave(ANA, KIM, ONE)
    # Left again, by whoever has it.
    again = await team.hand_over(LEE, await team.draft(LEE, ONE, TWO), TEAM)
    [left] = again.result.left
    assert (left.code.text, left.giver_id, left.receiver_id, left.names[ANA.user_id]) == (ONE, 4002, 4003, "Ana")
    assert [code.code and code.code.text for code in (await team.handoff(handoff_id + 1)).codes] == [TWO]
    # Imported from a draft of one's own.
    await team.draft(LEE, ONE, THREE)
    result = await team.confirm(LEE)
    assert ([each.code.text for each in result.left], result.taken) == ([ONE], ())
    assert await team.statuses(handoff_id) == [WAITING]
    # What is imported already can't be left either.
    late = await team.hand_over(ANA, await team.draft(ANA, THREE), KIM)
    assert [row.user_name for row in late.result.taken] == ["Lee"]
    assert (await team.open_draft(ANA)) is not None


async def test_of_two_who_leave_and_import_a_code_at_once_one_has_it(team: Team) -> None:
    for code in CODES:
        await team.draft(LEE, code)
        await asyncio.gather(team.confirm(LEE), team.hand_over(ANA, await team.draft(ANA, code), KIM))
        assert await team.faults() == []


async def test_what_somebody_else_has_in_a_draft_can_not_be_left(team: Team) -> None:
    await team.draft(LEE, ONE)
    done = await team.hand_over(ANA, await team.draft(ANA, ONE), KIM)
    assert [(each.code_mask, each.user_name) for each in done.result.drafted] == [(TransferCode(ONE).masked, "Lee")]
    assert await rows(team.database, handoffs) == []


async def test_cancelling_lets_it_wait_again_and_a_cancelled_import_goes_back(team: Team) -> None:
    handoff_id = await team.leave(ANA, TEAM, ONE)
    await team.take(KIM, handoff_id)
    await team.cancel(KIM)
    assert await team.statuses(handoff_id) == [WAITING]
    await team.take(LEE, handoff_id)
    await team.confirm(LEE)
    row = await team.import_of(ONE)
    await team.cancel_import(ONE)
    assert await team.status_of_import(row) is Status.CANCELLED
    [code] = (await team.handoff(handoff_id)).codes
    assert (code.status, code.state.reason, code.state.taker_id) == (DECLINED, ReturnReason.CANCELLED, LEE.user_id)


async def test_an_import_whose_end_is_not_known_keeps_the_code(team: Team) -> None:
    handoff_id = await team.leave(ANA, KIM, ONE)
    await team.take(KIM, handoff_id)
    await team.confirm(KIM)
    row = await team.import_of(ONE)
    await team.end(ONE, None)
    assert await team.status_of_import(row) is Status.UNKNOWN
    assert await team.statuses(handoff_id) == [IMPORTING]
    assert (await team.withdraw(ANA, handoff_id)).problem is Problem.OLD_BUTTON


async def test_codes_taken_out_of_the_draft_wait_again(team: Team) -> None:
    handoff_id = await team.leave(ANA, TEAM, ONE, TWO, THREE)
    await team.take(KIM, handoff_id)
    stored = await team.open_draft(KIM)
    assert stored is not None
    await team.answer(KIM, stored, CodeTakenOut(1))
    assert await team.statuses(handoff_id) == [TAKEN, WAITING, TAKEN]
    await team.take(LEE, handoff_id)
    hers = await team.open_draft(LEE)
    assert hers is not None
    assert [code.text for code in hers.draft.codes] == [TWO]


async def test_withdrawn_from_who_has_taken_it_the_draft_ends(team: Team) -> None:
    handoff_id = await team.leave(ANA, KIM, ONE)
    await team.take(KIM, handoff_id)
    stored = await team.open_draft(KIM)
    assert stored is not None
    assert (await team.withdraw(LEE, handoff_id)).problem is Problem.NOT_YOURS
    assert (await team.withdraw(ANA, handoff_id)).problem is None
    assert (await team.stored(stored.id)).state is DraftState.TAKEN_BACK
    # It is nobody's: its owner may import it.
    assert (await team.press(import_returned, ANA, handoff_id)).problem is None
    await team.confirm(ANA)
    assert (await team.press(import_returned, ANA, handoff_id)).problem is Problem.OLD_BUTTON
    assert (await team.reassign(ANA, handoff_id, LEE)).problem is Problem.OLD_BUTTON


async def test_of_what_was_taken_and_came_back_nobody_is_told_that_somebody_has_it(team: Team) -> None:
    handoff_id = await team.leave(ANA, TEAM, ONE)
    await team.take(KIM, handoff_id)
    assert (await team.take(LEE, handoff_id)).taken_by == "Kim"
    await team.withdraw(ANA, handoff_id)
    assert await team.take(LEE, handoff_id) == HandoffResult(Problem.OLD_BUTTON)


async def test_what_has_come_back_can_be_given_to_somebody_else(team: Team) -> None:
    handoff_id = await team.leave(ANA, KIM, ONE, TWO, hours=1)
    await team.press(decline_handoff, KIM, handoff_id)
    assert (await team.press(decline_handoff, KIM, handoff_id)).problem is Problem.OLD_BUTTON
    # One of them is somebody's by now.
    await team.draft(LEE, ONE)
    await team.confirm(LEE)
    result = await team.reassign(ADMIN, handoff_id, TEAM)
    assert ([row.user_name for row in result.taken], result.problem) == (["Lee"], None)
    assert await team.statuses(handoff_id) == [DECLINED, WAITING]
    assert sorted(await readers(team, "handoff")) == [ADMIN.user_id, KIM.user_id, LEE.user_id]
    # The time that was set is over for the first receiver alone.
    await team.tidy(timedelta(hours=2))
    assert await team.statuses(handoff_id) == [DECLINED, WAITING]
    assert (await team.take(LEE, handoff_id)).problem is None


async def test_a_handoff_is_divided_into_parts_that_are_taken_one_by_one(team: Team) -> None:
    handoff_id = await team.leave(ANA, TEAM, *CODES)
    button = HandoffButton(private(ANA), handoff_id)
    version = (await team.handoff(handoff_id)).version
    for wrong in (SplitHandoff(button, version, 7), SplitHandoff(button, version, 10), SplitHandoff(button, 9, 2)):
        assert (await team.store.write(split_handoff, ANA, wrong)).problem is Problem.OLD_BUTTON
    assert (await team.store.write(split_handoff, ANA, SplitHandoff(button, version, 3))).problem is None
    parts = [len((await team.handoff(number)).codes) for number in (1, 2, 3)]
    assert parts == [3, 3, 2]
    assert await team.faults() == []
    await team.take(KIM, 2)
    await team.take(LEE, 3)
    assert [await team.statuses(number) for number in (1, 2, 3)] == [[WAITING] * 3, [TAKEN] * 3, [TAKEN] * 2]
    # A second tap divides nothing more.
    assert (await team.store.write(split_handoff, ANA, SplitHandoff(button, version, 3))).problem is Problem.OLD_BUTTON


async def test_whoever_it_is_not_for_can_do_nothing(team: Team) -> None:
    handoff_id = await team.leave(ANA, KIM, ONE)
    for use_case in (decline_handoff, put_off_handoff):
        assert (await team.press(use_case, LEE, handoff_id)).problem is Problem.NOT_YOURS
        assert (await team.press(use_case, LEE, 99)).problem is Problem.OLD_BUTTON
    assert (await team.press(import_returned, LEE, handoff_id)).problem is Problem.NOT_YOURS
    assert (await team.take(LEE, handoff_id)).problem is Problem.NOT_YOURS
    assert (await team.reassign(LEE, handoff_id, LEE)).problem is Problem.NOT_YOURS
    assert (await team.reassign(ANA, handoff_id, ANA)).problem is Problem.OLD_BUTTON
    assert (await team.reassign(ANA, handoff_id, Actor(99, "?", None, "en"))).problem is Problem.NOT_A_MEMBER
    assert await team.statuses(handoff_id) == [WAITING]


async def test_nothing_that_was_left_stands_in_plain_text(team: Team) -> None:
    typed = Custom("203.0.113.7", 1080, ProxyType.SOCKS5, "ana", "plum-Tarn")
    stored = await team.draft(ANA, ONE)
    await team.store.write(
        lambda work: work.drafts.change(
            stored,
            stored.draft.__class__(stored.draft.codes, ListedGroup(7, "Shops"), typed),
            team.now,
            repost=False,
        )
    )
    await team.hand_over(ANA, await team.stored(stored.id), KIM)
    written = repr([await rows(team.database, table) for table in (handoffs, handoff_codes)])
    assert "plum-Tarn" not in written
    assert ONE not in written
    await team.take(KIM, 1)
    taken = await team.open_draft(KIM)
    assert taken is not None
    assert (taken.draft.proxy, taken.draft.group) == (typed, ListedGroup(7, "Shops"))
