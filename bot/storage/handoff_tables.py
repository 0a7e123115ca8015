"""The tables of codes that people leave for one another."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

from bot.domain.handoff import HELD
from bot.storage.column_types import RowId, UtcDateTime
from bot.storage.metadata import id_column, metadata

handoffs = Table(
    "handoffs",
    metadata,
    id_column(),
    Column("giver_id", BigInteger, nullable=False),
    # To whom the codes come back: the giver, or an admin where that person was removed.
    Column("owner_id", BigInteger, nullable=False),
    # None where it is for the team.
    Column("receiver_id", BigInteger, index=True),
    Column("note", Text, nullable=False),
    # Ciphertext: the choices that were made, with their secrets and the codes.
    Column("proposal", LargeBinary),
    Column("created_at", UtcDateTime, nullable=False),
    Column("waiting_since", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("reminded", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    # A number is never given twice: a button of a handoff that is gone must not be that of another.
    sqlite_autoincrement=True,
)
Index("ix_handoffs_owner_id", handoffs.c.owner_id, handoffs.c.id)

handoff_codes = Table(
    "handoff_codes",
    metadata,
    id_column(),
    Column("handoff_id", RowId, ForeignKey("handoffs.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("code_mask", String(17), nullable=False),
    Column("code_encrypted", LargeBinary),
    Column("status", String(16), nullable=False),
    Column("taker_id", BigInteger),
    Column("draft_id", RowId),
    Column("import_id", RowId),
    Column("reason", String(16)),
    Column("changed_at", UtcDateTime, nullable=False),
)
# The statuses as part of the statement: SQLite uses a partial index only where the statement says the same literally.
HELD_CODES = handoff_codes.c.status.in_([literal_column(f"'{status}'", String()) for status in HELD])
Index("ix_handoff_codes_held", handoff_codes.c.handoff_id, sqlite_where=HELD_CODES, postgresql_where=HELD_CODES)
_IN_DRAFT = handoff_codes.c.draft_id.is_not(None)
Index("ix_handoff_codes_draft_id", handoff_codes.c.draft_id, sqlite_where=_IN_DRAFT, postgresql_where=_IN_DRAFT)

handoff_notices = Table(
    "handoff_notices",
    metadata,
    id_column(),
    Column("handoff_id", RowId, ForeignKey("handoffs.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("later_at", UtcDateTime),
    Column("later_used", Boolean, nullable=False),
    UniqueConstraint("handoff_id", "user_id"),
    # A number is never given twice: a card of a notice that is gone must not tell of another.
    sqlite_autoincrement=True,
)
_PUT_OFF = handoff_notices.c.later_at.is_not(None)
Index("ix_handoff_notices_later_at", handoff_notices.c.later_at, sqlite_where=_PUT_OFF, postgresql_where=_PUT_OFF)
