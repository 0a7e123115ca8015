"""Shows: brings every chat up to date with its rows, at start, after every change, and after every failure.

Showing is at least once. Nothing that must be told lives in memory: what is here only says where to look next.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from telegram.error import ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter

from bot.chat.group_chats.membership import leave_behind
from bot.chat.messages import Messages, is_removal
from bot.chat.reachability import Reachability
from bot.chat.showing import Showing
from bot.errors import StorageError
from bot.usecases.group_chats import group_chat_moved
from bot.usecases.heartbeats import rest, watched
from bot.usecases.ports import Clock, Store, UnitOfWork

_LOG = logging.getLogger(__name__)

#: Chats that are served side by side.
AT_ONCE = 64
#: With so many being served, what changes within so many seconds is read in one transaction instead of one each.
CROWD, GATHER = 4, 0.02
#: Seconds after which a chat is tried again when Telegram could not be reached, doubling up to the second.
FIRST_RETRY, LAST_RETRY = 1.0, 60.0
#: Seconds between two looks for chats that nobody told about.
SWEEP = 60.0


@dataclass(slots=True)
class _Chat:
    """What the presenter has in mind of a chat in which there is something to do: nothing that a restart would lose.

    Times are in seconds awake. Before ``closed_until`` Telegram wants nothing sent there.
    """

    due: bool = True
    due_at: float = 0.0
    closed_until: float = 0.0
    busy: bool = False
    failures: int = 0


class Presenter:
    """One task, outside of PTB's own, and one more for every chat while it is being served."""

    def __init__(self, messages: Messages, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._reachability = Reachability(store)
        self._showing = Showing(messages, store, clock, self.tell, self._tell_at)
        self._chats: dict[int, _Chat] = {}
        # Those of them that are due and not being served, so that a change looks at few however many are served.
        self._waiting: dict[int, _Chat] = {}
        # Chats whose person has blocked the bot: tried again when something happens there, not by the sweep.
        self._shut: set[int] = set()
        # When there will be something to do in chats in which there is nothing now, in seconds awake.
        self._later: dict[int, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._idle = asyncio.Event()
        self._slots = asyncio.Semaphore(AT_ONCE)

    def tell(self, chat_id: int) -> None:
        """Something of this chat has changed."""
        self._shut.discard(chat_id)
        chat = self._chats.setdefault(chat_id, _Chat())
        chat.due = True
        chat.due_at = min(chat.due_at, self._clock.awake())
        if not chat.busy:
            self._waiting[chat_id] = chat
        self._idle.clear()
        self._changed.set()

    def _tell_at(self, chat_id: int, at: float) -> None:
        """Something of this chat is to be done then."""
        self._later[chat_id] = min(at, self._later.get(chat_id, at))
        self._changed.set()

    @property
    def shut(self) -> frozenset[int]:
        """The chats in which nothing can be shown until something happens there."""
        return frozenset(self._shut)

    def lists_published(self) -> None:
        """A list has come, or an answer that there is none."""
        self._showing.lists_published()

    async def run(self) -> None:
        """Until cancelled."""
        with watched("presenter"):
            await self._run()

    async def _run(self) -> None:
        next_sweep = self._clock.awake()
        try:
            while True:
                if self._clock.awake() >= next_sweep:
                    next_sweep = self._clock.awake() + SWEEP
                    await self._sweep()
                wait = self._start_due(next_sweep)
                await rest(self._clock, self._changed, wait)
                if len(self._tasks) >= CROWD:
                    await asyncio.sleep(GATHER)
                self._changed.clear()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self._showing.rest()

    async def idle(self) -> None:
        """Wait until everything has been shown that can be shown now."""
        await self._idle.wait()

    async def _sweep(self) -> None:
        await self._reachability.load()
        try:
            behind = await self._store.read(_chats_behind)
        except StorageError as error:
            _LOG.warning("the chats that are behind can't be read: %s", error)
            return
        for chat_id in behind:
            # A chat that is known already has its own time to be tried again.
            if chat_id not in self._chats and chat_id not in self._shut:
                self._chats[chat_id] = self._waiting[chat_id] = _Chat()
                self._idle.clear()

    def _start_due(self, next_sweep: float) -> float:
        """Start serving what is due; seconds until something else is."""
        now = self._clock.awake()
        for chat_id, at in list(self._later.items()):
            if at <= now:
                del self._later[chat_id]
                self.tell(chat_id)
        soonest = min([next_sweep, *self._later.values()])
        for chat_id, chat in list(self._waiting.items()):
            due_at = max(chat.due_at, chat.closed_until)
            if due_at > now:
                soonest = min(soonest, due_at)
                continue
            del self._waiting[chat_id]
            chat.due, chat.busy = False, True
            task = asyncio.create_task(self._serve_in_turn(chat_id, chat), name="present")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if not self._chats:
            self._idle.set()
        return max(0.0, soonest - now)

    async def _serve_in_turn(self, chat_id: int, chat: _Chat) -> None:
        async with self._slots:
            with watched(f"showing in chat {chat_id}"):
                await self._serve(chat_id, chat)

    async def _serve(self, chat_id: int, chat: _Chat) -> None:
        retry_in: float | None = None
        try:
            await self._catch_up(chat_id, chat)
            chat.failures = 0
            await self._reachability.reached(chat_id)
        except RetryAfter as flood:
            seconds = flood.retry_after
            retry_in = seconds.total_seconds() if isinstance(seconds, timedelta) else float(seconds)
            chat.closed_until = self._clock.awake() + retry_in
        except Forbidden as refusal:
            _LOG.info("chat %s can't be written to until somebody writes there: %s", chat_id, refusal)
            self._shut.add(chat_id)
            await self._reachability.refused(chat_id, refusal)
        except (NetworkError, InvalidToken, StorageError) as error:
            _LOG.warning("chat %s can't be brought up to date: %s", chat_id, error)
            chat.failures += 1
            retry_in = min(LAST_RETRY, FIRST_RETRY * 2 ** (chat.failures - 1))
        except Exception:  # noqa: BLE001 - the task must end with the chat being tried again, whatever went wrong
            _LOG.exception("chat %s can't be brought up to date", chat_id)
            retry_in = LAST_RETRY
        finally:
            chat.busy = False
            if retry_in is not None:
                chat.due, chat.due_at = True, self._clock.awake() + retry_in
            if chat.due:
                self._waiting[chat_id] = chat
            else:
                del self._chats[chat_id]
            self._changed.set()

    async def _catch_up(self, chat_id: int, chat: _Chat) -> None:
        try:
            pause = await self._showing.bring_up_to_date(chat_id)
        except ChatMigrated as moved:
            await self._move(chat_id, moved.new_chat_id)
            return
        except Forbidden as refusal:
            # Telegram keeps for a day only that the bot was removed.
            if is_removal(refusal):
                await self._store.write(leave_behind, chat_id)
            raise
        if pause is not None:
            due_at = self._clock.awake() + pause
            chat.due_at = min(chat.due_at, due_at) if chat.due else due_at
            chat.due = True

    async def _move(self, old: int, new: int) -> None:
        await self._store.write(group_chat_moved, old, new)


def _chats_behind(work: UnitOfWork) -> Sequence[int]:
    return work.cards.chats_behind()
