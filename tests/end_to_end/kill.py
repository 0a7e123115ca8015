"""Kill the bot again and again while people import, come and go, and see whether everything happened exactly once.

``python -m tests.end_to_end.kill --moments 1000 --seed 1`` kills it a thousand times.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

from tests.end_to_end.givers import HIDDEN_SOON
from tests.end_to_end.lane import ADMINS, Lane
from tests.end_to_end.lanes import LANES, main, side_by_side
from tests.end_to_end.mischief import GRACE, TIMEOUT, MischievousIxBrowser, WatchedTelegram
from tests.end_to_end.office import open_office
from tests.end_to_end.process import sabotage
from tests.end_to_end.result import Result
from tests.end_to_end.server_mischief import QUICK, ServerMischief
from tests.support.postgresql import PostgresqlServer
from tests.support.postgresql_proxy import SilentWay, opened


async def _lane(folder: Path, seed: str, moments: int, server: PostgresqlServer | None) -> Result:
    telegram, browser = WatchedTelegram(), MischievousIxBrowser(Random(f"{seed} mischief"))
    async with AsyncExitStack() as stack:
        url = None if server is None else server.url()
        office = await stack.enter_async_context(open_office(folder, telegram, browser, url))
        office.settings |= {
            "IXBROWSER_TIMEOUT": TIMEOUT,
            "IXBROWSER_GRACE": GRACE,
            "ADMIN_IDS": ",".join(map(str, ADMINS)),
        }
        (folder / "quick").mkdir()
        office.settings |= sabotage(folder / "quick", HIDDEN_SOON if server is None else f"{HIDDEN_SOON}{QUICK}")
        # It is compiled once: it starts far more quickly so, again and again.
        del office.settings["PYTHONDONTWRITEBYTECODE"]
        mischief = None
        if server is not None:
            # Only the bot goes this way: the one who looks at its database would stand in its own.
            way = await stack.enter_async_context(opened(SilentWay(server.url())))
            mischief = ServerMischief(server, way, Random(f"{seed} server"))
            office.settings["DATABASE_URL"] = way.url
        lane = Lane(office, telegram, browser, seed, mischief)
        await lane.run(moments)
        return lane.result


async def kill(
    folder: Path, moments: int, seed: str, lanes: int = LANES, servers: Sequence[PostgresqlServer] = ()
) -> Sequence[Result]:
    """Kill so many times altogether, shared out to the lanes. Each has a file of its own, or one of the ``servers``."""
    return await side_by_side(_lane, folder, moments, seed, lanes=lanes, servers=servers)


if __name__ == "__main__":
    sys.exit(main(_lane, "kill", __doc__, 1000, "on PostgreSQL servers, killed too, in place of files"))
