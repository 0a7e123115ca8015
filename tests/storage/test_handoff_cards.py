"""Who has a card of codes that were left, and when it is a new message with a sound."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.domain.handoff import HandoffStatus
from bot.storage.database import Database
from bot.storage.shared_cards import shared_cards
from bot.usecases.given_handoffs import SplitHandoff, split_handoff
from bot.usecases.rebinding import rebind, serve_as
from bot.usecases.receiving import HandoffButton, decline_handoff
from bot.usecases.records import Role
from tests.storage.support import rows
from tests.support.team import ADMIN, ANA, CODES, IMPORTED, KIM, LEE, REFUSED, TEAM, Team, private

ONE, TWO, THREE, *_ = CODES


@pytest.fixture
async def team(database: Database) -> AsyncIterator[Team]:
    team = Team(database)
    await team.gather()
    yield team
    assert await team.faults() == []


async def cards(team: Team, kind: str, subject_id: int) -> dict[int, bool]:
    """Who has one, and whether it is to come as a new message below."""
    found = [row for row in await rows(team.database, shared_cards) if row["kind"] == kind]
    return {row["chat_id"]: row["below"] for row in found if row["subject_id"] == subject_id}


async def rings(team: Team, handoff_id: int) -> bool:
    return (await cards(team, "receipt", handoff_id))[ANA.user_id]


async def test_of_imports_that_fail_one_by_one_the_receipt_rings_once_all_have_ended(team: Team) -> None:
    handoff_id = await team.leave(ANA, KIM, ONE, TWO, THREE)
    await team.take(KIM, handoff_id)
    await team.confirm(KIM)
    await team.end(ONE, REFUSED)
    await team.end(TWO, REFUSED)
    assert not await rings(team, handoff_id)
    await team.end(THREE, IMPORTED)
    assert await rings(team, handoff_id)


@pytest.mark.parametrize("last", [None, IMPORTED])
async def test_one_whose_end_is_not_known_keeps_nobody_waiting_for_what_has_come_back(team: Team, last: object) -> None:
    handoff_id = await team.leave(ANA, KIM, ONE, TWO, THREE)
    await team.take(KIM, handoff_id)
    await team.confirm(KIM)
    await team.end(ONE, REFUSED)
    await team.end(TWO, IMPORTED if last is None else None)
    assert not await rings(team, handoff_id)
    await team.end(THREE, IMPORTED if last is not None else None)
    assert await rings(team, handoff_id)


async def test_of_parts_that_nobody_has_taken_in_a_day_those_are_reminded_who_were_told_of_all(team: Team) -> None:
    whole = await team.leave(ANA, TEAM, ONE, TWO)
    command = SplitHandoff(HandoffButton(private(ANA), whole), (await team.handoff(whole)).version, 2)
    await team.store.write(split_handoff, ANA, command)
    part = whole + 1
    for notice in await team.read(lambda work: work.handoff_notices.of_handoff(part)):
        # Where it is to be moved before it was ever shown it makes no sound.
        assert await cards(team, "handoff", notice.id) == {notice.user_id: True}
    told = [row["id"] for row in await rows(team.database, shared_cards) if row["kind"] == "handoff"]
    await team.take(KIM, part)
    await team.cancel(KIM)
    assert [row["id"] for row in await rows(team.database, shared_cards) if row["kind"] == "handoff"] == told
    await team.tidy(timedelta(days=1))
    found = await team.read(lambda work: {each.user_id: each.id for each in work.handoff_notices.of_handoff(part)})
    assert set(found) == {ADMIN.user_id, KIM.user_id, LEE.user_id}
    for user_id, notice_id in found.items():
        assert await cards(team, "handoff", notice_id) == {user_id: True}


async def test_the_bot_to_which_the_database_is_moved_tells_of_what_has_not_ended(team: Team) -> None:
    await team.store.write(serve_as, 1)
    waiting = await team.leave(ANA, KIM, ONE)
    taken = await team.leave(ANA, TEAM, TWO)
    declined = await team.leave(ANA, LEE, THREE)
    importing = await team.leave(ANA, LEE, CODES[3])
    await team.take(KIM, taken)
    await team.press(decline_handoff, LEE, declined)
    await team.take(LEE, importing)
    await team.confirm(LEE)
    await team.store.write(rebind, 2)
    assert await team.statuses(taken) == [HandoffStatus.WAITING]
    for handoff_id, readers in (
        (waiting, {KIM.user_id}),
        (taken, {ADMIN.user_id, KIM.user_id, LEE.user_id}),
        (declined, set()),
        (importing, set()),
    ):
        notices = await team.read(lambda work, of=handoff_id: work.handoff_notices.of_handoff(of))
        assert {each.user_id for each in notices if await cards(team, "handoff", each.id)} == readers
        receipt = {} if handoff_id == declined else {ANA.user_id: False}
        assert await cards(team, "receipt", handoff_id) == receipt
    # What has come back is in the list of what they have left, and can go on from there.
    await team.reassign(ANA, declined, KIM)
    assert set(await cards(team, "receipt", declined)) == {ANA.user_id}


async def test_what_has_come_back_is_not_given_on_while_somebody_else_has_it_in_a_draft(team: Team) -> None:
    handoff_id = await team.leave(ANA, KIM, ONE, TWO)
    await team.press(decline_handoff, KIM, handoff_id)
    await team.draft(LEE, ONE)
    result = await team.reassign(ANA, handoff_id, KIM)
    assert [(each.code_mask[-4:], each.user_name) for each in result.drafted] == [(ONE[-4:], "Lee")]
    assert await team.statuses(handoff_id) == [HandoffStatus.DECLINED, HandoffStatus.WAITING]


@pytest.mark.parametrize("count", [1, 30])
async def test_a_change_is_written_in_as_many_statements_however_many_were_told(team: Team, count: int) -> None:
    def join(work: Any) -> None:
        for number in range(count):
            work.users.keep(5000 + number, f"Member {number}", "en", team.now)
            work.users.set_role(5000 + number, Role.MEMBER, ADMIN.user_id, team.now)

    await team.store.write(join)
    handoff_id = await team.leave(ANA, TEAM, ONE)
    statements: list[str] = []
    event.listen(team.database.engine, "before_cursor_execute", lambda *about: statements.append(about[2]))
    await team.take(KIM, handoff_id)
    assert len([each for each in statements if each.startswith("UPDATE shared_cards")]) == 2
