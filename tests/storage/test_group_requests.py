"""What the group creator is promised of the drafts that want a group: the same by the database and in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Concatenate, ParamSpec, Protocol, TypeVar

import pytest

from bot.domain.draft import DefaultGroup, Draft, ListedGroup, NewGroup, Step, step
from bot.domain.transfer_code import TransferCode
from bot.storage.database import Database
from bot.usecases import group_requests
from bot.usecases.group_requests import GroupRequest
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import DraftState, Place, Shown, StoredDraft
from tests.storage.arranged import InDatabase, InMemory
from tests.storage.support import ANA, CODE, CUSTOM, draft_by_id, opened, unlocked
from tests.support.clock import MovableClock

TITLE = "店铺 <b> & Co 🛒"
WAITING = Draft(codes=(TransferCode(CODE),), group=NewGroup(TITLE), proxy=CUSTOM)

P = ParamSpec("P")
T = TypeVar("T")


class Arranged(Protocol):
    """Drafts, and how a test gets at them."""

    async def run(self, function: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function returns; one transaction, which is committed."""

    async def request(self, draft_id: int, title: str = TITLE) -> None:
        """Somebody's draft wants a group; drafts are numbered from 1."""

    async def draft(self, draft_id: int) -> StoredDraft: ...


class DraftsInMemory(InMemory):
    async def request(self, draft_id: int, title: str = TITLE) -> None:
        where = Place(draft_id, draft_id, None, "en")
        card = Shown(None, repost=False, revision=1, shown_revision=0)
        draft = replace(WAITING, group=NewGroup(title))
        self.store.drafts.stored[draft_id] = StoredDraft(draft_id, where, card, DraftState.OPEN, draft)

    async def draft(self, draft_id: int) -> StoredDraft:
        return self.store.drafts.stored[draft_id]


class DraftsInDatabase(InDatabase):
    async def request(self, draft_id: int, title: str = TITLE) -> None:
        draft = replace(WAITING, group=NewGroup(title))
        stored = await opened(self.store, draft, Place(draft_id, draft_id, None, "en"))
        assert stored.id == draft_id

    async def draft(self, draft_id: int) -> StoredDraft:
        return await draft_by_id(self.store, draft_id)


@pytest.fixture
async def drafts(anywhere: str | None, clock: MovableClock) -> AsyncIterator[Arranged]:
    if anywhere is None:
        yield DraftsInMemory(clock)
        return
    database = await unlocked(anywhere)
    yield DraftsInDatabase(database, clock)
    await database.close()


@pytest.fixture
def mine(database: Database, clock: MovableClock) -> DraftsInDatabase:
    return DraftsInDatabase(database, clock)


async def test_requests_are_found_in_the_order_in_which_they_came(drafts: Arranged) -> None:
    assert await drafts.run(group_requests.wanted) == []
    await drafts.request(1)
    await drafts.request(2, "Shops")
    assert await drafts.run(group_requests.wanted) == [
        GroupRequest(1, TITLE, sent=False),
        GroupRequest(2, "Shops", sent=False),
    ]


async def test_a_request_is_sent_from_the_moment_in_which_that_is_intended(drafts: Arranged) -> None:
    await drafts.request(1)
    assert await drafts.run(group_requests.intend, 1, TITLE)
    assert await drafts.run(group_requests.wanted) == [GroupRequest(1, TITLE, sent=True)]
    assert await drafts.run(group_requests.intend, 1, TITLE)


async def test_a_request_ends_once_with_its_group_or_without(drafts: Arranged) -> None:
    await drafts.request(1)
    await drafts.request(2)
    assert await drafts.run(group_requests.made, 1, TITLE, 5)
    assert await drafts.run(group_requests.failed, 2, TITLE, "refused", 105002)
    assert await drafts.run(group_requests.wanted) == []
    assert not await drafts.run(group_requests.made, 1, TITLE, 5)
    assert not await drafts.run(group_requests.failed, 2, TITLE, "away", None)
    assert not await drafts.run(group_requests.intend, 1, TITLE)


async def test_a_request_for_another_title_is_not_answered(drafts: Arranged) -> None:
    await drafts.request(1)
    assert not await drafts.run(group_requests.intend, 1, "Shops")
    assert not await drafts.run(group_requests.made, 1, "Shops", 5)
    assert not await drafts.run(group_requests.failed, 1, "Shops", "silent", None)
    assert await drafts.run(group_requests.wanted) == [GroupRequest(1, TITLE, sent=False)]


async def test_a_request_that_was_taken_back_is_not_answered(drafts: Arranged) -> None:
    await drafts.request(1)
    stored = await drafts.draft(1)
    group = DefaultGroup()

    def take_back(work: UnitOfWork) -> bool:
        return work.drafts.change(stored, replace(stored.draft, group=group), work.now, repost=False)

    assert await drafts.run(take_back)
    assert await drafts.run(group_requests.wanted) == []
    assert not await drafts.run(group_requests.intend, 1, TITLE)
    assert not await drafts.run(group_requests.made, 1, TITLE, 5)
    assert not await drafts.run(group_requests.failed, 1, TITLE, "away", None)


async def test_a_draft_that_there_is_not_wants_nothing(drafts: Arranged) -> None:
    assert not await drafts.run(group_requests.intend, 7, TITLE)


async def test_a_group_that_was_made_is_the_draft_s_answer_and_shown(mine: DraftsInDatabase) -> None:
    await mine.request(1)
    before = await draft_by_id(mine.store, 1)
    await mine.run(group_requests.intend, 1, TITLE)
    assert (await draft_by_id(mine.store, 1)).card == before.card
    assert mine.told == []

    await mine.run(group_requests.made, 1, TITLE, 5)
    after = await draft_by_id(mine.store, 1)
    assert after.draft == replace(before.draft, group=ListedGroup(5, TITLE))
    assert after.card.revision == before.card.revision + 1
    assert mine.told == [1]


@pytest.mark.parametrize(
    ("reason", "code", "values"), [("refused", 105002, {"code": "105002"}), ("away", None, {}), ("silent", None, {})]
)
async def test_why_there_is_no_group_is_remarked_and_the_question_asked_again(
    mine: DraftsInDatabase, reason: str, code: int | None, values: dict[str, str]
) -> None:
    await mine.request(1)
    await mine.run(group_requests.failed, 1, TITLE, reason, code)
    draft = (await draft_by_id(mine.store, 1)).draft
    assert step(draft) is not Step.GROUP_MAKING
    assert draft.notice is not None
    assert (draft.notice.reason, draft.notice.values) == (f"group_{reason}", values)
    assert draft.codes == (TransferCode(CODE),)
    assert draft.proxy == CUSTOM
    assert mine.told == [1]


async def test_a_draft_that_was_cancelled_wants_no_group_any_more(mine: DraftsInDatabase) -> None:
    await mine.request(1)
    await mine.store.write(lambda work: work.drafts.close(1, DraftState.CANCELLED, work.now))
    assert await mine.run(group_requests.wanted) == []
    assert not await mine.run(group_requests.made, 1, TITLE, 5)


async def test_a_draft_without_codes_does_not_wait_for_its_group(mine: DraftsInDatabase) -> None:
    await opened(mine.store, Draft(group=NewGroup(TITLE)), ANA)
    assert await mine.run(group_requests.wanted) == []
