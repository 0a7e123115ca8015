"""What hangs is seen, whichever loop it is, and the process ends with 1, to be started again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
import tempfile
from pathlib import Path

import pytest

from bot.domain.draft import Step
from tests.end_to_end.office import Office, asked
from tests.end_to_end.process import PATIENCE, environment, sabotage
from tests.end_to_end.test_disk import locked

NOT_RIGHT = 1

#: The times of a running program, shortened. The rest is as it is in one.
SHORT = """
import asyncio, datetime, sys, threading, time
import bot.sign_of_life
import bot.watch
from bot.watch import WatchTimes

bot.watch.TIMES = WatchTimes(look_every=0.5, silent_for=3.0, stand_still=10.0, end_within=1.0, no_look_for=7.0)
bot.sign_of_life.OLD_AFTER = datetime.timedelta(seconds=2.5)

async def hang(*_, **__):
    await asyncio.Event().wait()
"""

#: What hangs, and how the process calls it.
LOOPS = {
    "sending": "from bot.station.sender import Sender; Sender._step = hang",
    "checking": "from bot.station.verifier import Verifier; Verifier._step = hang",
    "looking names up": "from bot.station.profile_names import ProfileNames; ProfileNames._step = hang",
    "setting links": "from bot.station.extraction_links import ExtractionLinkSetter as It; It._step = hang",
    "reading lists": "from bot.station.list_publisher import ListPublisher; ListPublisher._step = hang",
    "making groups": "from bot.station.group_creator import GroupCreator; GroupCreator._step = hang",
    "presenter": "from bot.chat.presenter import Presenter; Presenter._sweep = hang",
    "feed": "from bot.chat.feed.teller import FeedTeller; FeedTeller._tell = hang",
    "housekeeping": "from bot.storage.housekeeping import Housekeeping; Housekeeping.tidy = hang",
    "polling monitor": """
from bot.chat import polling_monitor
polling_monitor.EVERY = 0.1
polling_monitor.PollingMonitor.look = hang
""",
    "health monitor": "from bot.chat.health.monitor import HealthMonitor; HealthMonitor.look = hang",
    "watching ixBrowser": "from bot.station.browser_watch import BrowserWatch; BrowserWatch._step = hang",
    "daily backup": "import bot.storage.daily_backup as it; it.LOOK_EVERY = 0.1; it.DailyBackup.look = hang",
    "marker": "import bot.storage.marker as it; it.EVERY = 0.1; it.MarkerKeeper.keep = hang",
    "polling of Telegram": "from bot.chat.polling import AckAfterHandlingRequest as It; It._to_be_handled = hang",
}


def faulty(folder: Path, fault: str = "") -> dict[str, object]:
    folder.mkdir(exist_ok=True)
    return sabotage(folder, SHORT + fault)


async def confirm(office: Office) -> None:
    """Have a profile imported."""
    await office.ana.walk((office.browser.offer(), asked(Step.PROXY)), ("[Keep]", "Import this profile?"))
    await office.ana.tap("Import", until="Importing")


@pytest.mark.parametrize("name", LOOPS)
async def test_a_loop_that_hangs_is_seen_and_the_process_ends_with_1(name: str, office: Office, tmp_path: Path) -> None:
    bot = await office.spawn(**faulty(tmp_path / "fault", LOOPS[name]))

    assert await bot.ended() == NOT_RIGHT
    assert f"The bot ends, to be started again: no sign of life of its {name} for " in bot.said


async def test_after_a_hang_the_next_process_tells_admins(office: Office, tmp_path: Path) -> None:
    bot = await office.spawn(**faulty(tmp_path / "fault", LOOPS["housekeeping"]))
    assert await bot.ended() == NOT_RIGHT

    await office.start()
    await office.ana.sees("I have started again after a crash.")


@pytest.mark.parametrize(
    "fault",
    [
        "from bot.chat.showing import Showing; Showing.bring_up_to_date = hang",
        "from bot.chat.reachability import Reachability; Reachability.reached = hang",
    ],
)
async def test_a_message_whose_showing_hangs_is_seen(fault: str, office: Office, tmp_path: Path) -> None:
    bot = await (await office.spawn(**faulty(tmp_path / "fault", fault))).ready()

    office.telegram.say(office.ana.person, "/help")

    assert await bot.ended() == NOT_RIGHT
    assert "no sign of life of its showing in chat" in bot.said


async def test_what_hangs_on_its_way_to_ixbrowser_is_seen_however_long_that_may_take(
    office: Office, tmp_path: Path
) -> None:
    fault = "from bot.ixbrowser.client import LocalApi; LocalApi._send_import = hang"
    bot = await (await office.spawn(**faulty(tmp_path / "fault", fault), IXBROWSER_TIMEOUT=600)).ready()

    await confirm(office)

    assert await bot.ended() == NOT_RIGHT
    assert "no sign of life of its import 1 for " in bot.said


async def test_an_answer_of_ixbrowser_may_be_waited_for_longer_than_a_hang_takes_to_be_seen(
    office: Office, tmp_path: Path
) -> None:
    office.browser.import_seconds = 8.0
    bot = await office.start(**faulty(tmp_path / "fault"), IXBROWSER_TIMEOUT=20)

    await confirm(office)
    await office.ana.sees("Imported")

    assert "no sign of life" not in bot.said


BLOCKED = """
from bot.chat.presenter import Presenter

async def block(*_):
    time.sleep(600)

Presenter._sweep = block
"""
# PyDLL holds the interpreter while it calls: no thread of Python runs meanwhile.
HELD = """
import ctypes
from bot.chat.presenter import Presenter

