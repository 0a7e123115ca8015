"""Drafts that want a group, in memory, and the group creator at work on them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace

from bot.domain.draft import Draft, ListedGroup, NewGroup
from bot.domain.remote_lists import Listing
from bot.domain.transfer_code import TransferCode
from bot.station.group_creator import GroupCreator
from bot.station.proof_times import ProofTimes
from bot.usecases.records import DraftState, Place, Shown, StoredDraft
from tests.support.browser import ScriptedBrowser
from tests.support.clock import MovableClock, settle
from tests.support.memory_store import MemoryStore

TIMEOUT = 60.0
GRACE = 15.0
TITLE = "Магазины 商店 <b>"
_CODES = (TransferCode("11112222-33334444"),)


@dataclass(slots=True)
class Making:
    clock: MovableClock
    store: MemoryStore
    browser: ScriptedBrowser
    creator: GroupCreator = field(init=False)
    running: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self.creator = self._created(GRACE)

    def _created(self, grace: float, others_send_for: float = 0.0) -> GroupCreator:
        return GroupCreator(self.store, self.browser, self.clock, ProofTimes(TIMEOUT, grace, others_send_for))

    @property
    def groups_are_requested(self) -> bool:
        """Whether the list of groups is to be read anew."""
        return Listing.GROUPS in self.store.lists.requested()

    async def start(self, grace: float = GRACE, others_send_for: float = 0.0) -> None:
        self.creator = self._created(grace, others_send_for)
        self.store.handlers = {"groups_requested": self.creator.groups_requested}
        self.running = asyncio.create_task(self.creator.run())
        await settle()

    def add(self, draft_id: int = 1, title: str = TITLE, *, sent: bool = False) -> None:
        """A draft that wants a group, or does so again."""
        where = Place(draft_id, draft_id, None, "en")
        draft = Draft(codes=_CODES, group=NewGroup(title, sent))
        card = Shown(None, repost=False, revision=1, shown_revision=0)
        self.store.drafts.stored[draft_id] = StoredDraft(draft_id, where, card, DraftState.OPEN, draft)

    async def request(self, draft_id: int = 1, title: str = TITLE) -> None:
        self.add(draft_id, title)
        self.creator.groups_requested()
        await settle()

    def give_up(self, draft_id: int) -> None:
        """The draft's person has cancelled it."""
        stored = self.store.drafts.stored[draft_id]
        self.store.drafts.stored[draft_id] = replace(stored, state=DraftState.CANCELLED)

    def wanted(self) -> list[int]:
        """The drafts that still wait for their group."""
        return [each.id for each in self.store.drafts.with_new_group()]

    def sent(self, draft_id: int) -> bool:
        """Whether it is noted that the group may have been asked for."""
        group = self.store.drafts.stored[draft_id].draft.group
        return isinstance(group, NewGroup) and group.sent

    @property
    def made_as(self) -> dict[int, int]:
        """The number of the group that each draft has been given."""
        drafts = self.store.drafts.stored.values()
        return {each.id: each.draft.group.id for each in drafts if isinstance(each.draft.group, ListedGroup)}

    @property
    def failures(self) -> dict[int, tuple[str, int | None]]:
        """Why each draft has no group: the reason, and ixBrowser's error number where it has one."""
        found = {}
        for each in self.store.drafts.stored.values():
            if (notice := each.draft.notice) is not None:
                code = notice.values.get("code")
                found[each.id] = notice.reason.removeprefix("group_"), None if code is None else int(code)
        return found


@asynccontextmanager
async def making(*, started: bool = True) -> AsyncIterator[Making]:
    clock = MovableClock()
    made = Making(clock, MemoryStore(clock), ScriptedBrowser(clock))
    if started:
        await made.start()
    try:
        yield made
    finally:
        if made.running is not None:
            made.running.cancel()
            with suppress(asyncio.CancelledError):
                await made.running
