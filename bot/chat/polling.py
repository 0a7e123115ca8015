"""How updates come in: acknowledged only when handled, those of one chat in order, those of many side by side."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, nullcontext
from datetime import datetime
from typing import Any

from telegram import Update
from telegram.error import NetworkError
from telegram.ext import BaseUpdateProcessor
from telegram.request import BaseRequest, RequestData

from bot.chat.conflicts import Conflicts
from bot.chat.known_people import Known
from bot.chat.pressed_messages import contain_presses, without_contents
from bot.chat.split_messages import LOOK_EVERY, SplitMessages
from bot.usecases.absence import KEPT_BY_TELEGRAM
from bot.usecases.heartbeats import beat, waiting
from bot.usecases.ports import Clock

_LOG = logging.getLogger(__name__)

#: Updates that are handled side by side; more is slower (measured).
AT_ONCE = 32
#: Seconds that a getUpdates may take: Telegram holds it open for ten, and each part of a call may take five.
POLLED_WITHIN = 25.0
#: The longest pause of PTB, in seconds, after a getUpdates that has failed.
LONGEST_PAUSE = 30.0


class OrderedByChat(BaseUpdateProcessor):
    """Handles updates of one chat one after another, in the order in which they came, and chats side by side."""

    def __init__(self) -> None:
        super().__init__(AT_ONCE)
        self._locks: dict[int, asyncio.Lock] = {}
        self._waiting: Counter[int] = Counter()

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to put away."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Await the handling of one update in its chat's turn."""
        async with self._turn(_chat_of(update)):
            await coroutine
        # The next getUpdates waits for it.
        beat()

    @asynccontextmanager
    async def _turn(self, chat_id: int) -> AsyncIterator[None]:
        lock = self._locks.setdefault(chat_id, asyncio.Lock())
        self._waiting[chat_id] += 1
        try:
            async with lock:
                yield
        finally:
            self._waiting[chat_id] -= 1
            if not self._waiting[chat_id]:
                del self._waiting[chat_id], self._locks[chat_id]


def _chat_of(update: object) -> int:
    chat = update.effective_chat if isinstance(update, Update) else None
    return 0 if chat is None else chat.id


def _holds_no_updates(record: logging.LogRecord) -> bool:
    """PTB logs whole what it can't parse, and with it whatever else came: everybody's messages."""
    return "Received data was %r" not in str(record.msg)


def _is_news(record: logging.LogRecord) -> bool:
    """PTB logs a traceback of what is said in words, or needs no saying.

    When the token is no longer taken the program ends with a sentence about it. And what could not be acknowledged at
    the end comes again at the next start, and changes nothing.
    """
    said = record.getMessage()
    return not any(words in said for words in ("Invalid token. Aborting", "Error while calling `get_updates` one more"))


