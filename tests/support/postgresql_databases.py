"""The databases on a run's PostgreSQL server: made from others, emptied between tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

#: Connections that a test has left open would wait for one another.
_OTHERS_OUT = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()
    AND pid <> pg_backend_pid()
"""
#: Faster than TRUNCATE by ten times where few rows are in, since no file is made anew. In whatever order: no foreign
#: key is looked after.
_EMPTY = """
    DO $$
    DECLARE name text;
    BEGIN
        SET LOCAL session_replication_role = replica;
        FOR name IN SELECT tablename FROM pg_tables
            WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
            EXECUTE format('DELETE FROM %I', name);
        END LOOP;
        PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
            FROM pg_sequences WHERE last_value IS NOT NULL;
    END $$
"""


class Databases:
    """The databases of one worker; ``server`` is a URL that ends where a database's name belongs."""

    def __init__(self, server: str, worker: str) -> None:
        self._server = server
        self._worker = worker
        self._numbers = iter(range(10**6))

    def url(self, name: str) -> str:
        before, mark, parameters = self._server.partition("?")
        return before + name + mark + parameters

    def template(self, name: str, fill: Callable[[str], None]) -> str:
        """The name of a database that ``fill`` has been called with; once a run, whoever asks first."""
        with self.connection("postgres") as admin:
            # One after the other, whichever worker they are in.
            admin.execute("SELECT pg_advisory_lock(1)")
            known = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
            if known is None:
                admin.execute(f"DROP DATABASE IF EXISTS {name}_unfinished WITH (FORCE)")
                admin.execute(f"CREATE DATABASE {name}_unfinished STRATEGY file_copy")
                fill(self.url(f"{name}_unfinished"))
                admin.execute(f"ALTER DATABASE {name}_unfinished RENAME TO {name}")
        return name

    def make(self, template: str = "template0") -> str:
        """The URL of a new database of this worker's own; by default an empty one."""
        name = f"{self._worker}_{next(self._numbers)}"
        with self.connection("postgres") as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return self.url(name)

    def drop(self, url: str) -> None:
        with self.connection("postgres") as admin:
            name = url.partition("?")[0].rpartition("/")[2]
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def end_connections(self, url: str) -> None:
        """End every connection to a database."""
        with self.connection(url) as connection:
            connection.execute(_OTHERS_OUT)

    def empty(self, url: str) -> None:
        """End every connection, and leave no row in a table but the schema's revision."""
        with self.connection(url) as connection:
            connection.execute(_OTHERS_OUT)
            connection.execute(_EMPTY)

    @contextmanager
    def connection(self, where: str) -> Iterator[Any]:
        """A connection of psycopg's that commits every statement, to a database's name or URL."""
        import psycopg  # noqa: PLC0415 - not there on every computer on which the tests run

        with psycopg.connect(where if "://" in where else self.url(where), autocommit=True) as connection:
            yield connection
