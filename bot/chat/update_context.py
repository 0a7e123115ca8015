"""What every handler works with, and the one way in which an update becomes one committed change."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from telegram import CallbackQuery, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.chat.incoming_update import IncomingUpdate, read_update
from bot.chat.translator import Html, Translator, plain, translator
from bot.usecases.ports import Clock, RemoteLists, Store, UnitOfWork
from bot.usecases.records import Buttons, CardKind, Role, User

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
class HandlerDeps:
    """The parts that handlers need."""

    store: Store
    lists: RemoteLists
    clock: Clock
    admins: frozenset[int]

    def is_admin(self, user: User) -> bool:
        return user.id in self.admins or user.role is Role.ADMIN


class UpdateContext:
    """One update being handled, inside its transaction."""

    def __init__(self, deps: HandlerDeps, work: UnitOfWork, incoming: IncomingUpdate, user: User) -> None:
        self.deps = deps
        self.work = work
        self.incoming = incoming
        self.user = user
        self.t: Translator = translator(incoming.language)
        self.now = work.now
        self.popup: Html | None = None

    def say(self, text: Html, buttons: Buttons = ()) -> None:
        """Have something said apart from the card."""
        self.work.outbox.say(self.incoming.where, text, self.now, buttons=buttons)


Act = Callable[[UpdateContext], None]


def handler(deps: HandlerDeps, act: Act) -> Callback:
    """A PTB callback that handles an update once, in one transaction, and answers the press if it was one.

    ``act`` runs in a thread of the database. An update that comes again changes nothing and shows the
    current card anew.
    """

    async def callback(update: Update, context: Context) -> None:
        incoming = read_update(update, context.bot.id)
        if incoming is None:
            return
        popup: Html | None = None
        try:
            async with asyncio.timeout(HANDLE_WITHIN):
                popup = await deps.store.write(_handle, deps, incoming, act)
        finally:
            await _answer(update, context, popup)

    return callback


def _handle(work: UnitOfWork, deps: HandlerDeps, incoming: IncomingUpdate, act: Act) -> Html | None:
    """Handle an update in its transaction; what is to be shown over a press."""
    user = work.users.keep(incoming.user_id, incoming.person_name, incoming.language, work.now)
    ctx = UpdateContext(deps, work, incoming, user)
    work.signals.chat_behind(incoming.chat_id)
    if work.updates.is_new(incoming.update_id, work.now):
        act(ctx)
    else:
        _show_again(ctx)
    return ctx.popup


def _show_again(ctx: UpdateContext) -> None:
    stored = ctx.work.drafts.find_open(ctx.incoming.user_id, ctx.incoming.chat_id)
    if stored is not None:
        ctx.work.cards.show_again(CardKind.DRAFT, stored.id)


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
