"""The rule "an import is sent once", tried as a model: every interleaving of faults, for two codes and two people.

What is assumed of ixBrowser stands in ``tests/support/exactly_once.py``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.import_state import Status
from bot.domain.proxy import Keep, Saved
from bot.errors import StorageError
from bot.station.importer import Importer
from bot.station.proof_times import ProofTimes
from bot.station.send_window import SEND_WITHIN
from tests.support.clock import MovableClock, settle
from tests.support.exactly_once import LATEST, Fate, World, fates
from tests.support.memory_imports import FINAL, GONE
from tests.support.memory_store import ANA, MAI, MemoryStore
from tests.support.station import CODE, GRACE, OTHER, TIMEOUT, connect

CODES = (CODE, OTHER)
PEOPLE = (ANA, MAI)


class ExactlyOnce(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        # Thousands of runs that go wrong on purpose: nobody reads what they log, and keeping it takes its time.
        logging.disable()
        self.runner = asyncio.Runner()
        self.clock = MovableClock()
        self.store = MemoryStore(self.clock)
        self.world = World(self.clock, store=self.store)
        self.cancelled: set[int] = set()

    # --- the process

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        self.runner.run(work)

    @initialize()
    def start(self) -> None:
        self.do(self._start())

    async def _start(self) -> None:
        self.importer = Importer(self.store, self.world, self.clock, ProofTimes(TIMEOUT, GRACE), concurrency=2)
        connect(self.store, self.importer)
        self.running = asyncio.create_task(self.importer.run())
        await settle()

    async def _kill(self) -> None:
        self.running.cancel()
        with suppress(asyncio.CancelledError):
            await self.running

    @rule(computer_too=st.booleans(), down=st.sampled_from([0.0, 10.0, 100.0]))
    def kill_and_start_again(self, computer_too: bool, down: float) -> None:
        async def again() -> None:
            await self._kill()
            await self.clock.advance(down)
            if computer_too:
                self.clock.new_process()
            await self._start()

        self.do(again())

    @rule()
    def stop_and_start_again(self) -> None:
        async def again() -> None:
            stopping = asyncio.create_task(self.importer.stop())
            await self.clock.advance_until(stopping.done, at_most=TIMEOUT + 3)
            await self._start()

        self.do(again())

    # --- people

    @rule(
        person=st.sampled_from(PEOPLE),
        codes=st.lists(st.sampled_from(CODES), min_size=1, max_size=2, unique=True),
        fares=st.lists(fates, max_size=4),
        seconds=st.sampled_from([0.0, 1.0, 14.0, 61.0]),
        proxy=st.sampled_from([Keep(), Keep(), Saved(3)]),
    )
    def confirm(self, person: int, codes: list[str], fares: list[Fate], seconds: float, proxy: Keep | Saved) -> None:
        """Somebody confirms codes, which they or somebody else may have confirmed before: then they are told who.

        ``fares``: how the next requests fare, by turns for each code; ``seconds`` pass after each.
        """

        async def confirming() -> None:
            for number, code in enumerate(codes):
                self.world.fates[code] = fares[number :: len(codes)]
                owner = self.store.owner(code)
                row = self.store.confirm(code, person=person, proxy=proxy)
                assert (row is None) == (owner is not None)
                assert self.store.owner(code) == (owner or person)
                if row is not None:
                    self.importer.imports_queued()
                    await self.clock.advance(seconds)

        self.do(confirming())

    @rule()
    def somebody_presses_something(self) -> None:
        async def pressing() -> None:
            self.importer.imports_queued()
            await settle()

        self.do(pressing())

    @precondition(lambda self: self.under_way())
    @rule(data=st.data(), person=st.sampled_from(PEOPLE))
    def cancel(self, data: st.DataObject, person: int) -> None:
        row_id = data.draw(st.sampled_from(self.under_way()))
        if self.store.owners[row_id] == person:
            self.cancelled.add(row_id)

        async def cancelling() -> None:
            self.store.cancel(row_id, person)
            await settle()

        self.do(cancelling())

    def under_way(self) -> list[int]:
        return [row.id for row in self.store.rows() if row.state.status not in FINAL]

    @rule(code=st.sampled_from(CODES))
    def somebody_else_imports_it_by_hand(self, code: str) -> None:
        pending = any(each.code == code and each.fate.done is not None for each in self.world.requests)
        if not pending:
            self.world.taken_elsewhere.add(code)

    # --- faults

    @rule(away=st.sampled_from([True, False, False]), seconds=st.sampled_from([0.0, 10.0, 100.0]))
    def ixbrowser_is_closed_or_opened(self, away: bool, seconds: float) -> None:
        self.world.away = away
        self.do(self.clock.advance(seconds))

    @rule(unreadable=st.sampled_from([True, False, False]), lasts=st.sampled_from([0.0, 0.0, 3.0]))
    def records_fare_so(self, unreadable: bool, lasts: float) -> None:
        self.world.unreadable, self.world.reading_lasts = unreadable, lasts

    @rule(nameless=st.booleans(), lasts=st.sampled_from([0.0, 3.0, 10.0]))
    def names_fare_so(self, nameless: bool, lasts: float) -> None:
        self.world.nameless, self.world.naming_lasts = nameless, lasts

    @rule(
        method=st.sampled_from(["record", "send_round", "claim", "show", "checking", "recover", "limited_for"]),
        seconds=st.sampled_from([0.0, 2.0, 70.0]),
    )
    def database_fails_for_a_while(self, method: str, seconds: float) -> None:
        self.store.faults[method] = StorageError("the disk is full")
        self.do(self.clock.advance(seconds))
        self.store.faults.clear()

    @rule(method=st.sampled_from(["record", "send_round", "claim", "show", "recover"]))
    def database_commits_without_saying_so(self, method: str) -> None:
        self.store.lost.add(method)

    @rule(latency=st.sampled_from([0.0, 0.0, 1.0, 2 * SEND_WITHIN + 1]), lasts=st.sampled_from([0.0, 2.0, 20.0]))
    def database_and_look_ups_are_slow(self, latency: float, lasts: float) -> None:
        self.store.latency, self.world.looking_up_lasts = latency, lasts

    @rule(seconds=st.sampled_from([1.0, 14.0, 16.0, 59.0, 61.0, 75.0]))
    def time_passes(self, seconds: float) -> None:
        self.do(self.clock.advance(seconds))

    # --- what must hold

    @invariant()
    def no_code_is_imported_twice(self) -> None:
        for code in CODES:
            assert len([each for each in self.world.requests if each.code == code and each.fate.done is not None]) <= 1

    @invariant()
    def no_code_is_sent_again_before_two_readings_say_so(self) -> None:
        assert self.world.sent_too_early == 0

    @invariant()
    def no_code_is_sent_long_after_its_claim(self) -> None:
        assert self.world.sent_too_late == 0

    @invariant()
    def nothing_that_is_imported_is_said_to_have_failed(self) -> None:
        imported = {each.row_id for each in self.world.requests if each.fate.done is not None}
        assert not {row_id for row_id in imported if self.store.status(row_id) in GONE}

    @invariant()
    def nothing_is_cancelled_but_by_whose_it_is(self) -> None:
        assert {row.id for row in self.store.rows() if row.state.status is Status.CANCELLED} <= self.cancelled

    def teardown(self) -> None:
        try:
            if hasattr(self, "importer"):
                self.do(self._heal())
                self._everything_is_told_truly()
                self.do(self._kill())
        finally:
            self.runner.close()
            logging.disable(logging.NOTSET)

    async def _heal(self) -> None:
        self.store.faults.clear()
        self.store.lost.clear()
        self.store.latency = 0.0
        self.world.away = self.world.unreadable = self.world.nameless = False
        self.world.fates.clear()
        await self.clock.advance_until(lambda: all(state.status in FINAL for state in self.store.states()))
        await self.clock.advance(2 * LATEST)

    def _everything_is_told_truly(self) -> None:
        imported = {each.row_id for each in self.world.requests if each.fate.done is not None}
        for row in self.store.rows():
            assert row.state.status in ({Status.IMPORTED} if row.id in imported else GONE)
            assert row.state.finished_at is not None
            assert self.store.told(row.id)[-1:] == [row.state], "nobody was told how it ended"


ExactlyOnce.TestCase.settings = settings(
    max_examples=2 * settings().max_examples,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestExactlyOnce = ExactlyOnce.TestCase
