"""What befalls a PostgreSQL server, and the connection that holds the bot's lock there, while the bot serves."""

from __future__ import annotations

import asyncio
from random import Random
from typing import Final

from tests.support.postgresql import PostgresqlServer
from tests.support.postgresql_databases import Databases
from tests.support.postgresql_proxy import SilentWay

#: What the bot runs first of all: with its own times it would be killed before it has noticed anything.
QUICK: Final = """
import bot.storage.server_lock as lock
lock.TIMES = lock.LockTimes(beat_every=0.2, patience=1.0, old_after=2.0, again=0.1)
"""
#: How often, beside each other, it is left alone, its lock's session ended, its way silent, and itself killed.
_OFTEN: Final = {"": 5, "the lock's session ended": 2, "the lock's way silent": 2, "the server killed": 2}
#: Seconds after which it happens, at most.
_LATEST: Final = 2.0
_CUT: Final = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'transfer-bot lock'
"""


class ServerMischief:
    """The same ``random`` gives the same mischief. ``way`` is what the bot reaches its server by."""

    def __init__(self, server: PostgresqlServer, way: SilentWay, random: Random) -> None:
        self._server = server
        self._way = way
        self._random = random

    async def strike(self) -> str:
        """Do something, or nothing, after a while; what it was."""
        [what] = self._random.choices(tuple(_OFTEN), tuple(_OFTEN.values()))
        after = self._random.uniform(0, _LATEST)
        if not what:
            return ""
        await asyncio.sleep(after)
        match what:
            case "the lock's session ended":
                await asyncio.to_thread(self._cut)
            case "the lock's way silent":
                self._way.fall_silent(b"transfer-bot lock")
            case _:
                await asyncio.to_thread(self._server.kill)
                await asyncio.to_thread(self._server.start)
        return f"{what} after {after:.1f} s"

    def _cut(self) -> None:
        with Databases(self._server.url(""), "mischief").connection("postgres") as connection:
            connection.execute(_CUT)
