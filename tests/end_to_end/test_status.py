"""``transfer-bot status``: what ``/status`` shows, beside a bot that runs and after it."""

from __future__ import annotations

import asyncio
from typing import Any

from bot import __version__
from tests.end_to_end.office import KEY, Office
from tests.end_to_end.process import Ended, run

OK, NOT_RIGHT = 0, 1
NO_ERROR = "Errors today: none"


async def status(office: Office) -> Ended:
    settings: dict[str, Any] = office.settings | {"LOG_LEVEL": "INFO"}
    return await asyncio.to_thread(lambda: run(office.folder, "status", **settings))


async def test_it_shows_what_the_chat_shows(office: Office) -> None:
    bot = await office.start()
    # ixBrowser is looked at beside everything else.
    async with asyncio.timeout(30):
        while "running and logged in" not in (said := await office.ana.say("/status", until="Status, ")).text:
            pass
    shown = said.text.splitlines()

    done = await status(office)

    assert (done.status, done.err) == (OK, "")
    lines = done.out.splitlines()
    assert lines[0].startswith("Status, ")
    # Times are the reader's, and what is noted is up to half a minute old.
    assert lines[1].startswith(f"Version {__version__}, up since ")
    assert lines[2].startswith("ixBrowser: running and logged in, answers in ")
    assert shown[3] == "Telegram: reached"
    assert [lines[4], *lines[6:8]] == [shown[4], *shown[6:8]] == ["Queue: empty", "Last backup: none yet", NO_ERROR]
    assert lines[-1].startswith("On this computer: running since ")

    bot.terminate()
    assert await bot.ended() == OK
    lines = (await status(office)).out.splitlines()
    assert lines[1].startswith(f"Version {__version__}, stopped since ")
    assert lines[-1] == "On this computer: not running: it has given no sign of life"


async def test_without_a_database_it_says_so(office: Office) -> None:
    office.database.unlink()

    done = await status(office)

    assert (done.status, done.out) == (NOT_RIGHT, "")
    sentence = "The status can't be read: there is no database yet: start the bot once before."
    assert done.err == f"{sentence} The bot of this computer is not running: it has given no sign of life.\n"


async def test_with_a_server_that_is_away_it_says_so_and_whether_the_bot_runs(office: Office) -> None:
    await office.start()
    office.settings |= {"DATABASE_URL": "postgresql://a:b@127.0.0.1:1/c", "ENCRYPTION_KEY": KEY}

    done = await status(office)

    assert (done.status, done.out) == (NOT_RIGHT, "")
    assert "The status can't be read: " in done.err
    assert ". The bot of this computer is running since " in done.err


async def test_after_a_crash_the_next_process_tells_admins(office: Office) -> None:
    bot = await office.start()
    await office.ana.say("/help", until="How to import")
    bot.kill()
    await bot.ended()

    await office.start()

    await office.ana.sees("I have started again after a crash.")
