"""No unused code, password or link is in plain text in any file of the database, while it is in use."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot.domain.draft import OwnChoices
from bot.domain.import_events import Answered, CancelWanted, Event, RecordsUnreadable, Recovered
from bot.domain.import_state import Status
from bot.domain.import_transitions import PROOF_WITHIN, TRIED_FOR
from bot.domain.outcome import Imported, NotSent, Refused
from bot.domain.transfer_code import TransferCode
from bot.errors import StorageError
from bot.storage import postgresql as postgresql_backend
from bot.storage.database import Database
from bot.storage.key import key_file
from bot.storage.migrate import bring_up_to_date, migrate, newest
from bot.storage.tables import imports, installation
from bot.storage.unlocking import STATISTICS_LEFT, wipe_plain_text
from bot.storage.work import SqlStore
from bot.usecases import import_queue
from bot.usecases.records import DraftState, Place
from tests.storage.migrating import HANG_BEFORE_A_TABLE_GOES, kill_within, url_of
from tests.storage.old_versions import DRAFT_CODES, SECRETS, make_old
from tests.storage.support import (
    CUSTOM,
    EXTRACTION,
    NOW,
    STATION,
    confirmed,
    draft_by_id,
    draft_of,
    opened,
    pragma,
    rows,
)
from tests.support.postgresql_databases import Databases

#: Of this test alone, since a server has other databases beside its one.
PASSWORDS = [f"plum-Tarn-5301-password-{number}" for number in range(12)]
LINKS = [f"https://extract.example/plum-tarn-5301-{number}" for number in range(12)]
CODES = [f"27182818-{number:08}" for number in range(40)]
#: What leads from an attempt to each end.
ENDS: Mapping[Status, Sequence[Event]] = {
    Status.SENDING: [],
    Status.CHECKING: [Recovered()],
    Status.IMPORTED: [Answered(1, Imported(5), NOW)],
    Status.FAILED: [Answered(1, Refused(110002, "no such code"), NOW)],
    Status.CANCELLED: [CancelWanted(NOW), Answered(1, NotSent(1010, "too fast"), NOW)],
    Status.UNKNOWN: [Recovered(), RecordsUnreadable(TRIED_FOR, NOW + PROOF_WITHIN)],
}


def files_of(database: Database, oid: object, *, wal: bool) -> Iterator[Path]:
    """Every file in which the database, or its server, may have written something of it, but the key."""
    if database.file is not None:
        yield from (each for each in database.file.parent.iterdir() if each != key_file(database.file))
        return
    data = Path(str(database.url.query["host"])) / "data"
    # Databases beside this one come and go.
    folders = [each for each in data.iterdir() if each.name != "base" and (wal or each.name != "pg_wal")]
    for folder in (*folders, data / "base" / str(oid)):
        yield from (file for file in (folder.rglob("*") if folder.is_dir() else [folder]) if file.is_file())


def read(file: Path) -> bytes:
    """What is in a file; nothing where the server has deleted it meanwhile."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


def written_out(connection: Connection) -> object:
    """Have the server write everything to its files; the number of the database."""
    oid = connection.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    connection.execute(text("CHECKPOINT"))
    return oid


async def found(database: Database, texts: Collection[str], *, wal: bool = True) -> set[str]:
    """Which of the texts are in the database's files."""
    oid = None if database.file is not None else await database.write(written_out)
    contents = [content for file in files_of(database, oid, wal=wal) if (content := read(file))]
    assert sum(map(len, contents)) > 10_000
    return {each for each in texts if any(each.encode() in content for content in contents)}


async def test_what_is_planted_can_be_found(database: Database) -> None:
    def plant(connection: Connection) -> None:
        connection.execute(text("INSERT INTO users (id, name, language, time_zone, created_at)"
                                " VALUES (5301, 'planted-Tarn-5301', '', '', '2026-03-01 12:00:00')"))  # fmt: skip

    await database.write(plant)
    assert await found(database, ["planted-Tarn-5301", "planted-Tarn-5302"]) == {"planted-Tarn-5301"}


