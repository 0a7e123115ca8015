"""What the use cases need from outside: the unit of work with its repositories, signals, a clock.

Every method of a repository may raise ``StorageError``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from bot.domain.transfer_code import TransferCode
from bot.usecases.access_request_rows import AccessRequests
from bot.usecases.alert_rows import Alerts
from bot.usecases.audit import Audit
from bot.usecases.code_warnings import CodeWarnings
from bot.usecases.daily_limits import DailyLimits
from bot.usecases.deletion_offers import DeletionOffers
from bot.usecases.draft_rows import Drafts
from bot.usecases.erasing_rows import Erasing
from bot.usecases.feed_rows import FeedRows
from bot.usecases.group_chat_rows import GroupChats
from bot.usecases.handoff_rows import HandoffNotices, Handoffs, HeldCodes
from bot.usecases.health_rows import Health
from bot.usecases.import_rows import Imports
from bot.usecases.invitation_rows import Invitations
from bot.usecases.kept_code_rows import KeptCodes
from bot.usecases.log_search_rows import LogSearch
from bot.usecases.outbox import Outbox
from bot.usecases.owner import Owner
from bot.usecases.polling import Polling
from bot.usecases.private_links import PrivateLinks
from bot.usecases.published_texts import PublishedTexts
from bot.usecases.records import (
    Batch,
    CardKind,
    Confirmed,
    Given,
    LoggedImport,
    Page,
    Place,
    StoredDraft,
)
from bot.usecases.reply_prompts import ReplyPrompts
from bot.usecases.shared_card_rows import SharedCards
from bot.usecases.signals import Signals
from bot.usecases.station_lists import StationLists
from bot.usecases.unreachable import UnreachablePeople
from bot.usecases.users import Users
from bot.usecases.wrong_code_rows import WrongCodes

P = ParamSpec("P")
T = TypeVar("T")


class Updates(Protocol):
    def is_new(self, update_id: int, now: datetime) -> bool:
        """Note the update as handled by this transaction; False when it was already.

        Ids are compared for equality only: after a week without updates Telegram's next id is random.
        """


class Batches(Protocol):
    def find(self, batch_id: int) -> Batch | None: ...

    def of_draft(self, draft_id: int) -> Batch | None: ...

    def behind(self, chat_ids: Sequence[int]) -> Sequence[Batch]:
        """The batches of these chats whose cards show less than their rows."""

    def under_way(self, user_id: int, chat_id: int | None = None) -> Sequence[int]:
        """The person's batches in which something is queued, being sent or being checked; of one chat, or of all."""

    def confirm(self, stored: StoredDraft, user_name: str, now: datetime, given: Given | None = None) -> Confirmed:
        """Move an open, complete draft to the import log: one queued row a code, with the code's choices.

        A code that has a living row already, or waits for somebody, is left out. ``given`` says who has left the codes
        of the handoff that the draft was made of. With no code left nothing is written. A code with the mask of
        an attempted import whose own code can't be read any more is checked before it is sent.
        """

    def bump(self, batch_id: int, *, repost: bool = False) -> None:
        """The card of a batch is to be shown anew."""

    def mark_behind(self, batch_ids: Collection[int], *, repost: bool, waited: bool, announce_again: bool) -> None:
        """The cards of these batches show less than is known.

        ``repost`` has them moved below what has been written since, ``waited`` has their end told in a message of its
        own, and ``announce_again`` once more, though it was told already.
        """

    def note_announced(self, batch_id: int) -> None: ...


class Log(Protocol):
    def living(self, codes: Sequence[TransferCode]) -> Sequence[LoggedImport]:
        """The rows that have these codes already: imported, under way, or not known."""

    def of_message(self, where: Place, message_id: int) -> Sequence[LoggedImport]:
        """The rows of the codes that the person sent in this message."""

    def of_kept(self, kept_id: int) -> Sequence[LoggedImport]:
        """The rows whose codes are in a list that was kept when somebody was removed, oldest first."""

    def rows(self, row_ids: Collection[int]) -> Sequence[LoggedImport]:
        """These rows, oldest first."""

    def waiting(self, user_id: int) -> int:
        """How many of the person's rows are queued, at whichever station."""

    def counts(self, user_ids: Collection[int]) -> Mapping[int, int]:
        """How many rows each of these people has; those without any are left out."""

    def page(self, *, user_id: int | None, size: int, before: int | None = None, after: int | None = None) -> Page:
        """A page of the log: of what one person has imported or given to others, or (None) of everyone's.

        ``before`` asks for rows older than that id, ``after`` for those newer; by id and not by number, so that the
        millionth row costs what the first does and a page stands still while rows come.
        """


