"""A database finds its key at the start: its own, made once, and never another's."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.errors import KeyMissing, StorageError, WrongKey
from bot.storage.database import Database
from bot.storage.encryption import KEY_SIZE
from bot.storage.key import KeySource, make_key_file
from bot.storage.migrate import bring_up_to_date
from bot.storage.tables import installation
from bot.storage.unlocking import look_for_key, unlock
from bot.storage.work import SqlStore
from tests.storage.support import CODE, CUSTOM, STATION, draft_by_id, draft_of, opened, rows

GIVEN = (b"g" * KEY_SIZE).hex()


async def noted(database: Database) -> bytes | None:
    [row] = await rows(database, installation)
    check: bytes | None = row["key_check"]
    return check


async def test_a_key_that_was_noted_is_never_replaced(database: Database, database_url: str, tmp_path: Path) -> None:
    check = await noted(database)
    make_key_file(tmp_path / "other.key")
    other = Database(database_url, STATION, key=KeySource(tmp_path / "other.key"))
    for find in (unlock, look_for_key, bring_up_to_date):
        with pytest.raises(WrongKey, match=r"other\.key is not the key of this database"):
            await find(other)
    assert await noted(database) == check
    await other.close()


async def test_without_its_key_nothing_is_begun_and_none_is_made(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    del database
    missing = KeySource(tmp_path / "missing.key")
    other = Database(database_url, STATION, key=missing)
    for find in (unlock, look_for_key, bring_up_to_date):
        with pytest.raises(KeyMissing, match="their key is missing"):
            await find(other)
    assert not missing.file.exists()
    await other.close()


async def test_a_key_of_the_settings_makes_no_file(empty_url: str, tmp_path: Path) -> None:
    given = KeySource(tmp_path / "none.key", GIVEN)
    database = Database(empty_url, STATION, key=given)
    await bring_up_to_date(database)
    stored = await opened(SqlStore(database), draft_of(CODE, proxy=CUSTOM))
    again = Database(empty_url, STATION, key=given)
    await unlock(again)
    assert await draft_by_id(SqlStore(again), stored.id) == stored
    assert not given.file.exists()
    for each in (database, again):
        await each.close()


async def test_who_only_looks_makes_no_key(empty_url: str, tmp_path: Path) -> None:
    source = KeySource(tmp_path / "none.key")
    database = Database(empty_url, STATION, key=source)
    await look_for_key(database)
    assert not source.file.exists()
    with pytest.raises(StorageError, match="has not been looked for yet"):
        assert database.cipher
    await database.close()


async def test_of_two_with_different_keys_that_start_for_the_first_time_one_is_told(
    empty_url: str, tmp_path: Path
) -> None:
    """As two computers may that serve one database."""
    both = [Database(empty_url, STATION, key=KeySource(tmp_path / name)) for name in ("one.key", "other.key")]
    results = await asyncio.gather(*(bring_up_to_date(each) for each in both), return_exceptions=True)
    assert [type(result) for result in results if result is not None] == [WrongKey]
    [winner] = [each for each, result in zip(both, results, strict=True) if result is None]
    assert await noted(winner) == winner.cipher.check
    for each in both:
        await each.close()
