"""Doing once for many what each asks for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.chat.request_batcher import MANY, RequestBatcher


class Rounds:
    """Doubles what it is asked; every round waits until it is let go."""

    def __init__(self) -> None:
        self.taken: list[list[int]] = []
        self.began = asyncio.Event()
        self.let_go = asyncio.Event()
        self.error: Exception | None = None

    async def __call__(self, asked: Sequence[int]) -> Sequence[int]:
        self.taken.append(list(asked))
        self.began.set()
        await self.let_go.wait()
        if self.error is not None:
            raise self.error
        return [2 * number for number in asked]


async def test_one_alone_is_served_at_once() -> None:
    rounds = Rounds()
    rounds.let_go.set()

    assert await RequestBatcher(rounds).ask(21) == 42
    assert rounds.taken == [[21]]


async def test_those_who_come_during_a_round_share_the_next() -> None:
    rounds = Rounds()
    together = RequestBatcher(rounds)
    first = asyncio.ensure_future(together.ask(1))
    await rounds.began.wait()
    others = [asyncio.ensure_future(together.ask(number)) for number in (2, 3, 4)]
    await asyncio.wait(others, timeout=0)
    rounds.let_go.set()

    assert await first == 2
    assert await asyncio.gather(*others) == [4, 6, 8]
    assert rounds.taken == [[1], [2, 3, 4]]


async def test_after_a_round_of_many_the_next_waits_for_those_who_come_one_by_one() -> None:
    rounds = Rounds()
    rounds.let_go.set()
    together = RequestBatcher(rounds, gather=0.05)
    await asyncio.gather(*(together.ask(number) for number in range(MANY)))
    one_by_one = []
    for number in (7, 8):
        one_by_one.append(asyncio.ensure_future(together.ask(number)))
        await asyncio.wait(one_by_one, timeout=0)

    assert await asyncio.gather(*one_by_one) == [14, 16]
    assert rounds.taken == [[*range(MANY)], [7, 8]]


async def test_after_a_round_of_few_nobody_waits() -> None:
    rounds = Rounds()
    rounds.let_go.set()
    together = RequestBatcher(rounds, gather=3600)

    assert [await together.ask(number) for number in (1, 2)] == [2, 4]


async def test_a_round_that_fails_fails_for_those_in_it_and_for_no_other() -> None:
    rounds = Rounds()
    rounds.error = RuntimeError("no disk")
    together = RequestBatcher(rounds)
    rounds.let_go.set()

    with pytest.raises(RuntimeError, match="no disk"):
        await together.ask(1)
    rounds.error = None
    assert await together.ask(2) == 4


async def test_resting_waits_for_the_round_under_way() -> None:
    rounds = Rounds()
    together = RequestBatcher(rounds)
    await together.rest()
    asked = asyncio.ensure_future(together.ask(1))
    await rounds.began.wait()
    resting = asyncio.ensure_future(together.rest())
    await asyncio.wait([resting], timeout=0)
    assert not resting.done()
    rounds.let_go.set()

    await resting
    assert await asked == 2


async def test_somebody_who_gives_up_does_not_spoil_it_for_the_rest() -> None:
    rounds = Rounds()
    together = RequestBatcher(rounds)
    first, second, third = (asyncio.ensure_future(together.ask(number)) for number in (1, 2, 3))
    await rounds.began.wait()
    first.cancel()
    rounds.let_go.set()

    assert await second == 4
    assert await third == 6
    assert first.cancelled()
