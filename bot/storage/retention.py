"""What is forgotten by setting: spent codes, chat ids, and whole rows, of what has ended so many days ago.

The log is walked through by the ids of its drafts, in pieces, each from where the one before has ended. So a million
rows are never read in one transaction, nor again and again. What has not ended in all its parts is passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Index,
    LargeBinary,
    String,
    Table,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)

from bot.storage.column_types import UtcDateTime
from bot.storage.handoff_tables import handoffs
from bot.storage.metadata import id_column, metadata
from bot.storage.tables import KEY_LOST, LIVING, OPEN, PENDING, UNSETTLED, batches, drafts, imports

#: In the place of a chat's id: no chat has it.
NO_CHAT = 0

# What has to be known for ever of imports whose rows are forgotten, and is nobody's: the keyed hash by which their
# codes are told, so that none is sent again, or the mask where the key was lost since; and the profile's number, so
# that it is taken for no other import's.
forgotten_imports = Table(
    "forgotten_imports",
    metadata,
    id_column(),
    Column("code_hash", LargeBinary, unique=True),
    Column("code_mask", String(17), nullable=False),
    Column("status", String(16), nullable=False),
    Column("station", String(128), nullable=False),
    Column("profile_id", BigInteger, index=True),
    Column("finished_at", UtcDateTime, nullable=False),
)
HASH_LOST = forgotten_imports.c.code_hash.is_(None)
Index(
    "ix_forgotten_imports_code_mask", forgotten_imports.c.code_mask, sqlite_where=HASH_LOST, postgresql_where=HASH_LOST
)
# By these the database sees that nothing names a row that goes; without them it would read the whole log for each.
Index("ix_imports_draft_id", imports.c.draft_id)
RETRIED = imports.c.retry_of.is_not(None)
Index("ix_imports_retry_of", imports.c.retry_of, sqlite_where=RETRIED, postgresql_where=RETRIED)


#: Rows of the import log that one transaction forgets, so that nobody waits for it: some hundredths of a second.
ROWS = 1_000


class Forgets(StrEnum):
    """What is forgotten of what has ended."""

    CODES = "codes"
    CHATS = "chats"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Piece:
    """How far a walk has come, by the id of a draft; ``over``: there is nothing older behind it."""

    last: int
    over: bool


class SqlRetention:
    """One piece of a walk at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._forgetters = {
            Forgets.CODES: self._forget_codes,
            Forgets.CHATS: self._forget_chats,
            Forgets.ROWS: self._forget_rows,
        }

    def forget(self, what: Forgets, before: datetime, *, after: int, limit: int, rows: int = ROWS) -> Piece:
        """Forget this of what has ended before then, in up to ``limit`` drafts behind the one with the id ``after``.

        They are fewer where they have more than so many ``rows`` of the import log together, but at least one.
        """
        wanted = select(drafts.c.id, drafts.c.created_at).where(drafts.c.id > after).order_by(drafts.c.id).limit(limit)
        found = self._connection.execute(wanted).all()
        theirs = select(imports.c.draft_id).where(imports.c.draft_id > after).order_by(imports.c.draft_id)
        # Whose row is the first that is one too many.
        beyond = self._connection.scalar(theirs.offset(rows).limit(1))
        piece = [row for row in found if beyond is None or row.id < beyond] or found[:1]
        old = [row.id for row in piece if row.created_at < before]
        if old:
            self._forgetters[what](self._ended(what, old, before))
        # Ids go up with time, but for drafts of the same moment.
        return Piece(old[-1] if old else after, over=len(old) < len(piece) or len(piece) == len(found) < limit)

    def _ended(self, what: Forgets, draft_ids: Sequence[int], before: datetime) -> Sequence[int]:
        """Those of the drafts that have ended before then, and so has all that came of them."""
        late = or_(PENDING, UNSETTLED, imports.c.finished_at.is_(None), imports.c.finished_at >= before)
        if what is Forgets.ROWS:
            # Who has left the code is still shown what became of it.
            late = or_(late, exists().where(handoffs.c.id == imports.c.handoff_id))
        theirs = exists().where(batches.c.draft_id == drafts.c.id, imports.c.batch_id == batches.c.id, late)
        ended = select(drafts.c.id).where(drafts.c.id.in_(draft_ids), ~OPEN, drafts.c.updated_at < before, ~theirs)
        return list(self._connection.scalars(ended))

    def _forget_codes(self, draft_ids: Sequence[int]) -> None:
        spent = update(imports).where(self._of(draft_ids), imports.c.transfer_code.is_not(None))
        self._connection.execute(spent.values(transfer_code=None, version=imports.c.version + 1))

    def _forget_chats(self, draft_ids: Sequence[int]) -> None:
        place = {"chat_id": NO_CHAT, "thread_id": None, "message_id": None}
        theirs = update(imports).where(self._of(draft_ids), imports.c.chat_id != NO_CHAT)
        self._connection.execute(theirs.values(**place, version=imports.c.version + 1))
        for table, ids in ((drafts, drafts.c.id), (batches, batches.c.draft_id)):
            # The card stands nowhere that is known, and is shown no more.
            card = {**place, "reply_to": None, "repost": False, "shown_revision": table.c.revision}
            self._connection.execute(update(table).where(ids.in_(draft_ids)).values(**card))

    def _forget_rows(self, draft_ids: Sequence[int]) -> None:
        rows = self._of(draft_ids)
        kept = [column.name for column in forgotten_imports.c if column.name != "id"]
        maybe_sent = or_(LIVING, KEY_LOST & (imports.c.attempts > 0))
        known = select(*(imports.c[name] for name in kept)).where(rows, maybe_sent)
        self._connection.execute(insert(forgotten_imports).from_select(kept, known))
        theirs = select(imports.c.id).where(rows)
        self._connection.execute(update(imports).where(imports.c.retry_of.in_(theirs)).values(retry_of=None))
        self._connection.execute(delete(imports).where(rows))
        self._connection.execute(delete(batches).where(batches.c.draft_id.in_(draft_ids)))
        self._connection.execute(delete(drafts).where(drafts.c.id.in_(draft_ids)))

    @staticmethod
    def _of(draft_ids: Sequence[int]) -> ColumnElement[bool]:
        return imports.c.batch_id.in_(select(batches.c.id).where(batches.c.draft_id.in_(draft_ids)))
