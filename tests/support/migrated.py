"""A database that is up to date and empty: a test is seldom about how it came to be so."""

from __future__ import annotations

import asyncio
import functools
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.data_folder import data_folder
from bot.storage.database import Database
from bot.storage.key import KeySource, key_file
from bot.storage.migrate import bring_up_to_date
from tests.support.postgresql_databases import Databases


def migrate(url: str) -> None:
    """Bring a database up to date, whether or not an event loop runs in this thread."""

    async def work() -> None:
        database = Database(url, "office")
        await bring_up_to_date(database)
        await database.close()

    with ThreadPoolExecutor(1) as other_thread:
        other_thread.submit(asyncio.run, work()).result()


def put_database(file: Path) -> None:
    """Put a database there, and its key: the same ones for all tests of this process, since migrating takes long."""
    database, key = _made()
    file.write_bytes(database)
    key_file(file).touch(mode=0o600)
    key_file(file).write_bytes(key)


def emptied(databases: Databases, url: str) -> str:
    """A database of PostgreSQL's that is up to date, by now empty and with the key of this process."""
    databases.empty(url)
    for marker in data_folder().glob("*.marker"):
        # What was seen of it in another test.
        marker.unlink()
    check = KeySource(key_file(None)).cipher(None).check
    with databases.connection(url) as connection:
        connection.execute("INSERT INTO installation (id, key_check, plain_text_left) VALUES (1, %s, false)", (check,))
    return url


@functools.cache
def _made() -> tuple[bytes, bytes]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        migrate(f"sqlite:///{file}")
        return file.read_bytes(), key_file(file).read_bytes()
