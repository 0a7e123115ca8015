"""What ends by itself of codes that were left for somebody, or with a person who is removed; and who is reminded."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.handoff import HandoffStatus, ReturnReason
from bot.domain.transfer_code import TransferCode
from bot.storage.database import Database
from bot.storage.kept_codes import kept_code_imports
from bot.storage.shared_cards import shared_cards
from bot.usecases.buttons import Problem
from bot.usecases.given_handoffs import returned_codes
from bot.usecases.receiving import put_off_handoff
from bot.usecases.records import DraftState
from tests.storage.support import rows
from tests.support.team import (
    ADMIN,
    ANA,
    CODES,
    KIM,
    LEE,
    TEAM,
    Team,
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


async def test_what_is_not_confirmed_in_time_goes_back_and_what_is_imported_never(team: Team) -> None:
    first = await team.leave(ANA, KIM, ONE)
    second = await team.leave(ANA, LEE, TWO)
    await team.take(KIM, first)
    await team.take(LEE, second)
    await team.confirm(LEE)
    stored = await team.open_draft(KIM)
    assert stored is not None
    await team.tidy(timedelta(hours=4))
    assert await team.statuses(first) == [TAKEN]
    await team.tidy(timedelta(seconds=1))
    assert (await team.stored(stored.id)).state is DraftState.NOT_CONFIRMED
    assert (await team.statuses(first), await team.statuses(second)) == ([WAITING], [IMPORTING])


async def test_what_expires_comes_back_also_from_whoever_taps_too_late(team: Team) -> None:
    first = await team.leave(ANA, KIM, ONE, hours=1)
    second = await team.leave(ANA, KIM, TWO, hours=4)
    await team.tidy(timedelta(hours=1))
    assert (await team.statuses(first), await team.statuses(second)) == ([EXPIRED], [WAITING])
    team.now += timedelta(hours=3)
    assert (await team.take(KIM, second)).problem is Problem.OLD_BUTTON
    assert await team.statuses(second) == [EXPIRED]


async def test_who_is_to_take_it_is_reminded_once_and_told_later_once(team: Team) -> None:
    async def told() -> int:
        [row] = [row for row in await rows(team.database, shared_cards) if row["kind"] == "handoff"]
        assert isinstance(row["revision"], int)
        return row["revision"] if row["below"] else 0

    handoff_id = await team.leave(ANA, KIM, ONE)
    assert await told() == 0
    assert (await team.press(put_off_handoff, KIM, handoff_id)).problem is None
    assert (await team.press(put_off_handoff, KIM, handoff_id)).problem is Problem.OLD_BUTTON
    await team.tidy(timedelta(hours=3, minutes=59))
    assert await told() == 0
    await team.tidy(timedelta(minutes=1))
    after_later = await told()
    assert after_later > 0
    await team.tidy(timedelta(hours=19))
    assert await told() == after_later
    await team.tidy(timedelta(hours=1))
    reminded = await told()
    assert reminded == after_later + 1
    await team.tidy(timedelta(days=3))
    assert await told() == reminded


async def test_what_waits_for_somebody_who_is_removed_goes_back_to_who_left_it(team: Team) -> None:
    waiting = await team.leave(ANA, KIM, ONE)
    taken = await team.leave(ANA, KIM, TWO)
    of_team = await team.leave(LEE, TEAM, THREE)
    queued = await team.leave(ANA, KIM, CODES[3])
    for number in (taken, of_team, queued):
        await team.take(KIM, number)
    await team.confirm(KIM)
    await team.draft(KIM, CODES[4])
    await team.confirm(KIM)
    await team.remove(KIM)
    assert [await team.statuses(number) for number in (waiting, taken, of_team, queued)] == [
        [DECLINED],
        [DECLINED],
        [WAITING],
        [DECLINED],
    ]
    assert (await team.handoff(waiting)).codes[0].state.reason is ReturnReason.REMOVED
    assert await team.open_draft(KIM) is None
    # Of what was in the queue that alone is kept for the admin which nobody had left.
    kept = [row["import_id"] for row in await rows(team.database, kept_code_imports)]
    own = await team.read(lambda work: [row.id for row in work.log.rows(kept) if row.given is None])
    assert (len(kept), own) == (1, kept)


async def test_what_somebody_has_left_who_is_removed_stays_with_an_admin(team: Team) -> None:
    handoff_id = await team.leave(ANA, KIM, ONE)
    await team.remove(ANA)
    handoff = await team.handoff(handoff_id)
    assert (handoff.giver_id, handoff.owner_id, handoff.waiting != []) == (ANA.user_id, ADMIN.user_id, True)
    assert ADMIN.user_id in await readers(team, "receipt")
    assert (await team.withdraw(ANA, handoff_id)).problem is Problem.NOT_YOURS
    assert (await team.withdraw(ADMIN, handoff_id)).problem is None
    assert await team.read(returned_codes, handoff_id, ADMIN.user_id) == [TransferCode(ONE)]
