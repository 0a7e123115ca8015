"""One bot a database, one hub, one process a station: the program beside itself, succeeded, and moved."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.domain.draft import Step
from tests.end_to_end.ixbrowser import WatchedIxBrowser
from tests.end_to_end.office import Office, asked, open_office
from tests.end_to_end.process import PATIENCE, RUNNING, BotProcess, Ended, run, sabotage
from tests.standins.telegram import FakeTelegram
from tests.support.postgresql import own_server
from tests.support.postgresql_databases import Databases
from tests.support.postgresql_proxy import SilentWay, opened
from tests.support.world import ADMIN

NOT_RIGHT, WRONG_SETTING, ALREADY_RUNNING = 1, 2, 3
CONFIRM = "Import this profile?"
#: The real times are for people's networks.
QUICK = """
import bot.storage.server_lock as lock
lock.TIMES = lock.LockTimes(beat_every=0.2, patience=2.0, old_after=3.0, again=0.1)
"""
#: Seconds within which whoever comes after a process whose session the server still holds has its lock.
SUCCEEDS_WITHIN = 30.0
SUPERSEDED = "another process has taken the database over"


def quick(folder: Path) -> dict[str, object]:
    (folder / "quick").mkdir()
    return sabotage(folder / "quick", QUICK)


@pytest.fixture
def database(postgresql: Databases) -> Iterator[str]:
    url = postgresql.make()
    yield url
    postgresql.drop(url)


@asynccontextmanager
async def computers(
    folder: Path, *urls: str, settings: Callable[[Path], dict[str, object]] = quick
) -> AsyncIterator[list[Office]]:
    """As many computers as there are URLs, with one station's name, one ixBrowser account and one bot."""
    telegram, browser = FakeTelegram(), WatchedIxBrowser()
    async with AsyncExitStack() as stack:
        offices = []
        for number, url in enumerate(urls):
            (folder / str(number)).mkdir()
            office = await stack.enter_async_context(open_office(folder / str(number), telegram, browser, url))
            office.settings |= {"STATION": "office", "ADMIN_IDS": ADMIN, **settings(office.folder)}
            offices.append(office)
        yield offices


async def command(office: Office, *arguments: str, **changes: object) -> Ended:
    settings: dict[str, Any] = {**office.settings, "COLUMNS": 500, **changes}
    done = await asyncio.to_thread(run, office.folder, *arguments, **settings)
    assert "Traceback" not in done.out + done.err
    return done


async def waiting_import(office: Office) -> str:
    """An import that Ana has confirmed while nobody was logged in to ixBrowser; its code."""
    code = office.browser.offer("Shop Berlin")
    await office.ana.walk((code, asked(Step.PROXY)), ("[Keep]", CONFIRM))
    office.browser.logged_in = False
    await office.ana.tap("Import", until="logged out")
    return code


# --- one process ------------------------------------------------------------------------------------------------------


async def test_a_second_process_is_refused_and_one_that_comes_after_a_kill_serves(
    tmp_path: Path, database: str
) -> None:
    async with computers(tmp_path, database, database) as (one, other):
        bot = await one.start()
        second = await other.spawn()
        assert await second.ended() == ALREADY_RUNNING
        assert second.said.splitlines()[-1].startswith(
            "Another transfer-bot, maybe on another computer, already serves"
        )
        await one.ana.say("/help", until="How to import")
        assert bot.running
        bot.kill()
        await other.start()
        await one.ana.say("/help", until="How to import")


async def stopped_and_succeeded(one: Office, other: Office) -> float:
    """A process is stopped with an import to send, succeeded, and goes on; the seconds that its successor needed."""
    bot = await one.start()
    code = await waiting_import(one)
    bot.send(signal.SIGSTOP)
    before = len(one.browser.imports)
    one.browser.logged_in = True
    one.browser.import_seconds = 1.0
    began = time.monotonic()
    await (await other.spawn()).says(RUNNING, SUCCEEDS_WITHIN + PATIENCE)
    needed = time.monotonic() - began
    # On another computer the database is not the one that was served there last.
    await one.ana.press("Go on")
    await one.browser.asked(lambda: len(one.browser.imports) > before, PATIENCE)
    bot.send(signal.SIGCONT)
    assert await bot.ended() == NOT_RIGHT
    assert SUPERSEDED in bot.said
    await one.ana.sees("Shop Berlin")
    assert len(one.browser.imports) - before == one.browser.made[code] == 1
    return needed


