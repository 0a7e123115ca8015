"""Many wrong codes of one person within an hour are told to admins, once."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.import_events import Answered
from bot.domain.outcome import Refused
from bot.storage.database import Database
from bot.storage.shared_cards import shared_cards
from bot.storage.work import SqlStore
from bot.usecases import import_queue
from bot.usecases.records import Place, Role
from bot.usecases.wrong_codes import MOST, WITHIN
from tests.storage.support import ANA, MAI, NOW, confirmed, draft_of, rows

SETTINGS_ADMIN, BOSS = 41, 42
MINUTE = timedelta(minutes=1)


class Station:
    """Of one database, to which codes are sent that it refuses at some time."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.count = 0

    def store(self, now: datetime) -> SqlStore:
        return SqlStore(self.database, now=lambda: now, admins=frozenset({SETTINGS_ADMIN}))

    async def refuse(self, count: int, where: Place = ANA, *, at: datetime = NOW, error: int = 110002) -> None:
        """So many codes of somebody are sent and refused."""
        # A store of its own each time, as after a restart.
        store = self.store(at)
        for _ in range(count):
            self.count += 1
            batch = await confirmed(store, draft_of(f"{self.count:08}-27182818"), where)
            row = await store.write(import_queue.claim, batch.rows[0].id)
            assert row is not None
            await store.write(import_queue.record, row.id, Answered(1, Refused(error, "no"), at))

    async def told(self) -> list[tuple[int, int]]:
        """Whom, and of which row: in the order of the rows."""
        found = [(row["subject_id"], row["chat_id"]) for row in await rows(self.database, shared_cards)]
        return sorted(found)


async def test_more_than_twenty_within_an_hour_are_told_to_every_admin_once_an_hour(database: Database) -> None:
    station = Station(database)
    await station.store(NOW).write(lambda work: work.users.set_role(BOSS, Role.ADMIN, SETTINGS_ADMIN, NOW))
    await station.refuse(MOST)
    assert await station.told() == []
    await station.refuse(1, at=NOW + MINUTE)
    first = [(1, SETTINGS_ADMIN), (1, BOSS)]
    assert await station.told() == first
    await station.refuse(5, at=NOW + 59 * MINUTE)
    assert await station.told() == first

    # An hour later it is told again where there are so many again.
    later = NOW + MINUTE + WITHIN
    await station.refuse(MOST - 5, at=later - MINUTE)
    await station.refuse(1, at=later)
    assert await station.told() == [*first, (2, SETTINGS_ADMIN), (2, BOSS)]


async def test_what_is_spread_over_hours_or_people_or_is_no_wrong_code_is_not_told(database: Database) -> None:
    station = Station(database)
    for hours in range(3):
        await station.refuse(MOST, at=NOW + hours * (WITHIN + MINUTE))
        await station.refuse(MOST, MAI, at=NOW + hours * (WITHIN + MINUTE))
    await station.refuse(5, error=1014, at=NOW + 2 * (WITHIN + MINUTE))
    assert await station.told() == []
