"""The database can't be written for a while: what is said in the chat, that nothing is half recorded, and the end."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.draft import Step
from tests.end_to_end.office import Office, asked
from tests.end_to_end.process import PATIENCE, sabotage

REFUSED = "I can't save anything right now"
CONFIRM = "Import this profile?"

#: Run in the process: it waits for another program's lock, but not for as long as people are glad that it does.
IMPATIENT = """
from bot.storage.database import Database
Database.__init__.__kwdefaults__["busy"] = 0.3
"""


@contextlib.contextmanager
def locked(database: Path) -> Iterator[None]:
    """Another program writes, and does not come to an end."""
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


@contextlib.contextmanager
def read_only(file: Path) -> Iterator[None]:
    """A file that nobody may write; root, whom no mode keeps from it, by the file system's own flag."""
    flag = shutil.which("chattr") if os.access(file, os.W_OK) and os.name == "posix" and os.geteuid() == 0 else None
    file.chmod(0o400)
    try:
        if flag and subprocess.run([flag, "+i", str(file)], capture_output=True, check=False).returncode:
            pytest.skip("root may write everything here")
        yield
    finally:
        if flag:
            subprocess.run([flag, "-i", str(file)], capture_output=True, check=False)
        file.chmod(0o600)


@contextlib.contextmanager
def no_room(pid: int) -> Iterator[None]:
    """The process can't write a byte to any file, as on a full disk."""
    resource = pytest.importorskip("resource")
    if not hasattr(resource, "prlimit"):
        pytest.skip("only Linux limits what another process may write")
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    yield
    resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


@pytest.fixture
def impatient(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    return sabotage(tmp_path_factory.mktemp("sabotage"), IMPATIENT)


async def test_while_another_program_holds_the_database_this_is_said_and_nothing_is_recorded(
    office: Office, impatient: dict[str, object]
) -> None:
    await office.start(**impatient)
    code = office.browser.offer("Shop Berlin")
    chat = office.ana.chat

    with locked(office.database):
        office.telegram.say(office.ana.person, f"{code} socks5://ana:plum-Tarn-4417@203.0.113.7:1080")
        await office.telegram.settled(lambda: chat.answer, PATIENCE, chat=chat)
        # Which of the two depends on whether others of the bot's own wait for the database, too.
        assert "another program is using the database" in chat.answer.text or "This took too long" in chat.answer.text
        assert office.rows("drafts") == []

    await office.ana.walk((code, asked(Step.PROXY)), ("[Keep]", CONFIRM), ("[Import]", "Imported"))


async def test_a_result_that_can_not_be_noted_is_kept_until_it_can_be(
    office: Office, impatient: dict[str, object]
) -> None:
    bot = await office.start(**impatient)
    code = office.browser.offer("Shop Berlin")
    await office.ana.walk((code, asked(Step.PROXY)), ("[Keep]", CONFIRM))
    office.browser.import_seconds = 0.3
    await office.ana.tap("Import", until="Importing")
    await office.browser.is_sent(code, PATIENCE)

    with locked(office.database):
        await bot.says("its result cannot be noted now")
        assert office.row(code)["status"] == "sending"

    assert "Imported" in (await office.ana.sees("Shop Berlin")).text
    assert (office.row(code)["attempts"], len(office.browser.imports)) == (1, 1)


async def test_a_full_disk_is_told_and_nothing_is_half_recorded(office: Office) -> None:
    bot = await office.start()
    code = office.browser.offer("Shop Berlin")
    await office.ana.walk((code, asked(Step.PROXY)), ("[Keep]", CONFIRM))

    with no_room(bot.pid):
        await office.ana.tap("Import", until=REFUSED)
        assert office.rows() == []
        assert office.browser.imports == []

    await office.ana.tap("Import", until="Imported")
    assert office.row(code)["status"] == "imported"
    assert office.browser.made[code] == 1


async def test_a_read_only_database_is_told_at_the_start_and_served_once_it_may_be_written(office: Office) -> None:
    bot = await office.start()
    bot.terminate()
    await bot.ended()

    with read_only(office.database):
        bot = await office.spawn()
        assert await bot.ended() == 1
        assert "read-only" in bot.said
        assert "Traceback" not in bot.said

    await office.start()
    await office.ana.say("/help", until="How to import")
