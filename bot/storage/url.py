"""The database's URL as the engine takes it, with the driver that this program uses."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from bot.database_url import Server, read_database_url

SQLITE_DRIVER: Final = "sqlite"
POSTGRESQL_DRIVER: Final = "postgresql+psycopg"


def engine_url(text: str) -> URL:
    """The URL for ``create_engine``. Raises ``SettingError``, with one sentence that has no value, for a wrong one."""
    found = read_database_url(text)
    if not isinstance(found, Server):
        return URL.create(SQLITE_DRIVER, database=str(found.path))
    left = dict(found.parameters)
    user, password, database = (left.pop(key, None) for key in ("user", "password", "dbname"))
    host = port = None
    if not re.search("^/|,|^$", left.get("host", "")):
        # Hosts that are several, or a socket's folder, reach libpq as parameters.
        host, port = left.pop("host"), left.pop("port", None)
    return URL.create(
        POSTGRESQL_DRIVER,
        username=user,
        password=password,
        host=host,
        port=int(port) if port else None,
        database=database,
        query=left,
    )


def sqlite_file(url: URL) -> Path | None:
    """The file of an SQLite database, None for any other database."""
    return Path(str(url.database)).absolute() if url.get_backend_name() == "sqlite" else None
