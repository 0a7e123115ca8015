"""``transfer-bot forget``: a person's data is written to a file, and then erased."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.pseudonym import new_pseudonym
from bot.errors import Refused, StorageError
from bot.opened_database import database_of
from bot.settings import Settings
from bot.storage.holding import Holding
from bot.storage.migrate import current, newest
from bot.storage.server_lock import lock_once_free
from bot.storage.unlocking import look_for_key
from bot.storage.work import SqlStore
from bot.usecases.forgetting import Forgotten, forget, may_be_forgotten

Say = Callable[[str], None]
Ask = Callable[[str], bool]


async def forget_person(settings: Settings, user_id: int, say: Say, ask: Ask) -> None:
    """Export and erase somebody once ``ask`` has said yes, into a file in this folder.

    No bot serves meanwhile: one that did would have the person in memory, and write them anew. Raises ``Refused``
    where it can't be done; no file is left then.
    """
    database = database_of(settings)
    holding = Holding(database, settings.bot_id)
    file = _unused(Path.cwd(), user_id)
    try:
        if await current(database) != newest():
            raise StorageError("the database is not up to date: start the bot once before")
        await look_for_key(database)
        store = SqlStore(database, holder=holding.hub, admins=settings.admin_ids)
        if not await store.read(may_be_forgotten, user_id):
            say(f"Nothing is known of {user_id}: nothing was changed.")
            return
        if not ask(f"Forget {user_id}? Their data is written to {file}, and erased. This can't be undone. Type yes:"):
            raise Refused("Nothing was changed.")
        await lock_once_free(holding.lock)
        await holding.take()
        exported = await store.read(lambda work: work.erasing.export(user_id))
        _write(file, {"person": user_id, "exported_at": datetime.now(UTC).isoformat(), "rows": exported})
        try:
            done = await store.write(forget, user_id, new_pseudonym())
        except BaseException:
            file.unlink(missing_ok=True)
            raise
        # Nothing of them is left in free pages. A server does that by itself in time.
        rewritten = not database.is_sqlite or await database.rewrite()
    finally:
        await holding.close()
        await database.close()
    say(f"Exported to {file}, which only you can read.")
    if done is not None:
        for line in _told(user_id, done):
            say(line)
    if not rewritten:
        say("Another program reads the database: what was deleted is in its file until that space is used again.")


def _told(user_id: int, done: Forgotten) -> list[str]:
    """What was done, in counts."""
    gone = {table: count - done.after.get(table, 0) for table, count in done.before.items()}
    lines = [
        f"{user_id} is forgotten.",
        f"Deleted: {_counted({table: count for table, count in gone.items() if count > 0})}.",
        f"Under a pseudonym: {_counted(done.after)}.",
    ]
    settled = [
        (done.cancelled, "imports cancelled"),
        (done.drafts_closed, "open drafts closed"),
        (done.given_back, "handoffs given back"),
        (done.handed_on, f"handoffs handed on to {done.heir}"),
    ]
    if any(count for count, _ in settled):
        lines.append(f"Settled: {', '.join(f'{count} {what}' for count, what in settled if count)}.")
    return lines


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} in {table}" for table, count in sorted(counts.items())) or "nothing"


def _unused(folder: Path, user_id: int) -> Path:
    number, file = 1, folder / f"person-{user_id}.json"
    while file.exists():
        number += 1
        file = folder / f"person-{user_id}-{number}.json"
    return file


def _write(file: Path, content: Mapping[str, object]) -> None:
    """Write a new file that only its owner can read. Raises ``Refused`` where that can't be done; none is left then."""
    text = json.dumps(content, ensure_ascii=False, indent=2)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as opened:
            opened.write(f"{text}\n")
            opened.flush()
            os.fsync(opened.fileno())
    except OSError as error:
        if not isinstance(error, FileExistsError):
            file.unlink(missing_ok=True)
        raise Refused(f"Nothing was changed: {file} can't be written ({error.strerror}).") from None
