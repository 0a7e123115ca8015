"""Killed at random moments, restored, copied and moved: everything happens once, and everybody is told the truth.

``RESTORED_MOMENTS`` and ``RESTORED_SEED`` in the environment ask for more, or for others; ``python -m
tests.end_to_end.restored`` kills it three hundred times.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.end_to_end.restored import restored
from tests.end_to_end.restored_result import RestoredResult
from tests.support.postgresql import own_server

MOMENTS = int(os.environ.get("RESTORED_MOMENTS", "4"))
SEED = os.environ.get("RESTORED_SEED", "1")


async def test_whatever_becomes_of_its_database_everything_happens_once(tmp_path: Path) -> None:
    judge(await restored(tmp_path, MOMENTS, SEED, lanes=1), MOMENTS)


@pytest.mark.long
async def test_so_it_does_on_postgresql(tmp_path: Path) -> None:
    moments = MOMENTS // 2
    with own_server(tcp=True, durable=True) as server:
        judge(await restored(tmp_path, moments, SEED, lanes=1, servers=[server]), moments)


def judge(results: Sequence[RestoredResult], moments: int) -> None:
    assert [result.wrong for result in results] == [[] for _ in results], "\n".join(map(str, results))
    assert sum(len(result.moments) for result in results) == moments
    assert sum(result.counts["recoveries"] for result in results) > 0
    assert sum(result.counts["profiles made"] for result in results) > 0
