"""What every handler works with, and the one way in which an update becomes one committed change."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from telegram import CallbackQuery, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.chat.language import Html, Tongue, plain, tongue
from bot.chat.turn import Turn, turn_of
from bot.transfer.catalogue import Catalogue
from bot.transfer.ports import Clock
from bot.transfer.records import Buttons, CardKind, Role, User
from bot.transfer.store import Store, Work

_LOG = logging.getLogger(__name__)

#: Seconds that a handler has for its change: while one hangs, nobody's next updates are fetched.
HANDLE_WITHIN = 10.0
#: Seconds that Telegram has to take the answer to a press.
ANSWER_WITHIN = 2.0
#: Characters that Telegram shows in a pop-up.
LONGEST_POPUP = 200

Context = ContextTypes.DEFAULT_TYPE
Callback = Callable[[Update, Context], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts that handlers need. The callables wake who goes on with what was committed."""

    store: Store
    catalogue: Catalogue
    clock: Clock
    admins: frozenset[int]
    tell: Callable[[int], None]
    wake_importer: Callable[[], None]
    wake_groups: Callable[[], None]
    wake_menus: Callable[[], None]

    def is_admin(self, user: User) -> bool:
        return user.id in self.admins or user.role is Role.ADMIN


class Handling:
    """One update being handled, inside its transaction."""

    def __init__(self, desk: Desk, work: Work, turn: Turn, user: User) -> None:
        self.desk = desk
        self.work = work
        self.turn = turn
        self.user = user
        self.t: Tongue = tongue(turn.language)
        self.now = desk.clock.now()
        self.popup: Html | None = None
        self._after: list[Callable[[], None]] = []

    async def say(self, text: Html, buttons: Buttons = ()) -> None:
        """Have something said apart from the card."""
        await self.work.outbox.say(self.turn.where, text, self.now, buttons=buttons)

    def afterwards(self, wake: Callable[[], None]) -> None:
        """Call this when the transaction is committed."""
        self._after.append(wake)

    def wake(self) -> None:
        """Have everybody look who goes on with what was committed."""
        self.desk.tell(self.turn.chat_id)
        for wake in self._after:
            wake()


Act = Callable[[Handling], Awaitable[None]]


def handler(desk: Desk, act: Act) -> Callback:
    """A PTB callback that handles an update once, in one transaction, and answers the press if it was one.

    An update that comes again changes nothing and shows the current card anew.
    """

    async def callback(update: Update, context: Context) -> None:
        turn = turn_of(update, context.bot.id)
        if turn is None:
            return
        handling: Handling | None = None
        popup: Html | None = None
        try:
            async with asyncio.timeout(HANDLE_WITHIN), desk.store.write() as work:
                user = await work.users.keep(turn.person_id, turn.person_name, turn.language, desk.clock.now())
                handling = Handling(desk, work, turn, user)
                if await work.updates.is_new(turn.update_id, desk.clock.now()):
                    await act(handling)
                else:
                    await _show_again(handling)
            popup = handling.popup
        finally:
            # Of a commit that was cut off it is not known whether it was done; to look in vain costs nothing.
            if handling is not None:
                handling.wake()
            await _answer(update, context, popup)

    return callback


async def _show_again(handling: Handling) -> None:
    stored = await handling.work.drafts.find_open(handling.turn.person_id, handling.turn.chat_id)
    if stored is not None:
        await handling.work.cards.show_again(CardKind.DRAFT, stored.id)


async def _answer(update: Update, context: Context, popup: Html | None) -> None:
    """Answer a press, beside the handlers: however long Telegram takes, nobody's next update waits for it."""
    query = update.callback_query
    if query is None:
        return
    answering = _tell(query, popup)
    if context.application.running:
        context.application.create_task(answering, name="answer")
    else:
        # It is stopping, and waits for its handlers alone.
        await answering


async def _tell(query: CallbackQuery, popup: Html | None) -> None:
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            await query.answer(None if popup is None else plain(popup)[:LONGEST_POPUP])
    except (TelegramError, TimeoutError) as error:
        # Too old, or out of reach: the card shows what the press did all the same.
        _LOG.debug("a press could not be answered: %s", error)
