"""Killed at random moments: every import that anyone confirmed happens once, and everybody is told the truth.

``KILL_MOMENTS`` and ``KILL_SEED`` in the environment ask for more, or for others; ``python -m tests.end_to_end.kill``
kills it a thousand times.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from tests.end_to_end.kill import kill
from tests.end_to_end.lane import PEOPLE
from tests.end_to_end.result import Result
from tests.support.postgresql import own_server

MOMENTS = int(os.environ.get("KILL_MOMENTS", "20"))
SEED = os.environ.get("KILL_SEED", "1")


async def test_killed_at_any_moment_everything_happens_exactly_once(tmp_path: Path) -> None:
    judge(await kill(tmp_path, MOMENTS, SEED), MOMENTS)


async def test_so_it_does_on_postgresql_whose_server_is_killed_too(tmp_path: Path) -> None:
    moments = MOMENTS // 2
    with own_server(tcp=True, durable=True) as one, own_server(tcp=True, durable=True) as other:
        results = await kill(tmp_path, moments, SEED, servers=[one, other])
    judge(results, moments)


def judge(results: Sequence[Result], moments: int) -> None:
    assert [result.wrong for result in results] == [[] for _ in results], "\n".join(map(str, results))
    assert sum(len(result.moments) for result in results) == moments
    for result in results:
        assert result.imported >= 0.8 * result.good
    # On a slow machine little happens between two kills.
    assert sum(result.confirmed for result in results) > len(PEOPLE)
    assert sum(result.team["let in by an admin"] + result.team["joined by a link"] for result in results) > 0
    assert sum(result.handoffs["codes left"] for result in results) > 0
    assert sum(result.handoffs["imported from handoffs"] for result in results) > 0
