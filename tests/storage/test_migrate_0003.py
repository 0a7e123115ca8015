"""Databases of the versions before codes and secrets were encrypted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.domain.draft import ListedGroup
from bot.domain.proxy import Custom, Extraction
from bot.domain.transfer_code import TransferCode
from bot.storage import migrate
from bot.storage.database import Database
from bot.storage.migrate import bring_up_to_date, current, newest
from bot.storage.tables import batches, draft_codes, drafts, imports, installation, secrets
from bot.storage.work import SqlStore
from bot.usecases.records import Place
from tests.storage.migrating import HANG_BEFORE_A_TABLE_GOES, everything, kill_within, schema, url_of
from tests.storage.old_versions import (
    DRAFT_CODES,
    DRAFT_LINK,
    DRAFT_PASSWORD,
    LINK,
    PASSWORD,
    TWICE,
    make_old,
    old_rows,
)
from tests.storage.support import NOW, STATION, draft_by_id, rows

VERSIONS = pytest.mark.parametrize("revision", ["0001", "0002"])
#: What the migration has written for a column, where it was not there or has changed.
#: What 0003 makes of the columns, and what later migrations add.
NEW = {"transfer_code", "code_mask", "code_hash", "code_encrypted", "key_lost", "proxy_choice", "bypass", "note"}
NEW |= {"message_id", "handoff_id", "given_by", "given_by_name"}
NEEDS_SECRETS = {"queued", "sending", "checking"}
SETTLING = {"pending", "setting", "missing"}


@pytest.fixture
async def old(empty_url: str) -> AsyncIterator[Database]:
    database = Database(empty_url, STATION)
    yield database
    await database.close()


@VERSIONS
async def test_imports_stand_where_they_stood_with_the_choices_of_their_batch(old: Database, revision: str) -> None:
    before = await make_old(old, revision)
    await bring_up_to_date(old)
    assert await current(old) == newest()

    cipher = old.cipher
    chosen = {batch["id"]: batch for batch in before["batches"]}
    for row, was in zip(await rows(old, imports), before["imports"], strict=True):
        assert {name: value for name, value in row.items() if name not in NEW} == {"version": 0, "looks": 0} | {
            name: value for name, value in was.items() if name not in NEW
        }
        code, batch = TransferCode(was["transfer_code"]), chosen[was["batch_id"]]
        assert (row["code_mask"], row["code_hash"], row["key_lost"]) == (code.masked, cipher.code_hash(code), False)
        assert (row["proxy_choice"], row["bypass"], row["note"]) == (batch["proxy"], batch["bypass"], "")
        if was["status"] == "imported":
            assert (row["transfer_code"], row["code_encrypted"]) == (code.text, None)
        else:
            assert (row["transfer_code"], cipher.decrypt(row["code_encrypted"])) == (None, code.text)

    left = ("group_id", "group_title", "proxy", "bypass")
    for row, was in zip(await rows(old, batches), before["batches"], strict=True):
        assert row == {"reply_to": None} | {name: value for name, value in was.items() if name not in left}


@VERSIONS
async def test_the_station_reads_imports_as_it_would_have(old: Database, revision: str) -> None:
    before = await make_old(old, revision)
    await bring_up_to_date(old)
    store = SqlStore(old)
    for batch in (1, 2):
        found = await store.write(lambda work, batch=batch: work.imports.lock_batch(batch))  # type: ignore[misc]
        of_batch = [was for was in before["imports"] if was["batch_id"] == batch]
        assert [(row.code and row.code.text, row.state.status, row.group_id) for row in found] == [
            (was["transfer_code"], was["status"], 6 + batch) for was in of_batch
        ]
        for row, was in zip(found, of_batch, strict=True):
            needed = was["status"] in NEEDS_SECRETS or was["proxy_status"] in SETTLING
            if batch == 1:
                assert isinstance(row.proxy, Extraction)
                assert row.proxy.link == (LINK if needed else None)
            else:
                assert isinstance(row.proxy, Custom)
                assert row.proxy.password == (PASSWORD if needed else None)
            assert (row.state.attempts, row.state.unanswered, row.state.sent_at) == (3, 2, NOW)
            assert row.state.code_kept
    # Nobody else may have a code that somebody has.
    taken = await store.read(lambda work: work.log.living([TransferCode(TWICE)]))
    assert [row.id for row in taken] == [101]


@VERSIONS
async def test_open_drafts_go_on_with_their_codes_and_secrets(old: Database, revision: str) -> None:
    before = await make_old(old, revision)
    await bring_up_to_date(old)
    store = SqlStore(old)
    mine, hers = await draft_by_id(store, 3), await draft_by_id(store, 4)
    assert [code.text for code in mine.draft.codes] == list(DRAFT_CODES)
    assert mine.retries == {DRAFT_CODES[1]: 100}
    assert isinstance(mine.draft.proxy, Custom)
    assert (mine.draft.proxy.password, mine.draft.group) == (DRAFT_PASSWORD, ListedGroup(7, "店铺"))
    assert isinstance(hers.draft.proxy, Extraction)
    assert (hers.draft.proxy.link, hers.draft.codes, hers.draft.note, hers.draft.own) == (DRAFT_LINK, (), "", {})
    assert mine.card.revision == 3
    for where, stored in ((Place(1, 1, None, "en"), mine), (Place(2, 2, 77, "en"), hers)):
        assert await store.read(lambda work, where=where: work.drafts.find_open(where)) == stored  # type: ignore[misc]

    kept = {row["id"]: row for row in await rows(old, drafts)}
    assert {number: row["takes_text"] for number, row in kept.items()} == {
        1: False, 2: False, 3: True, 4: True, 5: False
    }  # fmt: skip
    for was in before["drafts"]:
        row = kept[was["id"]]
        assert {name: row[name] for name in was} == was

    # They are changed and confirmed as any other.
    assert await store.write(lambda work: work.drafts.change(mine, replace(mine.draft, note="mine"), NOW, repost=False))
    changed = await draft_by_id(store, 3)
    assert (await store.write(lambda work: work.batches.confirm(changed, "Ana", NOW))).batch_id == 3
    assert await rows(old, draft_codes) == []


@VERSIONS
async def test_secrets_are_kept_for_those_that_may_need_them_and_for_nobody_else(old: Database, revision: str) -> None:
    before = await make_old(old, revision)
    await bring_up_to_date(old)
    expected: list[tuple[int | None, int | None, str, str]] = [
        (3, None, "password", DRAFT_PASSWORD), (4, None, "link", DRAFT_LINK)
    ]  # fmt: skip
    for was in before["imports"]:
        if was["status"] in NEEDS_SECRETS or was["proxy_status"] in SETTLING:
            kind = ("link", LINK) if was["batch_id"] == 1 else ("password", PASSWORD)
            expected.append((None, was["id"], *kind))
    found = [
        (row["draft_id"], row["import_id"], row["name"], old.cipher.decrypt(row["value"]))
        for row in await rows(old, secrets)
    ]
    assert sorted(found, key=repr) == sorted(expected, key=repr)
    [installed] = await rows(old, installation)
    assert (installed["key_check"], installed["plain_text_left"]) == (old.cipher.check, False)


@VERSIONS
async def test_down_again_it_is_as_it_was_but_for_what_nobody_needs(old: Database, revision: str) -> None:
    await make_old(old, revision)
    await migrate.migrate(old, "0002")
    before, tables = await everything(old), await schema(old)
    await bring_up_to_date(old)
    await migrate.migrate(old, "0002")
    after = await everything(old)
    assert named(await schema(old)) == named(tables)
    assert {name: value for name, value in after.items() if name not in {"secrets", "alembic_version"}} == {
        name: value for name, value in before.items() if name not in {"secrets", "alembic_version"}
    }
    values = ("draft_id", "batch_id", "name", "value")
    kept = [[[row[name] for name in values] for row in found["secrets"]] for found in (before, after)]
    assert sorted(kept[0], key=repr) == sorted(kept[1], key=repr)
    await bring_up_to_date(old)
    assert len(await rows(old, imports)) == len(before["imports"])


def named(parts: dict[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Without what PostgreSQL has numbered itself."""
    return {name: made for name, made in parts.items() if "_not_null" not in name}


