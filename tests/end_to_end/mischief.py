"""What goes wrong while the bot is killed again and again, and the moments at which it is killed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

from bot.domain.error_codes import TOO_FAST
from tests.end_to_end.ixbrowser import WatchedIxBrowser
from tests.standins.ixbrowser_actions import IMPORT
from tests.standins.ixbrowser_faults import NO_FAULT, Fault, Reply, cut_after, cut_before, refusal, slow, spoiled
from tests.standins.ixbrowser_world import Row, TakesExtraction
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_checks import Params

#: Seconds, as the settings have them. What ixBrowser still does for a request is done, and shows in the records, well
#: within the two together: this is the one thing that the bot takes for granted.
TIMEOUT = 1.4
GRACE = 0.2
SLOWEST = 0.5
LATEST = 0.4
SLOWEST_CHANGE = TIMEOUT + GRACE

#: How often, beside each other, moments are drawn of each kind.
_OFTEN = {"start": 1, "time": 2, "import": 1, "made": 1, "change": 1, "ixbrowser": 1, "called": 2, "done": 2}
#: Those of which there are few, and so a moment drawn late would hardly ever come.
_FEW = frozenset({"import", "made", "change"})
#: Where a moment is told apart by the method of the Bot API.
_METHODS_OF = frozenset({"called", "done"})
_SET = "profile-update-proxy-for-api-extraction"
_CREATE = "group-create"
_CHANGES = frozenset({_SET, _CREATE})

Watch = Callable[[str], None]


class MischievousIxBrowser(WatchedIxBrowser):
    """Meets its requests with faults by chance, for as long as ``mischief`` is there.

    ``set_twice`` are the numbers of profiles whose link was set although it was, ``created_twice`` the titles of groups
    that were to be made although they were there. ``tried`` is how often the most persistent process has asked for each
    code, without the times at which ixBrowser has clearly put it off. ``made_at`` is when each code was imported.
    """

    def __init__(self, mischief: Random) -> None:
        super().__init__()
        self.mischief: Random | None = mischief
        self.set_twice: list[int] = []
        self.created_twice: list[str] = []
        self.tried: Counter[str] = Counter()
        self.made_at: dict[str, datetime] = {}
        self._trying: Counter[str] = Counter()
        self.takes_extraction = TakesExtraction.IGNORED

    async def handle(self, action: str, body: bytes) -> tuple[int, bytes]:
        fault = NO_FAULT
        if self.mischief is not None:
            fault = _fault(action, self.mischief)
            self.fail(action, fault)
            if action == IMPORT:
                self.late_records = self.mischief.choice((0.0, 0.0, LATEST))
        if action == IMPORT and fault.code != TOO_FAST:
            self._trying[json.loads(body)["transfer_code"]] += 1
            self.tried |= self._trying
        return await super().handle(action, body)

    def _do(self, action: str, request: Row | None) -> tuple[int, bytes]:
        if action == _SET and request is not None:
            number = request["profile_id"]
            if self.profiles[number].get("proxy_url") == request["proxy_info"]["proxy_url"]:
                self.set_twice.append(number)
        if action == _CREATE and request is not None and request["title"] in self.groups.values():
            self.created_twice.append(request["title"])
        return super()._do(action, request)

    def receive(self, code: str, group_id: int, proxy: Row | None) -> int:
        self.made_at[code] = datetime.now(UTC)
        return super().receive(code, group_id, proxy)

    def begin_anew(self) -> None:
        """Another process begins, which knows nothing of what those before it have tried."""
        self._trying.clear()

    def behave(self) -> None:
        """Nothing more goes wrong."""
        self.mischief = None
        self.late_records = 0.0
        self.heal()


def changes_something(action: str) -> bool:
    """Whether this does something in ixBrowser that can't be undone."""
    return action == IMPORT or action in _CHANGES


def _fault(action: str, random: Random) -> Fault:
    chance = random.random()
    if action in _CHANGES and chance < 0.4:
        return slow(before=SLOWEST_CHANGE)
    if action != IMPORT:
        some = (cut_before(), refusal(1010), spoiled(Reply.TRUNCATED), slow(before=0.3))
        return random.choice(some) if chance < 0.03 else NO_FAULT
    if chance < 0.45:
        return slow(before=random.uniform(0, SLOWEST))
    return random.choice(
        (
            NO_FAULT,
            Fault(after=TIMEOUT + 0.5),
            Fault(before=TIMEOUT + 0.5, done=False),
            cut_before(before=0.1),
            cut_after(after=0.1),
            cut_after(),
            spoiled(Reply.TRUNCATED),
            spoiled(Reply.EMPTY),
            spoiled(Reply.BAD_GATEWAY, done=False),
            refusal(1004, done=random.random() < 0.5),
            refusal(1016),
            refusal(1010) if chance < 0.5 else NO_FAULT,
        )
    )


class WatchedTelegram(FakeTelegram):
    """``when_called`` is called with the method of each call when it arrives, ``when_done`` when it is carried out and
    not answered yet."""

    def __init__(self) -> None:
        super().__init__()
        self.when_called: Watch = lambda _: None
        self.when_done: Watch = lambda _: None

    async def handle(self, token: str, method: str, params: Params) -> tuple[int, bytes]:
        self.when_called(method)
        answer = await super().handle(token, method, params)
        self.when_done(method)
        return answer


class Moment:
    """A moment drawn by chance: so long after the process was started, or serves, or when something happens the n-th
    time since it was started.

    What is to happen may not come: then it is the end of ``longest`` seconds. They count from when the process serves,
    or from its start where that is ``starting``; the lane stretches them where the machine is busy.
    """

    def __init__(self, random: Random) -> None:
        [self._where] = random.choices(tuple(_OFTEN), tuple(_OFTEN.values()))
        self._method = random.choice(("sendMessage", "editMessageText", "answerCallbackQuery", "getUpdates", ""))
        # At once as often as after a long while.
        self._left = round(2 ** random.uniform(0, 3 if self._where in _FEW else 6))
        self.starting = self._where == "start"
        self.longest = random.uniform(0, 1.2 if self.starting else 2.0)

    def __str__(self) -> str:
        if self._where in {"start", "time"}:
            return f"{self._where} + {self.longest:.3f} s"
        method = f" {self._method}" if self._method and self._where in _METHODS_OF else ""
        return f"{self._where}{method} {self._left}, or {self.longest:.3f} s"

    def watch(self, telegram: WatchedTelegram, browser: MischievousIxBrowser, now: Callable[[], None]) -> None:
        """Have ``now`` called when the moment comes."""

        def count(where: str, method: str = "") -> None:
            if where == self._where and (where not in _METHODS_OF or self._method in {"", method}):
                self._left -= 1
                if self._left == 0:
                    now()

        def asked(action: str) -> None:
            count("ixbrowser")
            if action == IMPORT:
                count("import")
            elif action in _CHANGES:
                count("change")

        def done(action: str) -> None:
            if action == IMPORT:
                count("made")

        browser.when_asked = asked
        browser.when_done = done
        telegram.when_called = lambda method: count("called", method)
        telegram.when_done = lambda method: count("done", method)
