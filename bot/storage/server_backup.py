"""Backups of a PostgreSQL database: ``pg_dump`` makes them, and ``pg_restore`` reads them back to be counted."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine

from bot.errors import StorageError
from bot.storage.backup_files import UNFINISHED, failures_told, make_private, part_of, put_in_place
from bot.storage.faults import fault_of
from bot.storage.postgresql import connect_apart

DUMP, RESTORE = "pg_dump", "pg_restore"
#: Seconds that a dump may take: it would wait for ever for a server that has gone away in silence.
DUMPED_WITHIN: Final = 3600.0

_TABLES: Final = """
    SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
"""


def has_programs() -> bool:
    """Whether both of PostgreSQL's programs are here."""
    return all(map(shutil.which, (DUMP, RESTORE)))


def back_up_server(engine: Engine, to: Path) -> int:
    """Dump one state of the database into a file of PostgreSQL's own format; how many rows that has.

    Raises ``StorageError``, also where the programs are not here, or are older than the server.
    """
    if not has_programs():
        raise StorageError(f"{DUMP} and {RESTORE} are not on this computer: install PostgreSQL's client programs")
    part = part_of(to)
    with failures_told():
        make_private(part)
        try:
            before = _dump(engine, part)
            found = count_dumped(part)
            if found != before:
                raise StorageError("the backup does not hold what the database held: nothing was kept of it")
            put_in_place(part, to)
        finally:
            part.unlink(missing_ok=True)
    return sum(found.values())


def _dump(engine: Engine, to: Path) -> Mapping[str, int]:
    """Dump what a transaction sees; how many rows the tables have in that."""
    dbapi: Any = engine.dialect.dbapi
    connection = connect_apart(engine, "backup")
    try:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()[0]
        tables = [name for (name,) in connection.execute(_TABLES).fetchall()]
        # The names come quoted from the server.
        counts = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}  # noqa: S608
        if not any(name.endswith(".installation") for name in tables):
            raise StorageError("the database is not up to date: start the bot once before")
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={to}"]
        run_program([DUMP, *options], engine, to.parent, within=DUMPED_WITHIN)
    except dbapi.Error as error:
        raise fault_of(error) from None
    finally:
        connection.close()
    return counts


def run_program(command: Sequence[str], engine: Engine, folder: Path, *, within: float | None = None) -> None:
    """Run one of PostgreSQL's programs. It reads the password from a file in the folder that nobody else can read.

    Raises ``StorageError`` where it fails, or does not end ``within`` so many seconds.
    """
    dbapi: Any = engine.dialect.dbapi
    # What the URL says and no more: a program may be older than the driver's library.
    parameters = engine.url.translate_connect_args(username="user", database="dbname")
    parameters |= {
        name: value if isinstance(value, str) else ",".join(value) for name, value in engine.url.query.items()
    }
    password = parameters.pop("password", "")
    with _password_file(password, folder) as passwords:
        if passwords is not None:
            parameters["passfile"] = str(passwords)
        database = f"--dbname={dbapi.conninfo.make_conninfo(**parameters)}"
        try:
            done = subprocess.run(  # noqa: S603 - the program is PostgreSQL's, and the arguments are its own
                [*command, database],
                capture_output=True,
                check=False,
                stdin=subprocess.DEVNULL,
                timeout=within,
            )
        except subprocess.TimeoutExpired:
            raise StorageError(f"{command[0]} has not ended within {within:.0f} s") from None
    if done.returncode:
        # The rest may quote rows.
        said = done.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise StorageError(f"{command[0]} fails ({said})")


@contextlib.contextmanager
def _password_file(password: str, folder: Path) -> Iterator[Path | None]:
    """A file of libpq's with the password, None where there is none. It is closed: Windows lets one alone open it."""
    if not password:
        yield None
        return
    descriptor, name = tempfile.mkstemp(dir=folder, suffix=UNFINISHED)
    try:
        escaped = re.sub(r"([\\:])", r"\\\1", password)
        with os.fdopen(descriptor, "w") as passwords:
            passwords.write(f"*:*:*:*:{escaped}\n")
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def count_dumped(dump: Path) -> Mapping[str, int]:
    """How many rows each table has in a dump, which is read to its end. Raises ``StorageError`` for a bad one."""
    counts: Counter[str] = Counter()
    table = None
    command = [RESTORE, "--data-only", "--file=-", str(dump)]
    with subprocess.Popen(  # noqa: S603 - as above
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    ) as reading:
        assert reading.stdout is not None  # noqa: S101 - it is a pipe
        for line in reading.stdout:
            if table is None:
                if line.startswith(b"COPY ") and line.rstrip().endswith(b"FROM stdin;"):
                    table = line.decode().split(" ", 2)[1]
                    counts[table] += 0
            elif line.rstrip(b"\r\n") == b"\\.":
                table = None
            else:
                counts[table] += 1
    if reading.returncode:
        raise StorageError("the file is no backup that PostgreSQL's pg_restore can read")
    return dict(counts)
