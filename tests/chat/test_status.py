"""``/status`` on the screen: a line for each part, Refresh, and for admins alone, in private."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import __version__
from bot.chat.health import texts
from bot.chat.health.handlers import day_begun
from bot.chat.translator import plain, translator
from bot.domain.import_state import Status
from bot.usecases.health import HealthStatus, note_failure
from bot.usecases.health_rows import BrowserHealth, BrowserState, Disk, Failure, HubHealth, Queue
from tests.support.chatting import GROUP, failing_changes, labels, ready_to_import, timed
from tests.support.world import World

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
HUB = HubHealth("1.2", NOW - HOUR, NOW, telegram_at=NOW, disk=Disk(50 * 2**30, 200 * 2**30))
READY = BrowserHealth("office", BrowserState.READY, NOW - HOUR, NOW, 12)


def lines(**changes: object) -> list[str]:
    """What is said of this, in UTC and without marks."""
    known = {"now": NOW, "hub": HUB, "browsers": [READY], "queue": Queue({}), "database_bytes": 3 * 2**20}
    known |= {"failure_count": 0, "failures": []} | changes
    said = texts.status(translator("en"), HealthStatus(**known), "UTC")  # type: ignore[arg-type]
    return plain(type(said)(re.sub("<[^>]+>", "", said))).splitlines()


async def test_everything_that_is_known_stands_on_one_card(world: World) -> None:
    await world.say("/timezone UTC")
    card = await world.say("/status")
    said = card.text.splitlines()
    assert said[0].startswith("Status, ")
    assert said[1].startswith(f"Version {__version__}, up since ")
    assert re.fullmatch(r"ixBrowser: running and logged in, answers in \d+ ms", said[2])
    assert said[3] == "Telegram: reached"
    assert said[4] == "Queue: empty"
    assert re.fullmatch(r"Database: \d+ MB; disk: [\d,]+ [MG]B of [\d,]+ [MG]B free", said[5])
    assert said[6] == "Last backup: none yet"
    assert said[7] == "Errors today: none"
    assert labels(card)[0] == "Refresh"


async def test_refresh_shows_what_is_now(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, _):
        card = await world.say("/status")
        await ready_to_import(world, world.browser.offer())
        world.browser.running = False
        await world.tap("✅ Import")
        await world.tap("Refresh", message=card)
        [message] = [each for each in world.telegram.chat(world.ana.id).messages if "Status" in each.text]
        assert re.search(r"^Queue: 1 waits; the oldest since ", message.text, re.MULTILINE)


async def test_to_refresh_what_has_not_changed_shows_the_same(world: World) -> None:
    card = await world.say("/status")
    for _ in range(3):
        await world.tap("Refresh", message=card)
    shown = [each for each in world.telegram.chat(world.ana.id).messages if each.from_bot]
    assert len([each for each in shown if "Status" in each.text]) == 1
    assert "Errors today: none" in card.text


async def test_an_error_is_counted_with_the_reference_that_its_person_was_told(world: World) -> None:
    with failing_changes(world, RuntimeError("secret-value-of-somebody"), times=1):
        world.telegram.say(world.ana, "/help")
        await world.telegram.handled()
    told = re.search(r"this reference: ([0-9a-f]{6})", world.newest(world.ana.id).text)
    assert told is not None
    status = (await world.say("/status")).text
    assert "Errors today: 1. The log says more under these references:" in status
    assert told[1] in status
    assert "secret-value" not in status


async def test_errors_are_those_of_the_reader_s_day(world: World) -> None:
    await world.app.store.write(note_failure, "abcdef")
    assert "abcdef" in (await world.say("/status")).text
    before = datetime.now(UTC) - timedelta(days=2)
    await world.app.store.write(lambda work: work.health.note_failure(Failure(before, "000000")))
    assert "000000" not in (await world.say("/status")).text


def test_the_day_begins_where_the_reader_is() -> None:
    moment = datetime(2026, 3, 1, 22, tzinfo=UTC)
    assert day_begun(moment, "UTC") == datetime(2026, 3, 1, tzinfo=UTC)
    assert day_begun(moment, "Asia/Tokyo") == datetime(2026, 3, 1, 15, tzinfo=UTC)


async def test_in_a_group_chat_nothing_of_it_is_shown(world: World) -> None:
    group = world.telegram.add_group(GROUP, "Team")
    await world.rest()
    assert "Send me /status in private." in (await world.say("/status", chat=group)).text


async def test_members_are_told_that_it_is_not_for_them(world: World) -> None:
    await world.let_in(world.mai)
    assert "Version" not in (await world.say("/status", world.mai)).text


async def test_a_stranger_is_shown_nothing_of_it(world: World) -> None:
    said = (await world.say("/status", world.mai)).text
    assert not any(word in said for word in ("Version", "ixBrowser", "Database"))


# --- each line --------------------------------------------------------------------------------------------------------


def test_of_a_bot_that_does_not_run_is_said_since_when() -> None:
    assert lines(hub=None)[1] == "I have never run with this database."
    ended = HubHealth("1.2", NOW - HOUR, NOW - HOUR, ended=True)
    assert lines(hub=ended)[1] == "Version 1.2, stopped since 1 Mar 11:00"
    silent = HubHealth("1.2", NOW - HOUR, NOW - HOUR)
    assert lines(hub=silent)[1] == "Version 1.2, no sign of life since 1 Mar 11:00"
    assert lines()[1] == "Version 1.2, up since 1 Mar 11:00"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (BrowserState.AWAY, "not running since 1 Mar 11:00"),
        (BrowserState.SILENT, "does not answer since 1 Mar 11:00"),
        (BrowserState.LOGGED_OUT, "logged out since 1 Mar 11:00"),
        (BrowserState.REFUSING, "refuses since 1 Mar 11:00"),
    ],
)
def test_of_ixbrowser_is_said_what_is_the_matter(state: BrowserState, said: str) -> None:
    assert lines(browsers=[BrowserHealth("office", state, NOW - HOUR, NOW)])[2] == f"ixBrowser: {said}"


def test_of_several_stations_each_is_named() -> None:
    gone = BrowserHealth("shop", BrowserState.READY, NOW - 2 * HOUR, NOW - HOUR, 3)
    assert lines(browsers=[READY, gone])[2:4] == [
        "ixBrowser of office: running and logged in, answers in 12 ms",
        "ixBrowser of shop: nothing is known since 1 Mar 11:00",
    ]
    assert lines(browsers=[])[2] == "ixBrowser: not looked at yet"


def test_of_telegram_is_said_whether_it_is_reached() -> None:
    assert lines()[3] == "Telegram: reached"
    assert lines(hub=HubHealth("1.2", NOW, NOW))[3] == "Telegram: not reached yet"
    away = HubHealth("1.2", NOW - 2 * HOUR, NOW, telegram_at=NOW - HOUR)
    assert lines(hub=away)[3] == "Telegram: not reached since 1 Mar 11:00"
    # One that has stopped reaches nobody, whatever it did before.
    stopped = HubHealth("1.2", NOW - 2 * HOUR, NOW - HOUR, ended=True, telegram_at=NOW - HOUR)
    assert lines(hub=stopped)[3] == "Telegram: not reached since 1 Mar 11:00"


def test_the_queue_is_told_by_state_with_its_oldest() -> None:
    counts = {Status.CHECKING: 1, Status.QUEUED: 3, Status.SENDING: 2}
    assert lines(queue=Queue(counts, 1, NOW - HOUR))[4] == (
        "Queue: 3 wait, 2 are being imported, 1 is being checked, 1 of them is held; the oldest since 1 Mar 11:00"
    )


def test_database_disk_backup_and_errors_have_a_line_each() -> None:
    assert lines()[5] == "Database: 3 MB; disk: 50 GB of 200 GB free"
    assert lines(hub=HubHealth("1.2", NOW, NOW))[5] == "Database: 3 MB"
    assert lines(last_backup=NOW)[6] == "Last backup: 1 Mar 12:00"
    failures = [Failure(NOW, "abcdef"), Failure(NOW - HOUR, "012345")]
    assert lines(failure_count=7, failures=failures)[7:] == [
        "Errors today: 7. The log says more under these references:",
        "1 Mar 12:00: abcdef",
        "1 Mar 11:00: 012345",
    ]
