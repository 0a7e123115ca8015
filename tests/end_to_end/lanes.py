"""Bots that are killed side by side, each with people and a database of its own, and how that is called."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol, TypeVar

from tests.support.postgresql import PostgresqlServer, own_server

#: Bots side by side.
LANES = 2


class LaneResult(Protocol):
    wrong: list[str]

    @property
    def summary(self) -> str: ...


R = TypeVar("R", bound=LaneResult)
#: Serves one lane: its folder, its seed, how often it is killed, and its server, None for a file.
Serve = Callable[[Path, str, int, PostgresqlServer | None], Awaitable[R]]


async def side_by_side(
    serve: Serve[R],
    folder: Path,
    moments: int,
    seed: str,
    *,
    lanes: int = LANES,
    servers: Sequence[PostgresqlServer] = (),
) -> Sequence[R]:
    """Kill so many times altogether, shared out to the lanes."""
    shares = [moments // lanes + (lane < moments % lanes) for lane in range(lanes)]
    folders = [Path(tempfile.mkdtemp(prefix=f"lane{lane}-", dir=folder)) for lane in range(lanes)]

    async def served(lane: int) -> R:
        return await serve(folders[lane], f"{seed}-{lane}", shares[lane], servers[lane] if servers else None)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(served(lane)) for lane in range(lanes)]
    return [task.result() for task in tasks]


def main(serve: Serve[R], name: str, description: str | None, moments: int, on_servers: str) -> int:
    """``python -m tests.end_to_end.<name>``: its exit status."""
    parser = argparse.ArgumentParser(prog=f"python -m tests.end_to_end.{name}", description=description)
    parser.add_argument("--moments", type=int, default=moments, help=f"how often to kill it ({moments})")
    parser.add_argument("--seed", default="1", help="gives the same people, faults and moments again (1)")
    parser.add_argument("--lanes", type=int, default=LANES, help=f"bots side by side ({LANES})")
    parser.add_argument("--postgresql", action="store_true", help=on_servers)
    given = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix=f"transfer-bot-{name}-") as folder, ExitStack() as stack:
        servers = (
            [stack.enter_context(own_server(tcp=True, durable=True)) for _ in range(given.lanes)]
            if given.postgresql
            else []
        )
        results = asyncio.run(
            side_by_side(serve, Path(folder), given.moments, given.seed, lanes=given.lanes, servers=servers)
        )
    for result in results:
        sys.stdout.write(f"{result.summary}\n")
        if result.wrong:
            sys.stdout.write(f"{result}\n")
    sys.stdout.write(f"{time.monotonic() - began:.0f} s\n")
    return 1 if any(result.wrong for result in results) else 0
