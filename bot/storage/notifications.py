"""Signals between processes that share a database on a PostgreSQL server: NOTIFY, and LISTEN in a thread of its own.

psycopg's asynchronous mode needs another event loop on Windows. A signal that is lost costs seconds and nothing else,
since everybody also looks around now and then.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Engine, event, text

from bot.errors import StorageError
from bot.storage.faults import translated
from bot.storage.postgresql import connect_apart
from bot.storage.signals import CollectedSignals, Signal, SignalHandlers
from bot.storage.threads import Job, Threads
from bot.usecases.ports import Store, UnitOfWork

_LOG = logging.getLogger(__name__)

#: What is added to the name under which the server lists the connection that listens.
APPLICATION: Final = "listen"
#: Seconds after which the thread looks whether it is to end, and after which it tries to connect again.
LOOK_EVERY: Final = 0.5

_CHANNELS: Final = {f"transfer_bot_{signal}": signal for signal in Signal}
_NOTIFY: Final = text("SELECT pg_notify('transfer_bot_' || signal, '') FROM unnest(CAST(:signals AS text[])) AS signal")


def notify(connection: Connection, signals: Collection[Signal]) -> None:
    """Have the server tell all who listen once this transaction is committed, and only then."""
    if signals and connection.dialect.name == "postgresql":
        connection.execute(_NOTIFY, {"signals": [str(signal) for signal in signals]})


class Notifications:
    """Wakes the handlers of this process by what other processes have committed.

    Make it before the first transaction: what this process has committed itself is known by its connections.
    """

    def __init__(self, engine: Engine, store: Store, handlers: SignalHandlers) -> None:
        self._engine = engine
        self._store = store
        self._handlers = handlers
        self._own: set[int] = set()
        self._heard: set[Signal] = set()
        self._woken = asyncio.Event()
        event.listen(engine, "connect", self._note_own)
        event.listen(engine, "close", self._forget_own)

    async def run(self) -> None:
        """Until cancelled."""
        thread = Threads("listen", 1)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(thread.run(self._listen))
                group.create_task(self._pass_on())
        finally:
            await thread.close()

    async def _pass_on(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            heard, self._heard = self._heard, set()
            chats: Sequence[int] = ()
            if Signal.CHATS_BEHIND in heard:
                try:
                    chats = await self._store.read(_chats_behind)
                except StorageError as error:
                    _LOG.warning("the chats that another process has told of can't be read: %s", error)
            CollectedSignals(set(chats), heard - {Signal.CHATS_BEHIND}).deliver(self._handlers, committed=True)

    def _hear(self, signals: Collection[Signal]) -> None:
        self._heard |= set(signals)
        self._woken.set()

    # --- in the thread ----------------------------------------------------------------------------------------------

    def _listen(self, job: Job[None]) -> None:
        """Until nobody waits for it any more."""
        self._said = ""
        errors: Any = self._engine.dialect.dbapi
        while not job.abandoned:
            try:
                with translated(errors.Error):
                    self._listen_once(job)
            except StorageError as error:
                if str(error) != self._said:
                    self._said = str(error)
                    _LOG.warning("what other processes tell is not heard now: %s", error)
                time.sleep(LOOK_EVERY)

    def _listen_once(self, job: Job[None]) -> None:
        with contextlib.closing(connect_apart(self._engine, APPLICATION, autocommit=True)) as connection:
            for channel in _CHANNELS:
                connection.execute(f"LISTEN {channel}")
            self._said = ""
            # Whatever was told before this was not heard.
            job.loop.call_soon_threadsafe(self._hear, tuple(Signal))
            while not job.abandoned:
                for told in connection.notifies(timeout=LOOK_EVERY):
                    if told.pid not in self._own:
                        job.loop.call_soon_threadsafe(self._hear, (_CHANNELS[told.channel],))

    # --- in the threads of the pool ---------------------------------------------------------------------------------

    def _note_own(self, connection: Any, record: Any) -> None:
        record.info["pid"] = connection.info.backend_pid
        self._own.add(record.info["pid"])

    def _forget_own(self, _connection: Any, record: Any) -> None:
        self._own.discard(record.info.get("pid", 0))


def _chats_behind(work: UnitOfWork) -> Sequence[int]:
    return work.cards.chats_behind()
