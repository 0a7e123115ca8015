"""What is in the files of a database, whatever keeps it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from sqlalchemy import Connection, text

from bot.storage.database import Database
from bot.storage.key import key_file


def files_of(database: Database, oid: object, *, wal: bool) -> Iterator[Path]:
    """Every file in which the database, or its server, may have written something of it, but the key."""
    if database.file is not None:
        yield from (each for each in database.file.parent.iterdir() if each != key_file(database.file))
        return
    data = Path(str(database.url.query["host"])) / "data"
    # Databases beside this one come and go.
    folders = [each for each in data.iterdir() if each.name != "base" and (wal or each.name != "pg_wal")]
    for folder in (*folders, data / "base" / str(oid)):
        yield from (file for file in (folder.rglob("*") if folder.is_dir() else [folder]) if file.is_file())


def read(file: Path) -> bytes:
    """What is in a file; nothing where the server has deleted it meanwhile."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


def written_out(connection: Connection) -> object:
    """Have the server write everything to its files; the number of the database."""
    oid = connection.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    connection.execute(text("CHECKPOINT"))
    return oid


async def found(database: Database, texts: Collection[str], *, wal: bool = True) -> set[str]:
    """Which of the texts are in the database's files."""
    oid = None if database.file is not None else await database.write(written_out)
    contents = [content for file in files_of(database, oid, wal=wal) if (content := read(file))]
    assert sum(map(len, contents)) > 10_000
    return {each for each in texts if any(each.encode() in content for content in contents)}
