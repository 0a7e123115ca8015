"""The one gate in front of all handlers: who may speak to the bot, and what strangers are told."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Sequence

from telegram import Update
from telegram.ext import ApplicationHandlerStop

from bot.chat.desk import HANDLE_WITHIN, Context, Desk, Handling
from bot.chat.failures import report
from bot.chat.language import tongue
from bot.chat.texts import talk
from bot.chat.together import Together
from bot.chat.turn import Turn, turn_of
from bot.transfer.records import Role
from bot.transfer.store import Work

_LOG = logging.getLogger(__name__)

#: Seconds in which, in a crowd, it is waited for others to be looked up together with.
GATHER = 0.01
#: Seconds for which a stranger is not answered again.
HOUR = 3600.0
#: Strangers that are remembered for that.
MOST_STRANGERS = 10_000
#: Telegram's ids have no more bits than this.
ID_BITS = 52


async def all_admins(work: Work, by_settings: Collection[int]) -> Sequence[int]:
    """Everyone who is an admin, by the settings or by the database."""
    known = {user.id for user in await work.users.list_allowed() if user.role is Role.ADMIN}
    return sorted(known.union(by_settings))


class Gate:
    """Lets members and admins through; a stranger gets one sentence an hour, in private only."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
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
        turn = turn_of(update, context.bot.id)
        if turn is None:
            raise ApplicationHandlerStop
        try:
            allowed = turn.person_id in self._desk.admins or await self._is_allowed(turn)
            if not allowed and turn.private and update.callback_query is None:
                await self._tell(turn)
        except Exception as error:
            if turn.person_id in self._known:
                await report(turn, context.bot, error)
            else:
                _LOG.warning("whether %s may use this bot can't be told: %s", turn.person_id, error)
            raise ApplicationHandlerStop from error
        if not allowed:
            raise ApplicationHandlerStop

    async def _is_allowed(self, turn: Turn) -> bool:
        async with asyncio.timeout(HANDLE_WITHIN):
            allowed = await self._asking.ask(turn.person_id)
        if allowed:
            self._known.add(turn.person_id)
            return True
        self._known.discard(turn.person_id)
        return False

    async def _are_allowed(self, person_ids: Sequence[int]) -> Sequence[bool]:
        async with self._desk.store.read() as work:
            allowed = await work.users.allowed(person_ids)
        return [person_id in allowed for person_id in person_ids]

    async def _tell(self, turn: Turn) -> None:
        """Say who they are to a stranger who has not been told for an hour."""
        now = self._desk.clock.awake()
        told = self._told.get(turn.person_id)
        if told is not None and now - told < HOUR:
            return
        _LOG.info("update %s is from %s, who may not use this bot", turn.update_id, turn.person_id)
        async with asyncio.timeout(HANDLE_WITHIN):
            await self._telling.ask(turn)

    async def _put_down(self, turns: Sequence[Turn]) -> Sequence[None]:
        moment = self._desk.clock.now()
        async with self._desk.store.write() as work:
            for turn in turns:
                if await work.updates.is_new(turn.update_id, moment):
                    await work.outbox.say(turn.where, talk.stranger(tongue(turn.language), turn.person_id), moment)
        # Here, since whoever asked may have given up waiting meanwhile.
        for turn in turns:
            self._note_told(turn)
        return [None] * len(turns)

    def _note_told(self, turn: Turn) -> None:
        self._told[turn.person_id] = self._desk.clock.awake()
        self._told.move_to_end(turn.person_id)
        if len(self._told) > MOST_STRANGERS:
            self._told.popitem(last=False)
        self._desk.tell(turn.chat_id)


# --- what admins do about it ------------------------------------------------------------------------------------------


def admins_only(act: Callable[[Handling], Awaitable[None]]) -> Callable[[Handling], Awaitable[None]]:
    """The same for admins, a sentence for everyone else."""

    async def guarded(handling: Handling) -> None:
        if handling.desk.is_admin(handling.user):
            await act(handling)
        else:
            await handling.say(talk.admins_only(handling.t))

    return guarded


def _person(handling: Handling) -> int | None:
    """The id behind the command, None when there is none that Telegram could give."""
    typed = handling.turn.argument
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 20 else 0
    return number if 0 < number < 1 << ID_BITS else None


@admins_only
async def allow(handling: Handling) -> None:
    """``/allow ID``; without an id it lists who may."""
    if not handling.turn.argument:
        users = await handling.work.users.list_allowed()
        await handling.say(talk.who_may(handling.t, sorted(handling.desk.admins), users))
        return
    person_id = _person(handling)
    if person_id is None:
        await handling.say(talk.bad_id(handling.t, "allow"))
        return
    known = await handling.work.users.find(person_id)
    if person_id in handling.desk.admins or (known is not None and known.role is not None):
        await handling.say(talk.allowed(handling.t, person_id, changed=False))
        return
    await handling.work.users.set_role(person_id, Role.MEMBER, handling.user.id, handling.now)
    await handling.say(talk.allowed(handling.t, person_id, changed=True))


@admins_only
async def remove(handling: Handling) -> None:
    """``/remove ID``."""
    person_id = _person(handling)
    if person_id is None:
        await handling.say(talk.bad_id(handling.t, "remove"))
        return
    if person_id in handling.desk.admins:
        await handling.say(talk.admin_by_settings(handling.t, person_id))
        return
    changed = await handling.work.users.set_role(person_id, None, handling.user.id, handling.now)
    await handling.say(talk.removed(handling.t, person_id, changed=changed))
