"""Backups put back, and copies started, as processes: nothing is lost that was in them, and no code is sent twice."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from bot.domain.draft import Step
from bot.storage.backup_files import look_through
from tests.end_to_end.office import Office, asked
from tests.end_to_end.process import PATIENCE, BotProcess, Ended, run, sabotage
from tests.end_to_end.test_shared_token import SOONER

CONFIRM = "Import this profile?"
OLDER = "My database is older than the one I worked with last."
MOVED = "My database is a copy, or comes from another computer or folder."
OK, NOT_RIGHT, ALREADY_RUNNING = 0, 1, 3

#: Moments of a restore at which the power goes, as what is called then for the first time.
MOMENTS = {
    "the copy is made": "bot.storage.restoring:read_backup",
    "the marker is written": "bot.restoring:fit_nothing",
    "the old one is kept": "bot.storage.restoring:_keep",
    "nothing is replaced yet": "bot.restoring:replace_database",
    "all is done but said": "bot.restoring:_say_restored",
}


def command(office: Office, *arguments: str, typed: str = "", **changes: Any) -> Ended:
    return run(office.folder, *arguments, typed=typed, **(office.settings | changes))


def dies_at(folder: Path, place: str) -> dict[str, Any]:
    """A setting with which a process is gone at once when it comes to this function."""
    module, name = place.split(":")
    folder.mkdir(exist_ok=True)
    code = f"import os, {module}\n{module}.{name} = lambda *_, **__: os._exit(137)\n"
    return sabotage(folder, code)


async def one_done_one_waiting(office: Office) -> tuple[str, str]:
    """Two imports of Ana's: the first is done, the second waits since ixBrowser is not running."""
    first, second = office.browser.offer("Shop Berlin"), office.browser.offer("Shop Hanoi")
    await office.ana.walk((first, asked(Step.PROXY)), ("[Keep]", CONFIRM), ("[Import]", "Imported"))
    await office.ana.walk((second, CONFIRM))
    await office.station.stop()
    await office.ana.tap("Import", until="not running")
    return first, second


def forget(databases: Iterable[Path]) -> None:
    """What has arrived is no secret in a database; wherever else it stands it is looked for."""
    for file in databases:
        file.unlink(missing_ok=True)


async def goes_on(office: Office) -> None:
    await office.ana.press("Go on")
    await office.ana.sees("Imports go on.")


async def test_a_backup_of_a_bot_at_work_brings_all_back_that_was_there_and_sends_nothing_twice(office: Office) -> None:
    bot = await office.start()
    first, second = await one_done_one_waiting(office)
    assert command(office, "backup", "one.db").status == OK
    before = [(row["id"], row["status"], row["code"]) for row in office.rows()]
    await office.station.start()
    await office.browser.is_sent(second, PATIENCE)
    await office.ana.sees("Shop Hanoi")

    refused = command(office, "restore", "one.db")
    assert refused.status == ALREADY_RUNNING
    bot.kill()
    await bot.ended()
    done = command(office, "restore", "one.db")
    assert (done.status, "with" in done.err, "What was there is kept as" in done.err) == (OK, True, True)
    assert look_through(office.folder / "one.db")["imports"] == 2
    assert [(row["id"], row["status"], row["code"]) for row in office.rows()] == before

    again = await office.start()
    assert "this is not the database that was served here last (it is older)" in again.said
    await office.ana.sees(OLDER)
    await goes_on(office)
    await office.telegram.settled(lambda: office.row(second)["status"] == "imported", PATIENCE)
    assert (office.browser.made[first], office.browser.made[second]) == (1, 1)
    assert office.browser.violations() == []
    forget([*office.folder.glob("bot.db.replaced-*"), office.folder / "one.db"])


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_restore_that_is_broken_off_leaves_a_database_and_the_next_one_is_done(
    office: Office, tmp_path: Path, moment: str
) -> None:
    bot = await office.start()
    await office.ana.say("/help", until="How to import")
    assert command(office, "backup", "one.db").status == OK
    code = office.browser.offer("Shop Berlin")
    await office.ana.walk((code, asked(Step.PROXY)), ("[Keep]", CONFIRM), ("[Import]", "Imported"))
    bot.terminate()
    await bot.ended()

    assert command(office, "restore", "one.db", **dies_at(tmp_path / "killer", MOMENTS[moment])).status == 137
    # Whichever of the two is there, it is whole.
    assert look_through(office.database)["imports"] in {0, 1}
    done = command(office, "restore", "one.db")
    assert done.status == OK, done.err
    assert look_through(office.database)["imports"] == 0
    await office.start()
    await office.ana.sees(OLDER)
    kept = list(office.folder.glob("bot.db.replaced-*Z"))
    assert 1 in [look_through(file)["imports"] for file in kept]
    forget(kept)
    assert list(office.folder.glob("*.part")) == []


