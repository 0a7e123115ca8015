"""Looking for rows of the import log: the right ones in pages, and by an index in a log of a hundred thousand."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from bot.domain.transfer_code import mask
from bot.storage.database import Database
from bot.storage.tables import batches, drafts, imports
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.log_search_rows import FoundPage, Sought
from tests.storage.query_plans import captured, plans
from tests.storage.support import ANA, MAI, NOW, STATION, unlocked
from tests.support.migrated import put_database

SIZE = 3
COUNT = 100_000
MIDDLE = COUNT // 2
KIM = 1004
#: Who has imported and who gave, by turns.
PAIRS = [(ANA.user_id, None), (ANA.user_id, KIM), (MAI.user_id, ANA.user_id), (MAI.user_id, None), (KIM, MAI.user_id)]


def rows() -> Sequence[dict[str, Any]]:
    found = []
    for number in range(1, 31):
        importer, giver = PAIRS[number % len(PAIRS)]
        code = f"{number:04}0000-0000{number % 4:04}"
        found.append({
            "id": number, "user_id": importer, "user_name": "", "chat_id": importer, "code_mask": mask(code),
            "key_lost": False, "proxy": "keep", "proxy_choice": {"kind": "keep"}, "bypass": [], "note": "",
            "status": "imported", "draft_id": 1, "batch_id": 1, "station": STATION, "profile_id": number % 7,
            "profile_name": f"Магазин {number}", "given_by": giver, "error_message": "", "waiting_since": NOW,
            "held": False, "cancel_wanted": False, "without_proxy": False, "attempts": 1, "unanswered": 0,
            "restricted": 0, "created_at": NOW, "handoff_id": giver,
        })  # fmt: skip
    return found


@pytest.fixture
async def log(database: Database, store: SqlStore) -> SqlStore:
    def change(connection: Connection) -> None:
        place = {"user_id": 1, "chat_id": 1, "language": "en", "repost": False, "revision": 1, "shown_revision": 1}
        draft = {"state": "confirmed", "takes_text": False, "answers": {}, "created_at": NOW, "updated_at": NOW}
        connection.execute(insert(drafts).values(id=1, **place, **draft))
        batch = {"draft_id": 1, "confirmed_at": NOW, "waited": False, "announced": True}
        connection.execute(insert(batches).values(id=1, **place, **batch))
        connection.execute(insert(imports), rows())

    await database.write(change)
    return store


Fits = Callable[[dict[str, Any]], bool]


@pytest.mark.parametrize(
    ("sought", "fits"),
    [
        (Sought(user_ids=[ANA.user_id]), lambda row: ANA.user_id in (row["user_id"], row["given_by"])),
        (Sought(user_ids=[KIM, MAI.user_id]), lambda row: {KIM, MAI.user_id} & {row["user_id"], row["given_by"]}),
        (Sought(user_ids=[4711]), lambda _row: False),
        (Sought(profile_id=3), lambda row: row["profile_id"] == 3),
        (Sought(last_digits="0002"), lambda row: row["id"] % 4 == 2),
        (Sought(last_digits="0002", first_digits="0006"), lambda row: row["id"] == 6),
        (Sought(name="МАГАЗИН 2"), lambda row: row["profile_name"].startswith("Магазин 2")),
        (
            Sought(user_ids=[KIM], profile_id=3, last_digits="0001", name="н 3"),
            lambda row: (
                KIM in (row["user_id"], row["given_by"])
                or row["profile_id"] == 3
                or row["id"] % 4 == 1
                or row["profile_name"].startswith("Магазин 3")
            ),
        ),
        (Sought(), lambda _row: False),
    ],
)
@pytest.mark.parametrize("own", [None, ANA.user_id, MAI.user_id, 4711])
async def test_what_fits_is_found_page_by_page_and_back(
    log: SqlStore, sought: Sought, fits: Fits, own: int | None
) -> None:
    whose = [row for row in rows() if own is None or own in (row["user_id"], row["given_by"])]
    wanted = [row["id"] for row in whose if fits(row)][::-1]

    async def find(**turn: int) -> FoundPage:
        return await log.read(lambda work: work.log_search.find(sought, user_id=own, size=SIZE, **turn))

    read = (await find()).page
    found = [row.id for row in read.rows]
    assert not read.newer
    while read.older:
        read = (await find(before=read.rows[-1].id)).page
        assert read.newer
        found += [row.id for row in read.rows]
    assert found == wanted
    back = [row.id for row in read.rows]
    while read.newer:
        read = (await find(after=read.rows[0].id)).page
        back = [row.id for row in read.rows] + back
    assert back == wanted


async def test_names_are_looked_at_in_the_newest_rows_only_which_is_told(
    log: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.log_search.LOOKED_THROUGH", 12)

    async def find(own: int | None, size: int = 50) -> tuple[list[int], bool]:
        found = await log.read(lambda work: work.log_search.find(Sought(name="магазин"), user_id=own, size=size))
        return [row.id for row in found.page.rows], found.partly

    assert await find(None) == (list(range(30, 18, -1)), True)
    assert await find(KIM) == ([number for number in range(30, 0, -1) if number % 5 in (1, 4)], False)
    theirs = [number for number in range(30, 0, -1) if number % 5 in (0, 1, 2)]
    assert await find(ANA.user_id) == (theirs[:12], True)


def put_many(file: Path) -> None:
    """All imports are Ana's, of codes that Kim gave, but the first, which Mai gave; the other way round for Mai."""
    put_database(file)
    noon = "'2026-03-01 12:00:00.000000'"
    card = "1001, 1001, 'en', 0, 1, 1"
    of_card = "user_id, chat_id, language, below, revision, shown_revision"
    many = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {COUNT})"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            f"INSERT INTO drafts (id, {of_card}, state, takes_text, answers, created_at, updated_at)"
            f" VALUES (1, {card}, 'confirmed', 0, '{{}}', {noon}, {noon})"
        )
        connection.execute(
            f"INSERT INTO batches (id, {of_card}, draft_id, confirmed_at, waited, announced)"
            f" VALUES (1, {card}, 1, {noon}, 0, 0)"
        )
        connection.execute(
            f"{many} INSERT INTO imports (user_id, user_name, chat_id, code_mask, code_hash, key_lost, proxy,"
            " proxy_choice, bypass, note, status, draft_id, batch_id, station, profile_id, profile_name, error_message,"
            " waiting_since, held, cancel_wanted, without_proxy, attempts, unanswered, restricted, created_at,"
            " given_by, handoff_id)"
            f" SELECT {ANA.user_id}, 'Ana', 1001, printf('0000••••-••••%04d', i % 10000), randomblob(16), 0, 'keep',"
            f" '{{\"kind\": \"keep\"}}', '[]', '', 'imported', 1, 1, '{STATION}', i, 'Shop', '', {noon}, 0, 0, 0, 0,"
            f" 0, 0, {noon}, CASE i WHEN 1 THEN {MAI.user_id} ELSE {KIM} END, 1 FROM n"
        )


