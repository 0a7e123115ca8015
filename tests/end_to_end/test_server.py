"""The bot on a PostgreSQL server: at its first start, while the server is away, and beside another bot."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.draft import Step
from tests.end_to_end.office import Office, asked, open_office
from tests.end_to_end.process import PATIENCE, RUNNING, run, sabotage
from tests.support.postgresql import PostgresqlServer, own_server

CONFIRM = "Import this profile?"
AWAY = "the database's server can't be reached: check that it runs, and that DATABASE_URL is right"
#: It waits for no server that is away.
HASTY = "import bot.chat.patient_store as store\nstore.WAITS = 0.0\n"
NO_DRIVER = "import sys\nsys.modules['psycopg'] = None\n"


@pytest.fixture
def server() -> Iterator[PostgresqlServer]:
    with own_server(tcp=True, durable=True) as server:
        yield server


@pytest.fixture
async def served(tmp_path: Path, server: PostgresqlServer) -> AsyncIterator[Office]:
    """An office whose bot has its database on the server."""
    async with open_office(tmp_path, database_url=server.url()) as office:
        yield office


async def test_a_server_that_is_down_at_the_start_is_waited_for(served: Office, server: PostgresqlServer) -> None:
    server.stop()
    bot = await served.spawn()
    await bot.says(f"Waiting: {AWAY}. Ctrl-C stops the bot.")
    server.start()
    await bot.says(RUNNING)
    await served.ana.say("/help", until="How to import")
    assert bot.said.count("Waiting") == 1
    assert "Traceback" not in bot.said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
async def test_who_waits_for_a_server_can_be_stopped(
    served: Office, server: PostgresqlServer, number: signal.Signals
) -> None:
    server.stop()
    bot = await served.spawn()
    await bot.says("Waiting")
    bot.send(number)
    assert await bot.ended() == 0
    assert "Traceback" not in bot.said


async def test_a_server_that_vanishes_while_the_bot_serves_is_said_and_what_was_begun_goes_on(
    served: Office, server: PostgresqlServer
) -> None:
    (served.folder / "hasty").mkdir()
    served.settings |= sabotage(served.folder / "hasty", HASTY)
    bot = await served.start()
    code = served.browser.offer("Shop Berlin")
    served.browser.import_seconds = 0.5
    await served.ana.walk((code, asked(Step.PROXY)), ("[Keep]", CONFIRM))
    await served.ana.tap("Import", until="Importing")
    await served.browser.is_sent(code, PATIENCE)
    server.kill()
    await served.ana.say("/help", until=f"I can't save anything right now: {AWAY}.")
    server.start()
    await served.ana.sees("Shop Berlin")
    await served.ana.say("/help", until="How to import")
    await served.telegram.settled(lambda: served.row(code)["status"] == "imported", PATIENCE)
    assert served.browser.made[code] == len(served.browser.imports) == 1
    assert bot.running


async def test_what_is_said_while_a_server_is_started_again_is_done_once_it_is_back(
    served: Office, server: PostgresqlServer
) -> None:
    bot = await served.start()
    code = served.browser.offer("Shop Berlin")
    server.kill()
    served.telegram.say(served.ana.person, code)
    await bot.says("what was sent to the bot has to wait", PATIENCE)
    server.start()
    await served.ana.sees(asked(Step.PROXY))
    assert not any("try again later" in message.text for message in served.ana.chat.messages)
    assert "Traceback" not in bot.said


# --- check ------------------------------------------------------------------------------------------------------------


async def test_check_says_of_a_server_whether_it_is_there(served: Office, server: PostgresqlServer) -> None:
    settings: dict[str, Any] = {**served.settings, "COLUMNS": "500"}

    async def check() -> str:
        done = await asyncio.to_thread(run, served.folder, "check", **settings)
        assert "Traceback" not in done.out + done.err
        return next(" ".join(line.split()) for line in done.out.splitlines() if "Database" in line)

    assert await check() == "ok Database reachable, will be brought up to date when the bot starts"
    bot = await served.start()
    assert await check() == "ok Database reachable, up to date, served by a bot now"
    bot.terminate()
    assert await bot.ended() == 0
    assert await check() == "ok Database reachable, up to date"
    server.stop()
    assert await check() == f"TO DO Database {AWAY}"


@pytest.mark.parametrize("command", ["check", "run"])
def test_without_the_driver_the_command_says_how_to_install_it(tmp_path: Path, command: str) -> None:
    settings: dict[str, Any] = {
        "TELEGRAM_TOKEN": f"123456:{'a' * 35}",
        "TELEGRAM_API_URL": "http://127.0.0.1:1",
        "IXBROWSER_URL": "http://127.0.0.1:1",
        "ADMIN_IDS": 1,
        "COLUMNS": 500,
        "DATABASE_URL": "postgresql://ana:planted@127.0.0.1:1/bot",
    }
    (tmp_path / "sabotage").mkdir()
    done = run(tmp_path, command, **settings | sabotage(tmp_path / "sabotage", NO_DRIVER))
    said = done.out + done.err
    assert done.status == {"check": 1, "run": 2}[command]
    assert "pip install -c constraints.txt '.[postgresql]'" in said
    assert "Traceback" not in said
    assert "planted" not in said
