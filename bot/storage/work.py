"""The unit of work over SQL, and the store that runs functions over it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from bot.errors import Superseded
from bot.storage.access_requests import SqlAccessRequests
from bot.storage.alerts import SqlAlerts
from bot.storage.audit import SqlAudit
from bot.storage.backups import SqlBackups
from bot.storage.batches import SqlBatches
from bot.storage.cards import SqlCards
from bot.storage.code_warnings import SqlCodeWarnings
from bot.storage.daily_limits import SqlDailyLimits
from bot.storage.database import Database
from bot.storage.deletion_offers import SqlDeletionOffers
from bot.storage.drafts import SqlDrafts
from bot.storage.encryption import Cipher
from bot.storage.erasing import SqlErasing
from bot.storage.feed import SqlFeed
from bot.storage.group_chats import SqlGroupChats
from bot.storage.handoff_notices import SqlHandoffNotices
from bot.storage.handoffs import SqlHandoffs
from bot.storage.health import SqlHealth
from bot.storage.held_codes import SqlHeldCodes
from bot.storage.holders import Holder
from bot.storage.imports import SqlImports
from bot.storage.invitations import SqlInvitations
from bot.storage.kept_codes import SqlKeptCodes
from bot.storage.log import SqlLog
from bot.storage.log_search import SqlLogSearch
from bot.storage.notifications import notify
from bot.storage.outbox import SqlOutbox
from bot.storage.owner import SqlOwner
from bot.storage.polling import SqlPolling
from bot.storage.private_links import SqlPrivateLinks
from bot.storage.published_texts import SqlPublishedTexts
from bot.storage.recoveries import SqlRecoveries
from bot.storage.reply_prompts import SqlReplyPrompts
from bot.storage.retention import SqlRetention
from bot.storage.secrets import SqlSecrets
from bot.storage.shared_cards import SqlSharedCards
from bot.storage.signals import CollectedSignals, SignalHandlers
from bot.storage.station_lists import DecodedLists, SqlStationLists
from bot.storage.unreachable import SqlUnreachable
from bot.storage.updates import SqlUpdates
from bot.storage.users import SqlUsers
from bot.storage.wrong_codes import SqlWrongCodes
from bot.usecases.heartbeats import beat

P = ParamSpec("P")
T = TypeVar("T")


class SqlWork:
    """One transaction; ``decoded`` are the lists that need not be decoded in it."""

    def __init__(
        self,
        connection: Connection,
        station: str,
        cipher: Cipher,
        now: datetime,
        *,
        signals: CollectedSignals,
        decoded: DecodedLists,
        settings_admins: frozenset[int],
    ) -> None:
        self.connection = connection
        self.station = station
        self.now = now
        self.signals = signals
        self.settings_admins = settings_admins
        secrets = SqlSecrets(connection, cipher)
        self.updates = SqlUpdates(connection)
        self.users = SqlUsers(connection)
        self.drafts = SqlDrafts(connection, secrets, cipher)
        self.log = SqlLog(connection, cipher)
        self.log_search = SqlLogSearch(connection, self.log)
        self.held_codes = SqlHeldCodes(connection, cipher)
        self.handoffs = SqlHandoffs(connection, cipher)
        self.handoff_notices = SqlHandoffNotices(connection)
        self.batches = SqlBatches(
            connection, station, secrets, cipher, drafts=self.drafts, log=self.log, held_codes=self.held_codes
        )
        self.imports = SqlImports(connection, station, secrets, cipher)
        self.outbox = SqlOutbox(connection)
        self.cards = SqlCards(connection, self.drafts, now)
        self.lists = SqlStationLists(connection, station, cipher, decoded)
        self.owner = SqlOwner(connection)
        self.deletion_offers = SqlDeletionOffers(connection)
        self.published_texts = SqlPublishedTexts(connection)
        self.polling = SqlPolling(connection)
        self.code_warnings = SqlCodeWarnings(connection)
        self.prompts = SqlReplyPrompts(connection)
        self.private_links = SqlPrivateLinks(connection)
        self.invitations = SqlInvitations(connection, cipher)
        self.audit = SqlAudit(connection, now)
        self.erasing = SqlErasing(connection, cipher)
        self.retention = SqlRetention(connection)
        self.daily_limits = SqlDailyLimits(connection, station)
        self.wrong_codes = SqlWrongCodes(connection)
        self.shared_cards = SqlSharedCards(connection)
        self.access_requests = SqlAccessRequests(connection)
        self.unreachable = SqlUnreachable(connection)
        self.group_chats = SqlGroupChats(connection)
        self.feed = SqlFeed(connection)
        self.kept_codes = SqlKeptCodes(connection)
        self.health = SqlHealth(connection, station)
        self.alerts = SqlAlerts(connection)
        self.backups = SqlBackups(connection)
        self.recoveries = SqlRecoveries(connection)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SqlStore:
    """The ``Store``. ``now`` is asked for the moment of each transaction.

    ``holder`` is what the process must hold to write here: each transaction sees to it that it still does.
    ``admins`` are those of the settings.
    """

    def __init__(
        self,
        database: Database,
        handlers: SignalHandlers | None = None,
        now: Callable[[], datetime] = _utc_now,
        holder: Holder | None = None,
        admins: frozenset[int] = frozenset(),
    ) -> None:
        self._database = database
        self._handlers = handlers or SignalHandlers()
        self._now = now
        self._holder = holder
        self._admins = admins
        self._decoded = DecodedLists()

    async def read(self, function: Callable[Concatenate[SqlWork, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        def work(connection: Connection) -> T:
            return function(self._work(connection, CollectedSignals(), self._decoded), *args, **kwargs)

        beat()
        try:
            return await self._database.read(work)
        finally:
            beat()

    async def write(self, function: Callable[Concatenate[SqlWork, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        signals, decoded = CollectedSignals(), DecodedLists(self._decoded)

        def work(connection: Connection) -> T:
            # It may be the second time.
            signals.clear()
            decoded.clear()
            result = function(self._work(connection, signals, decoded), *args, **kwargs)
            notify(connection, signals.names())
            return result

        def deliver(committed: bool) -> None:
            signals.deliver(self._handlers, committed=committed)

        beat()
        try:
            result = await self._database.write(work, guard=self._check, after=deliver)
        except Superseded:
            if self._holder is not None:
                self._holder.superseded.set()
            raise
        finally:
            beat()
        decoded.keep()
        return result

    def _check(self, connection: Connection) -> None:
        if self._holder is not None:
            self._holder.check(connection)

    def _work(self, connection: Connection, signals: CollectedSignals, decoded: DecodedLists) -> SqlWork:
        return SqlWork(
            connection,
            self._database.station,
            self._database.cipher,
            self._now(),
            signals=signals,
            decoded=decoded,
            settings_admins=self._admins,
        )
