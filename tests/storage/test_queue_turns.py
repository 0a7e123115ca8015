"""People have their turns one after another: the same promise by the database, and by the log in memory."""

from __future__ import annotations

import random

import pytest

from bot.domain.import_events import CancelWanted
from bot.domain.import_state import Status
from bot.domain.outcome import Imported, NotSent
from bot.usecases import import_queue
from tests.storage.arranged import Arranged
from tests.storage.import_log import answered, claimed_ids, send_round

ANA, MAI, KIM = 1, 2, 3


async def add(arranged: Arranged, person: int, count: int) -> list[int]:
    return [await arranged.add(person=person) for _ in range(count)]


async def test_one_code_behind_anothers_many_is_taken_next(arranged: Arranged) -> None:
    anas = await add(arranged, ANA, 9)
    assert await claimed_ids(arranged, 3) == anas[:3]
    [mais] = await add(arranged, MAI, 1)
    assert await claimed_ids(arranged, 1) == [mais]
    assert await claimed_ids(arranged, 2) == anas[3:5]


async def test_whose_turn_is_longest_ago_is_next_with_the_oldest_of_their_rows(arranged: Arranged) -> None:
    anas, mais, kims = [await add(arranged, person, 3) for person in (ANA, MAI, KIM)]
    assert await claimed_ids(arranged, 2) == [anas[0], mais[0]]
    assert await claimed_ids(arranged, 2) == [kims[0], anas[1]]
    assert await claimed_ids(arranged, 9) == [mais[1], kims[1], anas[2], mais[2], kims[2]]


async def test_what_was_cancelled_costs_nobody_a_turn(arranged: Arranged) -> None:
    anas = await add(arranged, ANA, 4)
    mais = await add(arranged, MAI, 4)
    for row_id in anas[:3]:
        await arranged.run(import_queue.record, row_id, CancelWanted((await arranged.row(row_id)).state.waiting_since))
    assert await claimed_ids(arranged, 3) == [anas[3], mais[0], mais[1]]


async def test_rows_that_are_held_or_in_flight_keep_nobody_from_their_turn(arranged: Arranged) -> None:
    held = await arranged.add(person=ANA, held=True)
    flying, free = await add(arranged, ANA, 2)
    mais = await add(arranged, MAI, 1)
    found = await send_round(arranged, 9, besides=[flying])
    assert [row.id for row in found.claimed] == [free, *mais]
    assert (await arranged.row(held)).state.status is Status.QUEUED


async def test_rows_tried_in_vain_let_their_persons_others_go_first(arranged: Arranged) -> None:
    anas = await add(arranged, ANA, 3)
    mais = await add(arranged, MAI, 1)
    assert await claimed_ids(arranged, 3, last=anas[:2]) == [anas[2], mais[0], anas[0]]


class Model:
    """Who waits, and who has had a turn, the longest ago first."""

    def __init__(self) -> None:
        self.queued: dict[int, list[int]] = {}
        self.served: list[int] = []

    def take(self, limit: int) -> list[int]:
        taken: list[int] = []
        while len(taken) < limit:
            waiting = [person for person, rows in self.queued.items() if rows]
            new = sorted(
                (rows[0], person) for person, rows in self.queued.items() if rows and person not in self.served
            )
            order = [person for _, person in new] + [person for person in self.served if person in waiting]
            if not order:
                break
            person = order[0]
            taken.append(self.queued[person].pop(0))
            self.served = [each for each in self.served if each != person] + [person]
        return taken


@pytest.mark.parametrize("seed", range(3))
async def test_it_takes_what_a_simple_model_takes(arranged: Arranged, seed: int) -> None:
    chance, model, sending = random.Random(seed), Model(), []
    for _ in range(60):
        person = chance.choice((ANA, ANA, ANA, MAI, KIM, chance.randrange(4, 9)))
        match chance.randrange(5):
            case 0 | 1:
                rows = await add(arranged, person, chance.randrange(1, 4))
                model.queued.setdefault(person, []).extend(rows)
            case 2 | 3:
                limit = chance.randrange(1, 6)
                expected = model.take(limit)
                assert await claimed_ids(arranged, limit) == expected
                sending += expected
            case _ if sending:
                # One in flight is imported, or was not taken and waits on where it was.
                row_id = sending.pop(chance.randrange(len(sending)))
                back = chance.random() < 0.5
                outcome = NotSent(1010, "too fast") if back else Imported(row_id)
                row = await arranged.row(row_id)
                await arranged.run(import_queue.record, row_id, answered(outcome, attempt=row.state.attempts))
                if back:
                    rows = model.queued[row.chat_id]
                    rows.append(row_id)
                    rows.sort()


async def test_nobody_waits_for_more_than_one_turn_of_everybody_else(arranged: Arranged) -> None:
    for person in range(1, 6):
        await add(arranged, person, 8)
    taken = [(await arranged.row(row_id)).chat_id for _ in range(10) for row_id in await claimed_ids(arranged, 3)]
    for start in range(len(taken) - 5):
        assert len(set(taken[start : start + 5])) == 5
