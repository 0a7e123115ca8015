"""The log in a file, as the real process writes it: private, in turn, and one process's alone."""

from __future__ import annotations

import asyncio
import os
import stat
from typing import Any

from bot.domain.draft import Step
from tests.end_to_end.office import Office, asked
from tests.end_to_end.process import run

ALREADY_RUNNING = 3


async def test_it_has_what_standard_error_has_and_tells_each_import_in_one_line(office: Office) -> None:
    path = office.folder / "logs" / "bot.log"
    bot = await office.start(LOG_FILE=path)
    code = office.browser.offer("Shop Berlin")
    await office.ana.walk((code, asked(Step.PROXY)), ("[Keep]", "Import this profile?"), ("[Import]", "Imported"))
    bot.terminate()
    assert await bot.ended() == 0

    lines = path.read_text("utf-8").splitlines()
    assert len(lines) > 5
    assert set(lines) <= set(bot.said.splitlines())
    row = office.row(code)
    [story] = [line for line in lines if f"import {row['id']} ended as imported: " in line]
    assert " INFO " in story
    assert f"profile {row['profile_id']}" in story
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_quiet_it_is_the_only_one_and_files_are_put_aside(office: Office) -> None:
    path = office.folder / "bot.log"
    bot = await office.start("run", "--quiet", LOG_FILE=path, LOG_FILE_MB=0.1, LOG_FILES=2)
    for _ in range(3):
        await office.ana.say("/help", until="How to import")
    assert " INFO " not in bot.said

    # Another process says why it does not start, and leaves the file alone.
    before = path.read_bytes()
    settings: dict[str, Any] = {**office.settings, "LOG_FILE": path}
    second = await asyncio.to_thread(lambda: run(office.folder, "run", "--quiet", **settings))
    assert second.status == ALREADY_RUNNING
    assert "already serves" in second.err
    assert path.read_bytes().startswith(before)
    assert b"already serves" not in path.read_bytes()

    bot.terminate()
    assert await bot.ended() == 0
    path.write_bytes(b"x" * 100_000)
    bot = await office.start("run", "--quiet", LOG_FILE=path, LOG_FILE_MB=0.1, LOG_FILES=2)
    bot.terminate()
    assert await bot.ended() == 0
    assert b"the bot serves as" in path.read_bytes()
    assert path.with_name("bot.log.1").read_bytes() == b"x" * 100_000


async def test_a_place_where_none_can_be_is_a_warning_and_the_bot_serves(office: Office) -> None:
    bot = await office.start(LOG_FILE=office.database / "bot.log")
    assert "the log can't be written to" in bot.said
    assert " INFO " in bot.said
