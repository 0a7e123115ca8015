"""An ixBrowser for tests of the core: it does what it is told to, and keeps what it was asked."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.domain.ixbrowser_objects import (
    Address,
    Group,
    ImportRequest,
    ListedProxy,
    Profile,
    ReceivedRecord,
    TrafficPackage,
)
from bot.domain.outcome import Imported, NotSent, Outcome, Refused
from bot.domain.proxy import Extraction, Saved
from bot.errors import BrowserError
from tests.support.clock import MovableClock


@dataclass(frozen=True, slots=True)
class Answer:
    """What one import is answered, after so many seconds, and whether ixBrowser imports it, when.

    ``outcome`` None: the number of the imported profile. ``imports_after`` counts from the request, too; the record
    shows then.
    """

    outcome: Outcome | Exception | None = None
    after: float = 0.0
    imports_after: float | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """An import that arrived, at so many seconds awake."""

    at: float
    request: ImportRequest


@dataclass(slots=True)
class ScriptedBrowser:
    """Imports every code that nothing else is scripted for.

    ``answers`` are used up one by one for each code; ``always`` answers every import for which there is none.
    ``faults`` are raised by a method for as long as they are there, ``faults_once`` one a call; ``lasts`` is how many
    seconds a method takes. ``address`` is what a saved proxy's look-up gives.
    """

    clock: MovableClock
    answers: defaultdict[str, deque[Answer]] = field(default_factory=lambda: defaultdict(deque))
    always: Answer | None = None
    faults: dict[str, Exception] = field(default_factory=dict)
    faults_once: defaultdict[str, deque[BrowserError | None]] = field(default_factory=lambda: defaultdict(deque))
    lasts: dict[str, float] = field(default_factory=dict)
    calls: list[tuple[str, float]] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    busy: int = 0
    busiest: int = 0
    records: list[ReceivedRecord] = field(default_factory=list)
    profiles: dict[int, Profile] = field(default_factory=dict)
    known_groups: list[Group] = field(default_factory=lambda: [Group(1, "Default group")])
    created: list[str] = field(default_factory=list)
    links_set: list[tuple[int, Extraction, tuple[str, ...]]] = field(default_factory=list)
    takes_links: bool = True
    address: Address | Refused | NotSent = field(default_factory=lambda: Address("socks5", "203.0.113.7", "1080"))
    on_import: Callable[[ImportRequest], object] | None = None
    _arriving: list[tuple[float, ImportRequest]] = field(default_factory=list)

    def script(self, code: str, *answers: Answer) -> None:
        self.answers[code].extend(answers)

    def codes_sent(self) -> list[str]:
        return [sent.request.code.text for sent in self.sent]

    def times_of(self, name: str) -> list[float]:
        """When a method was called, in seconds awake."""
        return [at for called, at in self.calls if called == name]

    def add_imported(self, request: ImportRequest, name: str | None = None) -> int:
        """The profile that a code brings, its record and its number."""
        profile_id = 100 + len(self.profiles)
        name = name if name is not None else f"Shop {request.code.text}"
        mode = 4 if isinstance(request.proxy, Extraction) and self.takes_links else 2
        self.profiles[profile_id] = Profile(profile_id, name, request.group_id or 1, "", mode)
        self.records.append(ReceivedRecord(1000 + len(self.records), request.code, name))
        return profile_id

    # --- the port

    async def import_profile(self, request: ImportRequest) -> Outcome:
        self.sent.append(Sent(self.clock.awake(), request))
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        try:
            await self._call("import_profile")
            return await self._answer(request)
        finally:
            self.busy -= 1

    async def _answer(self, request: ImportRequest) -> Outcome:
        if self.on_import is not None:
            self.on_import(request)
        queue = self.answers[request.code.text]
        answer = queue.popleft() if queue else self.always or Answer()
        if answer.imports_after is not None:
            self._arriving.append((self.clock.awake() + answer.imports_after, request))
        await self.clock.pass_by(answer.after)
        if isinstance(answer.outcome, Exception):
            raise answer.outcome
        return Imported(self.add_imported(request)) if answer.outcome is None else answer.outcome

    async def saved_address(self, proxy: Saved) -> Address | Refused | NotSent:
        del proxy
        await self._call("saved_address")
        return self.address

    async def received_records(self) -> Sequence[ReceivedRecord]:
        await self._call("received_records")
        self._arrive()
        return list(self.records)

    async def groups(self) -> Sequence[Group]:
        await self._call("groups")
        return list(self.known_groups)

    async def create_group(self, title: str) -> int:
        self.created.append(title)
        await self._call("create_group")
        self.known_groups.append(Group(50 + len(self.known_groups), title))
        return self.known_groups[-1].id

    async def saved_proxies(self) -> Sequence[ListedProxy]:
        return []

    async def static_proxies(self) -> Sequence[ListedProxy]:
        return []

    async def traffic_packages(self) -> Sequence[TrafficPackage]:
        return []

    async def profile(self, profile_id: int) -> Profile | None:
        await self._call("profile")
        self._arrive()
        return self.profiles.get(profile_id)

    async def profiles_named(self, name: str) -> Sequence[Profile]:
        await self._call("profiles_named")
        self._arrive()
        return [profile for profile in self.profiles.values() if profile.name == name]

    async def set_extraction(self, profile_id: int, proxy: Extraction, bypass: tuple[str, ...]) -> None:
        self.links_set.append((profile_id, proxy, bypass))
        await self._call("set_extraction")
        known = self.profiles[profile_id]
        self.profiles[profile_id] = Profile(known.id, known.name, known.group_id, known.group_title, 4)

    # --- inside

    async def _call(self, name: str) -> None:
        self.calls.append((name, self.clock.awake()))
        await self.clock.pass_by(self.lasts.get(name, 0.0))
        if self.faults_once[name] and (fault := self.faults_once[name].popleft()) is not None:
            raise fault
        if name in self.faults:
            raise self.faults[name]

    def _arrive(self) -> None:
        now = self.clock.awake()
        due = [request for at, request in self._arriving if at <= now]
        self._arriving = [(at, request) for at, request in self._arriving if at > now]
        for request in due:
            self.add_imported(request)
