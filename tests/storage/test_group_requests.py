"""What the maker of groups is promised of the drafts that want one: the same by the database and in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

import pytest
from bot.storage.group_requests import SqlGroupRequests

from bot.domain.draft import DefaultGroup, Draft, ListedGroup, NewGroup, Step, step
from bot.domain.transfer_code import TransferCode
from bot.storage.database import Database
from bot.storage.work import SignalHandlers, SqlStore, SqlWork
from bot.usecases.import_queue import GroupRequest, GroupRequests
from bot.usecases.records import DraftState, Place
from tests.storage.support import ANA, CODE, CUSTOM, draft_by_id, opened
from tests.support.clock import MovableClock
from tests.support.group_requests import MemoryGroupRequests

TITLE = "店铺 <b> & Co 🛒"


class Arranged(Protocol):
    """A requests, and how a test gets at what is on it."""

    @property
    def requests(self) -> GroupRequests: ...

    async def request(self, draft_id: int, title: str = TITLE) -> None:
        """Somebody's draft wants a group; drafts are numbered from 1."""

    async def take_back(self, draft_id: int) -> None: ...


class InMemory:
    def __init__(self) -> None:
        self.requests = MemoryGroupRequests()

    async def request(self, draft_id: int, title: str = TITLE) -> None:
        self.requests.request(draft_id, title)

    async def take_back(self, draft_id: int) -> None:
        del self.requests.requests[draft_id]


class InDatabase:
    def __init__(self, database: Database, clock: MovableClock) -> None:
        self.told: list[int] = []
        self.store = SqlStore(database, SignalHandlers(chat_behind=self.told.append), clock.now)
        self.clock = clock
        self.requests = SqlGroupRequests(self.store)

    async def request(self, draft_id: int, title: str = TITLE) -> None:
        draft = Draft(codes=(TransferCode(CODE),), group=NewGroup(title), proxy=CUSTOM)
        stored = await opened(self.store, draft, Place(draft_id, draft_id, None, "en"))
        assert stored.id == draft_id

    async def take_back(self, draft_id: int) -> None:
        stored = await draft_by_id(self.store, draft_id)

        def change(work: SqlWork) -> None:
            draft = replace(stored.draft, group=DefaultGroup())
            assert work.drafts.change(stored, draft, self.clock.now(), repost=False)

        await self.store.write(change)


@pytest.fixture(params=["memory", "database"])
def arranged(request: pytest.FixtureRequest, database: Database, clock: MovableClock) -> Arranged:
    return InMemory() if request.param == "memory" else InDatabase(database, clock)


@pytest.fixture
def mine(database: Database, clock: MovableClock) -> InDatabase:
    return InDatabase(database, clock)


async def test_wishes_are_found_in_the_order_in_which_they_came(arranged: Arranged) -> None:
    assert await arranged.requests.wanted() == []
    await arranged.request(1)
    await arranged.request(2, "Shops")
    assert await arranged.requests.wanted() == [
        GroupRequest(1, TITLE, sent=False),
        GroupRequest(2, "Shops", sent=False),
    ]


async def test_a_wish_is_sent_from_the_moment_in_which_that_is_intended(arranged: Arranged) -> None:
    await arranged.request(1)
    assert await arranged.requests.intend(1, TITLE)
    assert await arranged.requests.wanted() == [GroupRequest(1, TITLE, sent=True)]
    assert await arranged.requests.intend(1, TITLE)


async def test_a_wish_ends_once_with_its_group_or_without(arranged: Arranged) -> None:
    await arranged.request(1)
    await arranged.request(2)
    assert await arranged.requests.made(1, TITLE, 5)
    assert await arranged.requests.failed(2, TITLE, "refused", 105002)
    assert await arranged.requests.wanted() == []
    assert not await arranged.requests.made(1, TITLE, 5)
    assert not await arranged.requests.failed(2, TITLE, "away", None)
    assert not await arranged.requests.intend(1, TITLE)


async def test_a_wish_for_another_title_is_not_answered(arranged: Arranged) -> None:
    await arranged.request(1)
    assert not await arranged.requests.intend(1, "Shops")
    assert not await arranged.requests.made(1, "Shops", 5)
    assert not await arranged.requests.failed(1, "Shops", "silent", None)
    assert await arranged.requests.wanted() == [GroupRequest(1, TITLE, sent=False)]


async def test_a_wish_that_was_taken_back_is_not_answered(arranged: Arranged) -> None:
    await arranged.request(1)
    await arranged.take_back(1)
    assert await arranged.requests.wanted() == []
    assert not await arranged.requests.intend(1, TITLE)
    assert not await arranged.requests.made(1, TITLE, 5)
    assert not await arranged.requests.failed(1, TITLE, "away", None)


async def test_a_draft_that_there_is_not_wants_nothing(arranged: Arranged) -> None:
    assert not await arranged.requests.intend(7, TITLE)


async def test_a_group_that_was_made_is_the_draft_s_answer_and_shown(mine: InDatabase) -> None:
    await mine.request(1)
    before = await draft_by_id(mine.store, 1)
    await mine.requests.intend(1, TITLE)
    assert (await draft_by_id(mine.store, 1)).card == before.card
    assert mine.told == []

    await mine.requests.made(1, TITLE, 5)
    after = await draft_by_id(mine.store, 1)
    assert after.draft == replace(before.draft, group=ListedGroup(5, TITLE))
    assert after.card.revision == before.card.revision + 1
    assert mine.told == [1]


@pytest.mark.parametrize(
    ("reason", "code", "values"), [("refused", 105002, {"code": "105002"}), ("away", None, {}), ("silent", None, {})]
)
async def test_why_there_is_no_group_is_remarked_and_the_question_asked_again(
    mine: InDatabase, reason: str, code: int | None, values: dict[str, str]
) -> None:
    await mine.request(1)
    await mine.requests.failed(1, TITLE, reason, code)
    draft = (await draft_by_id(mine.store, 1)).draft
    assert step(draft) is not Step.GROUP_MAKING
    assert draft.notice is not None
    assert (draft.notice.reason, draft.notice.values) == (f"group_{reason}", values)
    assert draft.codes == (TransferCode(CODE),)
    assert draft.proxy == CUSTOM
    assert mine.told == [1]


async def test_a_draft_that_was_cancelled_wants_no_group_any_more(mine: InDatabase) -> None:
    await mine.request(1)
    await mine.store.write(lambda work: work.drafts.close(1, DraftState.CANCELLED, mine.clock.now()))
    assert await mine.requests.wanted() == []
    assert not await mine.requests.made(1, TITLE, 5)


async def test_a_draft_without_codes_does_not_wait_for_its_group(mine: InDatabase) -> None:
    await opened(mine.store, Draft(group=NewGroup(TITLE)), ANA)
    assert await mine.requests.wanted() == []
