"""Kill the bot again and again, restore and copy its database, and see whether everything happened once all the same.

``python -m tests.end_to_end.restored --moments 300 --seed 1`` kills it three hundred times.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Final

from tests.end_to_end.computers import two_computers
from tests.end_to_end.givers import HIDDEN_SOON
from tests.end_to_end.lanes import LANES, main, side_by_side
from tests.end_to_end.mischief import GRACE, TIMEOUT, MischievousIxBrowser, WatchedTelegram
from tests.end_to_end.process import sabotage
from tests.end_to_end.restored_lane import ADMINS, RestoredLane
from tests.end_to_end.restored_result import RestoredResult
from tests.end_to_end.server_mischief import QUICK
from tests.support.postgresql import PostgresqlServer

#: What the bot runs first of all: a day is over soon, and what is newest is noted soon.
_DAYS_ARE_SHORT: Final = """
import bot.storage.daily_backup as daily
import bot.storage.marker as marker
daily.EVERY = datetime.timedelta(seconds=4)
daily.LOOK_EVERY = 0.5
marker.EVERY = 0.5
"""
#: Passphrases are tried quickly.
_QUICK: Final = """
import sys
if {"move", "restore"} & set(sys.argv):
    from nacl import pwhash
    import bot.storage.sealed as sealed
    sealed._OPERATIONS, sealed._MEMORY = pwhash.scrypt.OPSLIMIT_MIN, pwhash.scrypt.MEMLIMIT_MIN
"""


async def _lane(folder: Path, seed: str, moments: int, server: PostgresqlServer | None) -> RestoredResult:
    telegram, browser = WatchedTelegram(), MischievousIxBrowser(Random(f"{seed} mischief"))
    for name in ("first", "saved"):
        (folder / name).mkdir()
    code = f"{HIDDEN_SOON}{_DAYS_ARE_SHORT}{_QUICK}{'' if server is None else QUICK}"
    settings = {
        "IXBROWSER_TIMEOUT": TIMEOUT,
        "IXBROWSER_GRACE": GRACE,
        "ADMIN_IDS": ",".join(map(str, ADMINS)),
        **sabotage(folder / "first", code),
    }
    # It is compiled once: it starts far more quickly so, again and again.
    del settings["PYTHONDONTWRITEBYTECODE"]
    async with two_computers(folder, telegram, browser, settings, server) as computers:
        lane = RestoredLane(computers, telegram, browser, seed, folder / "saved")
        await lane.run(moments)
        return lane.result


async def restored(
    folder: Path, moments: int, seed: str, lanes: int = LANES, servers: Sequence[PostgresqlServer] = ()
) -> Sequence[RestoredResult]:
    """Kill so many times altogether, shared out to the lanes. Each has files, or one of the ``servers``."""
    return await side_by_side(_lane, folder, moments, seed, lanes=lanes, servers=servers)


if __name__ == "__main__":
    sys.exit(main(_lane, "restored", __doc__, 300, "on PostgreSQL servers in place of files"))
