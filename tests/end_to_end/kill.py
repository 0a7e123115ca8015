"""Kill the bot again and again while people import, come and go, and see whether everything happened exactly once.

``python -m tests.end_to_end.kill --moments 1000 --seed 1`` kills it a thousand times.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from random import Random

from tests.end_to_end.givers import HIDDEN_SOON
from tests.end_to_end.lane import ADMINS, Lane
from tests.end_to_end.mischief import GRACE, TIMEOUT, MischievousIxBrowser, WatchedTelegram
from tests.end_to_end.office import open_office
from tests.end_to_end.process import sabotage
from tests.end_to_end.result import Result
from tests.end_to_end.server_mischief import QUICK, ServerMischief
from tests.support.postgresql import PostgresqlServer, own_server
from tests.support.postgresql_proxy import SilentWay, opened

#: Offices that are served side by side, each by a bot of its own.
LANES = 2


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
    shares = [moments // lanes + (lane < moments % lanes) for lane in range(lanes)]
    folders = [Path(tempfile.mkdtemp(prefix=f"lane{lane}-", dir=folder)) for lane in range(lanes)]
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(_lane(folders[lane], f"{seed}-{lane}", share, servers[lane] if servers else None))
            for lane, share in enumerate(shares)
        ]
    return [task.result() for task in tasks]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.end_to_end.kill", description=__doc__)
    parser.add_argument("--moments", type=int, default=1000, help="how often to kill it (1000)")
    parser.add_argument("--seed", default="1", help="gives the same people, faults and moments again (1)")
    parser.add_argument("--lanes", type=int, default=LANES, help=f"bots side by side ({LANES})")
    parser.add_argument(
        "--postgresql", action="store_true", help="on PostgreSQL servers, killed too, in place of files"
    )
    given = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="transfer-bot-kill-") as folder, ExitStack() as stack:
        servers = (
            [stack.enter_context(own_server(tcp=True, durable=True)) for _ in range(given.lanes)]
            if given.postgresql
            else []
        )
        results = asyncio.run(kill(Path(folder), given.moments, given.seed, given.lanes, servers))
    for result in results:
        sys.stdout.write(f"{result.summary}\n")
        if result.wrong:
            sys.stdout.write(f"{result}\n")
    sys.stdout.write(f"{time.monotonic() - began:.0f} s\n")
    return 1 if any(result.wrong for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
