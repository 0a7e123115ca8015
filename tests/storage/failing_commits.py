"""Work whose commit each kind of database refuses."""

from __future__ import annotations

from sqlalchemy import Connection

#: Have PostgreSQL end a transaction at its commit, for the sake of another.
SERIALIZATION_FAILURE = (
    "CREATE FUNCTION pg_temp.fail() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'serialization_failure'; END $$",
    "CREATE TEMPORARY TABLE committed (id INTEGER)",
    "CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON committed DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION pg_temp.fail()",
    "INSERT INTO committed VALUES (1)",
)


def fail_on_sqlite(connection: Connection) -> None:
    """Write what SQLite refuses at the commit: a code of a draft that is not there."""
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    connection.exec_driver_sql(
        "INSERT INTO draft_codes (draft_id, code_hash, code_encrypted, own) VALUES (7, x'00', x'00', '{}')"
    )


def fail_on_postgresql(connection: Connection) -> None:
    for statement in SERIALIZATION_FAILURE:
        connection.exec_driver_sql(statement)
