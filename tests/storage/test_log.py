"""The import log as people read it, and what is still to be said."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.import_state import ProxyStatus, Status
from bot.domain.transfer_code import TransferCode
from bot.storage.database import Database
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.records import Note, NoteKind, Page, Place
from tests.storage.support import ANA, CODE, GROUP_CHAT, MAI, NOW, OTHER, confirmed, draft_of, rewrite

SIZE = 3


@pytest.fixture
async def log(store: SqlStore) -> SqlStore:
    """Rows 1 to 7 are Ana's, and 8 and 9 Mai's."""
    await confirmed(store, draft_of(*(f"0000000{number}-00000000" for number in range(7))))
    await confirmed(store, draft_of(CODE, OTHER), MAI)
    return store


async def page(
    store: SqlStore, *, user: int | None = None, before: int | None = None, after: int | None = None
) -> Page:
    return await store.read(lambda work: work.log.page(user_id=user, size=SIZE, before=before, after=after))


def numbers(page: Page) -> tuple[list[int], bool, bool]:
    return [row.id for row in page.rows], page.newer, page.older


async def test_the_log_is_read_newest_first_page_by_page_and_back(log: SqlStore) -> None:
    assert numbers(await page(log)) == ([9, 8, 7], False, True)
    assert numbers(await page(log, before=7)) == ([6, 5, 4], True, True)
    assert numbers(await page(log, before=4)) == ([3, 2, 1], True, False)
    assert numbers(await page(log, after=3)) == ([6, 5, 4], True, True)
    assert numbers(await page(log, after=6)) == ([9, 8, 7], False, True)


async def test_one_person_s_own_imports_are_theirs_alone(log: SqlStore) -> None:
    assert numbers(await page(log, user=MAI.user_id)) == ([9, 8], False, False)
    assert numbers(await page(log, user=ANA.user_id)) == ([7, 6, 5], False, True)
    assert numbers(await page(log, user=ANA.user_id, before=2)) == ([1], True, False)
    assert numbers(await page(log, user=ANA.user_id, after=6)) == ([7], False, True)


async def test_beyond_either_end_there_is_nothing_and_nowhere_to_turn(log: SqlStore) -> None:
    nothing: tuple[list[int], bool, bool] = ([], False, False)
    assert numbers(await page(log, before=1)) == nothing
    assert numbers(await page(log, after=9)) == nothing
    assert numbers(await page(log, user=4711)) == nothing


async def test_a_page_stands_still_while_rows_come(log: SqlStore) -> None:
    before = await page(log, before=7)
    await confirmed(log, draft_of("99999999-00000000"), Place(5, 5, None, "en"))
    assert await page(log, before=7) == before


async def test_a_row_tells_all_that_the_chat_needs(database: Database, store: SqlStore) -> None:
    batch = await confirmed(store, draft_of(CODE))
    await rewrite(
        database,
        batch.rows[0].id,
        status=Status.IMPORTED,
        proxy_status=ProxyStatus.MISSING,
        profile_id=5,
        profile_name="Shop <Berlin>",
        error_code=2002,
        error_message="no such proxy",
        waiting_for="away",
        held=True,
        cancel_wanted=True,
        finished_at=NOW,
    )
    [row] = (await page(store)).rows
    assert (row.batch_id, row.user_id, row.user_name, row.code) == (batch.id, ANA.user_id, "Ana", TransferCode(CODE))
    assert (row.group_id, row.group_title, row.proxy) == (None, None, "keep")
    assert (row.status, row.proxy_status) == (Status.IMPORTED, ProxyStatus.MISSING)
    assert (row.profile_id, row.profile_name) == (5, "Shop <Berlin>")
    assert (row.error_code, row.error_message, row.waiting_for) == (2002, "no such proxy", "away")
    assert (row.held, row.cancel_wanted, row.created_at, row.finished_at) == (True, True, NOW, NOW)


async def test_living_rows_of_some_codes_are_found_and_no_others(database: Database, log: SqlStore) -> None:
    await rewrite(database, 9, status=Status.FAILED)
    codes = [TransferCode(code) for code in (OTHER, CODE, "00000003-00000000", "12345678-87654321")]
    assert [row.id for row in await log.read(lambda work: work.log.living(codes))] == [4, 8]
    assert await log.read(lambda work: work.log.living([])) == []


# --- what is still to be said -----------------------------------------------------------------------------------------


async def test_notes_are_said_in_the_order_in_which_they_came_each_until_it_is_done(store: SqlStore) -> None:
    here = Place(ANA.user_id, GROUP_CHAT, 77, "en")
    buttons = [[("One", "n:0:0:new"), ("Two", "n:0:0:new")], []]

    def change(work: SqlWork) -> Any:
        work.outbox.say(here, "<b>Hello</b>", NOW, buttons=buttons)
        work.outbox.say(MAI, "Not here", NOW)
        work.outbox.say(here, "Anew", NOW, edit_message_id=50)
        work.outbox.delete_card(here, 51, NOW)
        work.outbox.delete_secret(here, 52, deleted_text="", refused_text="It stays", now=NOW)
        return work.outbox.waiting([GROUP_CHAT])

    notes = await store.write(change)

    ids = [note.id for note in notes]
    assert ids == sorted(ids)
    assert notes == [
        Note(ids[0], GROUP_CHAT, 77, NoteKind.SEND, None, "<b>Hello</b>", buttons),
        Note(ids[1], GROUP_CHAT, 77, NoteKind.EDIT, 50, "Anew", []),
        Note(ids[2], GROUP_CHAT, 77, NoteKind.DELETE, 51, "", []),
        Note(ids[3], GROUP_CHAT, 77, NoteKind.DELETE_SECRET, 52, "", [], refused_text="It stays", silent=True),
    ]

    def change_2(work: SqlWork) -> None:
        work.outbox.done(ids[0])
        work.outbox.done(ids[0])

    await store.write(change_2)
    assert await store.read(lambda work: [note.id for note in work.outbox.waiting([GROUP_CHAT])]) == ids[1:]
