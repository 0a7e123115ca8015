"""A bot that moves to another computer, as processes: what it knew it knows there, and no code is sent twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.office import Office
from tests.end_to_end.process import PATIENCE, BotProcess, Ended, run, sabotage
from tests.end_to_end.test_restore import MOVED, OLDER, command, dies_at, goes_on, one_done_one_waiting
from tests.support.moves import passphrase_in

OK, NOT_RIGHT, ALREADY_RUNNING = 0, 1, 3
#: What the environment of another computer says, where nothing but the stand-ins' addresses differs.
_ADDRESSES = ("TELEGRAM_API_URL", "IXBROWSER_URL")


class Other:
    """Another computer, with a home of its own, between the same stand-ins."""

    def __init__(self, folder: Path, office: Office) -> None:
        folder.mkdir()
        self.folder = folder
        self.settings: Mapping[str, object] = {name: office.settings[name] for name in _ADDRESSES}
        self.database = folder / "home" / "ixbrowser-transfer-bot" / "transfer-bot.db"

    def command(self, *arguments: str, typed: str = "", **changes: Any) -> Ended:
        return run(self.folder, *arguments, typed=typed, **(dict(self.settings) | changes))

    @asynccontextmanager
    async def serves(self) -> AsyncIterator[BotProcess]:
        bot = await BotProcess.start(self.folder, self.settings)
        try:
            yield await bot.ready()
        finally:
            bot.terminate()
            await bot.ended()
            await bot.close()

    def forget(self) -> None:
        """What has arrived is no secret in a database; wherever else it stands it is looked for. So is the token."""
        for file in (self.database, self.folder / ".env"):
            file.unlink(missing_ok=True)


async def moved(office: Office) -> str:
    """Stop the bot and move it; the passphrase."""
    assert command(office, "move", "bot.move").status == ALREADY_RUNNING
    for bot in office._processes:
        bot.terminate()
        await bot.ended()
    done = command(office, "move", "bot.move")
    assert done.status == OK, done.err
    return passphrase_in(done.err)


async def test_the_bot_goes_on_on_another_computer_and_the_first_one_does_not_run(
    office: Office, tmp_path: Path
) -> None:
    await office.start()
    mai = await office.newcomer()
    first, second = await one_done_one_waiting(office)
    passphrase = await moved(office)
    await office.station.start()
    refused = command(office, "run")
    assert (refused.status, "transfer-bot move --undo" in refused.err) == (ALREADY_RUNNING, True)

    other = Other(tmp_path / "other", office)
    wrong = other.command("restore", str(office.folder / "bot.move"), typed="one two three\n")
    assert (wrong.status, "This is not the passphrase" in wrong.err) == (NOT_RIGHT, True)
    assert not other.database.exists()
    done = other.command("restore", str(office.folder / "bot.move"), typed=f"{passphrase}\n")
    assert done.status == OK, done.err
    assert passphrase not in done.err
    async with other.serves():
        await office.ana.sees(MOVED)
        await mai.say("hello", until="You can use me again as soon as an admin has confirmed who may.")
        await goes_on(office)
        await office.telegram.settled(lambda: office.browser.made[second] == 1, PATIENCE)
        await office.ana.sees("Shop Hanoi")
        await office.ana.press("Confirm members")
        await mai.say("/help", until="How to import")
    assert (office.browser.made[first], office.browser.made[second]) == (1, 1)
    assert office.browser.violations() == []
    other.forget()


async def test_brought_back_the_first_one_sends_nothing_that_was_sent_on_the_other(
    office: Office, tmp_path: Path
) -> None:
    await office.start()
    _, second = await one_done_one_waiting(office)
    passphrase = await moved(office)
    await office.station.start()
    other = Other(tmp_path / "other", office)
    assert other.command("restore", str(office.folder / "bot.move"), typed=passphrase).status == OK
    async with other.serves() as theirs:
        await office.ana.sees(MOVED)
        await goes_on(office)
        await office.telegram.settled(lambda: office.browser.made[second] == 1, PATIENCE)
        # Both are started nevertheless.
        assert command(office, "move", "--undo").status == OK
        here = await office.spawn()
        await here.says("a recovery begins")
        assert await here.runs_on(3)
        assert theirs.running
        assert office.row(second)["status"] == "checking"
        assert office.browser.made[second] == 1
    await office.ana.sees(OLDER)
    answered = await asyncio.to_thread(command, office, "recover", typed="yes\nyes\n")
    assert answered.status == OK, answered.err
    await office.telegram.settled(lambda: office.row(second)["status"] == "imported", PATIENCE)
    assert office.browser.made[second] == 1
    assert office.browser.violations() == []
    other.forget()


async def test_a_move_that_is_broken_off_leaves_a_bot_that_runs_and_one_that_is_done_none(
    office: Office, tmp_path: Path
) -> None:
    bot = await office.start()
    bot.terminate()
    await bot.ended()
    moments = ("bot.moving:seal", "bot.moving:_read_back", "bot.moving:retire")
    for number, moment in enumerate(moments):
        dying: dict[str, Any] = dies_at(tmp_path / "killer", moment)
        assert command(office, "move", f"{number}.move", **dying).status == 137
        bot = await office.start()
        assert "a recovery begins" not in bot.said
        bot.terminate()
        await bot.ended()
    done = command(office, "move", "bot.move")
    assert done.status == OK
    dying = dies_at(tmp_path / "killer", "bot.moving:bring_back")
    assert command(office, "move", "--undo", **dying).status == 137
    assert command(office, "run").status == ALREADY_RUNNING
    assert command(office, "move", "--undo").status == OK
    await office.start()
    await office.ana.sees(OLDER)
    assert list(office.folder.glob("*.part")) == []


async def test_an_arrival_that_was_ended_before_its_last_word_is_told_by_calling_it_once_more(
    office: Office, tmp_path: Path
) -> None:
    await office.start()
    passphrase = await moved(office)
    file, other = str(office.folder / "bot.move"), Other(tmp_path / "other", office)
    dying: dict[str, Any] = dies_at(tmp_path / "killer", "bot.arriving:_say_arrived")
    assert other.command("restore", file, typed=passphrase, **dying).status == 137
    again = other.command("restore", file, typed=passphrase)
    assert (again.status, "The database is restored to" in again.err) == (OK, True), again.err
    async with other.serves():
        await office.ana.sees(MOVED)
    # What a bot has served is not the file's any more.
    refused = other.command("restore", file, typed=passphrase)
    assert (refused.status, "There is a database already" in refused.err) == (NOT_RIGHT, True)
    other.forget()


@pytest.mark.long
async def test_an_arrival_that_is_broken_off_is_done_by_calling_it_once_more(office: Office, tmp_path: Path) -> None:
    bot = await office.start()
    bot.terminate()
    await bot.ended()
    done = command(office, "move", "bot.move")
    file, passphrase = str(office.folder / "bot.move"), passphrase_in(done.err)
    for number, name in enumerate(("write_out", "put_key", "write_settings", "fit_nothing", "replace_database")):
        other = Other(tmp_path / str(number), office)
        dying: dict[str, Any] = dies_at(tmp_path / "killer", f"bot.arriving:{name}")
        assert other.command("restore", file, typed=passphrase, **dying).status == 137
        assert not other.database.exists()
        again = other.command("restore", file, typed=passphrase)
        assert again.status == OK, again.err
        assert list(other.database.parent.glob("*.part")) == []
        assert (other.folder / ".env").read_text().count("ADMIN_IDS=") == 1
        other.forget()


async def test_without_room_nothing_is_moved_and_nothing_arrives(office: Office, tmp_path: Path) -> None:
    bot = await office.start()
    bot.terminate()
    await bot.ended()
    full = tmp_path / "full"
    full.mkdir()
    limited: dict[str, Any] = sabotage(full, "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))")
    failed = command(office, "move", "bot.move", **limited)
    assert (failed.status, "Traceback" in failed.err) == (NOT_RIGHT, False)
    assert not (office.folder / "bot.move").exists()
    assert list(office.folder.glob("*.part")) == []
    done = command(office, "move", "bot.move")
    assert done.status == OK, done.err
    other = Other(tmp_path / "other", office)
    file, passphrase = str(office.folder / "bot.move"), passphrase_in(done.err)
    failed = other.command("restore", file, typed=passphrase, **limited)
    assert (failed.status, "Traceback" in failed.err) == (NOT_RIGHT, False)
    there = [each.name for each in other.folder.rglob("*") if each.is_file() and each.suffix != ".lock"]
    assert there == []
