"""The URL that the engine is given."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine

from bot.errors import SettingError
from bot.storage.url import engine_url, sqlite_file


def handed_to_libpq(text: str) -> dict[str, str]:
    """What the driver is given."""
    url = engine_url(text)
    engine = create_engine(url)
    _, options = engine.dialect.create_connect_args(url)
    engine.dispose()
    return {key: str(value) for key, value in options.items() if key != "context"}


@pytest.mark.parametrize("scheme", ["sqlite", "sqlite+aiosqlite", "sqlite+pysqlite"])
@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("bot.db", "bot.db"),
        ("/tmp/a%20b.db", "/tmp/a b.db"),
        ("/tmp/%D0%B1%D0%BE%D1%82.db", "/tmp/бот.db"),
        ("/tmp/100%25.db", "/tmp/100%.db"),
        ("/tmp/100%2541.db", "/tmp/100%41.db"),
        ("/tmp/店铺%3F#1.db", "/tmp/店铺?#1.db"),
    ],
)
def test_a_file_keeps_its_name_and_gets_this_programs_driver(scheme: str, path: str, file: str) -> None:
    url = engine_url(f"{scheme}:///{path}")
    assert (url.drivername, sqlite_file(url)) == ("sqlite", Path(file).absolute())


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg2", "postgresql+asyncpg"])
def test_a_server_gets_this_programs_driver(scheme: str) -> None:
    url = engine_url(f"{scheme}://ana:pw@h:5433/bot")
    assert (url.drivername, url.username, url.password) == ("postgresql+psycopg", "ana", "pw")
    assert (url.host, url.port, url.database) == ("h", 5433, "bot")
    assert sqlite_file(url) is None


@pytest.mark.parametrize(
    ("rest", "options"),
    [
        ("ana:p%40w@h:5433/bot", {"user": "ana", "password": "p@w", "host": "h", "port": "5433", "dbname": "bot"}),
        ("[::1]/bot", {"host": "::1", "dbname": "bot"}),
        ("/bot?host=/run/pg&port=6", {"host": "/run/pg", "port": "6", "dbname": "bot"}),
        ("h1:1,[::2]:2/bot", {"host": "h1,::2", "port": "1,2", "dbname": "bot"}),
        ("h1,h2/bot?port=6", {"host": "h1,h2", "port": "6,6", "dbname": "bot"}),
        ("h1:1,h2/bot", {"host": "h1,h2", "port": "1,", "dbname": "bot"}),
        ("/bot?hostaddr=127.0.0.1", {"hostaddr": "127.0.0.1", "dbname": "bot"}),
        ("?service=mine", {"service": "mine"}),
        ("h/bot?connect_timeout=3", {"host": "h", "dbname": "bot", "connect_timeout": "3"}),
        ("h/bot?options=-c%20jit=off", {"host": "h", "dbname": "bot", "options": "-c jit=off"}),
        ("h/bot?application_name=mine", {"host": "h", "dbname": "bot", "application_name": "mine"}),
    ],
)  # fmt: skip
def test_libpq_is_handed_what_the_url_says(rest: str, options: dict[str, str]) -> None:
    pytest.importorskip("psycopg")
    assert handed_to_libpq(f"postgresql://{rest}") == options


def test_a_wrong_url_is_a_sentence_with_no_value() -> None:
    with pytest.raises(SettingError, match=r"^DATABASE_URL is wrong: .*sslmod.*\.$") as caught:
        engine_url("postgresql://ana:planted@host/bot?sslmod=planted")
    assert "planted" not in str(caught.value)
