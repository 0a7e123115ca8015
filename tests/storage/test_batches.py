"""Batches: a draft becomes rows of the import log in one transaction, a code at most once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.draft import MOST_CODES, Draft, ListedGroup
from bot.domain.import_events import CancelWanted, Event, GoOn, LookAgain, ProxyGivenUp, ProxyRetried
from bot.domain.import_state import ImportState, ProxyStatus, Status
from bot.domain.import_transitions import apply
from bot.domain.proxy import Custom, Direct, Keep
from bot.domain.transfer_code import TransferCode
from bot.errors import OldButton
from bot.storage.choices import proxy_to_json
from bot.storage.database import Database
from bot.storage.tables import batches, draft_codes, imports, secrets
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.import_queue import change_batch
from bot.usecases.records import Batch, CardKind, Confirmed, DraftState, LoggedImport, Place, Shown, StoredDraft
from tests.storage.support import (
    ANA,
    CODE,
    CUSTOM,
    EXTRACTION,
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
    first, second = await asyncio.gather(confirm(store, drafts[0], "Ana"), confirm(store, drafts[1], "Mai"))
    assert first.batch_id is not None
    assert second.batch_id is None
    assert [row.user_name for row in second.taken] == ["Ana"]
    assert await statuses(database) == ["queued"]


async def test_of_two_taps_at_once_the_second_is_an_old_button(database: Database, store: SqlStore) -> None:
    stored = await opened(store, draft_of(CODE, OTHER, proxy=CUSTOM))
    first, second = await asyncio.gather(confirm(store, stored), confirm(store, stored), return_exceptions=True)
    assert isinstance(first, Confirmed)
    assert isinstance(second, OldButton)
    assert await statuses(database) == ["queued", "queued"]
    assert len(await rows(database, secrets)) == 2


async def test_a_draft_that_was_changed_meanwhile_is_not_confirmed_as_it_was(
    database: Database, store: SqlStore
) -> None:
    before = await opened(store, draft_of(CODE))

    def change(work: SqlWork) -> None:
        work.drafts.change(before, replace(before.draft, proxy=Direct()), NOW, repost=False)
        with pytest.raises(OldButton):
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


# --- what is done with a batch ----------------------------------------------------------------------------------------


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


async def test_a_card_is_to_be_shown_anew_moved_or_announced_once_more(store: SqlStore) -> None:
    batch = await confirmed(store, draft_of(CODE))

    def change(work: SqlWork) -> None:
        work.batches.note_announced(batch.id)
        work.batches.bump(batch.id)

    await store.write(change)
    bumped = await batch_by_id(store, batch.id)
    assert (bumped.card.revision, bumped.card.repost, bumped.announced, bumped.waited) == (2, False, True, False)

    await store.write(lambda work: work.batches.bump(batch.id, repost=True))
    assert (await batch_by_id(store, batch.id)).card.repost

    await store.write(lambda work: work.batches.bump(batch.id, again=True))
    again = await batch_by_id(store, batch.id)
    assert (again.card.revision, again.card.repost, again.announced, again.waited) == (4, True, False, True)


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
