"""A look into the bot's database from outside, whichever kind it is."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.storage.encryption import Cipher
from bot.storage.key import key_file
from tests.support.codes import readable


class Look:
    """Reads the database of this URL: an SQLite file, or a database on a PostgreSQL server."""

    def __init__(self, url: str, key: str | None = None) -> None:
        """``key`` is that of a server's database; a file's is in the file beside it."""
        self.url = url
        self.file = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None
        self._key = key

    @contextlib.contextmanager
    def connected(self) -> Iterator[Any]:
        if self.file is not None:
            with contextlib.closing(sqlite3.connect(f"{self.file.as_uri()}?mode=ro", uri=True)) as connection:
                yield connection
            return
        import psycopg  # noqa: PLC0415 - not there on every computer on which the tests run

        with psycopg.connect(self.url) as connection:
            yield connection

    def tables(self, connection: Any) -> Sequence[str]:
        names = (
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            if self.file is None
            else "SELECT name FROM sqlite_schema WHERE type = 'table'"
        )
        return [name for (name,) in connection.execute(names).fetchall()]

    def rows(self, table: str) -> Sequence[dict[str, Any]]:
        """All of a table, oldest row first; rows that hold a transfer code have it as ``code``."""
        with self.connected() as connection:
            found = connection.execute(f"SELECT * FROM {table} ORDER BY {'1' if self.file is None else 'rowid'}")
            columns = [column[0] for column in found.description]
            rows = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
        encrypted = table in {"secrets", "draft_codes", "imports", "handoff_codes"}
        return [readable(row, self.cipher()) for row in rows] if encrypted and rows else rows

    def cipher(self) -> Cipher:
        key = self._key if self.file is None else key_file(self.file).read_text("ascii")
        return Cipher(bytes.fromhex(str(key)))