async def test_codes_that_are_not_kept_any_more_go_down_and_up_again_as_their_masks(old: Database) -> None:
    await make_old(old, "0002")
    await bring_up_to_date(old)
    await SqlStore(old).write(lambda work: work.imports.forget_codes(NOW.replace(year=2100)))
    forgotten = [row["id"] for row in await rows(old, imports) if row["code_encrypted"] is None]
    await migrate.migrate(old, "0002")
    await bring_up_to_date(old)
    for row in await rows(old, imports):
        gone = row["id"] in forgotten and row["status"] != "imported"
        assert (row["code_encrypted"] is None and row["transfer_code"] is None) is gone
        assert (row["code_hash"] is None) is gone
        assert row["code_mask"].startswith("3141••••-••••")


async def test_killed_in_the_middle_it_starts_again(old: Database) -> None:
    before = await make_old(old, "0002")
    tables = await everything(old)
    await old.close()
    await asyncio.to_thread(kill_within, url_of(old), also=HANG_BEFORE_A_TABLE_GOES)
    assert await everything(old) == tables
    await bring_up_to_date(old)
    assert len(await rows(old, imports)) == len(before["imports"])
    assert [row["plain_text_left"] for row in await rows(old, installation)] == [False]


@pytest.mark.not_followed
async def test_a_large_log_is_migrated_in_reasonable_time(old: Database) -> None:
    written = old_rows("0002")
    like: dict[str, Any] = dict(written["imports"][0])
    many = [
        like
        | {"id": number, "transfer_code": f"{61800000 + number}-00000000", "status": "imported", "proxy_status": None}
        for number in range(1_000, 6_000)
    ]
    await make_old(old, "0002", {**written, "imports": [*written["imports"], *many]})
    began = time.monotonic()
    await bring_up_to_date(old)
    # Half a second, and more on a busy machine.
    assert time.monotonic() - began < 15
    count = select(func.count()).select_from(imports).where(imports.c.transfer_code.is_not(None))
    assert await old.read(lambda connection: connection.scalar(count)) == 5_007


@pytest.mark.parametrize("revision", ["0001"])
async def test_an_open_draft_without_a_code_alone_is_plain_text_too(old: Database, revision: str) -> None:
    written = old_rows(revision)
    few = {
        "drafts": [row for row in written["drafts"] if row["id"] == 4],
        "secrets": [row for row in written["secrets"] if row["draft_id"] == 4],
    }
    await make_old(old, revision, few)
    await migrate.migrate(old, newest(), safely=False)
    assert [row["plain_text_left"] for row in await rows(old, installation)] == [True]
    await bring_up_to_date(old)
    assert [row["plain_text_left"] for row in await rows(old, installation)] == [False]


async def test_a_fresh_database_has_never_held_plain_text(old: Database) -> None:
    await bring_up_to_date(old)
    assert [row["plain_text_left"] for row in await rows(old, installation)] == [False]
