"""A database as the bot makes it, and rows put into it beside the bot, so that a benchmark begins with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, insert

from bot.app import App
from bot.storage.tables import users
from tests.support.world import settings_for


def url_of(folder: Path) -> str:
    return f"sqlite:///{folder / 'bot.db'}"


async def make(folder: Path) -> None:
    """An empty database with the newest schema in the folder."""
    app = App(settings_for(folder))
    try:
        await app.prepare()
    finally:
        await app.close()


@contextmanager
def filling(folder: Path) -> Iterator[Connection]:
    """One transaction on the database in the folder, while no bot runs."""
    engine = create_engine(url_of(folder))
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def let_in(folder: Path, user_ids: Sequence[int]) -> None:
    """Make these people members."""
    added = {"name": "", "role": "member", "language": "", "time_zone": "", "added_by": 1}
    rows: list[Mapping[str, Any]] = [{"id": user_id, "created_at": datetime.now(UTC)} | added for user_id in user_ids]
    with filling(folder) as connection:
        connection.execute(insert(users), rows)
