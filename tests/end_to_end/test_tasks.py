"""What `deploy/README.md` says there is to do now and then: each of its commands, in the order in which it has them."""

from __future__ import annotations

import asyncio
import re
import shlex
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.domain.draft import Step
from bot.sign_of_life import Sign, judge
from bot.storage.backup_files import look_through
from tests.end_to_end.office import Office, asked
from tests.end_to_end.process import BotProcess, Ended, run
from tests.support.moves import passphrase_in

OK, NOT_RIGHT, IN_VAIN = 0, 1, 3
PROGRAM = ".venv/bin/transfer-bot"
DOCUMENT = Path(__file__).parents[2] / "deploy" / "README.md"


def chapter(title: str) -> str:
    """The text of a chapter, to the next one."""
    return re.split(rf"^## {re.escape(title)}$", DOCUMENT.read_text("utf-8"), flags=re.MULTILINE)[1].partition("\n## ")[
        0
    ]


def commands(title: str) -> Sequence[Sequence[str]]:
    """The bot's commands in a chapter, in their order: each what stands behind the program's name."""
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```$", chapter(title), re.MULTILINE | re.DOTALL)
    lines = [shlex.split(line, comments=True) for block in blocks for line in block.splitlines()]
    return [line[1:] for line in lines if line and line[0] == PROGRAM]


async def called(office: Office, command: Sequence[str], typed: str = "") -> Ended:
    settings: dict[str, Any] = office.settings
    return await asyncio.to_thread(lambda: run(office.folder, *command, typed=typed, **settings))


def said_in(done: Ended) -> str:
    return done.out + done.err


def table_of(done: Ended) -> Mapping[str, str]:
    """What `check` says of each part: ``ok``, ``TO DO`` or ``warning``."""
    return {name: state for state, name in re.findall(r"^(ok|TO DO|warning) +(\w+)", done.out, re.MULTILINE)}


def quoted(title: str) -> Sequence[str]:
    """What a chapter says that the bot prints."""
    return re.findall(r"\*“([^”…]+)", chapter(title))


async def stopped(bot: BotProcess) -> None:
    bot.terminate()
    assert await bot.ended() == OK


async def test_back_up_and_restore(office: Office, tmp_path_factory: pytest.TempPathFactory) -> None:
    [backing_up] = commands("Back up")
    restoring, recovering = commands("Restore")
    bot = await office.start()
    code = office.browser.offer("Shop Berlin")
    await office.ana.walk((code, asked(Step.PROXY)), ("[Keep]", "Import this profile?"))

    done = await called(office, backing_up)
    assert done.status == OK, done.err
    backup, key = office.folder / backing_up[-1], office.folder / "bot.db.key"
    assert all(word in said_in(done) for word in (str(backup), str(key), f"{sum(look_through(backup).values())} rows"))
    await office.ana.tap("Import", until="Shop Berlin")
    await stopped(bot)
    elsewhere = shutil.move(key, tmp_path_factory.mktemp("elsewhere"))

    done = await called(office, restoring)
    assert done.status == OK, done.err
    shutil.move(elsewhere, key)
    await office.start()
    await office.ana.sees("My database is older")
    done = await called(office, recovering, typed="yes\nyes\n")
    assert done.status == OK, done.err
    await office.ana.sees("Imports go on.")
    assert office.browser.made[code] == 1
    # What has arrived is no secret in them.
    for file in (backup, *office.folder.glob("bot.db.replaced-*")):
        file.unlink()


async def test_move_to_another_computer(office: Office, tmp_path_factory: pytest.TempPathFactory) -> None:
    moving, arriving, undoing = commands("Move to another computer")
    bot = await office.start()
    code = office.browser.offer("Shop Berlin")
    await office.ana.walk((code, asked(Step.PROXY)), ("[Keep]", "Import this profile?"))
    await office.ana.tap("Import", until="Shop Berlin")
    await stopped(bot)
    done = await called(office, moving)
    assert done.status == OK, done.err
    assert (await called(office, ["run"])).status == IN_VAIN

    new = tmp_path_factory.mktemp("new")
    shutil.copy(office.folder / moving[-1], new)
    # Where the stand-ins are is the same for both.
    here: dict[str, Any] = {name: office.settings[name] for name in ("TELEGRAM_API_URL", "IXBROWSER_URL")}
    arrived = await asyncio.to_thread(lambda: run(new, *arriving, typed=passphrase_in(done.err), **here))
    assert arrived.status == OK, arrived.err
    there = await BotProcess.start(new, here)
    try:
        await there.ready()
        await office.ana.sees("My database is a copy, or comes from another computer")
        await stopped(there)
    finally:
        await there.close()

    done = await called(office, undoing)
    assert done.status == OK, done.err
    await office.start()
    await office.ana.sees("My database is older")
    assert office.browser.made[code] == 1


async def test_the_bot_does_not_answer(office: Office) -> None:
    living, needed, how = commands("The bot does not answer")
    not_running, hanging, running, *to_do, well = quoted("The bot does not answer")
    long_ago = Sign(pid=1, at=0.0, since=0.0, version="1", serving=True)
    assert hanging in judge(long_ago, datetime.now(UTC), served=True)[1]
    done = await called(office, living)
    assert (done.status, not_running in said_in(done)) == (NOT_RIGHT, True)
    bot = await office.start()
    done = await called(office, living)
    assert (done.status, running in said_in(done)) == (OK, True)

    assert [part.split()[-1] for part in to_do] == ["Telegram", "ixBrowser", "Database"]
    await office.station.stop()
    parts = table_of(await called(office, needed))
    assert {name: state for name, state in parts.items() if name in {"Telegram", "ixBrowser", "Database"}} == {
        "Telegram": well, "ixBrowser": "TO DO", "Database": well
    }  # fmt: skip
    done = await called(office, how)
    assert (done.status, "Queue: " in done.out, "Errors today: " in done.out) == (OK, True, True)
    await stopped(bot)


def test_every_command_of_the_chapters_is_run_by_a_test_here() -> None:
    tried = {"Back up": 1, "Restore": 2, "Move to another computer": 3, "The bot does not answer": 3}
    tasks = DOCUMENT.read_text("utf-8").partition("# What there is to do now and then\n")[2]
    titles = re.findall(r"^## (.*)$", tasks, re.MULTILINE)
    assert {title: len(commands(title)) for title in titles if commands(title)} == tried