class AckAfterHandlingRequest(BaseRequest):
    """Asks for more updates only when all that came before are handled: asking acknowledges them.

    It wraps the request that does the work, and sees what PTB's own loop keeps to itself: when getUpdates last
    succeeded, that the token is no longer taken, since when another process polls, too, and an update that can't be
    parsed, for which PTB would ask again for ever.
    """

    def __init__(self, inner: BaseRequest, queue: asyncio.Queue[object], clock: Clock, known: Known) -> None:
        self._inner = inner
        self._queue = queue
        self._clock = clock
        self._split = SplitMessages(clock, known)
        self._delivered = -1
        self.conflicts = Conflicts(clock)
        self.succeeded_at = clock.awake()
        # By the time of day: when the newest updates were fetched, and since when without a long pause.
        self.fetched_at: datetime | None = None
        self.fetched_since: datetime | None = None
        self.succeeded = asyncio.Event()
        self.revoked = asyncio.Event()
        logging.getLogger("telegram.ext.ExtBot").addFilter(_holds_no_updates)
        for name in ("telegram.ext", "telegram.ext.Updater"):
            logging.getLogger(name).addFilter(_is_news)

    @property
    def read_timeout(self) -> float | None:
        return self._inner.read_timeout

    async def initialize(self) -> None:
        await self._inner.initialize()

    async def shutdown(self) -> None:
        await self._inner.shutdown()

    async def do_request(  # noqa: PLR0917 - PTB's own signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One call of the Bot API; status and body."""
        polls = url.endswith("/getUpdates")
        if polls:
            beat()
            await self._queue.join()
            if self._split.waits:
                await self._clock.wait(asyncio.Event(), LOOK_EVERY)
            self.conflicts.asked()
        try:
            with waiting(POLLED_WITHIN) if polls else nullcontext():
                status, payload = await self._inner.do_request(
                    url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
                )
        except NetworkError:
            if polls:
                # PTB makes a pause then.
                beat(LONGEST_PAUSE)
            raise
        if polls:
            if status == 404 and not await self._is_refused(url):
                status = 502
            self._note(status)
            beat(0.0 if status == 200 else max(LONGEST_PAUSE, _retry_after(status, payload)))
            if status == 200:
                payload = await self._to_be_handled(payload, request_data)
        return status, payload

    async def _is_refused(self, url: str) -> bool:
        """Whether Telegram itself gave the 404, for a token that it does not know.

        One of a moment is that of something in between, such as a proxy in front of the Bot API, and no reason to end.
        """
        try:
            status, _ = await self._inner.do_request(f"{url.removesuffix('getUpdates')}getMe", "POST")
        except NetworkError:
            return False
        return status in (401, 404)

    def _note_fetched(self, now: datetime) -> None:
        # The computer may have been asleep, or Telegram out of reach.
        if self.fetched_at is None or now - self.fetched_at > KEPT_BY_TELEGRAM:
            self.fetched_since = now
        self.fetched_at = now

    def _note(self, status: int) -> None:
        now = self._clock.awake()
        if status == 200:
            self.succeeded_at = now
            self._note_fetched(self._clock.now())
            self.succeeded.set()
            self.conflicts.none_met()
        elif status == 409:
            self.conflicts.met()
        elif status in (401, 404):
            self.revoked.set()

    async def _to_be_handled(self, payload: bytes, request_data: RequestData | None) -> bytes:
        """What PTB is given: the parts of one text together, without what can't be parsed or is not read.

        An update that can't be is emptied once PTB has asked for the same ones again.
        """
        offset = 0 if request_data is None else int(str(request_data.parameters.get("offset") or 0))
        again = 0 < offset <= self._delivered or (offset == 0 and self._delivered >= 0)
        try:
            answer = json.loads(payload)
            updates = answer["result"]
            self._delivered = max((update["update_id"] for update in updates), default=-1)
            if contain_presses(updates):
                updates = [without_contents(update) for update in updates]
            # What PTB would not get with the others must not be taken for handed on.
            split = self._split.concern(updates)
            if again or split:
                updates = [_parsed_or_empty(update) for update in updates]
            if split:
                updates = await self._split.sort(updates)
            if updates is not answer["result"]:
                payload = json.dumps({**answer, "result": updates}).encode()
        except (ValueError, KeyError, TypeError, AttributeError):
            _LOG.warning("Telegram's answer to getUpdates can't be read")
        return payload


def _retry_after(status: int, payload: bytes) -> float:
    """Seconds for which Telegram wants to be asked for nothing."""
    if status != 429:
        return 0.0
    try:
        return float(json.loads(payload)["parameters"]["retry_after"])
    except (ValueError, KeyError, TypeError):
        return 0.0


def _parsed_or_empty(update: dict[str, Any]) -> dict[str, Any]:
    try:
        Update.de_json(update, None)
    except Exception as error:  # noqa: BLE001 - whatever a parser of any object may raise
        kinds = sorted(set(update) - {"update_id"})
        _LOG.error(
            "update %s (%s) can't be parsed and is skipped: %s", update["update_id"], kinds, type(error).__name__
        )
        return {"update_id": update["update_id"]}
    return update