async def test_whatever_has_happened_to_it_no_secret_is_in_a_file(database: Database) -> None:
    store = SqlStore(database, now=lambda: NOW)
    codes, passwords, links = iter(CODES), iter(PASSWORDS), iter(LINKS)
    place = iter(Place(number, number, None, "en") for number in range(1, 99))
    spent: list[str] = []

    # Drafts: open, with choices of single codes, changed, cancelled.
    first, second = next(codes), next(codes)
    draft = draft_of(first, second, proxy=replace(CUSTOM, password=next(passwords)))
    own = {TransferCode(second): OwnChoices(proxy=replace(EXTRACTION, link=next(links)))}
    stored = await opened(store, replace(draft, own=own), next(place))
    other = replace(draft, codes=(TransferCode(first),), proxy=replace(EXTRACTION, link=next(links)))
    for changed in (other, draft):
        before = await draft_by_id(store, stored.id)
        assert await store.write(
            lambda work, before=before, changed=changed: work.drafts.change(before, changed, NOW, repost=True)  # type: ignore[misc]
        )
    gone = await opened(store, draft_of(next(codes), proxy=replace(CUSTOM, password=next(passwords))), next(place))
    await store.write(lambda work: work.drafts.close(gone.id, DraftState.CANCELLED, NOW))

    # Imports: queued, and at each end, with a password and with a link.
    await confirmed(store, draft_of(next(codes), proxy=replace(CUSTOM, password=next(passwords))), next(place))
    for status, events in ENDS.items():
        for proxy in (replace(CUSTOM, password=next(passwords, "")), replace(EXTRACTION, link=next(links, ""))):
            code = next(codes)
            batch = await confirmed(store, draft_of(code, proxy=proxy), next(place))
            row = await store.write(import_queue.claim, batch.rows[0].id)
            assert row is not None
            for event in events:
                row = await store.write(import_queue.record, row.id, event)
                assert row is not None
            assert row.state.status is status
            if status is Status.IMPORTED:
                spent.append(code)

    assert await found(database, [*CODES, *PASSWORDS, *LINKS]) == set(spent)
    kept = await rows(database, imports)
    assert {row["transfer_code"] for row in kept} == {None, *spent}
    assert all((row["status"] == Status.IMPORTED) == (row["transfer_code"] is not None) for row in kept)
    assert not any(isinstance(value, str) and value in spent for row in kept
                   for name, value in row.items() if name != "transfer_code")  # fmt: skip


# --- what an earlier version has left ---------------------------------------------------------------------------------


@pytest.fixture
async def old(empty_url: str) -> Database:
    database = Database(empty_url, STATION)
    await make_old(database, "0002")
    if database.file is None:
        await database.write(analyze)
    assert await found(database, [*SECRETS, *DRAFT_CODES]) == {*SECRETS, *DRAFT_CODES}
    return database


def analyze(connection: Connection) -> None:
    """Copy values into the planner's statistics, as a server does by itself, though not that of the tests."""
    connection.execute(text("ANALYZE"))
    shown = text(
        "SELECT histogram_bounds::text FROM pg_stats WHERE attname = 'transfer_code' AND tablename = 'imports'"
    )
    assert UNSPENT[0] in connection.scalars(shown).one()


UNSPENT = [f"31415926-{number:08}" for number in (*range(1, 19), *range(25, 43), 80000000)]


async def secrets_left(database: Database) -> set[str]:
    """What is in the files that may not be there any more: of a server, but for its write-ahead log."""
    return await found(database, [*SECRETS, *DRAFT_CODES, *UNSPENT], wal=database.file is not None)


async def plain_text_left(database: Database) -> bool:
    [row] = await rows(database, installation)
    return bool(row["plain_text_left"])


async def wiped(database: Database) -> None:
    """Who is busy there on a busy machine has it done a moment later."""
    async with asyncio.timeout(20):
        while await plain_text_left(database):
            await wipe_plain_text(database)


async def test_after_the_migration_nothing_of_it_is_left(old: Database) -> None:
    assert await secrets_left(old)
    await bring_up_to_date(old)
    await wiped(old)
    assert await secrets_left(old) == set()
    await old.close()


async def test_a_first_try_that_was_killed_leaves_nothing_either(old: Database) -> None:
    await old.close()
    await asyncio.to_thread(kill_within, url_of(old), also=HANG_BEFORE_A_TABLE_GOES)
    await bring_up_to_date(old)
    await wiped(old)
    assert await secrets_left(old) == set()
    await old.close()


