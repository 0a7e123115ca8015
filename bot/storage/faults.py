"""What goes wrong with the database, in words for the person who runs the bot, and without any value."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.errors import DatabaseUnreachable, StorageError

_FULL, _HELD, _AWAY = "disk_full", "database_held", "database_away"
#: The reason and what is to be done, by words in the driver's message.
_ADVICE = {
    "database or disk is full": (_FULL, "the disk is full: free some space"),
    "disk I/O error": ("disk_failed", "the disk can't be written to: check whether it is full or unplugged"),
    "database is locked": (_HELD, "another program is using the database: close it"),
    "readonly database": (
        "read_only", "the database file or its folder is read-only: allow this user to write there"
    ),
    "unable to open database file": (
        "not_opened", "the database file can't be opened: check DATABASE_URL and the folder"
    ),
    "file is not a database": ("no_database", "the file in DATABASE_URL is not a database"),
    "database disk image is malformed": ("damaged", "the database file is damaged: replace it with a backup"),
    "No space left on device": (_FULL, "the disk of the database's server is full: free some space"),
}  # fmt: skip
#: The beginnings of what libpq says of a server that can't be reached, or no longer.
_UNREACHABLE = (
    "connection failed", "connection to server", "connection timeout", "connection is bad", "could not",
    "server closed", "terminating connection", "consuming input failed", "sending query failed", "the connection is",
    "SSL connection", "failed to resolve host", "timeout expired", "connection is lost", "couldn't connect",
)  # fmt: skip
#: What it says then in the name of a server that is there, and will take connections again.
_NOT_NOW = (
    "starting up", "shutting down", "recovery mode", "not yet accepting", "not currently accepting", "too many",
    "connection slots", "administrator command",
)  # fmt: skip


@contextlib.contextmanager
def translated(errors: type[Exception] | tuple[type[Exception], ...] = SQLAlchemyError) -> Iterator[None]:
    """Turn these errors into a ``StorageError`` that holds no value."""
    try:
        yield
    except errors as error:
        cause = error if _holds_no_value(error) else None
        raise fault_of(error) from cause


def _holds_no_value(error: BaseException) -> bool:
    """Whether the driver's message can be logged. A server's quotes the row that it refuses."""
    return not isinstance(error, DBAPIError) or isinstance(error.orig, sqlite3.Error)


def fault_of(error: BaseException, *, maybe_committed: bool = False) -> StorageError:
    """The fault that callers see, without its cause."""
    reason, text = _explained(error)
    kind = DatabaseUnreachable if reason == _AWAY else StorageError
    return kind(text, reason, maybe_committed=maybe_committed)


def explain(error: BaseException) -> str:
    """Why the database can't be used, without what was being written."""
    return _explained(error)[1]


def _explained(error: BaseException) -> tuple[str, str]:
    """The reason, empty where it is none of those that have a name, and the same in words."""
    text = _first_line(error)
    if advice := next((advice for words, advice in _ADVICE.items() if words in text), None):
        return advice
    if _is_unreachable(text):
        return _AWAY, "the database's server can't be reached: check that it runs, and that DATABASE_URL is right"
    if text.startswith(_UNREACHABLE):
        return "", f"the database's server refuses the connection ({_reason(text)}): check DATABASE_URL"
    return "", f"the database can't be used ({text})"


def _first_line(error: BaseException) -> str:
    original = getattr(error, "orig", None) or error
    text = str(original).strip()
    return text.splitlines()[0] if text else type(original).__name__


def _is_unreachable(text: str) -> bool:
    """Whether trying again later helps. A server's refusal for good is said as FATAL, libpq's own is about TLS."""
    if not text.startswith(_UNREACHABLE):
        return False
    refused = "FATAL" in text or "SSL was required" in text or "certificate" in text
    return not refused or any(words in text for words in _NOT_NOW)


def _reason(text: str) -> str:
    """The end of libpq's message, which begins with the server's address."""
    return text.rpartition("failed: ")[2].removeprefix("FATAL:").strip()
