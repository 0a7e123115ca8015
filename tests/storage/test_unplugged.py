"""A disk that is taken away from a running bot, and is back later."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Row, select

from bot.errors import StorageError
from bot.storage.database import Database
from bot.storage.sqlite import READERS
from bot.storage.tables import handled_updates
from bot.storage.work import SqlStore, SqlWork
from tests.storage.support import CODE, NOW, draft_of, opened, rows
from tests.storage.test_faults import begin_draft, note_update

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="there is no other way to take a file away")


async def test_a_disk_that_was_unplugged_works_again_once_it_is_back(
    database: Database, store: SqlStore, file: Path
) -> None:
    await begin_draft(store, 1)
    unplug(file)
    with pytest.raises(StorageError, match=r"^the disk can't be written to: check whether it is full or unplugged$"):
        await note_update(store, 2)
    assert await note_update(store, 2)
    # Each connection that had the file open finds out by itself, so each of them is made to read once.
    together = threading.Barrier(READERS)

    def read(connection: Connection) -> Sequence[Row[Any]]:
        together.wait(10)
        return connection.execute(select(handled_updates)).all()

    await asyncio.gather(*(database.read(read) for _ in range(READERS)), return_exceptions=True)
    assert len(await rows(database, handled_updates)) == 2


async def test_what_can_not_be_confirmed_on_such_a_disk_is_once_it_is_back(store: SqlStore, file: Path) -> None:
    stored = await opened(store, draft_of(CODE))

    def confirm_without_disk(work: SqlWork) -> None:
        unplug(file)
        # Or what it has read it would not read again.
        work.connection.exec_driver_sql("PRAGMA shrink_memory")
        work.batches.confirm(stored, "Ana", NOW)

    with pytest.raises(StorageError, match=r"^the disk can't be written to: check whether it is full or unplugged$"):
        await store.write(confirm_without_disk)
    assert (await store.write(lambda work: work.batches.confirm(stored, "Ana", NOW))).batch_id is not None


def unplug(file: Path) -> None:
    """Take the disk away from under the database's write-ahead log, as far as it is open now."""
    gone = os.open(file.parent, os.O_RDONLY)
    for descriptor in descriptors_of(file.with_name("bot.db-wal")):
        os.dup2(gone, descriptor)
    os.close(gone)


def descriptors_of(file: Path) -> list[int]:
    """Under which numbers this process has a file open."""
    own = Path("/proc/self/fd")
    return [int(link.name) for link in own.iterdir() if link.is_symlink() and os.path.realpath(link) == str(file)]
