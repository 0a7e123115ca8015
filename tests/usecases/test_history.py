"""Pages of the import log: one's own, or everyone's for an admin where nobody else looks on."""

from __future__ import annotations

import pytest

from bot.domain.import_state import Status
from bot.errors import NotAllowed
from bot.usecases.actor import Actor
from bot.usecases.history import PAGE_SIZE, LogPage, ReadLog, read_own_log, read_whole_log
from bot.usecases.records import Place
from tests.usecases.conversation import ANA, BOSS, MAI, Conversation, in_group, private


def ids(read: LogPage) -> list[int]:
    return [row.id for row in read.page.rows]


def code(number: int) -> str:
    return f"1111{number:04}-00000000"


@pytest.fixture
async def log(conversation: Conversation) -> Conversation:
    """Ana has eight imports, 1 to 8, Mai the ninth."""
    await conversation.confirmed(*[code(number) for number in range(8)], status=Status.IMPORTED)
    await conversation.of(MAI).confirmed(code(8), status=Status.IMPORTED)
    return conversation


async def test_a_page_has_ones_own_imports_newest_first(log: Conversation) -> None:
    read = await log.do(read_own_log, ReadLog(private(ANA)))
    assert ids(read) == [8, 7, 6, 5, 4, 3]
    assert len(read.page.rows) == PAGE_SIZE
    assert (read.page.newer, read.page.older, read.whole) == (False, True, False)


async def test_pages_are_turned_from_the_rows_at_their_ends(log: Conversation) -> None:
    older = await log.do(read_own_log, ReadLog(private(ANA), before=3))
    assert ids(older) == [2, 1]
    assert (older.page.newer, older.page.older) == (True, False)
    newer = await log.do(read_own_log, ReadLog(private(ANA), after=2))
    assert ids(newer) == [8, 7, 6, 5, 4, 3]


@pytest.mark.parametrize("turn", [ReadLog(private(ANA), before=1), ReadLog(private(ANA), after=8)])
async def test_where_nothing_lies_the_first_page_is_shown(log: Conversation, turn: ReadLog) -> None:
    assert ids(await log.do(read_own_log, turn)) == [8, 7, 6, 5, 4, 3]


async def test_an_admin_sees_everyones_in_private_only(log: Conversation) -> None:
    boss = log.of(BOSS)
    read = await boss.do(read_whole_log, ReadLog(private(BOSS)))
    assert (ids(read), read.whole, read.may_switch) == ([9, 8, 7, 6, 5, 4], True, True)
    for elsewhere in (in_group(BOSS), Place(BOSS.user_id, ANA.user_id, None, "en")):
        with pytest.raises(NotAllowed):
            await boss.do(read_whole_log, ReadLog(elsewhere))


@pytest.mark.parametrize(
    ("actor", "where", "offered"),
    [(BOSS, private(BOSS), True), (BOSS, in_group(BOSS), False), (ANA, private(ANA), True)],
)
async def test_everyones_are_offered_to_whom_they_are_shown(
    log: Conversation, actor: Actor, where: Place, offered: bool
) -> None:
    assert (await log.of(actor).do(read_own_log, ReadLog(where))).may_switch == offered