async def hold(*_):
    ctypes.PyDLL(None).sleep(600)

Presenter._sweep = hold
"""


async def test_an_event_loop_that_is_blocked_is_seen_from_a_thread(office: Office, tmp_path: Path) -> None:
    bot = await office.spawn(**faulty(tmp_path / "fault", BLOCKED))

    assert await bot.ended() == NOT_RIGHT
    assert "The bot ends at once, to be started again: the event loop has been blocked for " in bot.said
    # Where it hangs.
    assert "in block" in bot.said


@pytest.mark.skipif(sys.platform in {"darwin", "win32"}, reason="there the system's own sleep cannot be called so")
async def test_an_interpreter_that_is_held_is_ended_all_the_same(office: Office, tmp_path: Path) -> None:
    bot = await office.spawn(**faulty(tmp_path / "fault", HELD))

    assert await bot.ended() == NOT_RIGHT
    assert "Timeout" in bot.said


async def test_a_thread_of_the_database_that_hangs_is_seen(office: Office, tmp_path: Path) -> None:
    fault = "import bot.storage.housekeeping as it; it._tidy = lambda *_: time.sleep(600)"
    bot = await office.spawn(**faulty(tmp_path / "fault", fault))

    assert await bot.ended() == NOT_RIGHT
    assert "no sign of life of its housekeeping" in bot.said
    assert "The bot ends at once, to be started again: the bot does not end in order." in bot.said


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such pipes")
async def test_a_log_that_nobody_reads_does_not_keep_a_process_that_hangs_from_ending(
    office: Office, tmp_path: Path
) -> None:
    reads, writes = os.pipe()
    os.set_blocking(writes, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(writes, b"." * 4096)
    os.set_blocking(writes, True)
    settings = office.settings | faulty(tmp_path / "fault") | {"LOG_LEVEL": "INFO"}
    bot = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        stdout=writes,
        stderr=writes,
        cwd=office.folder,
        env=environment(office.folder, settings),
    )
    os.close(writes)
    try:
        async with asyncio.timeout(PATIENCE):
            assert await bot.wait() == NOT_RIGHT
    finally:
        with contextlib.suppress(ProcessLookupError):
            bot.kill()
        os.close(reads)


STUCK_AT_THE_END = """
from bot.app import App
from bot.storage.housekeeping import Housekeeping

Housekeeping.tidy = hang

async def close(self):
    time.sleep(600)

App.close = close
"""


async def test_what_does_not_come_to_an_end_in_order_is_ended_at_once(office: Office, tmp_path: Path) -> None:
    bot = await office.spawn(**faulty(tmp_path / "fault", STUCK_AT_THE_END))

    assert await bot.ended() == NOT_RIGHT
    assert "no sign of life of its housekeeping" in bot.said
    assert "The bot ends at once, to be started again: the bot does not end in order." in bot.said


# The clock that goes on while the computer sleeps, and it alone.
ASLEEP = """
from pathlib import Path
with_sleep = bot.watch.with_sleep
bot.watch.with_sleep = lambda: with_sleep() + (3600 if Path("asleep").exists() else 0)
"""


async def test_a_sleep_of_the_computer_is_no_hang_and_the_process_says_so_and_ends_with_1(
    office: Office, tmp_path: Path
) -> None:
    bot = await office.start(**faulty(tmp_path / "fault", ASLEEP))

    (office.folder / "asleep").touch()

    assert await bot.ended() == NOT_RIGHT
    assert "The bot ends, to be started again: the computer has slept, or this process has stood still, for 36" in (
        bot.said
    )
    assert "no sign of life" not in bot.said
    (office.folder / "asleep").unlink()
    await office.start()
    await office.ana.say("/help", until="How to import")
    assert not any("after a crash" in message.text for message in office.ana.chat.messages)


@pytest.mark.skipif(os.name != "posix", reason="there is no systemd")
async def test_a_service_manager_is_told_that_it_starts_serves_lives_and_stops(office: Office, tmp_path: Path) -> None:
    # The name of a socket may have some hundred characters, and that of a test's folder has more.
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(f"{folder}/notify")
        manager.setblocking(False)

        bot = await office.start(**faulty(tmp_path / "fault"), NOTIFY_SOCKET=f"{folder}/notify")
        assert await bot.runs_on(1)
        bot.terminate()
        assert await bot.ended() == 0

        told = []
        with contextlib.suppress(BlockingIOError):
            while True:
                told.append(manager.recv(4096).decode())
    serving = told.index("READY=1\nSTATUS=Serving.")
    assert all(line.startswith("WATCHDOG=1\nEXTEND_TIMEOUT_USEC=") for line in told[:serving])
    assert told[serving + 1 : -1]
    assert set(told[serving + 1 : -1]) == {"WATCHDOG=1"}
    assert told[-1] == "STOPPING=1"


@pytest.mark.long
@pytest.mark.parametrize("away", ["nothing", "telegram", "ixbrowser", "database"])
async def test_what_it_waits_for_may_be_away_for_longer_than_a_hang_takes_to_be_seen(office: Office, away: str) -> None:
    bot = await office.start()
    await office.ana.say("/help", until="How to import")
    with contextlib.ExitStack() as gone:
        office.telegram.down = away == "telegram"
        office.browser.running = away != "ixbrowser"
        if away == "database":
            gone.enter_context(locked(office.database))
        assert await bot.runs_on(80), bot.said
    office.telegram.down = False
    office.browser.running = True
    await office.ana.say("/help", until="How to import")
    assert "no sign of life" not in bot.said
