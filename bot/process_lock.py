"""One process at a time on a database and with a token, on this computer: an operating-system lock on a file for each.

The system lets go of such a lock when its process ends, however it ends. The files stay where they are: removing one
would let two processes hold a lock on what is no longer the same file. On another computer the lock is not seen: there
Telegram refuses the second poller of a token, and a database on a network drive is nothing that SQLite can work with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bot.data_folder import data_folder
from bot.database_url import Server, read_database_url
from bot.errors import AlreadyRunning, StorageError
from bot.settings import Settings


@contextmanager
def hold(settings: Settings) -> Iterator[None]:
    """Hold the database and the token while the block runs.

    Raises ``AlreadyRunning`` when another process has one of them, and ``StorageError`` when a lock file can't be made.
    """
    token = settings.telegram_token.get_secret_value()
    with ExitStack() as held:
        found = read_database_url(settings.database_url.get_secret_value())
        if isinstance(found, Server):
            _take(held, _named_for("database", found.place), "the database in DATABASE_URL")
        else:
            file = found.path.resolve()
            _take(held, file.with_name(file.name + ".lock"), f"the database {file}")
        _take(held, _named_for("token", token), "the bot of this TELEGRAM_TOKEN")
        yield


def _named_for(kind: str, text: str) -> Path:
    return data_folder() / "locks" / f"{kind}-{hashlib.sha256(text.encode()).hexdigest()[:16]}.lock"


def _take(held: ExitStack, path: Path, what: str) -> None:
    # A file that exists or not would do instead where the system has no locks, and stay behind after a crash: refused.
    lock = FileLock(path, mode=0o600, thread_local=False, fallback_to_soft=False, preserve_lock_file=True)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        held.enter_context(lock.acquire(blocking=False))
    except Timeout:
        raise AlreadyRunning(
            f"Another transfer-bot on this computer already serves {what}: stop it first, or give this one its own."
        ) from None
    except OSError as error:
        raise StorageError(
            f"the file {path}, which keeps a second process away, can't be locked ({error.strerror}): look at the"
            " folder's rights"
        ) from error
