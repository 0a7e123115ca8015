"""What comes between a transaction's reading and its writing is never lost: a cancel, an answer, a message, a list."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.domain.import_events import (
    Answered,
    CancelWanted,
    Claimed,
    ClaimReleased,
    Event,
    ProvenAbsent,
    RecordFound,
    Recovered,
)
from bot.domain.import_state import Status
from bot.domain.import_transitions import apply
from bot.domain.outcome import Imported, NotSent, Refused, Unknown
from bot.storage.tables import secrets
from bot.storage.work import SqlWork
from bot.usecases.import_queue import Round, change_batch, claim, record, recover, send_round
from tests.storage.support import (
    CODE,
    CUSTOM,
    NOW,
    OTHER,
    confirmed,
    draft_of,
    rows,
)
from tests.storage.two import PATIENCE, Pause, Two, opened_twice, paused, paused_at_end

CANCEL = CancelWanted(NOW)

#: What a station has to say of an import, and where that stands.
SAID: Sequence[tuple[Status, Event]] = (
    (Status.QUEUED, Claimed(NOW)),
    (Status.SENDING, ClaimReleased(1, NOW)),
    (Status.SENDING, Answered(1, Imported(5), NOW)),
    (Status.SENDING, Answered(1, Refused(110002, "no such code"), NOW)),
    (Status.SENDING, Answered(1, NotSent(1010, "too fast"), NOW)),
    (Status.SENDING, Answered(1, Unknown(None, "no answer"), NOW)),
    (Status.SENDING, Recovered()),
    (Status.CHECKING, RecordFound(9, "Shop", 5, NOW)),
    (Status.CHECKING, ProvenAbsent(0, NOW)),
)


@pytest.mark.parametrize("cancel_first", [False, True])
@pytest.mark.parametrize(("status", "said"), SAID)
async def test_of_a_cancel_and_what_the_station_says_both_count_whoever_reads_first(
    two: Two, status: Status, said: Event, cancel_first: bool
) -> None:
    batch = await two.one_import(status, attempts=1, sent_at=NOW)
    before = (await two.row(batch)).state

    def station(work: SqlWork) -> object:
        return record(work, batch.rows[0].id, said)

    def cancel(work: SqlWork) -> object:
        return change_batch(work, batch.id, CANCEL)

    await (two.in_turn(cancel, station) if cancel_first else two.in_turn(station, cancel))
    one, other = (CANCEL, said) if cancel_first else (said, CANCEL)
    after = (await two.row(batch)).state
    assert after == apply(apply(before, one), other)
    # Nothing is left that would be sent.
    assert after.cancel_wanted or after.status in {Status.CANCELLED, Status.IMPORTED, Status.FAILED}


async def test_an_import_that_is_cancelled_while_it_is_claimed_is_not_sent_again(two: Two) -> None:
    batch = await two.one_import(Status.QUEUED)

    def station(work: SqlWork) -> Round:
        return send_round(work, limit=3, last=[], besides=[], hold=True, wait=None)

    found, cancelled = await two.in_turn(station, lambda work: change_batch(work, batch.id, CANCEL))
    assert [row.id for row in found.claimed] == [batch.rows[0].id]
    assert cancelled
    assert (await two.row(batch)).state.cancel_wanted
    await two.first.write(record, batch.rows[0].id, Answered(1, NotSent(1010, "too fast"), NOW))
    assert (await two.row(batch)).state.status is Status.CANCELLED


async def test_an_import_that_is_claimed_while_it_is_cancelled_is_not_sent(two: Two) -> None:
    batch = await two.one_import(Status.QUEUED)

    def station(work: SqlWork) -> Round:
        return send_round(work, limit=3, last=[], besides=[], hold=True, wait=None)

    cancelled, found = await two.in_turn(lambda work: change_batch(work, batch.id, CANCEL), station)
    assert cancelled
    assert found == Round([], [])
    assert (await two.row(batch)).state.status is Status.CANCELLED


async def test_of_two_who_claim_an_import_one_has_it(two: Two) -> None:
    batch = await two.one_import(Status.QUEUED)
    row_id = batch.rows[0].id
    first, second = await two.in_turn(lambda work: claim(work, row_id), lambda work: claim(work, row_id))
    assert first is not None
    assert second is None
    assert (await two.row(batch)).state.attempts == 1


async def test_an_answer_that_comes_while_the_import_is_recovered_is_not_taken_for_another_attempt_s(two: Two) -> None:
    batch = await two.one_import(Status.SENDING, attempts=1, sent_at=NOW)
    answer = Answered(1, Imported(5), NOW)
    first, second = await two.in_turn(
        lambda work: record(work, batch.rows[0].id, answer), lambda work: recover(work, [])
    )
    assert first.state.status is Status.IMPORTED
    assert second == []
    assert (await two.row(batch)).state == first.state


async def test_secrets_are_deleted_when_the_last_two_imports_of_a_batch_end_at_the_same_moment(two: Two) -> None:
    batch = await confirmed(two.first, draft_of(CODE, OTHER, proxy=CUSTOM), at=NOW)
    one, other = (row.id for row in batch.rows)
    for row_id in (one, other):
        assert await two.first.write(claim, row_id)
    answer = Answered(1, Imported(5), NOW)
    await two.in_turn(
        lambda work: record(work, one, answer), lambda work: record(work, other, answer), where=paused_at_end
    )
    assert await rows(two.databases[0], secrets) == []


async def test_a_queue_is_claimed_past_what_somebody_else_has_locked(postgresql_url: str) -> None:
    two = await opened_twice(postgresql_url)
    batch = await confirmed(two.first, draft_of(CODE, OTHER), at=NOW)
    locked, free = (row.id for row in batch.rows)

    def station(work: SqlWork) -> Round:
        return send_round(work, limit=1, last=[], besides=[], hold=False, wait=None)

    pause = Pause()
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as tasks:
        tasks.create_task(two.first.write(paused, pause, record, locked, CANCEL))
        assert await asyncio.to_thread(pause.has_read.wait, PATIENCE)
        # It ends although the other has not.
        found = await two.second.write(station)
        pause.may_write.set()
    assert [row.id for row in found.claimed] == [free]
    for database in two.databases:
        await database.close()
