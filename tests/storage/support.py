"""People, codes and drafts for the tests of the database, and a look at what is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Dialect, Table, delete, insert, make_url, select, update

from bot.domain.draft import DefaultGroup, Draft, GroupAnswer
from bot.domain.proxy import Custom, Extraction, ExtractionMethod, Keep, ProxyChoice, ProxyType, TextFormat
from bot.domain.transfer_code import TransferCode
from bot.storage.database import LOCK_TIMEOUT, Database
from bot.storage.held_codes import held_codes
from bot.storage.tables import LIVING, imports
from bot.storage.unlocking import unlock
from bot.storage.work import SqlStore
from bot.usecases.records import Batch, Place, StoredDraft

STATION = "office"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

ANA = Place(user_id=1001, chat_id=1001, thread_id=None, language="en")
MAI = Place(user_id=1002, chat_id=1002, thread_id=None, language="vi")
#: A topic of a group.
GROUP_CHAT = -100200300

CODE = "11112222-33334444"
OTHER = "55556666-77778888"

PASSWORD = "plum-Tarn-4417-password"
LINK = "https://extract.example/plum-tarn-4417-link"
CUSTOM = Custom(host="203.0.113.7", port=1080, type=ProxyType.SOCKS5, user="ana", password=PASSWORD)
EXTRACTION = Extraction(link=LINK, type=ProxyType.HTTP, format=TextFormat.IP_PORT, method=ExtractionMethod.WHEN_INVALID)


def draft_of(*codes: str, proxy: ProxyChoice | None = None, group: GroupAnswer | None = None) -> Draft:
    """A complete draft: the default group and the profile's own proxy, unless others are named."""
    return Draft(
        codes=tuple(TransferCode(code) for code in codes), group=group or DefaultGroup(), proxy=proxy or Keep()
    )


async def opened(
    store: SqlStore, draft: Draft, where: Place = ANA, *, retries: Mapping[str, int] | None = None, at: datetime = NOW
) -> StoredDraft:
    """The draft, opened and read again."""
    draft_id = await store.write(lambda work: work.drafts.open_new(where, draft, at, retries))
    return await draft_by_id(store, draft_id)


async def draft_by_id(store: SqlStore, draft_id: int) -> StoredDraft:
    stored = await store.read(lambda work: work.drafts.find(draft_id))
    assert stored is not None
    return stored


async def confirmed(store: SqlStore, draft: Draft, where: Place = ANA, *, at: datetime = NOW) -> Batch:
    """The batch of a draft that its person has confirmed, with every code queued."""
    stored = await opened(store, draft, where, at=at)
    result = await store.write(lambda work: work.batches.confirm(stored, "Ana", at))
    assert result.batch_id is not None
    return await batch_by_id(store, result.batch_id)


async def unlocked(url: str, *, station: str = STATION, lock_timeout: float = LOCK_TIMEOUT) -> Database:
    """A database that is up to date, opened with its key."""
    database = Database(url, station, lock_timeout=lock_timeout)
    await unlock(database)
    return database


async def batch_by_id(store: SqlStore, batch_id: int) -> Batch:
    batch = await store.read(lambda work: work.batches.find(batch_id))
    assert batch is not None
    return batch


async def pragma(database: Database, setting: str) -> int:
    """Ask SQLite's writing connection for a setting, or give it one; the value."""
    value = await database.write(lambda connection: connection.exec_driver_sql(f"PRAGMA {setting}").scalar())
    assert isinstance(value, int)
    return value


def dialect(name: str) -> Dialect:
    """How a kind of database is spoken to."""
    return make_url(f"{name}://").get_dialect()()


async def rows(database: Database, table: Table) -> Sequence[Mapping[str, Any]]:
    """Everything in a table, by its key."""
    found = select(table).order_by(*table.primary_key.columns)
    return await database.read(lambda connection: [dict(row) for row in connection.execute(found).mappings()])


async def rewrite(database: Database, row_id: int, **fields: object) -> None:
    """Make a row of the log what some test needs."""
    rewritten = update(imports).where(imports.c.id == row_id).values(**fields)

    def work(connection: Connection) -> None:
        connection.execute(rewritten)
        hold_living(connection)

    await database.write(work)


def hold_living(connection: Connection) -> None:
    """After the log was rewritten: the codes of its living rows are held, and no others."""
    connection.execute(delete(held_codes).where(held_codes.c.handoff_id.is_(None)))
    living = select(imports.c.code_hash).where(LIVING, imports.c.code_hash.is_not(None))
    connection.execute(insert(held_codes).from_select(["code_hash"], living))


_NUMBERS = iter(range(10**8))


async def another(store: SqlStore, where: Place) -> StoredDraft:
    """An open draft of a code that no other has."""
    return await opened(store, draft_of(f"{next(_NUMBERS):08}-31415926"), where)