async def test_a_start_that_is_broken_off_while_the_recovery_begins_is_a_recovery_the_next_time(
    office: Office, tmp_path: Path
) -> None:
    bot = await office.start()
    assert command(office, "backup", "one.db").status == OK
    bot.terminate()
    await bot.ended()
    assert command(office, "restore", "one.db").status == OK
    dies = await office.spawn(**dies_at(tmp_path / "killer", "bot.usecases.recovery:revoke_all"))
    assert await dies.ended() == 137
    await office.start()
    await office.ana.sees(OLDER)


async def test_a_copy_in_another_home_is_a_recovery_while_the_first_one_runs(office: Office, tmp_path: Path) -> None:
    first_one = await office.start(**sabotage(office.folder, SOONER))
    first, second = await one_done_one_waiting(office)
    assert command(office, "backup", "one.db").status == OK
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(office.folder / "one.db", other / "bot.db")
    shutil.copy(office.folder / "bot.db.key", other / "bot.db.key")
    shutil.copy(office.folder / "bot.db.marker", other / "bot.db.marker")
    copy = await BotProcess.start(other, {**office.settings, "DATABASE_URL": f"sqlite:///{other / 'bot.db'}"})
    try:
        await copy.says("a recovery begins")
        # Nothing is sent while both run; the copy sends nothing later either, as long as nobody says so.
        await first_one.says("nothing is sent to ixBrowser meanwhile")
        await office.station.start()
        assert await copy.runs_on(6)
        assert (office.browser.made[first], office.browser.made[second]) == (1, 0)
    finally:
        await copy.close()
    async with asyncio.timeout(PATIENCE):
        while office.row(second)["status"] != "imported":
            # Each poll that is answered is one without a conflict.
            await office.ana.say("/help", until="How to import")
    assert (office.browser.made[first], office.browser.made[second]) == (1, 1)
    assert office.browser.violations() == []
    forget([other / "bot.db", other / "bot.db-wal", office.folder / "one.db"])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
async def test_without_room_nothing_is_half_made_and_nothing_is_replaced(office: Office, tmp_path: Path) -> None:
    bot = await office.start()
    assert command(office, "backup", "one.db").status == OK
    bot.terminate()
    await bot.ended()
    full = tmp_path / "full"
    full.mkdir()
    before = office.database.read_bytes()
    code = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))"
    for arguments in (("backup", "two.db"), ("restore", "one.db")):
        limited: dict[str, Any] = sabotage(full, code)
        done = command(office, *arguments, **limited)
        assert done.status == NOT_RIGHT
        assert "Traceback" not in done.err, done.err
    assert office.database.read_bytes() == before
    assert not (office.folder / "two.db").exists()
    assert list(office.folder.glob("*.part*")) == []
    assert list(office.folder.glob("*.restored*")) == []
    # No restore was begun, so the next start is none.
    again = await office.start()
    assert "a recovery begins" not in again.said


async def test_stop_holds_over_restarts_and_what_is_said_at_the_terminal_reaches_the_bot_that_serves(
    office: Office,
) -> None:
    bot = await office.start()
    mai = await office.newcomer()
    _, second = await one_done_one_waiting(office)
    bot.kill()
    await bot.ended()
    (office.folder / "bot.db.marker").unlink()
    await office.station.start()
    bot = await office.start()
    await office.ana.sees(MOVED)
    await office.ana.press("Stop")
    await office.ana.sees("Stopped.")
    bot.terminate()
    await bot.ended()
    bot = await office.start()
    assert await bot.runs_on(3)
    assert office.browser.made[second] == 0
    await mai.say("hello", until="You can use me again as soon as an admin has confirmed who may.")
    # Beside it the stand-ins go on.
    answered = await asyncio.to_thread(command, office, "recover", typed="yes\nyes\n")
    assert answered.status == OK, answered.err
    assert "Shop Berlin" in answered.err
    await office.ana.sees("Imports go on.")
    await mai.say("/help", until="How to import")
    await office.telegram.settled(lambda: office.row(second)["status"] == "imported", PATIENCE)
    assert office.browser.made[second] == 1


async def test_at_the_terminal_no_database_is_made_and_nothing_is_answered_twice(office: Office) -> None:
    office.database.unlink()
    said = command(office, "recover")
    assert said.status == NOT_RIGHT
    assert "Traceback" not in said.err
    assert not office.database.exists()
