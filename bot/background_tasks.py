"""Tasks that are to run for as long as the bot: one that ends before ends the bot, with a sentence."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from bot.errors import BotError, PartEnded, SettingError

_LOG = logging.getLogger(__name__)


class BackgroundTasks:
    """``ended`` is set when one of them ends though it should not have, and ``fault`` then says what to tell.

    Once ``explained`` is set their ends are told by somebody else.
    """

    def __init__(self, explained: asyncio.Event) -> None:
        self.ended = asyncio.Event()
        self.fault: BotError | None = None
        self._explained = explained
        self._names: dict[asyncio.Task[Any], str] = {}
        self._stopping = False

    def start(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        self.watch(task, name)
        return task

    def watch(self, task: asyncio.Task[Any], name: str) -> None:
        """Have a task of somebody else's count as one of these; ``name`` is what the sentence calls it."""
        self._names[task] = name
        task.add_done_callback(self._done)

    def stopping(self) -> None:
        """From here on they may return."""
        self._stopping = True

    def _done(self, task: asyncio.Task[Any]) -> None:
        name = self._names.pop(task)
        error = None if task.cancelled() else task.exception()
        if self._explained.is_set() or (self._stopping and error is None):
            return
        if isinstance(error, PartEnded | SettingError):
            fault: BotError = error
            _LOG.critical("%s", error)
        else:
            fault = PartEnded(
                f"The bot has stopped: its {name} has ended, which it never should. Start it again; the log says more."
            )
            _LOG.critical("%s has ended, which it never should", name, exc_info=error)
            _LOG.critical("%s", fault)
        self.fault = self.fault or fault
        self.ended.set()
