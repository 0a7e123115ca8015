"""With a hundred thousand entries in the audit every look into it still goes by an index."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.storage.work import SqlStore, SqlWork
from bot.usecases.denials import note_strangers
from tests.storage.query_plans import captured, plans
from tests.storage.support import unlocked
from tests.support.migrated import put_database

COUNT = 100_000
MIDDLE = COUNT // 2
#: Of whom there are entries as who did something, and to whom it was done.
ACTORS, SUBJECTS = range(1001, 1006), range(2001, 2006)


def put_many(file: Path) -> None:
    put_database(file)
    with closing(sqlite3.connect(file)) as connection, connection:
        many = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {COUNT})"
        values = "'2026-03-01 12:00:00.000000', 'confirmed', 1001 + i % 5, 2001 + i % 5, ''"
        connection.execute(f"{many} INSERT INTO audit (at, kind, actor_id, subject_id, detail) SELECT {values} FROM n")


def look(work: SqlWork) -> None:
    """Everything that is read of the audit, and noted in it."""
    for person_id in (None, ACTORS[0], SUBJECTS[0], 7):
        for kind in (None, "confirmed"):
            expected = 0 if person_id == 7 else 3
            given = {"person_id": person_id, "kind": kind, "size": 3}
            for turn in ({}, {"before": MIDDLE}, {"after": MIDDLE}):
                assert len(work.audit.find(**given, **turn)) == expected  # type: ignore[arg-type]
    assert set(work.audit.people()) == {*ACTORS, *SUBJECTS}
    note_strangers(work, [(7, 7)])


async def test_no_look_goes_through_all_of_it(tmp_path: Path) -> None:
    put_many(tmp_path / "bot.db")
    database = await unlocked(f"sqlite:///{tmp_path / 'bot.db'}")
    with captured(database) as statements:
        await SqlStore(database).write(look)
    found = plans(tmp_path / "bot.db", statements)
    await database.close()
    whole = {
        statement: plan
        for statement, plan in found.items()
        for step in plan
        # The newest of all are the last by the table's own order: it ends after a few rows.
        if step.startswith("SCAN audit") and not (plan == ["SCAN audit"] and "LIMIT" in statement)
    }
    assert whole == {}
    used = " ".join(step for plan in found.values() for step in plan)
    for index in ("ix_audit_actor_id", "ix_audit_subject_id", "ix_audit_kind"):
        assert f"SEARCH audit USING COVERING INDEX {index}" in used
