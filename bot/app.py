"""Composition root: builds every part from the settings, runs them together, stops them in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable

from bot.background_tasks import BackgroundTasks
from bot.chat import handlers
from bot.chat.backups.telling import tell_of_backup
from bot.chat.connection import Connection
from bot.chat.feed.teller import FeedTeller
from bot.chat.gate import HandlerDeps
from bot.chat.generation import Generation
from bot.chat.known_people import known_people
from bot.chat.messages import Messages
from bot.chat.polling import AckAfterHandlingRequest
from bot.chat.polling_monitor import PollingMonitor
from bot.chat.presenter import Presenter
from bot.chat.recovery.telling import recover
from bot.chat.strangers import Strangers
from bot.clock import SystemClock
from bot.errors import DatabaseUnreachable, LockTaken, SettingError
from bot.external_systems import ExternalSystems
from bot.ixbrowser.client import LocalApi
from bot.measures import health_monitor
from bot.opened_database import database_of
from bot.settings import NO_ADMIN, Settings
from bot.station.browser_watch import BrowserWatch
from bot.station.group_creator import GroupCreator
from bot.station.importer import Importer
from bot.station.list_publisher import ListPublisher
from bot.station.proof_times import ProofTimes
from bot.station.send_window import SEND_WITHIN
from bot.storage.backup_folder import BackupFolder
from bot.storage.daily_backup import DailyBackup
from bot.storage.holders import Holder
from bot.storage.holding import Holding
from bot.storage.housekeeping import Housekeeping
from bot.storage.marker import MarkerKeeper
from bot.storage.migrate import bring_up_to_date
from bot.storage.migration_copy import forget_copy
from bot.storage.notifications import Notifications
from bot.storage.retention import Forgets
from bot.storage.signals import SignalHandlers
from bot.storage.work import SqlStore
from bot.telegram_application import application, polling_request, sending_request
from bot.usecases.heartbeats import Heartbeats
from bot.usecases.import_queue import adopt
from bot.usecases.new_admins import meet_admins
from bot.usecases.ports import Clock
from bot.usecases.preferences import languages_of_members
from bot.usecases.rebinding import serve_as

_LOG = logging.getLogger(__name__)

#: Seconds in which, at the end, the chats may be brought up to date.
LAST_SHOWING_WITHIN = 1.0
#: Seconds between two tries to reach the database's server at the start.
REACH_AGAIN = 2.0

REFUSED_BY_TELEGRAM = (
    "TELEGRAM_TOKEN is not accepted by Telegram: it may be mistyped or revoked; @BotFather tells you the right one."
)


class App:
    """Every part, built and not yet running."""

    def __init__(
        self,
        settings: Settings,
        outside: ExternalSystems | None = None,
        clock: Clock | None = None,
        heartbeats: Heartbeats | None = None,
    ) -> None:
        outside = outside or ExternalSystems()
        self.settings = settings
        self.clock = clock or SystemClock()
        # Where nobody looks at them, none are kept.
        self._heartbeats = heartbeats
        self.database = database_of(settings)
        self.holding = Holding(self.database, settings.bot_id)
        self._signals = SignalHandlers()
        self.store = self._store(self.holding.hub)
        self._station_store = self._store(self.holding.station)
        self._notifications = (
            None if self.database.is_sqlite else Notifications(self.database.engine, self.store, self._signals)
        )
        # On a server the process before may not have ended yet; on SQLite the operating system's lock proves that.
        times = ProofTimes(
            settings.ixbrowser_timeout,
            settings.ixbrowser_grace,
            others_send_for=0.0 if self.database.is_sqlite else SEND_WITHIN,
        )
        self.browser = LocalApi(
            settings.ixbrowser_url,
            timeout=settings.ixbrowser_timeout,
            concurrency=settings.ixbrowser_concurrency,
            transport=outside.browser,
        )
        queue: asyncio.Queue[object] = asyncio.Queue()
        self.polling = AckAfterHandlingRequest(
            outside.polling or polling_request(settings),
            queue,
            self.clock,
            known_people(self.store, settings.admin_ids),
        )
        self._tasks = BackgroundTasks(self.polling.revoked)
        self.telegram = application(settings, outside.telegram or sending_request(settings), self.polling, queue)
        self.generation = Generation()
        self.presenter = Presenter(Messages(self.telegram.bot, self.generation), self.store, self.clock)
        self.lists = ListPublisher(self._station_store, self.browser, self.clock)
        self.importer = Importer(
            self._station_store,
            self.browser,
            self.clock,
            times,
            concurrency=settings.ixbrowser_concurrency,
        )
        self.groups = GroupCreator(self._station_store, self.browser, self.clock, times)
        self.feed = FeedTeller(self.store, self.clock)
        self.marker = MarkerKeeper(self.database, self.holding.hub, self.clock)
        retention = {Forgets(what): life for what, life in settings.retention.items()}
        self.housekeeping = Housekeeping(self.store, self.clock, settings.taken_for, retention)
        self.backups = BackupFolder(self.database, settings.backups_kept)
        self.daily_backup = DailyBackup(self.backups, self.clock, lambda why: self.store.write(tell_of_backup, why))
        self.polling_monitor = PollingMonitor(self.polling, self.store, self.clock)
        self.browser_watch = BrowserWatch(self._station_store, self.browser.ping, self.clock)
        self.health_monitor = health_monitor(settings, self.store, self.clock, lambda: self.polling.fetched_at)
        self.connection = Connection(
            self.telegram,
            self.polling,
            store=self.store,
            clock=self.clock,
            failed=self.polling_monitor.polling_failed,
            watch=self._tasks.watch,
        )
        strangers = Strangers(settings.owner or "", silent=settings.strangers == "silent")
        self._handlers = HandlerDeps(
            store=self.store,
            clock=self.clock,
            admins=settings.admin_ids,
            strangers=strangers,
            generation=self.generation,
        )
        self._signals.chat_behind = self.presenter.tell
        self._signals.imports_queued = self.importer.imports_queued
        self._signals.imports_to_verify = self.importer.imports_to_verify
        self._signals.links_to_set = self.importer.links_to_set
        self._signals.groups_requested = self.groups.groups_requested
        self._signals.lists_requested = self.lists.lists_requested
        self._signals.lists_published = self.presenter.lists_published
        self._signals.feed_behind = self.feed.feed_behind
        self._signals.menus_due = self.connection.menus_due.set
        handlers.register(self.telegram, self._handlers)

    def _store(self, holder: Holder) -> SqlStore:
        return SqlStore(self.database, self._signals, self.clock.now, holder, self.settings.admin_ids)

    async def prepare(self) -> None:
        """Take the database over, bring it up to date, and see that somebody may use the bot.

        Raises ``SettingError``, ``StorageError``, and ``AlreadyRunning`` or ``OtherBot`` where it is another's.
        """
        await self.holding.lock()
        await bring_up_to_date(self.database, self.backups)
        await self.holding.take()
        await self.store.write(serve_as, self.settings.bot_id)
        # Before that nobody's cards are forgotten: a start with a setting left empty must not cost them.
        if not self.settings.admin_ids and not await self.store.read(lambda work: work.users.has_admin()):
            raise SettingError(NO_ADMIN)
        self.generation.current = await self.marker.begin(lambda *begun: self.store.write(recover, *begun))
        await self.store.write(meet_admins)
        self._handlers.languages.update(await self.store.read(languages_of_members))
        if self.database.is_sqlite:
            # A file is one computer's, whatever that is called by now; under its old name nobody would see to a row.
            await self._station_store.write(adopt)

    async def prepare_once_reachable(self, stop: asyncio.Event, waiting: Callable[[str], None]) -> bool:
        """``prepare``, tried again while the database's server can't be reached, or its lock is not free yet.

        False when ``stop`` was set before.

        ``waiting`` is told why, each reason once. Raises what ``prepare`` raises for other reasons.
        """
        reasons: set[str] = set()
        while not stop.is_set():
            try:
                await self.prepare()
            except (DatabaseUnreachable, LockTaken) as error:
                if str(error) not in reasons:
                    reasons.add(str(error))
                    waiting(str(error))
                await self.clock.wait(stop, REACH_AGAIN)
            else:
                return True
        return False

    async def serve(self, stop: asyncio.Event, ready: Callable[[], None] = lambda: None) -> None:
        """Serve until ``stop`` is set.

        Raises ``SettingError`` when Telegram does not, or no longer, take the token, and ``PartEnded`` when a part has
        ended that never should.
        """
        with contextlib.nullcontext() if self._heartbeats is None else self._heartbeats.watching():
            await self._serve(stop, ready)

    async def _serve(self, stop: asyncio.Event, ready: Callable[[], None]) -> None:
        over = stop if stop.is_set() else asyncio.Event()
        ending = asyncio.create_task(self._end(over, stop), name="ending")
        try:
            async with self._background(), self.connection.open(over):
                if not over.is_set() and not self.polling.revoked.is_set():
                    _LOG.info("the bot serves as @%s", self.telegram.bot.username)
                    ready()
                await over.wait()
                halting = asyncio.create_task(self._halt(), name="halting")
            await halting
        finally:
            ending.cancel()
            await self.close()
        if self.polling.revoked.is_set():
            raise SettingError(REFUSED_BY_TELEGRAM)
        if self._tasks.fault is not None:
            raise self._tasks.fault

    async def close(self) -> None:
        """Let go of what was opened; for whoever has built the parts and does not serve."""
        await self.browser.close()
        await self.holding.close()
        await self.database.close()

    async def _end(self, over: asyncio.Event, stop: asyncio.Event) -> None:
        """Set ``over`` when the bot is to stop, for whatever reason."""
        waits = [asyncio.create_task(event.wait()) for event in (stop, self.polling.revoked, self._tasks.ended)]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            self._tasks.stopping()
            over.set()
        finally:
            for wait in waits:
                wait.cancel()

    async def _halt(self) -> None:
        """Send nothing more; returns when what is under way has ended, or its time is up."""
        await asyncio.gather(self.importer.stop(), self.groups.stop(), self.lists.stop(), self.browser_watch.stop())

    @contextlib.asynccontextmanager
    async def _background(self) -> AsyncIterator[None]:
        """What works beside the handlers; each part is stopped in the order in which the others need it."""
        parts = {
            "importer": self.importer.run(),
            "group creator": self.groups.run(),
            "list publisher": self.lists.run(),
            "presenter": self.presenter.run(),
            "feed": self.feed.run(),
            "housekeeping": self.housekeeping.run(),
            "marker": self.marker.run(),
            "daily backup": self.daily_backup.run(),
            "polling monitor": self.polling_monitor.run(),
            "health monitor": self.health_monitor.run(),
            "watch over ixBrowser": self.browser_watch.run(),
            "hold on the database": self.holding.kept(),
        }
        if self._notifications is not None:
            parts["listener to other processes"] = self._notifications.run()
        tasks = [self._tasks.start(work, name) for name, work in parts.items()]
        forgetting = asyncio.create_task(self._forget_copy_once_serving())
        try:
            yield
        finally:
            self._tasks.stopping()
            await self._halt()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LAST_SHOWING_WITHIN):
                    await self.presenter.idle()
            # What could not be written by now is left as it is, rather than keeping the process.
            self.database.stop_waiting()
            for task in (*tasks, forgetting):
                task.cancel()
            await asyncio.gather(*tasks, forgetting, return_exceptions=True)
            # What a cancelled task was about to write is in the database or is not; nothing of it is half-done.
            if self._in_order:
                await self.health_monitor.end()
            await self.connection.close()

    @property
    def _in_order(self) -> bool:
        """Whether this end is no crash."""
        return self._tasks.fault is None and (self._heartbeats is None or not self._heartbeats.hung)

    async def _forget_copy_once_serving(self) -> None:
        """Delete the copy that a migration has made, once updates are fetched with the migrated database."""
        await self.polling.succeeded.wait()
        if self.database.file is not None:
            await asyncio.to_thread(forget_copy, self.database.file)
