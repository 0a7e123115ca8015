"""The people who may use the bot, and the updates that have been handled."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.domain.draft import LastChoices, ListedGroup
from bot.domain.proxy import Saved
from bot.storage.database import Database
from bot.storage.tables import handled_updates, users
from bot.storage.updates import SqlUpdates
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.records import Role, User
from bot.usecases.recovery_rows import Misfit
from tests.storage.support import NOW, rows

ANA = User(id=1001, name="Ana", role=None, language="en", time_zone="", last=LastChoices())


async def test_somebody_new_has_a_row_without_a_role(store: SqlStore) -> None:
    assert await store.write(lambda work: work.users.keep(1001, "Ana", "en", NOW)) == ANA

    def look(work: SqlWork) -> None:
        assert work.users.find(1001) == ANA
        assert work.users.find(1002) is None

    await store.read(look)


async def test_a_person_is_kept_as_telegram_describes_them_now(database: Database, store: SqlStore) -> None:
    last = LastChoices(ListedGroup(5, "Shops"), Saved(9, "socks5 203.0.113.7:1080"))

    def change(work: SqlWork) -> None:
        work.users.keep(1001, "Ana", "en", NOW)
        work.users.set_role(1001, Role.MEMBER, 1, NOW)
        work.users.remember(1001, last)
        assert work.users.keep(1001, "Ana María 🌷", "es", NOW).language == "en"

    await store.write(change)
    assert await store.read(lambda work: work.users.find(1001)) == User(
        1001, "Ana María 🌷", Role.MEMBER, "en", "", last
    )
    assert len(await rows(database, users)) == 1


async def test_the_language_is_the_first_that_is_known_until_another_is_chosen(store: SqlStore) -> None:
    def change(work: SqlWork) -> list[str]:
        work.users.set_role(1001, Role.MEMBER, 1, NOW)
        first = [work.users.keep(1001, "Ana", each, NOW).language for each in ("", "vi", "ru")]
        work.users.set_language(1001, "zh-hans")
        work.users.set_time_zone(1001, "Europe/Berlin")
        kept = work.users.keep(1001, "Ana María", "ru", NOW)
        assert work.users.find(1001) == kept
        return [*first, kept.language, kept.time_zone]

    assert await store.write(change) == ["", "vi", "vi", "zh-hans", "Europe/Berlin"]


async def test_a_role_is_given_and_taken_once(store: SqlStore) -> None:
    def change(work: SqlWork) -> None:
        assert not work.users.set_role(1001, None, 1, NOW)
        assert work.users.set_role(1001, Role.MEMBER, 1, NOW)
        assert not work.users.set_role(1001, Role.MEMBER, 1, NOW)
        found = work.users.find(1001)
        assert found is not None
        assert (found.role, found.name) == (Role.MEMBER, "")
        assert work.users.set_role(1001, None, 1, NOW)
        assert not work.users.set_role(1001, None, 1, NOW)

    await store.write(change)


async def test_no_role_counts_while_the_members_of_a_restored_database_are_unconfirmed(store: SqlStore) -> None:
    def role(work: SqlWork) -> Role | None:
        found = work.users.lock_with_role(1001)
        assert found is not None
        assert found[0].role is Role.VIEWER
        return found[1]

    def change(work: SqlWork) -> None:
        assert work.users.lock_with_role(1001) is None
        work.users.keep(1001, "Ana", "en", NOW)
        work.users.set_role(1001, Role.VIEWER, 1, NOW)
        assert role(work) is Role.VIEWER
        work.recoveries.begin(2, Misfit.OLDER, NOW)
        assert role(work) is None
        work.recoveries.confirm_members(2, 1, NOW)
        assert role(work) is Role.VIEWER
        work.recoveries.begin(3, Misfit.OLDER, NOW)
        assert role(work) is None

    await store.write(change)


async def test_those_who_may_are_listed_in_the_order_in_which_they_came(store: SqlStore) -> None:
    def change(work: SqlWork) -> None:
        for number, person in enumerate((30, 10, 20)):
            work.users.keep(person, f"Person {person}", "en", NOW + timedelta(seconds=number))
        work.users.set_role(20, Role.MEMBER, 1, NOW)
        work.users.set_role(30, Role.ADMIN, 1, NOW)
        assert [user.id for user in work.users.list_allowed()] == [30, 20]

    await store.write(change)


async def test_whether_there_is_an_admin_is_known(store: SqlStore) -> None:
    def change(work: SqlWork) -> None:
        work.users.set_role(20, Role.MEMBER, 1, NOW)
        assert not work.users.has_admin()
        work.users.set_role(20, Role.ADMIN, 1, NOW)
        assert work.users.has_admin()

    await store.write(change)


async def test_an_update_is_new_once_whatever_its_number(store: SqlStore) -> None:
    # After a week without updates Telegram's next id is random: a smaller one is as new.
    for update_id in (900, 5, 901, 2**60):

        def change(work: SqlWork, update_id: int = update_id) -> None:
            assert work.updates.is_new(update_id, NOW)
            assert not work.updates.is_new(update_id, NOW)

        await store.write(change)
    assert not await store.write(lambda work: work.updates.is_new(900, NOW))


async def test_an_update_that_comes_twice_at_once_is_handled_once(store: SqlStore) -> None:
    async def handle() -> bool:
        return await store.write(lambda work: work.updates.is_new(7, NOW))

    assert sorted(await asyncio.gather(handle(), handle())) == [False, True]


async def test_old_updates_are_forgotten(database: Database, store: SqlStore) -> None:
    def change(work: SqlWork) -> None:
        work.updates.is_new(1, NOW - timedelta(days=3))
        work.updates.is_new(2, NOW)

    await store.write(change)
    await database.write(lambda connection: SqlUpdates(connection).forget_older_than(NOW - timedelta(days=2)))
    assert [row["update_id"] for row in await rows(database, handled_updates)] == [2]
