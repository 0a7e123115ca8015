"""What comes between a transaction's reading and its writing is never lost: a cancel, an answer, a message, a list."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar

import pytest
from sqlalchemy import event as engine_event
from sqlalchemy import text, update

from bot.domain.draft import DefaultGroup, Draft
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
from bot.domain.remote_lists import Listing
from bot.domain.transfer_code import TransferCode
from bot.errors import InputError
from bot.storage.database import Database
from bot.storage.postgresql import REPEATS
from bot.storage.tables import drafts, secrets
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.actor import Actor
from bot.usecases.draft_changes import remark
from bot.usecases.drafting_messages import take_text
from bot.usecases.import_queue import Round, change_batch, claim, record, recover, send_round
from bot.usecases.import_rows import ImportRow
from bot.usecases.records import Batch, Role
from bot.usecases.remote_lists import ListRequest, answer_draft, publish, request_anew
from bot.usecases.sent_messages import Received, TakeText
from tests.storage.support import (
    ANA,
    CODE,
    CUSTOM,
    EXTRACTION,
    NOW,
    OTHER,
    batch_by_id,
    confirmed,
    draft_by_id,
    draft_of,
    opened,
    rewrite,
    rows,
    unlocked,
)

PATIENCE = 10.0
PERSON = Actor(ANA.user_id, "Ana", Role.MEMBER, "en")
CANCEL = CancelWanted(NOW)

P = ParamSpec("P")
T = TypeVar("T")


class Pause:
    """Where a transaction stands still that has read, and has not written yet."""

    def __init__(self) -> None:
        self.has_read = threading.Event()
        self.may_write = threading.Event()


def paused_at_end(work: SqlWork, pause: Pause, function: Callable[[SqlWork], T]) -> T:
    """A use case that stands still before it is committed."""
    result = function(work)
    pause.has_read.set()
    assert pause.may_write.wait(PATIENCE)
    return result


def paused(
    work: SqlWork, pause: Pause, function: Callable[Concatenate[SqlWork, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """A use case that stands still between its reading and its writing."""
    save = work.imports.save

    def save_when_it_may(rows: Sequence[ImportRow]) -> None:
        pause.has_read.set()
        assert pause.may_write.wait(PATIENCE)
        save(rows)

    work.imports.save = save_when_it_may  # type: ignore[method-assign]  # of this transaction alone
    return function(work, *args, **kwargs)


def paused_at_change(work: SqlWork, pause: Pause, function: Callable[[SqlWork], T]) -> T:
    """A use case that stands still before it writes the draft that it has read."""
    change = work.drafts.change

    def change_when_it_may(*args: Any, **kwargs: Any) -> bool:
        pause.has_read.set()
        assert pause.may_write.wait(PATIENCE)
        return change(*args, **kwargs)

    work.drafts.change = change_when_it_may  # type: ignore[method-assign]  # of this transaction alone
    return function(work)


class Two:
    """Two that write to the one database, each with connections of its own, as two processes would."""

    def __init__(self, databases: tuple[Database, Database]) -> None:
        self.databases = databases
        self.first, self.second = (SqlStore(database, now=lambda: NOW) for database in self.databases)
        self.refused = threading.Event()
        if self.databases[1].is_sqlite:
            engine_event.listen(self.databases[1].engine, "handle_error", lambda _: self.refused.set())

    async def in_turn(
        self, one: Callable[[SqlWork], Any], other: Callable[[SqlWork], Any], where: Any = paused
    ) -> tuple[Any, Any]:
        """Have ``one`` read, ``other`` begin, and only then, when that has to wait or has ended, ``one`` go on.

        ``where``: at which moment ``one`` stands still.
        """
        pause = Pause()
        async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as tasks:
            writing = tasks.create_task(self.first.write(where, pause, one))
            assert await asyncio.to_thread(pause.has_read.wait, PATIENCE)
            meanwhile = tasks.create_task(self.second.write(other))
            while not meanwhile.done() and not await self.is_waiting():
                pass
            pause.may_write.set()
        return writing.result(), meanwhile.result()

    async def is_waiting(self) -> bool:
        """Whether the second waits for the first."""
        if self.databases[1].is_sqlite:
            # Refused at least once: SQLite lets in one that writes at a time.
            return await asyncio.to_thread(self.refused.wait, 0.01)
        locks = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return await self.databases[0].read(lambda connection: bool(connection.scalar(locks)))

    async def one_import(self, status: Status, **state: object) -> Batch:
        batch = await confirmed(self.first, draft_of(CODE, proxy=EXTRACTION), at=NOW)
        await rewrite(self.databases[0], batch.rows[0].id, status=status, **state)
        return await batch_by_id(self.first, batch.id)

    async def row(self, batch: Batch) -> ImportRow:
        [row] = await self.first.write(lambda work: work.imports.lock_batch(batch.id))
        return row


async def opened_twice(url: str) -> Two:
    return Two((await unlocked(url), await unlocked(url)))


@pytest.fixture
async def two(database_url: str) -> AsyncIterator[Two]:
    two = await opened_twice(database_url)
    yield two
    for database in two.databases:
        await database.close()


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


def list_published(work: SqlWork) -> None:
    """ixBrowser has no group but the default one, which answers by itself."""
    publish(work, ListRequest(Listing.GROUPS, NOW), [])


@pytest.mark.parametrize("message_first", [False, True])
async def test_of_a_message_and_a_list_that_answers_its_draft_both_count_whoever_reads_first(
    two: Two, message_first: bool
) -> None:
    await two.first.write(request_anew, frozenset({Listing.GROUPS}))
    stored = await opened(two.first, Draft(codes=(TransferCode(CODE),)))

    def message(work: SqlWork) -> Received:
        return take_text(work, PERSON, TakeText(ANA, OTHER, addressed=True, message_id=7))

    one, other = (message, list_published) if message_first else (list_published, message)
    await two.in_turn(one, other, where=paused_at_change)
    # As whoever shows the card has it done.
    await two.first.write(answer_draft, stored.id)
    draft = (await draft_by_id(two.first, stored.id)).draft
    assert [code.text for code in draft.codes] == [CODE, OTHER]
    assert draft.group == DefaultGroup()


@pytest.mark.parametrize("kept", [1, REPEATS])
async def test_a_message_that_is_overtaken_again_and_again_is_no_loss_but_after_many_times(
    postgresql_url: str, kept: int
) -> None:
    two = await opened_twice(postgresql_url)
    stored = await opened(two.first, draft_of(CODE))
    tried = 0

    def message(work: SqlWork) -> None:
        nonlocal tried
        tried += 1
        found = work.drafts.find_open(ANA)
        assert found is not None
        if tried <= kept:
            other = two.databases[1].engine
            with other.begin() as connection:
                connection.execute(update(drafts).values(revision=drafts.c.revision + 1))
        remark(work, found, InputError("no_code"))

    await two.first.write(message)
    assert tried == kept + 1
    written = (await draft_by_id(two.first, stored.id)).draft
    assert written.notice is not None
    for database in two.databases:
        await database.close()


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
