"""Databases of the versions in which no code was left for anybody."""

from __future__ import annotations

from bot.domain.transfer_code import TransferCode
from bot.storage.database import Database
from bot.storage.held_codes import held_codes
from bot.storage.migrate import bring_up_to_date
from bot.storage.work import SqlStore
from tests.storage.old_versions import make_old
from tests.storage.support import NOW, STATION, draft_of, opened, rows


async def test_the_codes_of_living_imports_are_held(empty_url: str) -> None:
    database = Database(empty_url, STATION)
    before = await make_old(database, "0001")
    await bring_up_to_date(database)

    living = {
        TransferCode(row["transfer_code"]) for row in before["imports"] if row["status"] not in {"failed", "cancelled"}
    }
    held = {bytes(row["code_hash"]) for row in await rows(database, held_codes)}
    assert held == {database.cipher.code_hash(code) for code in living}

    # Nobody can import one of those; whoever wants one that failed can.
    store = SqlStore(database)
    gone = next(row["transfer_code"] for row in before["imports"] if row["status"] == "cancelled")
    stored = await opened(store, draft_of(next(iter(living)).text, gone))
    confirmed = await store.write(lambda work: work.batches.confirm(stored, "Ana", NOW))
    assert [code.text for code in confirmed.rows] == [gone]
    assert [row.code for row in confirmed.taken] == [next(iter(living))]
    await database.close()
