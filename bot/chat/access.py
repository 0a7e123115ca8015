"""The one gate in front of all handlers: who may speak to the bot, and what strangers are told."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence

from telegram import Update
from telegram.ext import ApplicationHandlerStop

from bot.chat.failures import report
from bot.chat.incoming_update import IncomingUpdate, read_update
from bot.chat.texts import talk
from bot.chat.together import Together
from bot.chat.translator import translator
from bot.chat.update_context import HANDLE_WITHIN, Context, HandlerDeps, UpdateContext
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Role

_LOG = logging.getLogger(__name__)

#: Seconds in which, in a crowd, it is waited for others to be looked up together with.
GATHER = 0.01
#: Seconds for which a stranger is not answered again.
HOUR = 3600.0
#: Strangers that are remembered for that.
MOST_STRANGERS = 10_000
#: Telegram's ids have no more bits than this.
ID_BITS = 52


def all_admins(work: UnitOfWork, by_settings: Collection[int]) -> Sequence[int]:
    """Everyone who is an admin, by the settings or by the database."""
    known = {user.id for user in work.users.list_allowed() if user.role is Role.ADMIN}
    return sorted(known.union(by_settings))


class Gate:
    """Lets members and admins through; a stranger gets one sentence an hour, in private only."""

    def __init__(self, deps: HandlerDeps) -> None:
        self._deps = deps
        self._told: OrderedDict[int, float] = OrderedDict()
        # Those who were let through, to know whom to tell when the database can't be asked.
        self._known: set[int] = set()
        # A flood of strangers shares its transactions, so that the members behind them need not wait for each.
        self._asking = Together(self._are_allowed, gather=GATHER)
        self._telling = Together(self._put_down)

    async def check(self, update: Update, context: Context) -> None:
        """Raises ``ApplicationHandlerStop`` for whoever may not, and nothing else: after any other error PTB would go
        on to the handlers behind.
        """
        incoming = read_update(update, context.bot.id)
        if incoming is None:
            raise ApplicationHandlerStop
        try:
            allowed = incoming.user_id in self._deps.admins or await self._is_allowed(incoming)
            if not allowed and incoming.private and update.callback_query is None:
                await self._tell(incoming)
        except Exception as error:
            if incoming.user_id in self._known:
                await report(incoming, context.bot, error)
            else:
                _LOG.warning("whether %s may use this bot can't be told: %s", incoming.user_id, error)
            raise ApplicationHandlerStop from error
        if not allowed:
            raise ApplicationHandlerStop

    async def _is_allowed(self, incoming: IncomingUpdate) -> bool:
        async with asyncio.timeout(HANDLE_WITHIN):
            allowed = await self._asking.ask(incoming.user_id)
        if allowed:
            self._known.add(incoming.user_id)
            return True
        self._known.discard(incoming.user_id)
        return False

    async def _are_allowed(self, user_ids: Sequence[int]) -> Sequence[bool]:
        allowed = await self._deps.store.read(_allowed, user_ids)
        return [user_id in allowed for user_id in user_ids]

    async def _tell(self, incoming: IncomingUpdate) -> None:
        """Say who they are to a stranger who has not been told for an hour."""
        now = self._deps.clock.awake()
        told = self._told.get(incoming.user_id)
        if told is not None and now - told < HOUR:
            return
        _LOG.info("update %s is from %s, who may not use this bot", incoming.update_id, incoming.user_id)
        async with asyncio.timeout(HANDLE_WITHIN):
            await self._telling.ask(incoming)

    async def _put_down(self, incomings: Sequence[IncomingUpdate]) -> Sequence[None]:
        await self._deps.store.write(_tell_strangers, incomings)
        # Here, since whoever asked may have given up waiting meanwhile.
        for incoming in incomings:
            self._note_told(incoming)
        return [None] * len(incomings)

    def _note_told(self, incoming: IncomingUpdate) -> None:
        self._told[incoming.user_id] = self._deps.clock.awake()
        self._told.move_to_end(incoming.user_id)
        if len(self._told) > MOST_STRANGERS:
            self._told.popitem(last=False)


def _allowed(work: UnitOfWork, user_ids: Sequence[int]) -> frozenset[int]:
    return work.users.allowed(user_ids)


def _tell_strangers(work: UnitOfWork, incomings: Sequence[IncomingUpdate]) -> None:
    for incoming in incomings:
        if work.updates.is_new(incoming.update_id, work.now):
            said = talk.stranger(translator(incoming.language), incoming.user_id)
            work.outbox.say(incoming.where, said, work.now)
            work.signals.chat_behind(incoming.chat_id)


# --- what admins do about it ------------------------------------------------------------------------------------------


def admins_only(act: Callable[[UpdateContext], None]) -> Callable[[UpdateContext], None]:
    """The same for admins, a sentence for everyone else."""

    def guarded(ctx: UpdateContext) -> None:
        if ctx.deps.is_admin(ctx.user):
            act(ctx)
        else:
            ctx.say(talk.admins_only(ctx.t))

    return guarded


def _person(ctx: UpdateContext) -> int | None:
    """The id behind the command, None when there is none that Telegram could give."""
    typed = ctx.incoming.argument
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 20 else 0
    return number if 0 < number < 1 << ID_BITS else None


@admins_only
def allow(ctx: UpdateContext) -> None:
    """``/allow ID``; without an id it lists who may."""
    if not ctx.incoming.argument:
        users = ctx.work.users.list_allowed()
        ctx.say(talk.who_may(ctx.t, sorted(ctx.deps.admins), users))
        return
    user_id = _person(ctx)
    if user_id is None:
        ctx.say(talk.bad_id(ctx.t, "allow"))
        return
    known = ctx.work.users.find(user_id)
    if user_id in ctx.deps.admins or (known is not None and known.role is not None):
        ctx.say(talk.allowed(ctx.t, user_id, changed=False))
        return
    ctx.work.users.set_role(user_id, Role.MEMBER, ctx.user.id, ctx.now)
    ctx.say(talk.allowed(ctx.t, user_id, changed=True))


@admins_only
def remove(ctx: UpdateContext) -> None:
    """``/remove ID``."""
    user_id = _person(ctx)
    if user_id is None:
        ctx.say(talk.bad_id(ctx.t, "remove"))
        return
    if user_id in ctx.deps.admins:
        ctx.say(talk.admin_by_settings(ctx.t, user_id))
        return
    changed = ctx.work.users.set_role(user_id, None, ctx.user.id, ctx.now)
    ctx.say(talk.removed(ctx.t, user_id, changed=changed))
