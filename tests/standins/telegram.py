"""A stand-in for Telegram's Bot API: no network, as strict as the real one where a bot can go wrong.

A test moves the people (``say``, ``press`` ...) and looks at what they see (``chat``, ``answers``); the bot
talks to ``handle``, in process through ``telegram_request`` or over HTTP.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

from tests.standins.telegram_checks import Params, Refusal
from tests.standins.telegram_messages import MessageMethods
from tests.standins.telegram_profile import ProfileMethods
from tests.standins.telegram_state import Person
from tests.standins.telegram_world import World

#: Looks like a bot's token, and is nobody's.
TOKEN = "7000000001:AAF-stand-in-for-the-bot-api-000000"


class TelegramAway(Exception):
    """No answer comes: the pretend Telegram can't be reached."""


@dataclass(frozen=True, slots=True)
class _Failure:
    refusal: Refusal
    carried_out: bool


class FakeTelegram(World):
    """Telegram for one bot.

    ``calls`` are the bot's calls in order, each with its method and parameters. ``delay`` is in seconds: a call is
    carried out at once, and its answer held back. ``now`` gives the time of day in Unix seconds.
    """

    def __init__(self, token: str = TOKEN, *, now: Callable[[], float] = time.time) -> None:
        bot_id, _, _ = token.partition(":")
        super().__init__(Person(int(bot_id), "Transfer Bot", "transfer_demo_bot", is_bot=True), now)
        self.token = token
        self.delay = 0.0
        self.calls: list[tuple[str, Params]] = []
        self._down = False
        self._failures: dict[str, deque[_Failure]] = defaultdict(deque)
        self._profile = ProfileMethods(self)
        self._methods = self._profile.table | MessageMethods(self).table | self.files.table | self.membership.table

    # --- what can go wrong ------------------------------------------------------------------------------------------

    @property
    def down(self) -> bool:
        """While it is, every call raises ``TelegramAway``, one that is waiting for updates included."""
        return self._down

    @down.setter
    def down(self, value: bool) -> None:
        self._down = value
        if value:
            self.updates.interrupt(TelegramAway())

    def fail(
        self,
        method: str,
        status: int,
        description: str,
        times: int = 1,
        *,
        carried_out: bool = False,
        **parameters: int,
    ) -> None:
        """The next calls of the method are answered like this; ``carried_out`` ones have done their work all the same.

        ``parameters`` stand beside the description, such as ``retry_after=3``. Status 0 cuts the connection.
        """
        failure = _Failure(Refusal(status, description, **parameters), carried_out)
        self._failures[method.lower()].extend([failure] * times)

    def heal(self, method: str) -> None:
        """The next calls of the method are answered again."""
        self._failures.pop(method.lower(), None)

    def revoke(self) -> None:
        """The token is withdrawn: from now on every call is unauthorised."""
        self.token = ""
        self.updates.interrupt(_unauthorised())

    def menu(self, scope: dict[str, object] | None = None, language_code: str = "") -> list[dict[str, str]]:
        """The commands that the bot has set for a scope (the default one) and language; empty when none were."""
        key = json.dumps(scope or {"type": "default"}, sort_keys=True)
        return self._profile.menus.get((key, language_code), [])

    @property
    def profile(self) -> ProfileMethods:
        """What the bot has set of what Telegram shows of it."""
        return self._profile

    # --- what the bot calls -----------------------------------------------------------------------------------------

    async def handle(self, token: str, method: str, params: Params) -> tuple[int, bytes]:
        """One call: HTTP status and body of its answer. Raises ``TelegramAway`` when none comes.

        A parameter is text, as in a form, or the value itself, as in JSON; an ``Upload`` stands for a file.
        """
        self._check_reachable()
        try:
            result = await self._call(token, method, params)
        except Refusal as refusal:
            answer = refusal.status, refusal.body()
        else:
            answer = 200, json.dumps({"ok": True, "result": result}).encode()
        if self.delay:
            await asyncio.sleep(self.delay)
        self._check_reachable()
        if answer[0] == 0:
            raise TelegramAway
        return answer

    async def fetch(self, token: str, path: str) -> tuple[int, bytes]:
        """One file, by the path that ``getFile`` has told: HTTP status and content."""
        self._check_reachable()
        if self.delay:
            await asyncio.sleep(self.delay)
        content = self.files.content.get(path) if token == self.token else None
        return (200, content) if content is not None else (404, Refusal(404, "Not Found").body())

    async def _call(self, token: str, method: str, params: Params) -> object:
        self._check_token(token)
        name = method.lower()
        self.calls.append((method, params))
        self.changed()
        failures = self._failures.get(name)
        failure = failures.popleft() if failures else None
        if failure and not failure.carried_out:
            raise failure.refusal
        if name == "getupdates":
            result: object = await self.updates.get(params)
        elif name in self._methods:
            result = self._methods[name](params)
        else:
            raise Refusal(404, "Not Found: method not found")
        self.changed()
        if failure:
            raise failure.refusal
        return result

    def _check_token(self, token: str) -> None:
        if token == self.token:
            return
        if not token.partition(":")[0].isdecimal() or ":" not in token:
            # The servers in front of Telegram's own Bot API. ``telegram-bot-api`` alone would say 401 or 421.
            raise Refusal(404, "Not Found")
        raise _unauthorised()

    def _check_reachable(self) -> None:
        if self._down:
            raise TelegramAway


def method_called(name: str) -> str:
    """The method as its documentation writes it; Telegram takes its name in any case."""
    return name[:1].lower() + name[1:]


def _unauthorised() -> Refusal:
    return Refusal(401, "Unauthorized")