async def test_a_process_that_was_stopped_for_longer_than_any_patience_sends_nothing_and_ends(
    tmp_path: Path, database: str
) -> None:
    async with computers(tmp_path, database, database) as (one, other):
        await stopped_and_succeeded(one, other)


@pytest.mark.long
async def test_so_it_is_with_the_times_of_a_running_program(tmp_path: Path, database: str) -> None:
    async with computers(tmp_path, database, database, settings=lambda _: {}) as (one, other):
        assert await stopped_and_succeeded(one, other) < SUCCEEDS_WITHIN


@pytest.mark.long
async def test_whoever_comes_after_a_process_whose_session_the_server_still_holds_serves_in_time(
    tmp_path: Path,
) -> None:
    with own_server(tcp=True, durable=True) as server:
        way = SilentWay(server.url())
        async with opened(way), computers(tmp_path, way.url, server.url(), settings=lambda _: {}) as (one, other):
            bot = await one.start()
            way.closed = True
            assert way.fall_silent()
            bot.kill()
            began = time.monotonic()
            await (await other.spawn()).says(RUNNING, SUCCEEDS_WITHIN + PATIENCE)
            assert time.monotonic() - began < SUCCEEDS_WITHIN


# --- one bot ----------------------------------------------------------------------------------------------------------


async def test_another_bot_is_refused_until_the_database_is_moved_to_it(tmp_path: Path) -> None:
    browser, old = WatchedIxBrowser(), FakeTelegram()
    new = FakeTelegram("7000000002:AAF-another-bot-of-the-same-team-00")
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    async with (
        open_office(tmp_path / "old", old, browser, url) as before,
        open_office(tmp_path / "new", new, browser, url) as after,
    ):
        bot = await before.start()
        code = await waiting_import(before)
        bot.terminate()
        assert await bot.ended() == 0

        refused = await command(after, "run")
        assert refused.status == ALREADY_RUNNING
        sentence = "The database belongs to the bot 7000000001, and TELEGRAM_TOKEN is that of the bot 7000000002: "
        assert f"\n{sentence}" in refused.err
        checked = await command(after, "check")
        assert checked.status == NOT_RIGHT
        assert any("TO DO" in line and sentence in line for line in checked.out.splitlines())

        moved = await command(after, "rebind")
        assert moved.status == 0
        assert "The database belongs to the bot 7000000002 from now on." in moved.err.splitlines()
        browser.logged_in = True
        bot = await after.start()
        await after.ana.sees("Shop Berlin")
        assert browser.made[code] == 1
        assert (await command(after, "rebind")).status == ALREADY_RUNNING


# --- one station ------------------------------------------------------------------------------------------------------


async def test_what_waits_for_a_station_under_another_name_is_taken_over_by_a_command(
    tmp_path: Path, database: str
) -> None:
    async with computers(tmp_path, database) as (office,):
        bot = await office.start(STATION="old pc")
        code = await waiting_import(office)
        office.browser.logged_in = True
        await _stopped(bot)

        bot = await office.start()
        said = "Waiting for the station old pc, which is not running: 1 import. If this computer is to go on with that,"
        assert f'{said} stop the bot and call: transfer-bot station take "old pc"' in bot.said
        refused = await command(office, "station", "take", "old pc", TELEGRAM_TOKEN=f"7000000001:{'a' * 35}")
        assert (refused.status, "station office" in refused.err) == (ALREADY_RUNNING, True)
        await _stopped(bot)
        assert office.row(code)["status"] == "queued"

        assert (await command(office, "station", "take", "office")).status == WRONG_SETTING
        taken = await command(office, "station", "take", "old pc")
        assert taken.status == 0
        assert "Taken over from the station old pc by the station office: 1 import." in taken.err.splitlines()
        bot = await office.start()
        assert "Waiting for the station" not in bot.said
        await office.ana.sees("Shop Berlin")


async def _stopped(bot: BotProcess) -> None:
    bot.terminate()
    assert await bot.ended() == 0
