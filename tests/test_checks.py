"""``transfer-bot check``: each part that is right, and what is said of each that is not."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.checks import check
from bot.process_lock import hold
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.migrate import bring_up_to_date, migrate
from bot.storage.unlocking import unlock
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.rebinding import serve_as
from bot.usecases.records import Role
from bot.usecases.unreachable import Unreachable, Why
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_faults import refusal
from tests.standins.telegram import FakeTelegram
from tests.support.http_ixbrowser import ServedIxBrowser, served
from tests.support.http_telegram import HttpTelegram
from tests.support.world import ADMIN, settings_for

RIGHT, NOT_RIGHT = 0, 1


class Place:
    """Both systems over HTTP, and what ``check`` says of them in a terminal."""

    def __init__(
        self, folder: Path, telegram: HttpTelegram, station: ServedIxBrowser, said: pytest.CaptureFixture[str]
    ) -> None:
        self.folder = folder
        self.telegram = telegram
        self.station = station
        self.file = folder / "bot.db"
        self._said = said

    def settings(self, **changes: object) -> Settings:
        urls = {"telegram_api_url": self.telegram.origin, "ixbrowser_url": self.station.url}
        return settings_for(self.folder, **urls | changes)

    async def check(self, **changes: object) -> tuple[int, dict[str, str]]:
        """The exit status, and each part's line as ``ok: ...`` or ``TO DO: ...``; its warning beside it."""
        status = await check(self.settings(**changes))
        rows = re.findall(r"^(ok|TO DO|warning) +(\w+) +(.*?) *$", self._said.readouterr().out, re.MULTILINE)
        return status, {
            (f"{name} warning" if state == "warning" else name): text if state == "warning" else f"{state}: {text}"
            for state, name, text in rows
        }

    async def make(self, **changes: object) -> None:
        """Make the database as the bot makes it."""
        database = Database(self.settings(**changes).database_url.get_secret_value(), "office")
        await bring_up_to_date(database)
        await database.close()


@pytest.fixture
async def place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Place]:
    # Wide enough for a path of any length.
    monkeypatch.setenv("COLUMNS", "500")
    browser = FakeIxBrowser()
    async with served(browser) as station, HttpTelegram(FakeTelegram()) as telegram:
        yield Place(tmp_path, telegram, station, capsys)


async def test_when_all_is_right_every_line_says_so(place: Place) -> None:
    place.station.browser.add_group("Shops")
    await place.make()

    status, lines = await place.check()

    assert status == RIGHT
    assert lines == {
        "Settings": "ok: all readable; this computer is called office",
        "Telegram": "ok: the token is accepted, the bot is @transfer_demo_bot",
        "ixBrowser": "ok: running and logged in, 2 groups",
        "Database": f"ok: {place.file}, up to date",
    }


async def test_a_database_that_is_not_there_yet_is_right_and_stays_away(place: Place) -> None:
    status, lines = await place.check()

    assert status == RIGHT
    assert lines["Database"] == f"ok: will be made at {place.file}"
    assert not place.file.exists()


async def test_an_older_database_is_right_and_stays_as_it_is(place: Place) -> None:
    await place.make()
    database = Database(place.settings().database_url.get_secret_value(), "office")
    await unlock(database)
    await migrate(database, "base")
    await database.close()

    status, lines = await place.check()

    assert status == RIGHT
    assert lines["Database"] == f"ok: {place.file}, will be brought up to date when the bot starts"
    with contextlib.closing(sqlite3.connect(place.file)) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'imports'").fetchone() == (0,)


async def test_a_database_that_is_served_now_is_right_and_told(place: Place) -> None:
    await place.make()
    with hold(place.settings()):
        status, lines = await place.check()

    assert status == RIGHT
    assert lines["Database"] == f"ok: {place.file}, up to date, served by a bot now"


async def test_admins_who_cannot_be_told_anything_are_named_with_what_they_have_to_do(place: Place) -> None:
    await place.make()
    database = Database(place.settings().database_url.get_secret_value(), "office")
    await unlock(database)

    def change(work: SqlWork) -> None:
        for user_id, role in ((1002, Role.ADMIN), (1003, Role.MEMBER)):
            work.users.keep(user_id, f"Person {user_id}", "en", work.now)
            work.users.set_role(user_id, role, 1, work.now)
        for user_id, why in ((ADMIN, Why.NEVER_STARTED), (1002, Why.BLOCKED), (1003, Why.BLOCKED)):
            work.unreachable.note(Unreachable(user_id, work.now, why))

    await SqlStore(database).write(change)
    status, lines = await place.check()
    assert status == RIGHT
    assert lines["Admins warning"] == f"{ADMIN} has never started the bot: ask them to open it and press Start"

    await SqlStore(database).write(lambda work: work.unreachable.forget(ADMIN))
    _, lines = await place.check()
    assert lines["Admins warning"] == "Person 1002 (1002) has blocked the bot: ask them to open it and press Restart"
    await database.close()


async def test_a_database_of_another_bot_is_told_and_stays_its(place: Place) -> None:
    await place.make()
    database = Database(place.settings().database_url.get_secret_value(), "office")
    await unlock(database)
    await SqlStore(database).write(serve_as, 1111)

    status, lines = await place.check()

    assert status == NOT_RIGHT
    assert lines["Database"].startswith("TO DO: The database belongs to the bot 1111, and TELEGRAM_TOKEN is that of")
    assert await SqlStore(database).read(lambda work: work.owner.bot_id()) == 1111
    await database.close()


