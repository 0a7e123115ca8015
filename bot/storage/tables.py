"""The tables. Alembic's migrations make them; a test holds the two together."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    and_,
    literal_column,
)

from bot.domain.import_state import ProxyStatus, Status

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time in UTC. SQLite drops zones, so it is written without and read with one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite keeps a table by its key, without an index beside it, only where the key is declared INTEGER.
RowId = BigInteger().with_variant(Integer(), "sqlite")


def _id() -> Column[int]:
    return Column("id", RowId, primary_key=True, autoincrement=True)


def _word(word: str) -> ColumnElement[str]:
    """A word as part of the statement: SQLite uses a partial index only where the statement says the same literally."""
    return literal_column(f"'{word}'", String())


def _words(*words: str) -> list[ColumnElement[str]]:
    return [_word(word) for word in words]


def _card() -> list[Column[object]]:
    """Where a card stands in the chat, and how far it is behind its row.

    ``repost`` asks for the card as a new message, below what has been written since.
    """
    return [
        Column("user_id", BigInteger, nullable=False),
        Column("chat_id", BigInteger, nullable=False),
        Column("thread_id", BigInteger),
        Column("language", String(16), nullable=False),
        Column("message_id", BigInteger),
        Column("below", Boolean, key="repost", nullable=False),
        Column("revision", Integer, nullable=False),
        Column("shown_revision", Integer, nullable=False),
    ]


users = Table(
    "users",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("name", String(256), nullable=False),
    Column("role", String(16)),
    Column("language", String(16), nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("last_choices", JSON),
    Column("added_by", BigInteger),
    Column("created_at", UtcDateTime, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    _id(),
    *_card(),
    Column("state", String(16), nullable=False),
    Column("answers", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)
OPEN = drafts.c.state == _word("open")
Index("uq_drafts_open", drafts.c.user_id, drafts.c.chat_id, unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
Index("ix_drafts_behind", drafts.c.chat_id, sqlite_where=drafts.c.shown_revision < drafts.c.revision,
      postgresql_where=drafts.c.shown_revision < drafts.c.revision)  # fmt: skip

draft_codes = Table(
    "draft_codes",
    metadata,
    _id(),
    Column("draft_id", RowId, ForeignKey("drafts.id", ondelete="CASCADE"), nullable=False),
    Column("transfer_code", String(17), nullable=False),
    Column("retry_of", RowId),
    UniqueConstraint("draft_id", "transfer_code"),
)

batches = Table(
    "batches",
    metadata,
    _id(),
    *_card(),
    Column("draft_id", RowId, ForeignKey("drafts.id"), nullable=False, unique=True),
    Column("group_id", BigInteger),
    Column("group_title", Text),
    Column("proxy", JSON, nullable=False),
    Column("bypass", JSON, nullable=False),
    Column("confirmed_at", UtcDateTime, nullable=False),
    Column("waited", Boolean, nullable=False),
    Column("announced", Boolean, nullable=False),
)
Index("ix_batches_behind", batches.c.chat_id, sqlite_where=batches.c.shown_revision < batches.c.revision,
      postgresql_where=batches.c.shown_revision < batches.c.revision)  # fmt: skip

imports = Table(
    "imports",
    metadata,
    _id(),
    Column("user_id", BigInteger, nullable=False),
    Column("user_name", String(256), nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger),
    Column("transfer_code", String(17), nullable=False),
    Column("group_id", BigInteger),
    Column("group_title", Text),
    Column("proxy", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("proxy_status", String(16)),
    Column("draft_id", RowId, ForeignKey("drafts.id"), nullable=False),
    Column("batch_id", RowId, ForeignKey("batches.id"), nullable=False, index=True),
    Column("retry_of", RowId, ForeignKey("imports.id")),
    Column("station", String(128), nullable=False),
    Column("profile_id", BigInteger, index=True),
    Column("profile_name", Text, nullable=False),
    Column("record_id", BigInteger, index=True),
    Column("error_code", Integer),
    Column("error_message", Text, nullable=False),
    Column("waiting_for", String(16)),
    Column("waiting_since", UtcDateTime, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("cancel_wanted", Boolean, nullable=False),
    Column("without_proxy", Boolean, nullable=False),
    Column("verdict", String(16)),
    Column("attempts", Integer, nullable=False),
    Column("unanswered", Integer, nullable=False),
    Column("restricted", Integer, nullable=False),
    # How often the row was written: of two that were read, the higher is the newer.
    Column("version", Integer, nullable=False, server_default="0"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
)
Index("ix_imports_user", imports.c.user_id, imports.c.id)
# One living row a code: whoever confirms it second is told who has it.
LIVING = imports.c.status.not_in(_words(Status.FAILED, Status.CANCELLED))
Index("uq_imports_living", imports.c.transfer_code, unique=True, sqlite_where=LIVING, postgresql_where=LIVING)
# The queue: what of the log is not at its end, so that a million rows that are cost nothing.
PENDING = imports.c.status.in_(_words(Status.QUEUED, Status.SENDING, Status.CHECKING))
Index("ix_imports_queue", imports.c.station, imports.c.status, imports.c.id, sqlite_where=PENDING,
      postgresql_where=PENDING)  # fmt: skip
# What is still to be done for profiles that are imported.
UNSETTLED = imports.c.proxy_status.in_(_words(ProxyStatus.PENDING, ProxyStatus.SETTING, ProxyStatus.MISSING))
Index("ix_imports_unsettled", imports.c.station, imports.c.id, sqlite_where=UNSETTLED, postgresql_where=UNSETTLED)
UNNAMED = and_(imports.c.status == _word(Status.IMPORTED), imports.c.profile_name == _word(""))
Index("ix_imports_unnamed", imports.c.station, imports.c.id, sqlite_where=UNNAMED, postgresql_where=UNNAMED)

secrets = Table(
    "secrets",
    metadata,
    _id(),
    Column("draft_id", RowId, ForeignKey("drafts.id", ondelete="CASCADE"), index=True),
    Column("batch_id", RowId, ForeignKey("batches.id", ondelete="CASCADE"), index=True),
    Column("name", String(32), nullable=False),
    Column("value", Text, nullable=False),
)

handled_updates = Table(
    "handled_updates",
    metadata,
    Column("update_id", RowId, primary_key=True, autoincrement=False),
    Column("handled_at", UtcDateTime, nullable=False, index=True),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    Column("chat_id", BigInteger, nullable=False, index=True),
    Column("thread_id", BigInteger),
    Column("kind", String(16), nullable=False),
    Column("message_id", BigInteger),
    Column("text", Text, nullable=False),
    Column("buttons", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

# One row: the number of the one bot whose database it is.
owner = Table(
    "owner",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("bot_id", BigInteger, nullable=False),
)

# Who holds the hub, or a station. The epoch goes up whenever a process takes it. On a PostgreSQL server also the
# session that has its lock, and when that was last heard of, by the server's clock.
holders = Table(
    "holders",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("epoch", BigInteger, nullable=False),
    Column("backend_pid", Integer),
    Column("heartbeat_at", UtcDateTime),
)
