"""One process at a time on an SQLite file and with a token, on this computer: an operating-system lock on a file each.

The system lets go of such a lock when its process ends, however it ends. The files stay where they are: removing one
would let two processes hold a lock on what is no longer the same file. On another computer the lock is not seen: there
Telegram refuses the second poller of a token, and a database on a network drive is nothing that SQLite can work with.
A database on a server has locks of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bot.data_folder import data_folder
from bot.errors import AlreadyRunning, StorageError
from bot.settings import Settings

#: Seconds for which a lock is tried: whoever only looks whether it is held has it for a moment.
TRY_FOR = 0.5


@contextmanager
def hold(settings: Settings) -> Iterator[None]:
    """Hold the database and the token while the block runs.

    Raises ``AlreadyRunning`` when another process has one of them, and ``StorageError`` when a lock file can't be made.
    """
    with ExitStack() as held:
        if settings.database_file is not None:
            file = settings.database_file.resolve()
            _take(held, _lock_of(file), f"the database {file}")
        _take(held, lock_of_token(settings), "the bot of this TELEGRAM_TOKEN")
        yield


def is_held(file: Path) -> bool:
    """Whether another process holds the database in this file. Nothing is made for that."""
    return _is_locked(_lock_of(file.resolve()), otherwise=False)


def _is_locked(path: Path, *, otherwise: bool) -> bool:
    if not path.exists():
        return False
    try:
        with _lock(path).acquire(blocking=False):
            return False
    except Timeout:
        return True
    except OSError:
        return otherwise


def is_served(settings: Settings) -> bool:
    """Whether another process of this computer serves the bot of the token; also where that can't be known."""
    return _is_locked(lock_of_token(settings), otherwise=True)


def lock_of_token(settings: Settings) -> Path:
    """The file that is locked while a process of this computer serves the bot of the token."""
    return _named_for("token", settings.telegram_token.get_secret_value())


def _lock_of(file: Path) -> Path:
    return file.with_name(file.name + ".lock")


def _lock(path: Path) -> FileLock:
    # A file that exists or not would do instead where the system has no locks, and stay behind after a crash: refused.
    return FileLock(path, mode=0o600, thread_local=False, fallback_to_soft=False, preserve_lock_file=True)


def _named_for(kind: str, text: str) -> Path:
    return data_folder() / "locks" / f"{kind}-{hashlib.sha256(text.encode()).hexdigest()[:16]}.lock"


def _take(held: ExitStack, path: Path, what: str) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        held.enter_context(_lock(path).acquire(timeout=TRY_FOR, poll_interval=TRY_FOR / 10))
    except Timeout:
        raise AlreadyRunning(
            f"Another transfer-bot on this computer already serves {what}: stop it first, or give this one its own."
        ) from None
    except OSError as error:
        raise StorageError(
            f"the file {path}, which keeps a second process away, can't be locked ({error.strerror}): look at the"
            " folder's rights"
        ) from error
