"""DATABASE_URL as SQLAlchemy wants it, with the driver that this program uses."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import SettingError

_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


def engine_url(text: str) -> URL:
    """A ``sqlite:///`` or ``postgresql://`` URL. Raises ``SettingError`` for any other."""
    try:
        parsed = make_url(text)
    except ArgumentError:
        raise SettingError("DATABASE_URL is not a database URL: write for example sqlite:///transfer-bot.db.") from None
    name = parsed.drivername.partition("+")[0]
    if name not in _DRIVERS:
        raise SettingError("DATABASE_URL must begin with sqlite:/// or postgresql://.")
    if name == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise SettingError("DATABASE_URL must name a file: write for example sqlite:///transfer-bot.db.")
    return parsed.set(drivername=_DRIVERS[name])


def sqlite_file(url: URL) -> Path | None:
    """The file of an SQLite database, None for any other database."""
    return Path(str(url.database)).absolute() if url.get_backend_name() == "sqlite" else None
