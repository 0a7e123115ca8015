"""Batches: a draft becomes rows of the import log in one transaction, a code at most once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.draft import MOST_CODES, Draft, ListedGroup
from bot.domain.import_state import Status
from bot.domain.proxy import Custom, Direct, Keep
from bot.domain.transfer_code import TransferCode
from bot.errors import Overtaken
from bot.storage.choices import proxy_to_json
from bot.storage.database import Database
from bot.storage.tables import batches, draft_codes, imports, secrets
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.records import CardKind, Confirmed, DraftState, LoggedImport, Place, Shown, StoredDraft
from tests.storage.support import (
    ANA,
    CODE,
    CUSTOM,
    MAI,
    NOW,
    OTHER,
    PASSWORD,
    STATION,
    batch_by_id,
    confirmed,
    draft_by_id,
    draft_of,
    opened,
    rewrite,
    rows,
)

LATER = NOW + timedelta(hours=1)
GONE = (Status.FAILED, Status.CANCELLED)
LIVING = tuple(status for status in Status if status not in GONE)


async def confirm(store: SqlStore, stored: StoredDraft, name: str = "Ana") -> Confirmed:
    return await store.write(lambda work: work.batches.confirm(stored, name, NOW))


def codes_of(logged: Sequence[LoggedImport]) -> list[str | None]:
    return [None if row.code is None else row.code.text for row in logged]


async def statuses(database: Database) -> Sequence[str]:
    return [row["status"] for row in await rows(database, imports)]


# --- confirming -------------------------------------------------------------------------------------------------------


async def test_a_confirmed_draft_is_a_batch_with_a_queued_row_for_each_code(
    database: Database, store: SqlStore
) -> None:
    where = Place(1001, -100200300, 77, "zh-hans")
    draft = replace(draft_of(CODE, OTHER, proxy=CUSTOM, group=ListedGroup(5, "店铺 <b>")), bypass=("example.com",))
    draft = replace(draft, note="for Mai")
    stored = await opened(store, draft, where)
    await store.write(
        lambda work: work.cards.note_shown(CardKind.DRAFT, stored.id, message_id=50, rendered=1, complete=True)
    )

    stored = await draft_by_id(store, stored.id)
    result = await confirm(store, stored)
    assert result.taken == []
    assert result.batch_id is not None
    batch = await batch_by_id(store, result.batch_id)
    assert (batch.draft_id, batch.where) == (stored.id, where)
    assert batch.card == Shown(50, repost=False, revision=1, shown_revision=0)
    assert (batch.confirmed_at, batch.waited, batch.announced, batch.ended) == (NOW, False, False, False)
    assert codes_of(batch.rows) == [CODE, OTHER]
    for logged in batch.rows:
        assert (logged.group_id, logged.group_title, logged.note) == (5, "店铺 <b>", "for Mai")
        assert (logged.proxy_choice, logged.bypass) == (replace(CUSTOM, password=None), ("example.com",))

    cipher = database.cipher
    for row, code in zip(await rows(database, imports), (CODE, OTHER), strict=True):
        assert cipher.decrypt(row["code_encrypted"]) == code
        assert {**row, "id": 0, "code_encrypted": b""} == {
            "id": 0,
            "user_id": 1001,
            "user_name": "Ana",
            "chat_id": -100200300,
            "thread_id": 77,
            "handoff_id": None,
            "given_by": None,
            "given_by_name": None,
            "code_mask": TransferCode(code).masked,
            "code_hash": cipher.code_hash(TransferCode(code)),
            "code_encrypted": b"",
            "transfer_code": None,
            "key_lost": False,
            "group_id": 5,
            "group_title": "店铺 <b>",
            "proxy": "socks5 203.0.113.7:1080 as ana",
            "proxy_choice": proxy_to_json(CUSTOM),
            "bypass": ["example.com"],
            "note": "for Mai",
            "status": "queued",
            "proxy_status": None,
            "draft_id": stored.id,
            "batch_id": batch.id,
            "retry_of": None,
            "station": STATION,
            "profile_id": None,
            "profile_name": "",
            "message_id": None,
            "record_id": None,
            "error_code": None,
            "error_message": "",
            "waiting_for": None,
            "waiting_since": NOW,
            "held": False,
            "cancel_wanted": False,
            "without_proxy": False,
            "verdict": None,
            "attempts": 0,
            "unanswered": 0,
            "restricted": 0,
            "looks": 0,
            "version": 0,
            "created_at": NOW,
            "sent_at": None,
            "finished_at": None,
        }


async def test_confirming_ends_the_draft_and_hands_its_card_to_the_batch_and_secrets_to_the_imports(
    database: Database, store: SqlStore
) -> None:
    stored = await opened(store, draft_of(CODE, proxy=CUSTOM))
    result = await confirm(store, stored)

    ended = await draft_by_id(store, stored.id)
    assert ended.state is DraftState.CONFIRMED
    assert ended.draft.codes == ()
    assert await rows(database, draft_codes) == []
    [kept] = await rows(database, secrets)
    [row] = await rows(database, imports)
    assert (kept["draft_id"], kept["draft_code_id"], kept["import_id"]) == (None, None, row["id"])
    assert database.cipher.decrypt(kept["value"]) == PASSWORD

    def look(work: SqlWork) -> Any:
        assert work.drafts.behind([ANA.chat_id]) == []
        assert [batch.id for batch in work.batches.behind([ANA.chat_id])] == [result.batch_id]
        return work.batches.of_draft(stored.id)

    of_draft = await store.read(look)
    assert of_draft is not None
    assert of_draft.id == result.batch_id


async def test_five_hundred_codes_are_confirmed_at_once_in_their_order(store: SqlStore) -> None:
    codes = [f"{MOST_CODES - number:08}-12345678" for number in range(MOST_CODES)]
    batch = await confirmed(store, draft_of(*codes))
    assert codes_of(batch.rows) == codes
    assert [row.id for row in batch.rows] == sorted(row.id for row in batch.rows)


@pytest.mark.parametrize("status", LIVING)
async def test_a_code_with_a_living_row_is_left_out_and_told(
    database: Database, store: SqlStore, status: Status
) -> None:
    first = await confirmed(store, draft_of(CODE))
    await rewrite(database, first.rows[0].id, status=status)

    result = await confirm(store, await opened(store, draft_of(CODE, OTHER), MAI), "Mai")
    assert [(row.code, row.user_name, row.status) for row in result.taken] == [(TransferCode(CODE), "Ana", status)]
    assert result.batch_id is not None
    assert codes_of((await batch_by_id(store, result.batch_id)).rows) == [OTHER]


@pytest.mark.parametrize("status", GONE)
async def test_a_code_that_did_not_go_through_may_be_confirmed_again(
    database: Database, store: SqlStore, status: Status
) -> None:
    first = await confirmed(store, draft_of(CODE))
    await rewrite(database, first.rows[0].id, status=status)
    stored = await opened(store, draft_of(CODE, OTHER), retries={CODE: first.rows[0].id})
    result = await confirm(store, stored)
    assert result.taken == []
    assert [row["retry_of"] for row in await rows(database, imports)] == [None, first.rows[0].id, None]


async def test_with_every_code_taken_nothing_is_written_and_the_draft_goes_on(
    database: Database, store: SqlStore
) -> None:
    await confirmed(store, draft_of(CODE, OTHER))
    before = await opened(store, draft_of(OTHER, CODE, proxy=CUSTOM), MAI)
    result = await confirm(store, before)

    assert result.batch_id is None
    assert codes_of(result.taken) == [CODE, OTHER]
    assert await draft_by_id(store, before.id) == before
    assert len(await rows(database, batches)) == 1
    assert [row["draft_id"] for row in await rows(database, secrets)] == [before.id]


async def test_of_two_people_who_confirm_a_code_at_once_one_has_it_and_the_other_is_told(
    database: Database, store: SqlStore
) -> None:
    drafts = [await opened(store, draft_of(CODE), ANA), await opened(store, draft_of(CODE), MAI)]
    both = await asyncio.gather(confirm(store, drafts[0], "Ana"), confirm(store, drafts[1], "Mai"))
    # A server serves them side by side: either may be first.
    [(has_it, name)] = [(each, name) for each, name in zip(both, ("Ana", "Mai"), strict=True) if each.batch_id]
    [told] = [each for each in both if each is not has_it]
    assert told.batch_id is None
    assert [row.user_name for row in told.taken] == [name]
    assert await statuses(database) == ["queued"]


async def test_of_two_taps_at_once_one_is_overtaken(database: Database, store: SqlStore) -> None:
    stored = await opened(store, draft_of(CODE, OTHER, proxy=CUSTOM))
    both = await asyncio.gather(confirm(store, stored), confirm(store, stored), return_exceptions=True)
    # A server may take either first.
    assert {type(each) for each in both} == {Confirmed, Overtaken}
    assert await statuses(database) == ["queued", "queued"]
    assert len(await rows(database, secrets)) == 2


async def test_a_draft_that_was_changed_meanwhile_is_not_confirmed_as_it_was(
    database: Database, store: SqlStore
) -> None:
    before = await opened(store, draft_of(CODE))

    def change(work: SqlWork) -> None:
        work.drafts.change(before, replace(before.draft, proxy=Direct()), NOW, repost=False)
        with pytest.raises(Overtaken):
            work.batches.confirm(before, "Ana", NOW)

    await store.write(change)
    assert await statuses(database) == []
    assert (await draft_by_id(store, before.id)).state is DraftState.OPEN


async def test_a_draft_that_names_no_proxy_keeps_the_profile_s_own(store: SqlStore) -> None:
    batch = await confirmed(store, Draft(codes=(TransferCode(CODE),)))
    [row] = batch.rows
    assert (row.proxy_choice, row.group_id, row.group_title) == (Keep(), None, None)


async def test_a_batch_that_there_is_not_is_not_found(store: SqlStore) -> None:
    def look(work: SqlWork) -> None:
        assert work.batches.find(7) is None
        assert work.batches.of_draft(7) is None

    await store.read(look)


async def test_a_proxy_without_a_user_needs_no_password(store: SqlStore) -> None:
    batch = await confirmed(store, draft_of(CODE, proxy=replace(CUSTOM, user="", password="")))
    assert batch.rows[0].proxy_choice == Custom(CUSTOM.host, CUSTOM.port, CUSTOM.type, password="")


# --- codes of which nothing but the mask is known ---------------------------------------------------------------------


@pytest.mark.parametrize(("attempts", "checked"), [(0, False), (1, True)])
async def test_a_code_that_may_be_the_one_that_was_sent_before_the_key_was_lost_is_looked_up_first(
    database: Database, store: SqlStore, attempts: int, checked: bool
) -> None:
    lost = await confirmed(store, draft_of(CODE))
    gone = {"key_lost": True, "code_hash": None, "code_encrypted": None, "attempts": attempts}
    await rewrite(database, lost.rows[0].id, **gone, status=Status.UNKNOWN, finished_at=NOW)
    like_it = f"{CODE[:4]}0000-0000{CODE[-4:]}"

    stored = await opened(store, draft_of(OTHER, like_it, CODE), MAI)
    result = await confirm(store, stored, "Mai")
    assert result.batch_id is not None
    assert (result.taken, result.to_verify) == ([], checked)
    states = [(row.code, row.status) for row in (await batch_by_id(store, result.batch_id)).rows]
    first = Status.CHECKING if checked else Status.QUEUED
    assert states == [
        (TransferCode(OTHER), Status.QUEUED),
        (TransferCode(like_it), first),
        (TransferCode(CODE), first),
    ]


async def test_where_every_such_code_is_taken_nothing_is_to_be_looked_up(database: Database, store: SqlStore) -> None:
    lost = await confirmed(store, draft_of(CODE))
    await rewrite(database, lost.rows[0].id, key_lost=True, code_hash=None, code_encrypted=None, attempts=1,
                  status=Status.UNKNOWN)  # fmt: skip
    await confirmed(store, draft_of(CODE), MAI)
    result = await confirm(store, await opened(store, draft_of(CODE, OTHER)))
    assert (len(result.taken), result.to_verify) == (1, False)