async def test_a_newer_database_is_told(place: Place) -> None:
    await place.make()
    with contextlib.closing(sqlite3.connect(place.file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()

    status, lines = await place.check()

    assert status == NOT_RIGHT
    assert lines["Database"].startswith("TO DO: the database was written by a newer version of this program")


async def test_a_file_that_is_no_database_is_told(place: Place) -> None:
    place.file.write_text("a shopping list, long enough to be looked at as a database" * 10)

    status, lines = await place.check()

    assert status == NOT_RIGHT
    assert lines["Database"] == "TO DO: the file in DATABASE_URL is not a database"


@pytest.mark.parametrize("there", [True, False])
async def test_no_admin_anywhere_is_told(place: Place, there: bool) -> None:
    if there:
        await place.make()

    status, lines = await place.check(admin_ids=frozenset())

    assert status == NOT_RIGHT
    assert lines["Database"].startswith("TO DO: ADMIN_IDS is missing")


async def test_an_admin_in_the_database_is_enough(place: Place) -> None:
    await place.make()
    with contextlib.closing(sqlite3.connect(place.file)) as connection:
        connection.execute(
            "INSERT INTO users (id, name, role, language, time_zone, created_at)"
            " VALUES (7, 'Ana', 'admin', '', '', '2026-01-01')"
        )
        connection.commit()

    status, _ = await place.check(admin_ids=frozenset())

    assert status == RIGHT


async def test_a_token_that_is_not_accepted_is_told(place: Place) -> None:
    status, lines = await place.check(telegram_token="7000000001:AAF-no-longer-the-right-one-0000000")

    assert status == NOT_RIGHT
    assert lines["Telegram"].startswith("TO DO: TELEGRAM_TOKEN is not accepted by Telegram")
    assert lines["ixBrowser"].startswith("ok")


async def test_telegram_out_of_reach_is_told(place: Place) -> None:
    await place.telegram.stop()

    status, lines = await place.check()

    assert status == NOT_RIGHT
    assert lines["Telegram"].startswith("TO DO: can't be reached")
    assert "look at the network, and at TELEGRAM_API_URL" in lines["Telegram"]

    _, lines = await place.check(telegram_proxy="http://127.0.0.1:1")

    assert "and at TELEGRAM_API_URL and TELEGRAM_PROXY" in lines["Telegram"]


async def test_ixbrowser_that_does_not_run_is_told(place: Place) -> None:
    await place.station.stop()

    status, lines = await place.check()

    assert status == NOT_RIGHT
    assert lines["ixBrowser"] == (
        f"TO DO: not running: nothing answers at 127.0.0.1, port {place.station.port}. Start ixBrowser on this"
        " computer, and log in; if its settings show another port, write that one into IXBROWSER_URL"
    )


async def test_ixbrowser_that_does_not_run_on_another_computer_is_told(place: Place) -> None:
    # An address that is this computer's, and does not look like it.
    status, lines = await place.check(ixbrowser_url="http://ip6-localhost:1")

    assert status == NOT_RIGHT
    assert lines["ixBrowser"].startswith(
        ("TO DO: nothing answers at ip6-localhost, port 1. ", "TO DO: no computer called ip6-")
    )


async def test_a_computer_that_there_is_not_is_told(place: Place) -> None:
    status, lines = await place.check(ixbrowser_url="http://no-such-computer.invalid:53200")

    assert status == NOT_RIGHT
    assert (
        lines["ixBrowser"] == "TO DO: no computer called no-such-computer.invalid can be found: look at IXBROWSER_URL"
    )


async def test_ixbrowser_that_is_logged_out_is_told(place: Place) -> None:
    place.station.browser.logged_in = False

    status, lines = await place.check()

    assert status == NOT_RIGHT
    assert lines["ixBrowser"] == "TO DO: running, but logged out: log in to ixBrowser"


async def test_ixbrowser_that_refuses_is_told_with_its_reason(place: Place) -> None:
    place.station.browser.fail("group-list", refusal(1005))

    status, lines = await place.check()

    assert status == NOT_RIGHT
    assert lines["ixBrowser"].startswith("TO DO: running, but it refuses (1005: The current version is too low")


async def test_something_else_at_ixbrowsers_address_is_told(place: Place) -> None:
    status, lines = await place.check(ixbrowser_url=place.telegram.origin)

    assert status == NOT_RIGHT
    port = place.telegram.origin.rpartition(":")[2]
    assert lines["ixBrowser"].startswith(f"TO DO: what answers at 127.0.0.1, port {port} is not ixBrowser but ")
    assert "IXBROWSER_URL" in lines["ixBrowser"]


async def test_what_is_odd_about_the_settings_is_told(place: Place) -> None:
    status, lines = await place.check(warnings=(".env can be read by others.",))

    assert status == NOT_RIGHT
    assert lines["Settings"] == "TO DO: .env can be read by others."


async def test_an_address_that_passwords_travel_to_readable_is_a_warning_and_right(place: Place) -> None:
    _, lines = await place.check(ixbrowser_url="http://no-such-computer.invalid:53200")

    assert lines["Settings"] == "ok: all readable; this computer is called office"
    assert lines["Settings warning"].startswith("IXBROWSER_URL begins with http:// and names another computer")
