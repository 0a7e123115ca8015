"""PTB's application: served however long Telegram takes to be reached, and stopped in time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from datetime import timedelta
from functools import partial
from typing import Any

from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import Application, Updater

from bot.chat.bot_profile import publish
from bot.chat.handlers import UPDATES
from bot.chat.messages import is_passing
from bot.chat.polling import AckAfterHandlingRequest
from bot.errors import StorageError
from bot.usecases.heartbeats import beat, rest, watched
from bot.usecases.members import all_roles
from bot.usecases.ports import Clock, Store

_LOG = logging.getLogger(__name__)

#: Seconds that Telegram holds a getUpdates open when there is nothing to tell.
LONG_POLL = timedelta(seconds=10)
#: Seconds between two tries to reach Telegram at the start, doubling up to the second. The second is also how long it
#: takes until the menus are tried again that the database was away for.
FIRST_RETRY, LAST_RETRY = 1.0, 30.0
#: Seconds, at the end, for one more getUpdates, and as many for the handlers that run.
WIND_DOWN = 2.0
#: The ends of the names of PTB's own tasks, which fetch updates and hand them on, and what they are called here.
_LOOPS = {":polling_task": "polling of Telegram", ":update_fetcher": "queue of updates"}


class Connection:
    """``menus_due`` has the commands put into Telegram's menu once more; ``published`` is set when it was tried once.

    ``failed`` is told why updates don't come in.

    A token that Telegram does not take sets ``polling.revoked``. ``watch`` is given each task, and its name, without
    which nothing comes in.
    """

    def __init__(
        self,
        application: Application[Any, Any, Any, Any, Any, Any],
        polling: AckAfterHandlingRequest,
        *,
        store: Store,
        clock: Clock,
        failed: Callable[[TelegramError], None],
        watch: Callable[[asyncio.Task[Any], str], None] = lambda _task, _name: None,
    ) -> None:
        self._application = application
        self._polling = polling
        self._store = store
        self._clock = clock
        self._failed = failed
        self._watch = watch
        self.menus_due = asyncio.Event()
        self.published = asyncio.Event()

    @contextlib.asynccontextmanager
    async def open(self, stop: asyncio.Event) -> AsyncIterator[None]:
        """Updates come in while the block runs. It runs without any where ``stop`` came first, or the token is bad."""
        # PTB's own tasks are begun in here: what they do is a sign of the polling.
        with watched("polling of Telegram"):
            async with self._opened(stop):
                yield

    @contextlib.asynccontextmanager
    async def _opened(self, stop: asyncio.Event) -> AsyncIterator[None]:
        await self._retry_until_reached(self._application.initialize, stop)
        if self._is_over(stop):
            yield
            return
        others = asyncio.all_tasks()
        await self._application.start()
        self._watch_loops(asyncio.all_tasks() - others)
        others = asyncio.all_tasks()
        await self._poll(stop)
        self._watch_loops(asyncio.all_tasks() - others)
        publishing = asyncio.create_task(self._publish(stop), name="commands")
        self._watch(publishing, "publisher of commands")
        try:
            yield
        finally:
            publishing.cancel()
            await asyncio.gather(publishing, return_exceptions=True)
            await self._wind_down()

    def _watch_loops(self, tasks: Collection[asyncio.Task[Any]]) -> None:
        """PTB keeps the tasks of its two loops to itself, and looks at neither."""
        for task in tasks:
            for loop, name in _LOOPS.items():
                if task.get_name().endswith(loop):
                    self._watch(task, name)

    async def close(self) -> None:
        """Let go of what was opened."""
        with contextlib.suppress(TelegramError):
            await self._application.shutdown()
            # PTB leaves the connections open where it never came to reach Telegram.
            await self._application.bot.shutdown()

    def _is_over(self, stop: asyncio.Event) -> bool:
        return stop.is_set() or self._polling.revoked.is_set()

    @property
    def _updater(self) -> Updater:
        updater = self._application.updater
        assert updater is not None  # noqa: S101 - the builder makes one unless told not to
        return updater

    async def _retry_until_reached(self, call: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
        """Try until Telegram can be reached, or the program is to stop. Raises what Telegram refuses for good."""
        pause = FIRST_RETRY
        while not self._is_over(stop):
            try:
                await call()
            except InvalidToken:
                self._polling.revoked.set()
            except (NetworkError, RetryAfter) as error:
                if isinstance(error, BadRequest) and not is_passing(error):
                    raise
                _LOG.warning("Telegram can't be reached, trying again in %.0f s: %s", pause, error)
                await rest(self._clock, stop, pause)
                pause = min(pause * 2, LAST_RETRY)
            else:
                return

    async def _poll(self, stop: asyncio.Event) -> None:
        """Begin to fetch updates; given up when the program is to stop."""
        starting = asyncio.ensure_future(
            self._updater.start_polling(
                timeout=LONG_POLL, bootstrap_retries=-1, allowed_updates=UPDATES, error_callback=self._failed
            )
        )
        stopping = asyncio.create_task(stop.wait())
        try:
            while not await self._ended(starting, stopping):
                # PTB tries for as long as it takes.
                beat()
            if starting.done():
                starting.result()
        except InvalidToken:
            self._polling.revoked.set()
        finally:
            starting.cancel()
            stopping.cancel()
            await asyncio.gather(starting, stopping, return_exceptions=True)

    @staticmethod
    async def _ended(*either: asyncio.Future[Any]) -> bool:
        """Whether one of them has ended, or does within a few seconds."""
        done, _ = await asyncio.wait(either, timeout=FIRST_RETRY, return_when=asyncio.FIRST_COMPLETED)
        return bool(done)

    async def _publish(self, stop: asyncio.Event) -> None:
        """Tell Telegram what it shows of the bot, and again when somebody's role has changed, or who has one comes."""
        with watched("publisher of commands"):
            await self._publish_again_and_again(stop)

    async def _publish_again_and_again(self, stop: asyncio.Event) -> None:
        while not self._is_over(stop):
            self.menus_due.clear()
            again_in: float | None = None
            try:
                roles = await self._store.read(all_roles)
                await self._retry_until_reached(partial(publish, self._application.bot, self._store, roles), stop)
            except (TelegramError, StorageError) as error:
                _LOG.warning("not everything could be put into Telegram's menu: %s", error)
                again_in = LAST_RETRY if isinstance(error, StorageError) else None
            self.published.set()
            if not self._is_over(stop):
                await rest(self._clock, self.menus_due, again_in)

    async def _wind_down(self) -> None:
        # After a 401 the updater has ended by itself, and raises that when it is stopped.
        with contextlib.suppress(TelegramError, TimeoutError):
            async with asyncio.timeout(WIND_DOWN):
                if self._updater.running:
                    await self._updater.stop()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WIND_DOWN):
                await self._application.stop()