async def test_of_a_server_nobody_may_write_in_another_database_meanwhile(
    postgresql: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql_backend, "_MAY_TAKE", 0.2)
    url = postgresql.make()
    old = Database(url, STATION)
    await make_old(old, "0002")
    await old.write(analyze)
    with postgresql.connection("postgres") as elsewhere:
        with elsewhere.transaction():
            # A number of its own, as any that writes has.
            elsewhere.execute("SELECT txid_current()")
            await bring_up_to_date(old)
            assert await plain_text_left(old)
        await wiped(old)
    assert await secrets_left(old) == set()
    await old.close()
    postgresql.drop(url)


async def test_who_reads_meanwhile_is_let_go_on_and_the_next_start_does_it(
    old: Database, empty_url: str, caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest
) -> None:
    await migrate(old, newest())
    if old.file is not None:
        with closing(sqlite3.connect(old.file, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM drafts").fetchone()
            await bring_up_to_date(old)
            assert await plain_text_left(old)
    else:
        databases = request.getfixturevalue("postgresql")
        with databases.connection(empty_url) as reader, reader.transaction():
            reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            reader.execute("SELECT 1")
            await bring_up_to_date(old)
            with pytest.raises(StorageError, match="somebody reads"):
                await old.renew_statistics()
            assert await plain_text_left(old)
    assert "is still in the database's files: somebody reads the database" in caplog.text
    await wiped(old)
    assert await secrets_left(old) == set()
    await old.close()


@pytest.fixture
def limited_url(postgresql: Databases) -> Iterator[str]:
    """A PostgreSQL database as a role has it that may make tables there, and does not own it."""
    url = postgresql.make()
    role = f"limited_{url.partition('?')[0].rpartition('/')[2]}"
    with postgresql.connection(url) as owner:
        owner.execute(f"CREATE ROLE {role} LOGIN")
        owner.execute(f"GRANT CREATE ON SCHEMA public TO {role}")
    yield url.replace("//postgres@", f"//{role}@")
    postgresql.drop(url)
    with postgresql.connection("postgres") as owner:
        owner.execute(f"DROP ROLE {role}")


async def test_statistics_that_may_not_be_rewritten_are_told_and_whoever_may_does_it(
    limited_url: str, postgresql: Databases, caplog: pytest.LogCaptureFixture
) -> None:
    owner_url = re.sub("//.*@", "//postgres@", limited_url)
    limited, owner = Database(limited_url, STATION), Database(owner_url, STATION)
    await make_old(limited, "0002")
    await owner.write(analyze)
    caplog.set_level("INFO")
    await bring_up_to_date(limited)
    assert STATISTICS_LEFT in caplog.text
    assert "gone from the database's files" not in caplog.text
    # The next start could do no more about it.
    assert not await plain_text_left(limited)
    assert await secrets_left(owner)
    assert UNSPENT[0] not in repr(await owner.read(lambda connection: connection.execute(text("TABLE pg_stats")).all()))

    with postgresql.connection(owner_url) as connection:
        connection.execute("VACUUM FULL pg_catalog.pg_statistic")
    assert await secrets_left(owner) == set()
    await limited.close()
    await owner.close()


async def test_a_wiping_that_fails_is_done_at_the_next_start(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    database = Database(f"sqlite:///{tmp_path / 'bot.db'}", STATION, lock_timeout=0.05)
    await make_old(database, "0002")
    await migrate(database, newest())
    with closing(sqlite3.connect(tmp_path / "bot.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await wipe_plain_text(database)
        other.execute("ROLLBACK")
    assert "is still in the database's files: another program is using the database" in caplog.text
    assert await plain_text_left(database)

    await pragma(database, f"max_page_count={await pragma(database, 'page_count')}")
    await wipe_plain_text(database)
    left = await plain_text_left(database)
    assert left == ("is still in the database's files: the disk is full" in caplog.text)
    await pragma(database, "max_page_count=100000")

    await bring_up_to_date(database)
    assert await secrets_left(database) == set()
    assert not await plain_text_left(database)
    await database.close()
