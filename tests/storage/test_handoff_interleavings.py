"""Whatever people and the station do with codes that are left for others, in whatever order: each has one owner."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.domain.import_state import Status
from bot.storage.database import Database
from bot.usecases.actor import Actor
from bot.usecases.buttons import Problem
from bot.usecases.given_handoffs import PARTS, SplitHandoff, import_returned, split_handoff
from bot.usecases.members import ChangeRole, change_role
from bot.usecases.receiving import HandoffButton, decline_handoff, put_off_handoff
from bot.usecases.records import Role
from tests.storage.support import unlocked
from tests.support.migrated import put_database
from tests.support.team import ADMIN, ANA, CODES, IMPORTED, KIM, LEE, REFUSED, Team, private

T = TypeVar("T")

PEOPLE = (ADMIN, ANA, KIM, LEE)
WHO = st.sampled_from(PEOPLE)
#: How an import ends; None is one whose end is not known.
OUTCOMES = st.sampled_from([IMPORTED, IMPORTED, REFUSED, None])


class Handoffs(RuleBasedStateMachine):
    """Everybody does whatever they like; what they may not do changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        file = Path(self.folder.name) / "bot.db"
        put_database(file)
        self.runner = asyncio.Runner()
        self.database: Database = self.run(unlocked(f"sqlite:///{file}"))
        self.team = Team(self.database, PEOPLE)
        self.run(self.team.gather())
        self.here = set(PEOPLE)
        self.count = 0

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(what)

    def teardown(self) -> None:
        self.run(self.database.close())
        self.runner.close()
        self.folder.cleanup()

    def handoffs(self) -> st.SearchStrategy[int]:
        return st.integers(1, max(1, self.count))

    def note_new(self) -> None:
        found = self.run(self.team.read(lambda work: work.handoffs.of_owner(None, page=0, size=1)))
        self.count = found.handoffs[0].id if found.handoffs else 0

    @rule(person=WHO, to=st.none() | WHO, codes=st.lists(st.sampled_from(CODES), min_size=1, max_size=4, unique=True))
    def leave(self, person: Actor, to: Actor | None, codes: list[str]) -> None:
        # Nobody can be chosen who may not import.
        if person in self.here and to is not person and (to is None or to in self.here):
            stored = self.run(self.team.draft(person, *codes))
            self.run(self.team.hand_over(person, stored, to))
            self.note_new()

    @rule(person=WHO, codes=st.lists(st.sampled_from(CODES), min_size=1, max_size=2, unique=True))
    def import_own(self, person: Actor, codes: list[str]) -> None:
        if person in self.here:
            self.run(self.team.draft(person, *codes))
            self.run(self.team.confirm(person))

    @precondition(lambda self: self.count > 0)
    @rule(data=st.data(), person=WHO)
    def take(self, data: st.DataObject, person: Actor) -> None:
        if person in self.here:
            number = data.draw(self.handoffs())
            before = self.run(self.team.handoff(number))
            result = self.run(self.team.take(person, number))
            expected = bool(before.waiting) and before.receiver_id in {None, person.user_id}
            assert (result.problem is None) == expected

    @precondition(lambda self: self.count > 0)
    @rule(data=st.data(), first=WHO, second=WHO)
    def take_at_once(self, data: st.DataObject, first: Actor, second: Actor) -> None:
        number = data.draw(self.handoffs())

        async def both() -> list[Any]:
            people = [person for person in (first, second) if person in self.here]
            return await asyncio.gather(*(self.team.take(person, number) for person in people))

        assert sum(result.problem is None for result in self.run(both())) <= 1

    @rule(person=WHO)
    def cancel(self, person: Actor) -> None:
        if person in self.here and self.run(self.team.open_draft(person)) is not None:
            self.run(self.team.cancel(person))

    @rule(person=WHO)
    def confirm(self, person: Actor) -> None:
        stored = self.run(self.team.open_draft(person))
        if person in self.here and stored is not None and stored.draft.codes:
            self.run(self.team.confirm(person))

    @rule(code=st.sampled_from(CODES), outcome=OUTCOMES)
    def end_import(self, code: str, outcome: Any) -> None:
        row = self.run(self.team.living(code))
        if row is not None and self.run(self.team.status_of_import(row)) is Status.QUEUED:
            self.run(self.team.end(code, outcome))

    @rule(code=st.sampled_from(CODES))
    def cancel_import(self, code: str) -> None:
        if self.run(self.team.living(code)) is not None:
            self.run(self.team.cancel_import(code))

    @precondition(lambda self: self.count > 0)
    @rule(data=st.data(), person=WHO, what=st.sampled_from([decline_handoff, put_off_handoff, import_returned]))
    def press(self, data: st.DataObject, person: Actor, what: Any) -> None:
        if person in self.here:
            self.run(self.team.press(what, person, data.draw(self.handoffs())))

    @precondition(lambda self: self.count > 0)
    @rule(data=st.data(), person=WHO)
    def withdraw(self, data: st.DataObject, person: Actor) -> None:
        if person in self.here:
            number = data.draw(self.handoffs())
            before = self.run(self.team.handoff(number))
            result = self.run(self.team.withdraw(person, number))
            if before.owner_id != person.user_id:
                assert result.problem is Problem.NOT_YOURS
            else:
                assert (result.problem is None) == bool(before.movable)

    @precondition(lambda self: self.count > 0)
    @rule(data=st.data(), person=WHO, to=st.none() | WHO)
    def reassign(self, data: st.DataObject, person: Actor, to: Actor | None) -> None:
        if person in self.here:
            self.run(self.team.reassign(person, data.draw(self.handoffs()), to))

    @precondition(lambda self: self.count > 0)
    @rule(data=st.data(), person=WHO, parts=st.sampled_from(PARTS))
    def split(self, data: st.DataObject, person: Actor, parts: int) -> None:
        if person in self.here:
            number = data.draw(self.handoffs())
            version = self.run(self.team.handoff(number)).version
            button = HandoffButton(private(person), number)
            self.run(self.team.store.write(split_handoff, person, SplitHandoff(button, version, parts)))
            self.note_new()

    @rule(hours=st.sampled_from([0, 1, 5, 25]))
    def pass_time(self, hours: int) -> None:
        self.run(self.team.tidy(timedelta(hours=hours)))

    @rule(person=st.sampled_from([ANA, KIM, LEE]))
    def come_or_go(self, person: Actor) -> None:
        if person in self.here:
            self.run(self.team.remove(person))
            self.here.remove(person)
        else:
            back = ChangeRole(person.user_id, Role.MEMBER, None)
            self.run(self.team.store.write(change_role, ADMIN, back))
            self.here.add(person)

    @invariant()
    def every_code_has_one_owner(self) -> None:
        assert self.run(self.team.faults()) == []


Handoffs.TestCase.settings = settings(
    max_examples=20, stateful_step_count=25, suppress_health_check=list(HealthCheck), deadline=None
)
test_every_code_has_one_owner = pytest.mark.hypothesis(Handoffs.TestCase)
