"""The log tells every import at its end in one line, by ids, however it ended, and holds no code."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.usecases.import_queue import cancel_all_of
from bot.usecases.ports import UnitOfWork
from tests.standins.ixbrowser_actions import IMPORT
from tests.standins.ixbrowser_faults import cut_before, refusal
from tests.support.chatting import imported, ready_to_import, timed, until_ended, until_shown
from tests.support.world import ADMIN, MEMBER, World

MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
SECONDS = r"\d+\.\d s"


@pytest.fixture(autouse=True)
def at_info(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "bot")


def stories(caplog: pytest.LogCaptureFixture) -> Sequence[str]:
    lines = [record.getMessage() for record in caplog.records if record.name == "bot.usecases.import_story"]
    assert {record.levelname for record in caplog.records if record.name == "bot.usecases.import_story"} <= {"INFO"}
    return lines


def mask(code: str) -> str:
    return f"{code[:4]}••••-••••{code[-4:]}"


async def test_an_import_that_worked(world: World, caplog: pytest.LogCaptureFixture) -> None:
    await world.let_in(world.mai)
    code = world.browser.offer("Shop Berlin")
    await imported(world, code, person=world.mai)
    [row] = await world.log()
    [story] = stories(caplog)
    assert re.fullmatch(
        rf"import {row['id']} ended as imported: {mask(code)}, queued {MOMENT} by {MEMBER}, station office, "
        rf"attempts 1, looks at the records 0, profile {row['profile_id']}, {SECONDS} from queued to its end, "
        rf"{SECONDS} from when it was sent last",
        story,
    )
    assert code not in caplog.text
    assert code.replace("-", "") not in caplog.text


async def test_one_that_is_refused_has_the_number_of_the_error(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.browser.always(IMPORT, refusal(110002))
    await imported(world)
    [story] = stories(caplog)
    assert " ended as failed: " in story
    assert ", profile none, error 110002, " in story


async def test_one_whose_answer_was_lost_says_how_often_it_was_looked_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with timed(tmp_path) as (world, clock):
        code = world.browser.offer()
        card = await ready_to_import(world, code)
        # The first request never arrives, the second does.
        world.browser.fail(IMPORT, cut_before())
        world.telegram.press(world.ana, card, card.button("✅ Import"))
        await until_shown(world, clock, "Imported")
        [row] = await world.log()
        assert row["looks"] >= 2
    [story] = stories(caplog)
    assert f"by {ADMIN}, station office, attempts 2 (1 unanswered), looks at the records {row['looks']}, " in story
    assert code not in caplog.text


async def test_one_that_is_cancelled_while_it_waits_was_never_sent(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with timed(tmp_path) as (world, clock):
        card = await ready_to_import(world, world.browser.offer(), world.browser.offer())
        world.browser.running = False
        await world.tap("✅ Import 2", message=card)
        await until_shown(world, clock, "Waiting: ixBrowser is not running")
        clock.jump(600)
        await world.tap("Cancel", message=world.card())
        await until_ended(world, clock)
    told = stories(caplog)
    assert len(told) == 2
    assert all(" ended as cancelled: " in story for story in told)
    # What could not be reached was tried, and nothing was done.
    assert all(re.search(r", 6\d\d\.\d s from queued to its end, ", story) for story in told)


async def test_a_transaction_that_is_not_committed_tells_nothing(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    card = await ready_to_import(world, world.browser.offer())
    world.browser.running = False
    await world.tap("✅ Import", message=card)

    def fail(work: UnitOfWork) -> None:
        cancel_all_of(work, ADMIN)
        raise LookupError("not committed")

    with pytest.raises(LookupError):
        await world.app.store.write(fail)
    assert stories(caplog) == []
