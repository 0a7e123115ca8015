"""The way of every update to its handler: one transaction that finds out who acts, and does or refuses it."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from telegram import Bot, Update

from bot.chat.access.handlers import greet
from bot.chat.failures import Context, report
from bot.chat.generation import Generation
from bot.chat.group_chats.access import works_here
from bot.chat.incoming_update import IncomingUpdate, read_update, with_file
from bot.chat.popups import ANSWER_WITHIN, answer_press
from bot.chat.recovery.handlers import pressed_before, refuse_unconfirmed
from bot.chat.request_batcher import RequestBatcher
from bot.chat.strangers import Strangers, handler_of, refusal_of
from bot.chat.update_context import Handler, Popup, Refused, Saying, UpdateContext
from bot.errors import NotAllowed, StorageError
from bot.usecases.actor import Person, identify
from bot.usecases.denials import note_denial, note_strangers
from bot.usecases.drafting import ShowCard, show_card
from bot.usecases.group_chats import works_in
from bot.usecases.members import are_allowed
from bot.usecases.ports import Clock, Store, UnitOfWork
from bot.usecases.preferences import language_of

_LOG = logging.getLogger(__name__)

#: Seconds that a handler has for its change: while one hangs, nobody's next updates are fetched.
HANDLE_WITHIN = 10.0
#: Seconds for which a stranger is not answered again.
HOUR = 3600.0
#: Strangers that are remembered for that.
MOST_STRANGERS = 10_000

Callback = Callable[[Update, Context], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class HandlerDeps:
    """The parts that handling an update needs. ``admins`` are those of the settings, ``strangers`` how they are met.

    ``generation`` is the database's, without which no button is one of now. ``languages`` are those of the people who
    could use the bot when they were last seen, or at its start: they are told when something fails, and how.
    """

    store: Store
    clock: Clock
    admins: frozenset[int]
    strangers: Strangers = field(default_factory=Strangers)
    generation: Generation = field(default_factory=Generation)
    languages: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Handled:
    """How an update was handled. ``allowed`` is False for a stranger, for whom nothing was done.

    ``known`` is whether its person has a role now; ``refusal`` why a link led a stranger nowhere.
    """

    allowed: bool
    popup: Popup | None = None
    language: str = ""
    known: bool = True
    refusal: Saying | None = None


def handle(
    work: UnitOfWork,
    handler: Handler,
    incoming: IncomingUpdate,
    *,
    silent: bool = False,
    before: bool = False,
) -> Handled:
    """Handle an update once. One that comes again changes nothing and shows the current card anew.

    With ``silent`` strangers are told nothing. In a group chat that is not allowed nothing is done. ``before`` says
    that a card was pressed from before the database was restored.
    """
    actor = identify(work, Person(incoming.user_id, incoming.person_name, incoming.language, incoming.username))
    if actor.role is None:
        ctx = UpdateContext(work, replace(incoming, language=actor.language), actor)
        if refuse_unconfirmed(ctx):
            return Handled(allowed=True, popup=ctx.popup, language=actor.language)
        stranger = handler_of(incoming, silent=silent)
        if stranger is None:
            return Handled(allowed=False)
        handler = stranger
    incoming = replace(incoming, language=actor.language)
    if not incoming.private and not works_here(work, actor, incoming):
        return Handled(allowed=True, language=incoming.language)
    if before:
        handler = pressed_before
    ctx = UpdateContext(work, incoming, actor)
    if _is_new(work, incoming):
        try:
            handler(ctx)
        except NotAllowed as refusal:
            note_denial(work, actor.user_id, incoming.chat_id, refusal.use_case)
            ctx.refuse(refusal)
    elif actor.role is not None:
        show_card(work, actor, ShowCard(incoming.where))
    if not incoming.private and incoming.data is None and incoming.message_id is not None:
        work.cards.reply_to(incoming.where, incoming.message_id)
    # Whatever a handler did, it shows in the chat that its update came from.
    work.signals.chat_behind(incoming.chat_id)
    known = actor.role is not None or are_allowed(work, [actor.user_id])[0]
    return Handled(allowed=True, popup=ctx.popup, language=ctx.incoming.language, known=known)


def _is_new(work: UnitOfWork, incoming: IncomingUpdate) -> bool:
    """Note that it is handled; False when all of it was already."""
    new = [update_id for update_id in incoming.update_ids if work.updates.is_new(update_id, work.now)]
    return bool(new)


#: What a stranger is to be told of: the update with which they came, and why a link led nowhere if that is told.
Telling = tuple[IncomingUpdate, Saying | None]


def tell_strangers(work: UnitOfWork, some: Sequence[Telling], strangers: Strangers) -> None:
    """Note that strangers came, and have them told how to be let in, each by the update with which they came."""
    new = [(incoming, refusal) for incoming, refusal in some if _is_new(work, incoming)]
    for incoming, refusal in new if not strangers.silent else ():
        greet(work, incoming, strangers.owner, refusal)
    note_strangers(work, [(incoming.user_id, incoming.chat_id) for incoming, _ in new])


def _refusals(work: UnitOfWork, incomings: Sequence[IncomingUpdate]) -> Sequence[Saying | None]:
    return [refusal_of(work, incoming) for incoming in incomings]


class Gate:
    """Lets members and admins through; a stranger gets one answer an hour, in private only, or none."""

    def __init__(self, deps: HandlerDeps) -> None:
        self._deps = deps
        # When each stranger was noted and told, and of what: a link that leads nowhere has an answer of its own.
        self._told: OrderedDict[tuple[int, Saying | None], float] = OrderedDict()
        self._known = deps.languages
        # A flood of strangers shares its transactions, so that the members behind them need not wait for each.
        self._asking = RequestBatcher(self._are_allowed)
        self._telling = RequestBatcher(self._tell)
        self._looking = RequestBatcher(self._look)

    def callback(self, handler: Handler, *, to_bot: bool = False) -> Callback:
        """A PTB callback that runs the handler for those who may, and answers the press if it was one.

        ``to_bot`` says that it is handed what is written to the bot alone, as its commands are.
        """

        async def callback(update: Update, context: Context) -> None:
            incoming = read_update(update, context.bot)
            if incoming is None:
                return
            if to_bot:
                incoming = replace(incoming, to_bot=True)
            failure: Exception | None = None
            popup: Popup | None = None
            try:
                popup = await self._handle(handler, incoming, context.bot)
            except Exception as error:  # noqa: BLE001 - whatever it is, its person is told, and the next update is handled
                failure = error
                await self._ask_whether_known(incoming)
            finally:
                await answer_press(update, context, popup)
            if failure is None:
                return
            if incoming.user_id in self._known:
                language = self._known[incoming.user_id] or incoming.language
                told = incoming.private or await self._works_in(incoming.chat_id)
                await report(replace(incoming, language=language), context.bot, failure, self._deps.store, told=told)
            else:
                _LOG.warning("whether %s may use this bot can't be told: %s", incoming.user_id, failure)

        return callback

    async def _handle(self, handler: Handler, incoming: IncomingUpdate, bot: Bot) -> Popup | None:
        """Handle an update; the pop-up for the press."""
        async with asyncio.timeout(HANDLE_WITHIN):
            handled = Handled(allowed=False)
            # Of somebody new it is read first, so that a crowd of strangers keeps nobody from writing.
            if await self._may_be_allowed(incoming.user_id):
                handled = await self._write(handler, await with_file(incoming, bot))
            elif handler_of(incoming, silent=self._deps.strangers.silent) is not None:
                # So is the link, so that a crowd with links that lead nowhere does not either.
                refusal = await self._looking.ask(incoming)
                handled = Handled(allowed=False, refusal=refusal)
                if refusal is None:
                    # Who may do this is told when it fails.
                    self._known[incoming.user_id] = incoming.language
                    handled = await self._write(handler, incoming)
            if handled.allowed and handled.known:
                self._known[incoming.user_id] = handled.language
                # Should they be put out within the hour, they are told again how to be let in.
                self._told.pop((incoming.user_id, None), None)
            else:
                self._known.pop(incoming.user_id, None)
            # Where strangers are told nothing, whatever they come with is noted as the same.
            refusal = None if self._deps.strangers.silent else handled.refusal
            if not handled.allowed and self._is_to_be_told(incoming, refusal):
                _LOG.info("update %s is from %s, who may not use this bot", incoming.update_id, incoming.user_id)
                await self._telling.ask((incoming, refusal))
            return handled.popup

    async def _write(self, handler: Handler, incoming: IncomingUpdate) -> Handled:
        silent = self._deps.strangers.silent
        try:
            before = incoming.data is not None and incoming.generation != self._deps.generation.current
            return await self._deps.store.write(handle, handler, incoming, silent=silent, before=before)
        except Refused as refused:
            return Handled(allowed=False, refusal=refused.why)

    async def _may_be_allowed(self, user_id: int) -> bool:
        """False for certain strangers; who was let through last time is looked up in the transaction that handles."""
        if user_id in self._known or user_id in self._deps.admins:
            return True
        return await self._asking.ask(user_id)

    async def _are_allowed(self, user_ids: Sequence[int]) -> Sequence[bool]:
        return await self._deps.store.read(are_allowed, user_ids)

    async def _look(self, incomings: Sequence[IncomingUpdate]) -> Sequence[Saying | None]:
        return await self._deps.store.read(_refusals, incomings)

    def _is_to_be_told(self, incoming: IncomingUpdate, refusal: Saying | None) -> bool:
        """Whether a stranger is noted and told now who they are, and that their link leads nowhere if so."""
        if not incoming.private or incoming.data is not None:
            return False
        told = self._told.get((incoming.user_id, refusal))
        return told is None or self._deps.clock.awake() - told >= HOUR

    async def _tell(self, some: Sequence[Telling]) -> Sequence[None]:
        await self._deps.store.write(tell_strangers, some, self._deps.strangers)
        # Here, since whoever asked may have given up waiting meanwhile.
        for incoming, refusal in some:
            of = (incoming.user_id, refusal)
            self._told[of] = self._deps.clock.awake()
            self._told.move_to_end(of)
            if len(self._told) > MOST_STRANGERS:
                self._told.popitem(last=False)
        return [None] * len(some)

    async def _works_in(self, chat_id: int) -> bool:
        """After a failure: whether anything may be said in a group chat. What is not known is none."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                return await self._deps.store.read(works_in, chat_id)
        except (StorageError, TimeoutError) as error:
            _LOG.debug("whether the bot works in %s can't be read either: %s", chat_id, error)
            return False

    async def _ask_whether_known(self, incoming: IncomingUpdate) -> None:
        """After a failure: whether its person may be told. Often what can't be written can still be read."""
        if incoming.user_id in self._known:
            return
        if incoming.user_id in self._deps.admins:
            self._known[incoming.user_id] = ""
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                if incoming.user_id in self._known or (await self._are_allowed([incoming.user_id]))[0]:
                    self._known[incoming.user_id] = await self._deps.store.read(language_of, incoming.user_id)
        except Exception as error:  # noqa: BLE001 - the failure before this one is what is told
            _LOG.debug("who %s is can't be read either: %s", incoming.user_id, error)
