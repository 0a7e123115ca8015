"""What is done with a batch: by its person to its rows, and to its card."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.domain.import_events import CancelWanted, Event, GoOn, LookAgain, ProxyGivenUp, ProxyRetried
from bot.domain.import_state import ImportState, ProxyStatus, Status
from bot.domain.import_transitions import apply
from bot.storage.database import Database
from bot.storage.tables import imports, secrets
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.import_queue import change_batch
from bot.usecases.records import Batch, Place
from tests.storage.support import (
    CODE,
    EXTRACTION,
    MAI,
    NOW,
    OTHER,
    batch_by_id,
    confirmed,
    draft_of,
    rewrite,
    rows,
)

LATER = NOW + timedelta(hours=1)
GONE = (Status.FAILED, Status.CANCELLED)
LIVING = tuple(status for status in Status if status not in GONE)


async def batch_with(database: Database, store: SqlStore, *fields: dict[str, object]) -> Batch:
    """A batch of an extraction link, each of its rows as named."""
    batch = await confirmed(
        store, draft_of(*(f"{number:08}-00000000" for number in range(len(fields))), proxy=EXTRACTION)
    )
    for row, values in zip(batch.rows, fields, strict=True):
        if values:
            await rewrite(database, row.id, **values)
    return await batch_by_id(store, batch.id)


async def states(store: SqlStore, batch: Batch) -> Sequence[ImportState]:
    return [row.state for row in await store.write(lambda work: work.imports.lock_batch(batch.id))]


MISSING: dict[str, object] = {"status": Status.IMPORTED, "proxy_status": ProxyStatus.MISSING, "profile_id": 7}
ONE_OF_EACH: Sequence[dict[str, object]] = (
    {},
    {"waiting_for": "away", "held": True},
    {"unanswered": 1, "held": True},
    {"status": Status.SENDING, "sent_at": NOW},
    {"status": Status.CHECKING, "sent_at": NOW},
    {"status": Status.IMPORTED, "finished_at": NOW},
    {"status": Status.UNKNOWN, "finished_at": NOW},
    {"status": Status.FAILED, "finished_at": NOW},
    {"status": Status.CANCELLED, "finished_at": NOW},
    MISSING | {"finished_at": NOW},
    MISSING | {"finished_at": NOW, "profile_id": None},
    MISSING | {"finished_at": NOW, "proxy_status": ProxyStatus.SET},
)


@pytest.mark.parametrize("event", [CancelWanted(LATER), GoOn(LATER), LookAgain(), ProxyRetried(), ProxyGivenUp()])
async def test_what_a_person_wants_of_a_batch_is_done_to_each_of_its_rows_once(
    database: Database, store: SqlStore, event: Event
) -> None:
    batch = await batch_with(database, store, *ONE_OF_EACH)
    before = await states(store, batch)
    expected = [apply(state, event) for state in before]

    assert await store.write(change_batch, batch.id, event)
    assert await states(store, batch) == expected
    versions = [row["version"] for row in await rows(database, imports)]
    assert versions == [int(after != state) for state, after in zip(before, expected, strict=True)]
    assert sum(versions) > 0

    again = [apply(state, event) for state in expected]
    assert again == expected
    assert not await store.write(change_batch, batch.id, event)
    assert await states(store, batch) == expected
    assert [row["version"] for row in await rows(database, imports)] == versions


async def test_a_cancel_ends_what_was_never_sent_and_wants_the_rest_cancelled(
    database: Database, store: SqlStore
) -> None:
    batch = await batch_with(database, store, *ONE_OF_EACH[1:7])
    assert await store.write(change_batch, batch.id, CancelWanted(LATER))
    assert [(row.status, row.cancel_wanted) for row in (await batch_by_id(store, batch.id)).rows] == [
        (Status.CANCELLED, False),
        # It was sent once, without an answer: whether it is imported has to be looked up first.
        (Status.CHECKING, True),
        (Status.SENDING, True),
        (Status.CHECKING, True),
        (Status.IMPORTED, False),
        (Status.UNKNOWN, False),
    ]
    first, second, *_ = await rows(database, imports)
    assert (first["finished_at"], first["waiting_for"], first["held"]) == (LATER, None, False)
    assert not second["held"]


async def test_held_rows_wait_for_another_day_when_their_person_says_so(database: Database, store: SqlStore) -> None:
    batch = await batch_with(database, store, {"held": True}, {})
    assert await store.write(change_batch, batch.id, GoOn(LATER))
    assert [(row["held"], row["waiting_since"]) for row in await rows(database, imports)] == [
        (False, LATER),
        (False, NOW),
    ]


async def test_rows_whose_end_is_not_known_are_looked_at_again_and_never_sent_again(
    database: Database, store: SqlStore
) -> None:
    batch = await batch_with(database, store, *ONE_OF_EACH[6:8])
    assert await store.write(change_batch, batch.id, LookAgain())
    assert [(row["status"], row["verdict"], row["finished_at"]) for row in await rows(database, imports)] == [
        ("checking", "failed", None),
        ("failed", None, NOW),
    ]


async def test_a_missing_proxy_is_set_again_where_the_profile_is_known(database: Database, store: SqlStore) -> None:
    batch = await batch_with(database, store, *ONE_OF_EACH[9:])
    assert await store.write(change_batch, batch.id, ProxyRetried())
    assert [row["proxy_status"] for row in await rows(database, imports)] == ["pending", "missing", "set"]


async def test_a_missing_proxy_is_given_up_and_its_link_deleted(database: Database, store: SqlStore) -> None:
    batch = await batch_with(database, store, *ONE_OF_EACH[9:11])
    assert len(await rows(database, secrets)) == 2
    assert await store.write(change_batch, batch.id, ProxyGivenUp())
    assert [row["proxy_status"] for row in await rows(database, imports)] == ["given_up", "given_up"]
    assert await rows(database, secrets) == []


async def test_a_change_of_one_batch_leaves_another_alone(database: Database, store: SqlStore) -> None:
    batch = await batch_with(database, store, {}, {})
    other = await confirmed(store, draft_of(CODE), MAI)
    await store.write(change_batch, batch.id, CancelWanted(LATER))
    assert await batch_by_id(store, other.id) == other
    assert not await store.write(change_batch, 99, CancelWanted(LATER))


async def test_a_card_is_to_be_shown_anew_or_moved(store: SqlStore) -> None:
    batch = await confirmed(store, draft_of(CODE))

    def change(work: SqlWork) -> None:
        work.batches.note_announced(batch.id)
        work.batches.bump(batch.id)

    await store.write(change)
    bumped = await batch_by_id(store, batch.id)
    assert (bumped.card.revision, bumped.card.repost, bumped.announced, bumped.waited) == (2, False, True, False)

    await store.write(lambda work: work.batches.bump(batch.id, repost=True))
    moved = await batch_by_id(store, batch.id)
    assert (moved.card.revision, moved.card.repost, moved.announced, moved.waited) == (3, True, True, False)


async def test_cards_that_are_behind_are_asked_moved_or_announced_as_it_is_said(store: SqlStore) -> None:
    first, second = await confirmed(store, draft_of(CODE)), await confirmed(store, draft_of(OTHER), MAI)
    other = await confirmed(store, draft_of("00000000-00000001"), Place(3, 3, None, "en"))

    def mark(work: SqlWork, repost: bool, waited: bool, announce_again: bool) -> None:
        for batch in (first, second):
            work.batches.note_announced(batch.id)
        both = [first.id, second.id]
        work.batches.mark_behind(both, repost=repost, waited=waited, announce_again=announce_again)

    async def cards() -> list[tuple[int, bool, bool, bool]]:
        found = [await batch_by_id(store, batch.id) for batch in (first, second)]
        return [(each.card.revision, each.card.repost, each.waited, each.announced) for each in found]

    await store.write(mark, False, False, False)
    assert await cards() == [(2, False, False, True)] * 2
    await store.write(mark, False, True, False)
    assert await cards() == [(3, False, True, True)] * 2
    await store.write(mark, True, False, False)
    assert await cards() == [(4, True, True, True)] * 2
    await store.write(mark, False, False, True)
    # What was asked for and not yet shown stays.
    assert await cards() == [(5, True, True, False)] * 2
    assert await batch_by_id(store, other.id) == other


async def test_a_card_whose_end_is_announced_once_more_tells_it_in_a_message_of_its_own(store: SqlStore) -> None:
    batch = await confirmed(store, draft_of(CODE))
    await store.write(
        lambda work: work.batches.mark_behind([batch.id], repost=False, waited=False, announce_again=True)
    )
    assert (await batch_by_id(store, batch.id)).waited
