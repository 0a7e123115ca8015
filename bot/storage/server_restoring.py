"""Puts a backup in the place of what is in a PostgreSQL database, by ``pg_restore``."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from bot.errors import Refused, StorageError
from bot.storage.faults import fault_of
from bot.storage.postgresql import connect_apart
from bot.storage.restoring import Found
from bot.storage.server_backup import RESTORE, count_dumped, has_programs, run_program

#: Tables that this program's databases have had at every time since codes are encrypted.
_OURS = ("public.alembic_version", "public.installation", "public.owner")


def look_into(dump: Path) -> Found:
    """What a backup says of itself, once it was read to its end.

    Raises ``Refused`` for what is no backup of this program's, and ``StorageError``.
    """
    if not has_programs():
        raise StorageError(f"{RESTORE} is not on this computer: install PostgreSQL's client programs")
    try:
        counts = count_dumped(dump)
    except StorageError as error:
        raise Refused(f"{error}: nothing was changed.") from None
    if not all(table in counts for table in _OURS):
        raise Refused(f"{dump} is no backup of this bot's: nothing was changed.")
    revision, owner, installation = (_rows(dump, table) for table in ("alembic_version", "owner", "installation"))
    if not revision or not installation:
        raise Refused(f"{dump} is no backup of this bot's: nothing was changed.")
    check = next((bytes.fromhex(value[3:]) for value in installation[0] if value.startswith("\\\\x")), None)
    return Found(revision[0][0], int(owner[0][1]) if owner else None, check, sum(counts.values()))


def _rows(dump: Path, table: str) -> Sequence[Sequence[str]]:
    """The rows of a small table, as PostgreSQL writes values into a dump."""
    done = subprocess.run(  # noqa: S603 - the program is PostgreSQL's
        [RESTORE, "--data-only", f"--table={table}", "--file=-", str(dump)],
        capture_output=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    lines = done.stdout.decode().splitlines()
    begins = next((number for number, line in enumerate(lines) if line.startswith("COPY ")), len(lines))
    rows = lines[begins + 1 : lines.index("\\.", begins)] if "\\." in lines[begins:] else []
    return [row.split("\t") for row in rows]


def is_empty(engine: Engine) -> bool:
    """Whether no table of the database's own is there."""
    return not _tables(engine)


def holds(engine: Engine, dump: Path) -> bool:
    """Whether the database has the tables of the dump, and each as many rows. Raises ``StorageError``."""
    dumped = count_dumped(dump)
    if set(_tables(engine)) != dumped.keys():
        return False
    connection = connect_apart(engine, "restore")
    try:
        counted = (f"SELECT count(*) FROM {table}" for table in dumped)  # noqa: S608 - the server has quoted the names
        rows = (connection.execute(each).fetchone() for each in counted)
        return [count for (count,) in rows] == list(dumped.values())
    finally:
        connection.close()


def replace_tables(engine: Engine, dump: Path) -> None:
    """Put what is in the dump in the place of all tables. Raises ``StorageError``.

    That is one transaction, but for tables that are newer than the dump, which go before.
    """
    dumped = count_dumped(dump).keys()
    dbapi: Any = engine.dialect.dbapi
    connection = connect_apart(engine, "restore")
    try:
        for table in _tables(engine):
            if table not in dumped:
                connection.execute(f"DROP TABLE {table} CASCADE")
        connection.commit()
        options = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", str(dump)]
        run_program([RESTORE, *options], engine, dump.parent)
    except dbapi.Error as error:
        raise fault_of(error) from None
    finally:
        connection.close()


def _tables(engine: Engine) -> Sequence[str]:
    connection = connect_apart(engine, "restore")
    try:
        found = connection.execute("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                                   " WHERE schemaname = current_schema()").fetchall()  # fmt: skip
        return [name for (name,) in found]
    finally:
        connection.close()
