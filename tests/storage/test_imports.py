"""What the use cases are promised of the import log: the same by the database, and by the log in memory that the
station's tests use."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from bot.domain.import_events import (
    CancelWanted,
    NameFound,
    Recovered,
    WaitChanged,
)
from bot.domain.import_state import ImportState, ProxyStatus, Status
from bot.domain.import_transitions import TABLE, apply
from bot.domain.outcome import Imported, Outcome, Refused, Unknown
from bot.errors import StorageError
from bot.storage.database import Database
from bot.storage.tables import imports, secrets
from bot.storage.work import SqlWork
from bot.usecases import import_queue
from bot.usecases.ports import UnitOfWork
from tests.storage.arranged import Arranged, Card, InDatabase
from tests.storage.import_log import (
    ELSEWHERE,
    EVENTS,
    SECOND,
    answered,
    send_round,
)
from tests.storage.support import ANA, CODE, CUSTOM, EXTRACTION, NOW, OTHER, STATION, confirmed, draft_of, rows
from tests.support.clock import MovableClock

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
        looks=3,
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
