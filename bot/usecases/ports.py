"""The unit of work: what the chat may read and change in one transaction.

``Store.write`` commits when its block ends and rolls back when it raises. Every method may raise ``StorageError``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from bot.domain.draft import Draft, LastChoices
from bot.domain.remote_lists import Listing, Lists
from bot.usecases.records import (
    Batch,
    Buttons,
    CardKind,
    Confirmed,
    DraftState,
    LoggedImport,
    Note,
    Page,
    Place,
    Role,
    StoredDraft,
    User,
)


class Updates(Protocol):
    async def is_new(self, update_id: int, now: datetime) -> bool:
        """Note the update as handled by this transaction; False when it was already.

        Ids are compared for equality only: after a week without updates Telegram's next id is random.
        """


class Users(Protocol):
    async def find(self, user_id: int) -> User | None: ...

    async def allowed(self, user_ids: Sequence[int]) -> frozenset[int]:
        """Those of them who have a role."""

    async def list_allowed(self) -> Sequence[User]:
        """Members and admins of the database, in the order in which they came."""

    async def keep(self, user_id: int, name: str, language: str, now: datetime) -> User:
        """The person as Telegram describes them now; a new row has no role."""

    async def set_role(self, user_id: int, role: Role | None, by: int, now: datetime) -> bool:
        """Give or take a role; False when it was so already. Somebody not seen before gets a row without a name."""

    async def remember(self, user_id: int, last: LastChoices) -> None: ...

    async def has_admin(self) -> bool: ...


class Drafts(Protocol):
    async def find(self, draft_id: int) -> StoredDraft | None: ...

    async def find_open(self, user_id: int, chat_id: int) -> StoredDraft | None: ...

    async def behind(self, chat_ids: Sequence[int]) -> Sequence[StoredDraft]:
        """The drafts of these chats whose cards show less than their rows."""

    async def open_new(
        self, where: Place, draft: Draft, now: datetime, retries: Mapping[str, int] | None = None
    ) -> int:
        """A new open draft; its id. The person has none open in this chat."""

    async def change(self, before: StoredDraft, draft: Draft, now: datetime, *, below: bool) -> bool:
        """Write the next draft over the one that was read; False when somebody else was first.

        ``below`` has the card moved under what was typed.
        """

    async def close(self, draft_id: int, state: DraftState, now: datetime) -> bool:
        """End an open draft and forget its codes and secrets; False when it was not open."""


class Batches(Protocol):
    async def find(self, batch_id: int) -> Batch | None: ...

    async def of_draft(self, draft_id: int) -> Batch | None: ...

    async def behind(self, chat_ids: Sequence[int]) -> Sequence[Batch]:
        """The batches of these chats whose cards show less than their rows."""

    async def under_way(self, user_id: int, chat_id: int) -> Sequence[int]:
        """The person's batches in this chat in which something is queued, being sent or being checked."""

    async def confirm(self, stored: StoredDraft, user_name: str, now: datetime) -> Confirmed:
        """Move an open, complete draft to the import log: one queued row a code.

        A code that has a living row already is left out. With no code left nothing is written.
        """

    async def bump(self, batch_id: int, *, below: bool = False, again: bool = False) -> None:
        """The card is to be shown anew; ``again`` has its end announced once more."""

    async def note_announced(self, batch_id: int) -> None: ...

    async def wipe_if_ended(self, batch_id: int) -> bool:
        """Delete the secrets of a batch that no longer needs them; whether there were any."""

    async def cancel(self, batch_id: int, now: datetime) -> bool:
        """Cancel what has certainly not been sent, and have the rest cancelled if it turns out not to be imported."""

    async def go_on(self, batch_id: int, now: datetime) -> bool:
        """Let rows that were held wait for another day."""

    async def look_again(self, batch_id: int) -> bool:
        """Have the received records read again for rows whose end is not known.

        Their secrets are gone, so that they are not sent again: proof of absence ends them as failed.
        """

    async def retry_proxy(self, batch_id: int) -> bool:
        """Have the proxy set again where only it is missing."""

    async def give_up_proxy(self, batch_id: int) -> bool: ...


class Log(Protocol):
    async def living(self, codes: Sequence[str]) -> Sequence[LoggedImport]:
        """The rows that have these codes already: imported, under way, or not known."""

    async def page(
        self, *, user_id: int | None, size: int, before: int | None = None, after: int | None = None
    ) -> Page:
        """A page of the log, of one person or (None) of everyone.

        ``before`` asks for rows older than that id, ``after`` for those newer; by id and not by number, so that the
        millionth row costs what the first does and a page stands still while rows come.
        """


class Outbox(Protocol):
    async def say(
        self, where: Place, text: str, now: datetime, *, buttons: Buttons = (), edit_message_id: int | None = None
    ) -> None:
        """Have a message sent, or one edited."""

    async def delete_card(self, where: Place, message_id: int, now: datetime) -> None:
        """Have a card deleted that stands further down by now."""

    async def delete_secret(self, where: Place, message_id: int, refused_text: str, now: datetime) -> None:
        """Have the message deleted in which a secret was typed; ``refused_text`` is said where that is refused."""

    async def waiting(self, chat_ids: Sequence[int]) -> Sequence[Note]:
        """What is to be said in these chats, oldest first."""

    async def done(self, note_id: int) -> None: ...


class Cards(Protocol):
    async def chats_behind(self) -> Sequence[int]:
        """The chats in which something is still to be shown, said or deleted."""

    async def note_shown(
        self, kind: CardKind, row_id: int, *, message_id: int | None, rendered: int, complete: bool
    ) -> None:
        """The card of a row is this message now, made from the revision ``rendered``.

        A card that shows less than its row has (``complete`` is False) leaves the row behind. A wish to have the card
        moved that came meanwhile stays.
        """

    async def show_again(self, kind: CardKind, row_id: int) -> None:
        """Have the card of a row shown once more, below what has been written since."""

    async def move_chat(self, old: int, new: int) -> None:
        """A group has become a supergroup: the same chat under another id, in which messages are counted anew."""


class Work(Protocol):
    """One transaction."""

    @property
    def updates(self) -> Updates: ...
    @property
    def users(self) -> Users: ...
    @property
    def drafts(self) -> Drafts: ...
    @property
    def batches(self) -> Batches: ...
    @property
    def log(self) -> Log: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def cards(self) -> Cards: ...


class Store(Protocol):
    def read(self) -> AbstractAsyncContextManager[Work]: ...

    def write(self) -> AbstractAsyncContextManager[Work]: ...


class Clock(Protocol):
    """Time of both sorts, so that a test can move it."""

    def now(self) -> datetime:
        """The time of day, aware, UTC."""

    def awake(self) -> float:
        """Seconds that the computer has been awake; only differences mean something."""

    async def wait(self, event: asyncio.Event, seconds: float | None) -> bool:
        """Wait until the event is set (True) or the seconds have passed awake (False)."""


class RemoteLists(Protocol):
    """ixBrowser's lists as they are now."""

    async def look(self, wanted: frozenset[Listing], patience: float) -> Lists:
        """The wanted lists, waiting up to ``patience`` seconds for them; those that take longer are missing."""

    def now(self, wanted: frozenset[Listing]) -> Lists:
        """Those of the wanted lists that are known at this moment."""

    def when_read(self, wanted: frozenset[Listing], tell: Callable[[], None]) -> None:
        """Call ``tell`` once as soon as one more of these lists has been read, or failed to be."""
