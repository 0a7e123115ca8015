"""``transfer-bot check --running`` beside a process that runs, stands still, has ended, or was killed."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.office import Office
from tests.end_to_end.process import run
from tests.end_to_end.test_hangs import NOT_RIGHT, faulty

#: A process that may stand still for as long as a busy computer takes to look at it.
PATIENT = "bot.watch.TIMES = WatchTimes(look_every=0.5, silent_for=3.0, stand_still=600, no_look_for=600)"


@pytest.mark.skipif(os.name != "posix", reason="Windows cannot stop a process so")
async def test_whether_it_runs_is_told_by_a_command_that_asks_nobody(office: Office, tmp_path: Path) -> None:
    short = faulty(tmp_path / "fault", PATIENT)
    settings: dict[str, Any] = office.settings | short | {"LOG_LEVEL": "INFO"}

    async def check() -> tuple[int, str]:
        done = await asyncio.to_thread(lambda: run(office.folder, "check", "--running", **settings))
        return done.status, done.err

    def asked() -> int:
        return sum(method == "getMe" for method, _ in office.telegram.calls)

    assert await check() == (NOT_RIGHT, "The bot is not running: it has given no sign of life.\n")

    bot = await office.start(**short)
    before = asked()
    status, said = await check()
    assert status == 0
    assert said.startswith("The bot is running since ")
    assert asked() == before

    bot.send(signal.SIGSTOP)
    assert await bot.runs_on(3)
    status, said = await check()
    assert status == NOT_RIGHT
    assert said.startswith("The bot is stopped or hanging: no sign of life since ")

    bot.send(signal.SIGCONT)
    assert await bot.runs_on(1)
    assert (await check())[0] == 0

    bot.terminate()
    assert await bot.ended() == 0
    assert await check() == (NOT_RIGHT, "The bot is not running: it has given no sign of life.\n")

    bot = await office.start(**short)
    bot.kill()
    await bot.ended()
    status, said = await check()
    assert status == NOT_RIGHT
    assert said.startswith("The bot is not running: its last sign of life is of ")


async def test_a_process_that_has_stood_still_for_a_while_goes_on(office: Office, tmp_path: Path) -> None:
    bot = await office.start(**faulty(tmp_path / "fault", PATIENT))

    bot.send(signal.SIGSTOP)
    # For longer than a loop may give no sign.
    assert await bot.runs_on(5)
    bot.send(signal.SIGCONT)

    assert await bot.runs_on(3)
    await office.ana.say("/help", until="How to import")
