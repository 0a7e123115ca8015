"""What may be written in DATABASE_URL for a PostgreSQL server, and which parameters it means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.database_url import Server, read_database_url
from bot.errors import SettingError
from tests.support.database_urls import said


def server(text: str) -> dict[str, str]:
    found = read_database_url(text)
    assert isinstance(found, Server)
    return dict(found.parameters)


@pytest.mark.parametrize("mark", "\u200b\u200e\u200f\u202a\u2060\ufeff\u00a0")
def test_what_nobody_sees_is_passed_over_in_the_url_of_a_server(mark: str) -> None:
    url = mark.join(["", "postgresql:", "//ana:pw@h", ":5433/bot?ssl", "mode=require", ""])
    found = read_database_url(url)
    assert isinstance(found, Server)
    assert found.url == "postgresql://ana:pw@h:5433/bot?sslmode=require"


@pytest.mark.parametrize(
    "scheme",
    ["postgresql", "postgres", "PostgreSQL"]
    + [f"postgresql+{driver}" for driver in ("psycopg", "psycopg2", "psycopg_async", "asyncpg", "pg8000")],
)
def test_every_spelling_of_postgresql_is_taken(scheme: str) -> None:
    found = read_database_url(f"{scheme}://ana:pw@db.example:5433/bot?sslmode=require")
    assert isinstance(found, Server)
    assert found.url == "postgresql://ana:pw@db.example:5433/bot?sslmode=require"


@pytest.mark.parametrize(
    ("rest", "parameters"),
    [
        ("h/bot", {"host": "h", "dbname": "bot"}),
        ("ana@h/bot", {"user": "ana", "host": "h", "dbname": "bot"}),
        ("ana:@h/bot", {"user": "ana", "password": "", "host": "h", "dbname": "bot"}),
        ("a%40b:p%3A%2F%3F%23%25w@h/my%2Fbot", {"user": "a@b", "password": "p:/?#%w", "host": "h", "dbname": "my/bot"}),
        ("ana:pl@nted@h/bot", {"user": "ana", "password": "pl@nted", "host": "h", "dbname": "bot"}),
        ("ana:a:b+c@h/bot", {"user": "ana", "password": "a:b+c", "host": "h", "dbname": "bot"}),
        ("[::1]:5433/bot", {"host": "::1", "port": "5433", "dbname": "bot"}),
        ("h:/bot", {"host": "h", "dbname": "bot"}),
        ("h1:1,h2:2/bot", {"host": "h1,h2", "port": "1,2", "dbname": "bot"}),
        ("h1,h2:2/bot", {"host": "h1,h2", "port": ",2", "dbname": "bot"}),
        ("h1,[::1]/bot?port=7", {"host": "h1,::1", "port": "7,7", "dbname": "bot"}),
        ("/bot?host=h1,h2&port=1,2", {"host": "h1,h2", "port": "1,2", "dbname": "bot"}),
        ("/bot?host=h1:1&host=h2", {"host": "h1,h2", "port": "1,", "dbname": "bot"}),
        ("/bot?host=/var/run/postgresql", {"host": "/var/run/postgresql", "dbname": "bot"}),
        ("ana@/bot?host=%2Frun%2Fpg&port=6", {"user": "ana", "host": "/run/pg", "port": "6", "dbname": "bot"}),
        ("%2Frun%2Fpg:6/bot", {"host": "/run/pg", "port": "6", "dbname": "bot"}),
        ("/bot?hostaddr=127.0.0.1", {"hostaddr": "127.0.0.1", "dbname": "bot"}),
        ("?service=mine", {"service": "mine"}),
        ("h?dbname=b&user=ana@x&password=a+b%20c", {"host": "h", "dbname": "b", "user": "ana@x", "password": "a+b c"}),
        ("h/bot?options=-cx=a%20-c%20jit=off", {"host": "h", "dbname": "bot", "options": "-cx=a -c jit=off"}),
        ("h/bot?ssl=true", {"host": "h", "dbname": "bot", "sslmode": "require"}),
        ("h/bot?", {"host": "h", "dbname": "bot"}),
        (
            "h/bot?sslmode=verify-full&sslrootcert=/ca.pem&connect_timeout=3",
            {"host": "h", "dbname": "bot", "sslmode": "verify-full", "sslrootcert": "/ca.pem", "connect_timeout": "3"},
        ),
    ],
)  # fmt: skip
def test_a_server_is_told_by_libpqs_parameters(rest: str, parameters: dict[str, str]) -> None:
    assert server(f"postgresql://{rest}") == parameters


@pytest.mark.parametrize(
    ("rest", "about"),
    [
        ("", "names no server"),
        ("/planted", "names no server"),
        ("planted", "names no database"),
        ("planted/", "names no database"),
        ("h:99999/planted", "a port is a number"),
        ("h:0/planted", "a port is a number"),
        ("h/planted?port=0", "a port is a number"),
        ("h/bot?port=planted", "the parameter port "),
        ("h1,h2/planted?port=1,2,3", "as many ports as hosts"),
        ("h/planted?port=1,2", "as many ports as hosts"),
        ("ana:pla/nted@h/bot", "/ as %2F"),
        ("ana:1/planted@h/bot", "/ as %2F"),
        ("ana:pla?nted@h/bot", "? as %3F"),
        ("ana:12?planted@h/bot", "? as %3F"),
        ("ana:pla#nted@h/bot", "# as %23"),
        ("ana:planted%ff@h/bot", "write what is special"),
        ("h:5432/a/planted", "/ as %2F"),
        ("h/bot?pla;nted=1", "stands what is no parameter"),
        ("h/bot?ssl_mode=planted", "no parameter ssl_mode that can be used here: write sslmode if"),
        ("h/bot?sslmod=planted", "write sslmode if"),
        ("h/bot?SSLMODE=planted", "write sslmode if"),
        ("h/bot?ssl=planted", "write sslmode if"),
        ("h/bot?pool_size=planted", "no parameter pool_size"),
        ("h/bot?server_settings=planted", "no parameter server_settings"),
        ("h/bot?replication=database", "no parameter replication"),
        ("h/bot?sslmode=planted", "sslmode is none that PostgreSQL takes there, so write one of disable, allow,"),
        ("h/bot?sslmode=Require", "so write one of"),
        ("h/bot?sslmode=require&sslmode=planted", "sslmode is none"),
        ("h/bot?sslmode=require&sslmode=require", "the parameter sslmode is written twice"),
        ("h/bot?connect_timeout=planted", "the parameter connect_timeout "),
        ("h/bot?connect_timeout", "the parameter connect_timeout "),
        ("h/bot?target_session_attrs=standby", "so write one of any, read-write, primary"),
        ("h/bot?client_encoding=latin1", "the parameter client_encoding "),
        ("h/planted%0abot", "sqlite:///folder/file.db or postgresql://"),
        ("h/bot?application_name=planted%00", "sqlite:///folder/file.db or postgresql://"),
    ],
)  # fmt: skip
def test_what_can_not_reach_a_server_gets_its_sentence(rest: str, about: str) -> None:
    assert about in said(f"postgresql://{rest}")


@pytest.mark.parametrize(
    "rest",
    [
        "ana:p%40ss@h:5433/bot",
        "h1:1,h2:2/bot",
        "[::1]:7,h/bot?sslmode=require",
        "%2Frun%2Fpg/bot?application_name=a+b%20c",
        "ana@/bot?host=/run/pg&port=6&password=x",
        "h/bot?ssl=true",
    ],
)
def test_libpqs_own_reading_is_the_same(rest: str) -> None:
    pq = pytest.importorskip("psycopg").pq
    parsed = pq.Conninfo.parse(f"postgresql://{rest}".encode())
    given = {option.keyword.decode(): option.val.decode() for option in parsed if option.val}
    # A host that goes without its port is told by an empty one.
    assert server(f"postgresql://{rest}") == given


def test_every_parameter_of_libpqs_is_known_or_refused_on_purpose() -> None:
    pq = pytest.importorskip("psycopg").pq
    refused = set()
    for option in pq.Conninfo.get_defaults():
        name = option.keyword.decode()
        try:
            server(f"postgresql://h/bot?{name}=1")
        except SettingError as error:
            if "PostgreSQL has no parameter" in str(error):
                refused.add(name)
    # Another language is spoken on such a connection.
    assert refused == {"replication"}


TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=8)


@given(
    address=st.sampled_from(
        [
            {"host": "h"},
            {"host": "::1", "port": "5433"},
            {"host": "/run/my pg", "port": "5433"},
            {"host": "h1,::2", "port": "1,2"},
            {"host": "店铺.example"},
        ]
    ),
    name=TEXT,
    more=st.fixed_dictionaries({}, optional={"user": TEXT, "password": TEXT, "application_name": TEXT}),
)
def test_the_one_spelling_means_the_same(address: dict[str, str], name: str, more: dict[str, str]) -> None:
    server = Server({**address, "dbname": name, **more})
    assert read_database_url(server.url) == server
