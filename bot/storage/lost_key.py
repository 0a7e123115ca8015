"""What becomes of a database whose key is lost: nothing encrypted in it can be read any more."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, or_, select, update

from bot.domain.import_state import Status
from bot.domain.transfer_code import TransferCode
from bot.storage.database import Database
from bot.storage.encryption import Cipher
from bot.storage.handoff_tables import handoff_codes, handoffs
from bot.storage.held_codes import held_codes
from bot.storage.holders import Holder, supersede_others
from bot.storage.inserts import insert_or_ignore
from bot.storage.retention import forgotten_imports
from bot.storage.signals import CollectedSignals
from bot.storage.station_lists import DecodedLists
from bot.storage.tables import draft_codes, drafts, imports, installation, secrets, station_lists
from bot.storage.work import SqlWork
from bot.usecases.handoff_ends import lose_key_of_handoffs
from bot.usecases.import_queue import lose_key
from bot.usecases.records import DraftState

#: Rows whose hash is made anew at a time.
PIECE = 1_000


_HASH = (
    update(imports)
    .where(imports.c.id == bindparam("row_id"))
    .values(code_hash=bindparam("new_hash"), version=imports.c.version + 1)
)


async def replace_key(database: Database, cipher: Cipher, now: datetime, held: Collection[Holder]) -> int:
    """Let the database go on with another key; how many imports could not be finished for it.

    What was never sent ends and is to be sent to the bot again; of what was under way it is not known how it ended.
    Open drafts are closed. Codes that are spent are no secret, and get their hashes anew. ``held`` is what this process
    holds; one that has held anything of the database before, and is only stopped, writes nothing more with the old key.
    """

    def replace(connection: Connection) -> int:
        supersede_others(connection, held)
        _forget_what_cannot_be_read(connection)
        work = SqlWork(
            connection,
            database.station,
            cipher,
            now,
            signals=CollectedSignals(),
            decoded=DecodedLists(),
            settings_admins=frozenset(),
        )
        for draft_id in connection.scalars(select(drafts.c.id).where(drafts.c.state == DraftState.OPEN)).all():
            work.drafts.close(draft_id, DraftState.KEY_LOST, now)
        lose_key_of_handoffs(work)
        unfinished = lose_key(work)
        _hash_anew(connection, cipher)
        connection.execute(update(installation).values(key_check=cipher.check))
        return unfinished

    unfinished = await database.write_unchecked(replace)
    database.cipher = cipher
    return unfinished


def _forget_what_cannot_be_read(connection: Connection) -> None:
    connection.execute(delete(secrets))
    connection.execute(delete(draft_codes))
    connection.execute(delete(station_lists))
    connection.execute(delete(held_codes))
    connection.execute(update(handoffs).values(proposal=None))
    connection.execute(update(handoff_codes).values(code_encrypted=None))
    # Of what has arrived nothing but the mask is left where its code was forgotten.
    arrived = update(imports).where(imports.c.transfer_code.is_(None), imports.c.status == Status.IMPORTED)
    connection.execute(arrived.values(key_lost=True))
    connection.execute(update(forgotten_imports).values(code_hash=None))
    kept = or_(imports.c.code_encrypted.is_not(None), imports.c.code_hash.is_not(None))
    forgotten = update(imports).where(imports.c.transfer_code.is_(None), kept)
    connection.execute(forgotten.values(code_encrypted=None, code_hash=None, version=imports.c.version + 1))


def _hash_anew(connection: Connection, cipher: Cipher) -> None:
    last = 0
    spent = select(imports.c.id, imports.c.transfer_code).where(imports.c.transfer_code.is_not(None))
    while rows := connection.execute(spent.where(imports.c.id > last).order_by(imports.c.id).limit(PIECE)).all():
        codes = [(row.id, TransferCode(row.transfer_code)) for row in rows]
        hashes = [{"row_id": row_id, "new_hash": cipher.code_hash(code)} for row_id, code in codes]
        connection.execute(_HASH, hashes)
        held = insert_or_ignore(connection, held_codes)
        connection.execute(held, [{"code_hash": each["new_hash"]} for each in hashes])
        last = rows[-1].id
