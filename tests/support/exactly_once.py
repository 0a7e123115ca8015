"""The ixBrowser of the exactly-once model.

What is assumed of it: whatever it does for a request is done, and shows in the received records, no later than
time-out + grace after the request arrived, even if nobody waits for its answer any more. Within that it may do the
import at once, late, after its answer was lost, or not at all; and unlike the real one it would import a used code
a second time if a request got there before the first was done, so that sending too early shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

from bot.domain.import_state import Status
from bot.domain.ixbrowser_objects import Address, ImportRequest, Profile, ReceivedRecord
from bot.domain.outcome import Imported, NotSent, Outcome, Refused, Unknown
from bot.domain.proxy import Saved
from bot.errors import BrowserNotRunning
from bot.station.send_window import SEND_WITHIN
from tests.support.browser import ScriptedBrowser
from tests.support.memory_store import MemoryStore
from tests.support.station import GRACE, TIMEOUT


@dataclass(frozen=True, slots=True)
class Fate:
    """What ixBrowser does with one request. Times are seconds since it arrived.

    ``done`` is when the profile is imported, None for never; ``shown`` when the record can be read. ``says`` is the
    answer at ``answered``; None for a yes, or for a refusal where the code is used already.
    """

    done: float | None = 0.0
    shown: float = 0.0
    answered: float = 0.0
    says: Outcome | None = None


CUT = Unknown(None, "cut")
LATEST = TIMEOUT + GRACE

#: The answer never comes, or says nothing: cut at some moment, or timed out.
unanswered = st.builds(
    lambda says, answered, done, later: Fate(done, min((done or 0) + later, LATEST), answered, says),
    st.sampled_from([CUT, Unknown(1004, "System error"), Unknown(1016, "Request timeout")]),
    st.sampled_from([0.0, 1.0, 30.0, TIMEOUT]),
    st.sampled_from([None, None, 0.0, 1.0, 20.0, TIMEOUT, 70.0, LATEST]),
    st.sampled_from([0.0, 5.0, LATEST]),
)
answered_yes = st.builds(
    lambda answered, later: Fate(answered, min(answered + later, LATEST), answered),
    st.sampled_from([0.0, 1.0, 50.0]),
    st.sampled_from([0.0, LATEST]),
)
wait = st.sampled_from([1002, 1008, 1010]).map(lambda code: Fate(None, says=NotSent(code, "later")))
fates = st.one_of(unanswered, unanswered, answered_yes, wait)


@dataclass(slots=True)
class Request:
    """One request that arrived, in seconds of the model's time, and whose row it is."""

    code: str
    row_id: int
    at: float
    fate: Fate
    certainly_not_done: bool = False

    @property
    def done_at(self) -> float | None:
        return None if self.fate.done is None else self.at + self.fate.done


@dataclass(slots=True)
class World(ScriptedBrowser):
    """ixBrowser as it is in the model. It goes on whether or not anybody waits for its answers."""

    store: MemoryStore = field(kw_only=True)
    fates: defaultdict[str, list[Fate]] = field(default_factory=lambda: defaultdict(list))
    requests: list[Request] = field(default_factory=list)
    readings: list[tuple[float, float]] = field(default_factory=list)
    away: bool = False
    unreadable: bool = False
    reading_lasts: float = 0.0
    nameless: bool = False
    naming_lasts: float = 0.0
    looking_up_lasts: float = 0.0
    taken_elsewhere: set[str] = field(default_factory=set)
    sent_too_early: int = 0
    sent_too_late: int = 0

    def time(self) -> float:
        return self.clock.now().timestamp()

    def used(self, code: str) -> bool:
        now = self.time()
        done = (request.done_at for request in self.requests if request.code == code)
        return code in self.taken_elsewhere or any(at is not None and at <= now for at in done)

    async def import_profile(self, request: ImportRequest) -> Outcome:
        code = request.code.text
        if self.away:
            return NotSent(None, "no connection")
        [row] = [row for row in self.store.rows() if row.code == request.code and row.state.status is Status.SENDING]
        row_id = row.id
        assert row.state.sent_at is not None
        self.sent_too_late += (self.clock.now() - row.state.sent_at).total_seconds() > SEND_WITHIN
        self.sent_too_early += not self.may_be_sent(code)
        if self.used(code):
            self.requests.append(Request(code, row_id, self.time(), Fate(None), certainly_not_done=True))
            return Refused(110002, "The transfer code is wrong")
        fate = self.fates[code].pop(0) if self.fates[code] else Fate()
        arrived = Request(code, row_id, self.time(), fate)
        self.requests.append(arrived)
        await self.clock.pass_by(fate.answered)
        arrived.certainly_not_done = isinstance(fate.says, NotSent)
        return fate.says or Imported(self.requests.index(arrived))

    def may_be_sent(self, code: str) -> bool:
        """A second request only after two complete readings, a grace apart, since the first could be under way."""
        earlier = [each for each in self.requests if each.code == code and not each.certainly_not_done]
        if not earlier:
            return True
        counted = [(began, ended) for began, ended in self.readings if began >= earlier[-1].at + TIMEOUT]
        return bool(counted) and counted[-1][0] >= counted[0][1] + GRACE

    async def saved_address(self, proxy: Saved) -> Address | Refused | NotSent:
        del proxy
        await self.clock.pass_by(self.looking_up_lasts)
        return NotSent(None, "no connection") if self.away else self.address

    async def received_records(self) -> Sequence[ReceivedRecord]:
        began = self.time()
        if self.away or self.unreadable:
            raise BrowserNotRunning
        # What a reading misses that comes while it lasts is missed.
        shown = [
            ReceivedRecord(number, self.store.imports.rows[each.row_id].code, f"Shop {number}")
            for number, each in enumerate(self.requests)
            if each.fate.done is not None and each.at + each.fate.shown <= began
        ]
        await self.clock.pass_by(self.reading_lasts)
        self.readings.append((began, self.time()))
        return shown

    async def profile(self, profile_id: int) -> Profile | None:
        await self.clock.pass_by(self.naming_lasts)
        if self.away:
            raise BrowserNotRunning
        return None if self.nameless else Profile(profile_id, f"Shop {profile_id}", 1, "", 2)

    async def profiles_named(self, name: str) -> Sequence[Profile]:
        if self.away:
            raise BrowserNotRunning
        return [Profile(int(name.removeprefix("Shop ")), name, 1, "", 2)]