async def test_every_look_goes_by_an_index_and_ends_after_a_few_rows(tmp_path: Path) -> None:
    put_many(tmp_path / "bot.db")
    database = await unlocked(f"sqlite:///{tmp_path / 'bot.db'}")
    store = SqlStore(database)
    every = Sought([ANA.user_id, MAI.user_id, KIM], 7, "0007", "0000", "hop")

    def look(work: SqlWork) -> None:
        for own in (None, ANA.user_id, MAI.user_id):
            for sought in (every, Sought(user_ids=[KIM]), Sought(profile_id=7), Sought(last_digits="0007")):
                for turn in ({}, {"before": MIDDLE}, {"after": MIDDLE}):
                    work.log_search.find(sought, user_id=own, size=6, **turn)

    with captured(database) as statements:
        await store.read(look)
    found = plans(tmp_path / "bot.db", statements)
    await database.close()
    steps = [(statement, step) for statement, plan in found.items() for step in plan]
    used = " ".join(step for _, step in steps)
    for index in (
        "ix_imports_user (user_id=?",
        "ix_imports_given_by (given_by=?",
        "ix_imports_handed (user_id=? AND given_by=?",
        "ix_imports_profile_id (profile_id=?",
        "ix_imports_last_digits (<expr>=?",
    ):
        assert index in used
    whole = {step for statement, step in steps if step.startswith("SCAN imports") and "profile_name" not in statement}
    assert whole == set()
    # What is sorted are a few rows of each part: no part has to be sorted before it can end.
    for plan in found.values():
        for place, step in enumerate(plan):
            if step.startswith("SEARCH imports"):
                assert not any(after.startswith("USE TEMP B-TREE FOR ORDER") for after in plan[place + 1 : place + 2])
