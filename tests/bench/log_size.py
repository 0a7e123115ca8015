"""What a long import log costs: starting, the history, and a confirmed import must not get slower with it."""

from __future__ import annotations

import hashlib
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bot.domain.draft import Draft
from bot.domain.transfer_code import TransferCode
from bot.storage.choices import draft_to_json
from bot.storage.tables import batches, drafts, imports
from tests.bench import database
from tests.bench.report import show, times
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.telegram import FakeTelegram
from tests.support.world import ADMIN, running, settings_for

_CHUNK = 20_000
#: Of several tries the middle one counts.
_TRIES = 5


async def compare(sizes: list[int]) -> None:
    """Print the table."""
    rows = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            await _fill(Path(folder), size)
            found = await _measure(Path(folder))
        rows.append((f"{size:,} rows", *(times(seconds) for seconds in found)))
    headings = ("import log of", "start", "/history", "confirm to result")
    show("The import log grows", headings, rows)


async def _measure(folder: Path) -> tuple[float, float, float]:
    browser = FakeIxBrowser()
    began = time.perf_counter()
    async with running(settings_for(folder, log_level="WARNING"), browser=browser, telegram=FakeTelegram()) as world:
        start = time.perf_counter() - began
        history, confirm = [], []
        for number in range(_TRIES):
            began = time.perf_counter()
            world.telegram.say(world.ana, "/history")
            await world.telegram.settled(lambda: "Next" in world.card().all_buttons[0].text)
            history.append(time.perf_counter() - began)
            await world.say(browser.offer(f"Shop {number}"))
            if number == 0:
                await world.tap("Keep")
            began = time.perf_counter()
            card = world.card()
            world.telegram.press(world.ana, card, card.all_buttons[0])
            await world.telegram.settled(lambda: "Imported" in world.card().text)
            confirm.append(time.perf_counter() - began)
            await world.rest()
    return start, sorted(history)[_TRIES // 2], sorted(confirm)[_TRIES // 2]


async def _fill(folder: Path, size: int) -> None:
    """A log with so many rows, each a batch of its own, of one person in ten thousand."""
    await database.make(folder)
    moment = datetime.now(UTC) - timedelta(days=30)
    answers = draft_to_json(Draft())
    for first in range(1, size + 1, _CHUNK):
        numbers = range(first, min(first + _CHUNK, size + 1))
        with database.filling(folder) as connection:
            for table, make in ((drafts, _draft), (batches, _batch), (imports, _import)):
                rows = [make(number, moment) | ({"answers": answers} if table is drafts else {}) for number in numbers]
                connection.execute(insert(table), rows)


def _person(number: int) -> int:
    return ADMIN if number % 10 else 10_000 + number % 997


def _card(number: int) -> dict[str, Any]:
    person = _person(number)
    return {
        "id": number,
        "user_id": person,
        "chat_id": person,
        "language": "en",
        "message_id": number,
        "repost": False,
        "revision": 3,
        "shown_revision": 3,
    }


def _draft(number: int, moment: datetime) -> dict[str, Any]:
    return _card(number) | {"state": "confirmed", "takes_text": False, "created_at": moment, "updated_at": moment}


def _batch(number: int, moment: datetime) -> dict[str, Any]:
    return _card(number) | {
        "draft_id": number,
        "confirmed_at": moment,
        "waited": False,
        "announced": True,
    }


def _import(number: int, moment: datetime) -> dict[str, Any]:
    person = _person(number)
    code = TransferCode(f"9{number:07}-{number:08}")
    return {
        "id": number,
        "user_id": person,
        "user_name": "Ana",
        "chat_id": person,
        "transfer_code": code.text,
        "code_mask": code.masked,
        # As long as the key's hashes are, and as scattered.
        "code_hash": hashlib.blake2b(code.text.encode(), digest_size=16).digest(),
        "key_lost": False,
        "proxy": "keep",
        "proxy_choice": {"kind": "keep"},
        "bypass": [],
        "note": "",
        "status": "imported",
        "draft_id": number,
        "batch_id": number,
        "station": "office",
        "profile_id": 10_000_000 + number,
        "profile_name": f"Shop {number}",
        "error_message": "",
        "waiting_since": moment,
        "held": False,
        "cancel_wanted": False,
        "without_proxy": False,
        "attempts": 1,
        "unanswered": 0,
        "restricted": 0,
        "created_at": moment,
        "sent_at": moment,
        "finished_at": moment,
    }
