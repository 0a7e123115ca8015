"""Secrets, looked for wherever they must not be: in what is printed, sent to Telegram, or left in any file."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from bot.domain.transfer_code import mask
from tests.end_to_end.look import Look

_CODE = re.compile(r"\b([0-9]{8})-([0-9]{8})\b")
_LINK = re.compile(r"https?://[^\s/?]+([/?]\S{4,})")
_LOGIN = re.compile(r"//[^\s/:@]+:([^\s@]+)@")

#: The one column that may hold what was a secret, and which of its rows: a code that is spent.
_KEPT = {("imports", "transfer_code"): "SELECT transfer_code FROM imports WHERE status = 'imported'"}


def secrets_in(text: str) -> set[str]:
    """What is secret of a text that somebody typed: codes, what a link has beyond its host, passwords in addresses."""
    found = {f"{left}-{right}" for left, right in _CODE.findall(text)} | set(_LINK.findall(text))
    for password in _LOGIN.findall(text):
        found |= {password, unquote(password)}
    return found


@dataclass(frozen=True, slots=True)
class _Cell:
    table: str
    column: str
    value: str


def told(text: str, secrets: Iterable[str], where: str) -> Sequence[str]:
    """A sentence for each secret that stands in a text."""
    return [f"{_named(secret)} is in {where}" for secret in sorted(secrets) if _pattern(secret).search(text)]


def left(folder: Path, database: Look, secrets: Iterable[str]) -> Sequence[str]:
    """A sentence for each secret that is in a file of the folder, or in a file's name, without being needed there.

    Whatever the database needs it may hold, and its write-ahead log too; no other file may.
    """
    cells, kept = _read(database)
    contents = {file: _bytes(file) for file in sorted(folder.rglob("*")) if file.is_file()}
    own = set() if database.file is None else {database.file, database.file.with_name(f"{database.file.name}-wal")}
    complaints = []
    for secret in sorted(secrets):
        holding = [cell for cell in cells if secret in cell.value]
        complaints += [
            f"{_named(secret)} is in {cell.table}.{cell.column}"
            for cell in holding
            if cell.value not in kept.get((cell.table, cell.column), ())
        ]
        complaints += [
            f"{_named(secret)} is in the file {file.relative_to(folder)}"
            for file, content in contents.items()
            if (secret.encode() in content and not (holding and file in own)) or secret in str(file)
        ]
    return complaints


def _read(database: Look) -> tuple[Sequence[_Cell], dict[tuple[str, str], set[str]]]:
    """Every text that the database holds, and those that it holds with reason, by table and column."""
    cells: list[_Cell] = []
    kept: dict[tuple[str, str], set[str]] = {}
    # Where there is none, or one that is not of this program, nothing is kept with reason.
    with contextlib.suppress(sqlite3.DatabaseError), database.connected() as connection:
        tables = database.tables(connection)
        for table in tables:
            rows = connection.execute(f"SELECT * FROM {table}")
            columns = [column[0] for column in rows.description]
            for row in rows:
                cells += [_Cell(table, *pair) for pair in zip(columns, map(str, row), strict=True)]
        for (table, column), query in _KEPT.items():
            if table in tables:
                kept[table, column] = {value for (value,) in connection.execute(query)}
    return cells, kept


def _bytes(file: Path) -> bytes:
    with contextlib.suppress(FileNotFoundError):
        return file.read_bytes()
    return b""


def _pattern(secret: str) -> re.Pattern[str]:
    """A code is as readable with anything, or nothing, between its halves."""
    code = _CODE.fullmatch(secret)
    return re.compile(rf"{code[1]}\D{{0,12}}{code[2]}" if code else re.escape(secret))


def _named(secret: str) -> str:
    """The secret as the one who looks for a leak needs to see it."""
    return f"the code {mask(secret)}" if _CODE.fullmatch(secret) else f"the secret {secret!r}"
