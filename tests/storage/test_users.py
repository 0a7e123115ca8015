"""The people who may use the bot, and the updates that have been handled."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.domain.draft import LastChoices, ListedGroup
from bot.domain.proxy import Saved
from bot.storage.database import Database
from bot.storage.tables import handled_updates, users
from bot.storage.updates import SqlUpdates
from bot.storage.work import SqlStore
from bot.usecases.records import Role, User
from tests.storage.support import NOW, rows

ANA = User(id=1001, name="Ana", role=None, language="en", time_zone="", last=LastChoices())


async def test_somebody_new_has_a_row_without_a_role(store: SqlStore) -> None:
    async with store.write() as work:
        assert await work.users.keep(1001, "Ana", "en", NOW) == ANA
    async with store.read() as work:
        assert await work.users.find(1001) == ANA
        assert await work.users.find(1002) is None


async def test_a_person_is_kept_as_telegram_describes_them_now(database: Database, store: SqlStore) -> None:
    last = LastChoices(ListedGroup(5, "Shops"), Saved(9, "socks5 203.0.113.7:1080"))
    async with store.write() as work:
        await work.users.keep(1001, "Ana", "en", NOW)
        await work.users.set_role(1001, Role.MEMBER, 1, NOW)
        await work.users.remember(1001, last)
        await work.users.keep(1001, "Ana María 🌷", "es", NOW)
    async with store.read() as work:
        assert await work.users.find(1001) == User(1001, "Ana María 🌷", Role.MEMBER, "es", "", last)
    assert len(await rows(database, users)) == 1


async def test_a_role_is_given_and_taken_once(store: SqlStore) -> None:
    async with store.write() as work:
        assert not await work.users.set_role(1001, None, 1, NOW)
        assert await work.users.set_role(1001, Role.MEMBER, 1, NOW)
        assert not await work.users.set_role(1001, Role.MEMBER, 1, NOW)
        found = await work.users.find(1001)
        assert found is not None
        assert (found.role, found.name) == (Role.MEMBER, "")
        assert await work.users.set_role(1001, None, 1, NOW)
        assert not await work.users.set_role(1001, None, 1, NOW)


async def test_those_who_may_are_listed_in_the_order_in_which_they_came(store: SqlStore) -> None:
    async with store.write() as work:
        for number, person in enumerate((30, 10, 20)):
            await work.users.keep(person, f"Person {person}", "en", NOW + timedelta(seconds=number))
        await work.users.set_role(20, Role.MEMBER, 1, NOW)
        await work.users.set_role(30, Role.ADMIN, 1, NOW)
        assert [user.id for user in await work.users.list_allowed()] == [30, 20]


async def test_of_several_people_those_with_a_role_are_told(store: SqlStore) -> None:
    async with store.write() as work:
        await work.users.set_role(20, Role.MEMBER, 1, NOW)
        await work.users.set_role(30, Role.ADMIN, 1, NOW)
        await work.users.keep(40, "Sam", "en", NOW)
        assert await work.users.allowed([20, 30, 40, 50]) == {20, 30}
        assert await work.users.allowed([]) == frozenset()


async def test_whether_there_is_an_admin_is_known(store: SqlStore) -> None:
    async with store.write() as work:
        await work.users.set_role(20, Role.MEMBER, 1, NOW)
        assert not await work.users.has_admin()
        await work.users.set_role(20, Role.ADMIN, 1, NOW)
        assert await work.users.has_admin()


async def test_an_update_is_new_once_whatever_its_number(store: SqlStore) -> None:
    # After a week without updates Telegram's next id is random: a smaller one is as new.
    for update_id in (900, 5, 901, 2**60):
        async with store.write() as work:
            assert await work.updates.is_new(update_id, NOW)
            assert not await work.updates.is_new(update_id, NOW)
    async with store.write() as work:
        assert not await work.updates.is_new(900, NOW)


async def test_an_update_that_comes_twice_at_once_is_handled_once(store: SqlStore) -> None:
    async def handle() -> bool:
        async with store.write() as work:
            return await work.updates.is_new(7, NOW)

    assert sorted(await asyncio.gather(handle(), handle())) == [False, True]


async def test_old_updates_are_forgotten(database: Database, store: SqlStore) -> None:
    async with store.write() as work:
        await work.updates.is_new(1, NOW - timedelta(days=3))
        await work.updates.is_new(2, NOW)
    async with database.write() as connection:
        await SqlUpdates(connection).forget_older_than(NOW - timedelta(days=2))
    assert [row["update_id"] for row in await rows(database, handled_updates)] == [2]
