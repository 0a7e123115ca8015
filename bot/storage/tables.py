"""The tables. Alembic's migrations make them; a test holds the two together."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    false,
    func,
    literal_column,
    true,
)

from bot.domain.error_codes import WRONG_CODES
from bot.domain.import_state import ProxyStatus, Status
from bot.storage.column_types import RowId, UtcDateTime
from bot.storage.metadata import card_table_columns, id_column, metadata


def _word(word: str) -> ColumnElement[str]:
    """A word as part of the statement: SQLite uses a partial index only where the statement says the same literally."""
    return literal_column(f"'{word}'", String())


def _words(*words: str) -> list[ColumnElement[str]]:
    return [_word(word) for word in words]


# One row, which the migration that makes the table writes.
installation = Table(
    "installation",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    # By what the key is recognised; None while nothing is encrypted.
    Column("key_check", LargeBinary),
    # Whether an earlier version's secrets may still be in free pages in plain text.
    Column("plain_text_left", Boolean, nullable=False),
    # By what a database is told from others; which of its lives this is, from 1, and whether that is noted beside it.
    Column("database_id", String(32)),
    Column("generation", Integer, nullable=False, server_default="1"),
    Column("marked", Boolean, nullable=False, server_default=false()),
    # Goes up with what is noted there.
    Column("mark", Integer, nullable=False, server_default="0"),
)

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
    Column("username", String(64)),
    # To the hour: it is not written with every message.
    Column("last_seen_at", UtcDateTime),
)

drafts = Table(
    "drafts",
    metadata,
    id_column(),
    *card_table_columns(),
    Column("state", String(16), nullable=False),
    # What its person types is for this draft; of those that are open in one place one has this mark.
    Column("takes_text", Boolean, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    # In a group chat: what the message beside the card asks its person to type, and that message once it is sent.
    Column("prompt_step", String(16)),
    Column("prompt_message_id", BigInteger),
    Column("continues", RowId),  # the draft of a group chat for which this one asks in private
    Column("handoff_id", RowId),  # of which its person has taken the codes
)
OPEN = drafts.c.state == _word("open")
#: The topic, 0 where there is none: in a unique index NULLs don't collide.
TOPIC = func.coalesce(drafts.c.thread_id, literal_column("0"))
TAKES_TEXT = and_(OPEN, drafts.c.takes_text)
Index("ix_drafts_open", drafts.c.user_id, drafts.c.chat_id, sqlite_where=OPEN, postgresql_where=OPEN)
Index("uq_drafts_takes_text", drafts.c.user_id, drafts.c.chat_id, TOPIC, unique=True, sqlite_where=TAKES_TEXT,
      postgresql_where=TAKES_TEXT)  # fmt: skip
CONTINUES = drafts.c.continues.is_not(None)
Index("ix_drafts_continues", drafts.c.continues, sqlite_where=CONTINUES, postgresql_where=CONTINUES)
Index("ix_drafts_behind", drafts.c.chat_id, sqlite_where=drafts.c.shown_revision < drafts.c.revision,
      postgresql_where=drafts.c.shown_revision < drafts.c.revision)  # fmt: skip

draft_codes = Table(
    "draft_codes",
    metadata,
    id_column(),
    Column("draft_id", RowId, ForeignKey("drafts.id", ondelete="CASCADE"), nullable=False),
    Column("code_hash", LargeBinary, nullable=False, index=True),
    Column("code_encrypted", LargeBinary, nullable=False),
    # The code's own choices where they differ from the draft's.
    Column("own", JSON(none_as_null=True)),
    Column("retry_of", RowId),
    # The message in which it stood; None where its person has not sent it there.
    Column("message_id", BigInteger),
    UniqueConstraint("draft_id", "code_hash"),
)

batches = Table(
    "batches",
    metadata,
    id_column(),
    *card_table_columns(),
    Column("draft_id", RowId, ForeignKey("drafts.id"), nullable=False, unique=True),
    Column("confirmed_at", UtcDateTime, nullable=False),
    Column("waited", Boolean, nullable=False),
    Column("announced", Boolean, nullable=False),
)
Index("ix_batches_behind", batches.c.chat_id, sqlite_where=batches.c.shown_revision < batches.c.revision,
      postgresql_where=batches.c.shown_revision < batches.c.revision)  # fmt: skip

imports = Table(
    "imports",
    metadata,
    id_column(),
    Column("user_id", BigInteger, nullable=False),
    Column("user_name", String(256), nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger),
    # In which the code was sent: a change of that message is told that the import has begun.
    Column("message_id", BigInteger),
    # The code: masked from the start, encrypted until it is spent, and itself only then. The hash, by which codes are
    # compared, and the encrypted code are None where the key was lost.
    Column("code_mask", String(17), nullable=False),
    Column("code_hash", LargeBinary),
    Column("code_encrypted", LargeBinary),
    Column("transfer_code", String(17)),
    Column("key_lost", Boolean, nullable=False),
    Column("group_id", BigInteger),
    Column("group_title", Text),
    # The proxy in a line for who reads the log, and as the choice that it was; neither holds a secret.
    Column("proxy", Text, nullable=False),
    Column("proxy_choice", JSON, nullable=False),
    Column("bypass", JSON, nullable=False),
    Column("note", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("proxy_status", String(16)),
    Column("draft_id", RowId, ForeignKey("drafts.id"), nullable=False),
    Column("batch_id", RowId, ForeignKey("batches.id"), nullable=False, index=True),
    Column("retry_of", RowId, ForeignKey("imports.id")),
    Column("station", String(128), nullable=False),
    Column("profile_id", BigInteger, index=True),
    Column("profile_name", Text, nullable=False),
    Column("record_id", BigInteger, index=True),
    # Where somebody else has left the code for its person: in which handoff, and who that was.
    Column("handoff_id", RowId),
    Column("given_by", BigInteger),
    Column("given_by_name", Text),
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
    Column("looks", Integer, nullable=False, server_default="0"),
    # How often the row was written: of two that were read, the higher is the newer.
    Column("version", Integer, nullable=False, server_default="0"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
)
Index("ix_imports_user", imports.c.user_id, imports.c.id)
GIVEN = imports.c.given_by.is_not(None)
Index("ix_imports_given_by", imports.c.given_by, imports.c.id, sqlite_where=GIVEN, postgresql_where=GIVEN)
SENT_IN_MESSAGE = imports.c.message_id.is_not(None)
Index("ix_imports_message", imports.c.chat_id, imports.c.message_id, sqlite_where=SENT_IN_MESSAGE,
      postgresql_where=SENT_IN_MESSAGE)  # fmt: skip
# One living row a code: whoever confirms it second is told who has it.
LIVING = imports.c.status.not_in(_words(Status.FAILED, Status.CANCELLED))
Index("uq_imports_living", imports.c.code_hash, unique=True, sqlite_where=LIVING, postgresql_where=LIVING)
# Codes that are kept for another try, by the end of their imports.
KEPT = imports.c.code_encrypted.is_not(None)
Index("ix_imports_kept", imports.c.finished_at, sqlite_where=KEPT, postgresql_where=KEPT)
# Codes of which nothing but the mask is known.
KEY_LOST = imports.c.key_lost.is_(true())
Index("ix_imports_key_lost", imports.c.code_mask, sqlite_where=KEY_LOST, postgresql_where=KEY_LOST)
# The queue: what of the log is not at its end, so that a million rows that are cost nothing.
PENDING = imports.c.status.in_(_words(Status.QUEUED, Status.SENDING, Status.CHECKING))
Index("ix_imports_queue", imports.c.station, imports.c.status, imports.c.id, sqlite_where=PENDING,
      postgresql_where=PENDING)  # fmt: skip
# What of it can be sent, by whose it is.
READY = and_(imports.c.status == _word(Status.QUEUED), imports.c.held.is_(false()))
Index("ix_imports_ready", imports.c.station, imports.c.user_id, imports.c.id, sqlite_where=READY,
      postgresql_where=READY)  # fmt: skip
# Codes that ixBrowser has refused, by who sent them.
WRONG_CODE = and_(imports.c.status == _word(Status.FAILED),
                  imports.c.error_code.in_([literal_column(str(code)) for code in sorted(WRONG_CODES)]))  # fmt: skip
Index("ix_imports_wrong_code", imports.c.user_id, imports.c.finished_at, sqlite_where=WRONG_CODE,
      postgresql_where=WRONG_CODE)  # fmt: skip
# What is still to be done for profiles that are imported.
UNSETTLED = imports.c.proxy_status.in_(_words(ProxyStatus.PENDING, ProxyStatus.SETTING, ProxyStatus.MISSING))
Index("ix_imports_unsettled", imports.c.station, imports.c.id, sqlite_where=UNSETTLED, postgresql_where=UNSETTLED)
UNNAMED = and_(imports.c.status == _word(Status.IMPORTED), imports.c.profile_name == _word(""))
Index("ix_imports_unnamed", imports.c.station, imports.c.id, sqlite_where=UNNAMED, postgresql_where=UNNAMED)

# Encrypted passwords and links: of a draft, of a code with choices of its own, or of an import.
secrets = Table(
    "secrets",
    metadata,
    id_column(),
    Column("draft_id", RowId, ForeignKey("drafts.id", ondelete="CASCADE"), index=True),
    Column("draft_code_id", RowId, ForeignKey("draft_codes.id", ondelete="CASCADE"), index=True),
    Column("import_id", RowId, ForeignKey("imports.id", ondelete="CASCADE"), index=True),
    Column("name", String(32), nullable=False),
    Column("value", LargeBinary, nullable=False),
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
    id_column(),
    Column("chat_id", BigInteger, nullable=False, index=True),
    Column("thread_id", BigInteger),
    Column("kind", String(16), nullable=False),
    Column("message_id", BigInteger),
    Column("text", Text, nullable=False),
    Column("buttons", JSON, nullable=False),
    # Of what shows codes: whose draft has them. They are in no row of this table.
    Column("draft_id", RowId),
    Column("created_at", UtcDateTime, nullable=False),
    # Before this moment it is not to be done.
    Column("due_at", UtcDateTime),
    # What is said where a message can't be deleted.
    Column("refused_text", Text, nullable=False),
    # It rings no phone: its person has just written or tapped.
    Column("silent", Boolean, nullable=False),
    # The message that it answers, in a group chat.
    Column("reply_to", BigInteger),
    # Of what shows codes of somebody who was removed: the list of them.
    Column("kept_id", RowId),
    # Of what shows codes that were left for somebody and have come back: the handoff.
    Column("handoff_id", RowId),
)

# What a station has read of ixBrowser's lists. ``version`` goes up when the content differs.
station_lists = Table(
    "station_lists",
    metadata,
    Column("station", String(128), primary_key=True),
    Column("listing", String(16), primary_key=True),
    Column("version", Integer, nullable=False),
    # Ciphertext: the users and notes of proxies may hold logins.
    Column("content", LargeBinary),
    Column("read_at", UtcDateTime),
    Column("failure", String(16)),
    Column("tried_at", UtcDateTime),
    # None when nobody waits for a newer reading.
    Column("requested_at", UtcDateTime),
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
