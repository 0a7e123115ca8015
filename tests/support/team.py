"""People who leave codes for one another, without a chat, on a database of their own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from bot.domain.draft import DefaultGroup, Draft, Receiver, Step
from bot.domain.draft_answers import Answer, Change, ExpiryPicked, HandOverWanted, ReceiverPicked
from bot.domain.handoff import HandoffStatus
from bot.domain.import_events import Answered, CancelWanted, Claimed, LookAgain, RecordsUnreadable, Recovered
from bot.domain.import_state import Status
from bot.domain.import_transitions import TRIED_FOR
from bot.domain.outcome import Imported, Outcome, Refused
from bot.domain.proxy import Keep
from bot.domain.transfer_code import TransferCode
from bot.storage.database import Database
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.actor import Actor
from bot.usecases.drafting import AnswerDraft, DraftButton, answer, cancel_draft, confirm
from bot.usecases.given_handoffs import ReassignHandoff, reassign_handoff, withdraw_handoff
from bot.usecases.handing_over import HandedOver, hand_over
from bot.usecases.handoff_ends import tidy_handoffs
from bot.usecases.handoff_reminders import remind_of_handoffs
from bot.usecases.handoff_rows import Handoff
from bot.usecases.import_queue import record
from bot.usecases.members import RemoveMember, remove_member
from bot.usecases.receiving import HandoffButton, HandoffResult, take_handoff
from bot.usecases.records import Place, Role, StoredDraft
from tests.support.one_owner import faults_of_owners

T = TypeVar("T")

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADMIN, ANA, KIM, LEE = (
    Actor(4001, "Ada", Role.ADMIN, "en"),
    Actor(4002, "Ana", Role.MEMBER, "en"),
    Actor(4003, "Kim", Role.MEMBER, "en"),
    Actor(4004, "Lee", Role.MEMBER, "en"),
)
TEAM = None
CODES = tuple(f"{number:08}-31415926" for number in range(1, 9))


def private(actor: Actor) -> Place:
    return Place(actor.user_id, actor.user_id, None, actor.language)


@dataclass
class Team:
    """``now`` can be moved."""

    database: Database
    people: Sequence[Actor] = (ADMIN, ANA, KIM, LEE)
    now: datetime = NOON
    store: SqlStore = field(init=False)

    def __post_init__(self) -> None:
        self.store = SqlStore(self.database, now=lambda: self.now)
        self._records = itertools.count(1)

    async def gather(self) -> None:
        """Everybody is let in."""

        def keep(work: SqlWork) -> None:
            for person in self.people:
                work.users.keep(person.user_id, person.name, person.language, self.now)
                work.users.set_role(person.user_id, person.role, ADMIN.user_id, self.now)

        await self.store.write(keep)

    async def read(self, function: Callable[..., T], *args: Any) -> T:
        return await self.store.read(function, *args)

    # --- drafts -------------------------------------------------------------------------------------------------------

    async def draft(self, person: Actor, *codes: str, **chosen: Any) -> StoredDraft:
        """An open draft of somebody, complete where nothing else is ``chosen``."""
        draft = Draft(tuple(map(TransferCode, codes)), DefaultGroup(), Keep(), **chosen)
        draft_id = await self.store.write(lambda work: work.drafts.open_new(private(person), draft, self.now))
        return await self.stored(draft_id)

    async def stored(self, draft_id: int) -> StoredDraft:
        stored = await self.store.read(lambda work: work.drafts.find(draft_id))
        assert stored is not None
        return stored

    async def open_draft(self, person: Actor) -> StoredDraft | None:
        return await self.store.read(lambda work: work.drafts.find_open(private(person)))

    async def button(self, stored: StoredDraft) -> DraftButton:
        now = await self.stored(stored.id)
        return DraftButton(now.where, now.card.message_id, now.id, now.card.revision)

    async def answer(self, person: Actor, stored: StoredDraft, given: Answer) -> None:
        command = AnswerDraft(await self.button(stored), given)
        assert (await self.store.write(answer, person, command)).problem is None

    # --- handing over -------------------------------------------------------------------------------------------------

    async def hand_over(
        self, person: Actor, stored: StoredDraft, to: Actor | None, hours: int | None = None
    ) -> HandedOver:
        await self.answer(person, stored, HandOverWanted())
        await self.answer(person, stored, ReceiverPicked(None if to is None else to.user_id))
        if hours is not None:
            await self.answer(person, stored, Change(Step.EXPIRY))
            await self.answer(person, stored, ExpiryPicked(hours))
        return await self.store.write(hand_over, person, await self.button(stored))

    async def leave(self, person: Actor, to: Actor | None, *codes: str, hours: int | None = None) -> int:
        """Codes that somebody leaves for another, or for the team; the handoff's number."""
        await self.hand_over(person, await self.draft(person, *codes), to, hours)
        found = await self.store.read(lambda work: work.handoffs.of_owner(person.user_id, page=0, size=1))
        return found.handoffs[0].id

    async def take(self, person: Actor, handoff_id: int) -> HandoffResult:
        return await self.store.write(take_handoff, person, HandoffButton(private(person), handoff_id))

    async def press(self, use_case: Callable[..., T], person: Actor, handoff_id: int) -> T:
        return await self.store.write(use_case, person, HandoffButton(private(person), handoff_id))

    async def withdraw(self, person: Actor, handoff_id: int) -> Any:
        return await self.press(withdraw_handoff, person, handoff_id)

    async def reassign(self, person: Actor, handoff_id: int, to: Actor | None) -> Any:
        receiver = Receiver(None if to is None else to.user_id)
        button = HandoffButton(private(person), handoff_id)
        return await self.store.write(reassign_handoff, person, ReassignHandoff(button, receiver))

    async def cancel(self, person: Actor) -> None:
        stored = await self.open_draft(person)
        assert stored is not None
        await self.store.write(cancel_draft, person, await self.button(stored))

    async def confirm(self, person: Actor) -> Any:
        stored = await self.open_draft(person)
        assert stored is not None
        return await self.store.write(confirm, person, await self.button(stored))

    async def remove(self, person: Actor) -> None:
        removal = RemoveMember(person.user_id, person.role)
        await self.store.write(remove_member, ADMIN, removal)

    async def tidy(self, after: timedelta = timedelta(0)) -> None:
        self.now += after
        await self.store.write(tidy_handoffs, timedelta(hours=4))
        await self.store.write(remind_of_handoffs)

    # --- imports ------------------------------------------------------------------------------------------------------

    async def end(self, code: str, outcome: Outcome | None) -> None:
        """The station sends the code's import and has this answer; None is one whose end is not known."""
        row = await self.import_of(code)
        await self.store.write(record, row, Claimed(self.now))
        if outcome is None:
            await self.store.write(record, row, Recovered())
            late = RecordsUnreadable(TRIED_FOR, self.now + timedelta(days=2))
            await self.store.write(record, row, late)
            return
        if isinstance(outcome, Imported):
            outcome = replace(outcome, profile_id=next(self._records))
        await self.store.write(record, row, Answered(1, outcome, self.now))

    async def cancel_import(self, code: str) -> None:
        await self.store.write(record, await self.import_of(code), CancelWanted(self.now))

    async def look_again(self, code: str) -> None:
        await self.store.write(record, await self.import_of(code), LookAgain())

    async def import_of(self, code: str) -> int:
        """The newest row of the log that has the code."""
        found = await self.living(code)
        assert found is not None
        return found

    async def living(self, code: str) -> int | None:
        found = await self.store.read(lambda work: work.log.living([TransferCode(code)]))
        return found[-1].id if found else None

    async def status_of_import(self, row_id: int) -> Status:
        return (await self.store.read(lambda work: work.log.rows([row_id])))[0].status

    # --- what is there ------------------------------------------------------------------------------------------------

    async def handoff(self, handoff_id: int) -> Handoff:
        found = await self.store.read(lambda work: work.handoffs.find(handoff_id))
        assert found is not None
        return found

    async def statuses(self, handoff_id: int) -> list[HandoffStatus]:
        return [code.status for code in (await self.handoff(handoff_id)).codes]

    async def faults(self) -> list[str]:
        """What of the database does not fit together."""
        return await self.database.read(lambda connection: faults_of_owners(connection, self.database.cipher))


IMPORTED = Imported(7)
REFUSED = Refused(110002, "The transfer code is wrong")
