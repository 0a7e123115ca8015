"""Which of somebody's open drafts in a place what they type is for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.storage.database import Database
from bot.storage.housekeeping import DRAFT_LIFE, Housekeeping
from bot.storage.tables import drafts
from bot.storage.work import SqlStore
from bot.usecases.records import DraftState, Place, StoredDraft
from tests.storage.support import ANA, CODE, GROUP_CHAT, MAI, NOW, OTHER, another, draft_by_id, draft_of, opened, rows
from tests.support.clock import MovableClock

HERE = Place(user_id=1001, chat_id=GROUP_CHAT, thread_id=77, language="en")
#: Where neither the person, nor the chat, nor the topic is the same.
ELSEWHERE = (
    replace(HERE, thread_id=78),
    replace(HERE, thread_id=None),
    replace(HERE, user_id=1002),
    replace(HERE, chat_id=GROUP_CHAT - 1),
    ANA,
)


async def taking(store: SqlStore, where: Place) -> int | None:
    found = await store.read(lambda work: work.drafts.find_open(where))
    return None if found is None else found.id


async def end(store: SqlStore, stored: StoredDraft, how: str) -> None:
    """A draft ends, one way or another."""
    if how == "confirmed":
        result = await store.write(lambda work: work.batches.confirm(stored, "Ana", NOW))
        assert result.batch_id is not None
    else:
        assert await store.write(lambda work: work.drafts.close(stored.id, DraftState(how), NOW))


async def marked(database: Database) -> list[int]:
    return [row["id"] for row in await rows(database, drafts) if row["takes_text"]]


async def test_a_draft_that_is_opened_beside_another_takes_what_is_typed(database: Database, store: SqlStore) -> None:
    first = await another(store, HERE)
    second = await another(store, HERE)
    assert await taking(store, HERE) == second.id
    assert (await draft_by_id(store, first.id)) == first
    assert await marked(database) == [second.id]


@pytest.mark.parametrize("how", ["cancelled", "expired", "confirmed"])
async def test_at_its_end_it_is_for_the_newest_of_the_others_again(
    database: Database, store: SqlStore, how: str
) -> None:
    first, second, third, fourth = [await another(store, HERE) for _ in range(4)]
    await end(store, third, how)
    assert await taking(store, HERE) == fourth.id
    await end(store, fourth, how)
    assert await taking(store, HERE) == second.id
    await end(store, second, how)
    assert await taking(store, HERE) == first.id
    await end(store, first, how)
    assert await taking(store, HERE) is None
    assert await marked(database) == []


async def test_other_people_chats_and_topics_keep_theirs(store: SqlStore) -> None:
    theirs = {where: (await another(store, where)).id for where in ELSEWHERE}
    first, second = await another(store, HERE), await another(store, HERE)
    assert {where: await taking(store, where) for where in ELSEWHERE} == theirs
    await end(store, second, "cancelled")
    assert await taking(store, HERE) == first.id
    await end(store, first, "confirmed")
    assert {where: await taking(store, where) for where in ELSEWHERE} == theirs
    assert await taking(store, HERE) is None


async def test_what_has_ended_never_takes_it(store: SqlStore) -> None:
    for how in ("cancelled", "expired", "confirmed"):
        await end(store, await another(store, HERE), how)
    last = await another(store, HERE)
    await end(store, last, "cancelled")
    assert await taking(store, HERE) is None


async def test_a_confirm_that_writes_nothing_leaves_the_draft_its_mark(store: SqlStore) -> None:
    await end(store, await opened(store, draft_of(CODE), MAI), "confirmed")
    await another(store, HERE)
    stored = await opened(store, draft_of(CODE), HERE)
    assert (await store.write(lambda work: work.batches.confirm(stored, "Ana", NOW))).batch_id is None
    assert await taking(store, HERE) == stored.id


async def test_drafts_that_expire_together_leave_it_to_the_newest_that_does_not(
    database: Database, clock: MovableClock
) -> None:
    store = SqlStore(database, now=clock.now)
    old = clock.now() - DRAFT_LIFE - timedelta(seconds=1)
    kept = await opened(store, draft_of(CODE), HERE, at=clock.now())
    for _ in range(2):
        await opened(store, draft_of(OTHER), HERE, at=old)
    await Housekeeping(store, clock).tidy()
    assert await taking(store, HERE) == kept.id
    assert await marked(database) == [kept.id]


async def test_the_drafts_of_a_chat_that_moves_go_along_with_the_mark(database: Database, store: SqlStore) -> None:
    first, second = await another(store, HERE), await another(store, HERE)
    moved = replace(HERE, chat_id=-100900900)
    await store.write(lambda work: work.cards.move_chat(GROUP_CHAT, moved.chat_id))
    assert await taking(store, moved) == second.id
    assert await taking(store, HERE) is None
    await end(store, await draft_by_id(store, second.id), "cancelled")
    assert await taking(store, moved) == first.id
    assert await marked(database) == [first.id]


async def test_who_has_begun_anew_in_the_chat_s_new_place_goes_on_there(database: Database, store: SqlStore) -> None:
    moved = replace(HERE, chat_id=-100900900)
    before = [await another(store, HERE) for _ in range(2)]
    beside = await another(store, replace(HERE, thread_id=78))
    anew = await another(store, moved)
    await store.write(lambda work: work.cards.move_chat(GROUP_CHAT, moved.chat_id))
    assert await taking(store, moved) == anew.id
    assert await taking(store, replace(moved, thread_id=78)) == beside.id
    states = [(await draft_by_id(store, stored.id)).state for stored in (*before, anew)]
    assert states == [DraftState.OPEN, DraftState.CANCELLED, DraftState.OPEN]
    assert await marked(database) == [beside.id, anew.id]
