"""What deleted secrets leave behind in the files of an SQLite database, and how it goes."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from bot.storage.database import Database
from bot.storage.tables import draft_codes, secrets

#: What a secret stands in until it is deleted: little, since each is deleted when it has served.
_HOLD_SECRETS = (secrets, draft_codes)


async def wipe_traces(database: Database) -> bool:
    """Leave nothing of deleted secrets on the disk; False, to be tried again, while another reads.

    ``secure_delete`` overwrites a row that is deleted, but neither what of it is in the write-ahead log nor what
    SQLite left in the gap of a page when it moved the row to another one. Only a page that is given up is overwritten
    as a whole: hence the few rows that there are give up theirs, and are written anew.
    """
    if not database.is_sqlite:
        return True
    await database.write_unchecked(_write_anew)
    return await database.truncate_wal()


def _write_anew(connection: Connection) -> None:
    for table in _HOLD_SECRETS:
        kept = [dict(row) for row in connection.execute(select(table)).mappings()]
        # Without a condition and without foreign keys: so SQLite gives the pages up, and does not go by rows.
        connection.execute(delete(table))
        if kept:
            connection.execute(insert(table), kept)