class Cards(Protocol):
    def chats_behind(self) -> Sequence[int]:
        """The chats in which something is still to be shown, said or deleted now."""

    def note_shown(
        self, kind: CardKind, row_id: int, *, message_id: int | None, rendered: int, complete: bool, rang: bool = False
    ) -> bool:
        """The card of a row is this message now, made from the revision ``rendered``.

        False for a draft that was confirmed meanwhile: its card is the batch's, and stays where it is.
        A card that shows less than its row has (``complete`` is False) leaves the row behind. A wish to have the card
        moved that came meanwhile stays, but for one that was met with a sound just now (``rang``).
        """

    def note_pressed(self, kind: CardKind, row_id: int, message_id: int) -> None:
        """The card of a row is this message now: a button on it was pressed before it was noted as shown."""

    def show_again(self, kind: CardKind, row_id: int) -> None:
        """Have the card of a row shown once more, below what has been written since."""

    def reply_to(self, where: Place, message_id: int) -> None:
        """Somebody has written this: cards of theirs that are to be sent there as new messages reply to it."""

    def mark_outdated(self, draft_ids: Collection[int]) -> None:
        """The cards of these drafts, where they are open, show a list that has changed.

        Their revision stays, so that no tap is spoiled.
        """

    def move_chat(self, old: int, new: int) -> None:
        """A group has become a supergroup: the same chat under another id, in which messages are counted anew."""

    def leave_chat(self, chat_id: int) -> Collection[int]:
        """The bot is no more in a group chat: nothing is to be shown, said or deleted there.

        What is still to be told of imports is told to their people in private; these people.
        """


class UnitOfWork(Protocol):
    """One transaction. ``now`` is the moment at which it began (aware, UTC), ``station`` whose rows are seen.

    ``settings_admins`` are the admins by the settings, whatever the database says of them.
    """

    @property
    def now(self) -> datetime: ...
    @property
    def station(self) -> str: ...
    @property
    def settings_admins(self) -> frozenset[int]: ...
    @property
    def updates(self) -> Updates: ...
    @property
    def users(self) -> Users: ...
    @property
    def drafts(self) -> Drafts: ...
    @property
    def batches(self) -> Batches: ...
    @property
    def imports(self) -> Imports: ...
    @property
    def log(self) -> Log: ...
    @property
    def log_search(self) -> LogSearch: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def cards(self) -> Cards: ...
    @property
    def lists(self) -> StationLists: ...
    @property
    def owner(self) -> Owner: ...
    @property
    def published_texts(self) -> PublishedTexts: ...
    @property
    def polling(self) -> Polling: ...
    @property
    def deletion_offers(self) -> DeletionOffers: ...
    @property
    def prompts(self) -> ReplyPrompts: ...
    @property
    def private_links(self) -> PrivateLinks: ...
    @property
    def code_warnings(self) -> CodeWarnings: ...
    @property
    def invitations(self) -> Invitations: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def erasing(self) -> Erasing: ...
    @property
    def daily_limits(self) -> DailyLimits: ...
    @property
    def wrong_codes(self) -> WrongCodes: ...
    @property
    def shared_cards(self) -> SharedCards: ...
    @property
    def access_requests(self) -> AccessRequests: ...
    @property
    def unreachable(self) -> UnreachablePeople: ...
    @property
    def group_chats(self) -> GroupChats: ...
    @property
    def feed(self) -> FeedRows: ...
    @property
    def kept_codes(self) -> KeptCodes: ...
    @property
    def handoffs(self) -> Handoffs: ...
    @property
    def handoff_notices(self) -> HandoffNotices: ...
    @property
    def held_codes(self) -> HeldCodes: ...
    @property
    def health(self) -> Health: ...
    @property
    def alerts(self) -> Alerts: ...
    @property
    def signals(self) -> Signals: ...


class Store(Protocol):
    """Runs functions over one transaction each, in a thread of the database.

    They may be run again where the database ends a transaction for the sake of another, so they touch nothing but their
    unit of work and their arguments. Both raise ``StorageError``, and whatever the function raises.
    """

    async def read(self, function: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function returns; it sees one state of the database and changes nothing."""

    async def write(self, function: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function returns. Committed when it returns, rolled back when it raises.

        A caller that is cancelled takes back what has not begun, and awaits the end of what has.
        """


class Clock(Protocol):
    """Time of both sorts, so that a test can move it."""

    def now(self) -> datetime:
        """The time of day, aware, UTC."""

    def awake(self) -> float:
        """Seconds that the computer has been awake; only differences mean something."""

    async def wait(self, event: asyncio.Event, seconds: float | None) -> bool:
        """Wait until the event is set (True) or the seconds, which may be negative, have passed awake (False)."""
