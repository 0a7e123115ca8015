"""Somebody opens the link of an invitation: a stranger mostly."""

from __future__ import annotations

from bot.chat.cards import begin_button
from bot.chat.incoming_update import IncomingUpdate
from bot.chat.invitations import texts
from bot.chat.invitations.cards import LETTERS
from bot.chat.update_context import Refused, Saying, UpdateContext
from bot.usecases.joining import Join, join, refusal_of
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Role


def follow(ctx: UpdateContext) -> None:
    """Let its person in. Raises ``Refused`` for a stranger whom it does not let in."""
    joined = join(ctx.work, ctx.actor, Join(_token(ctx.incoming), ctx.incoming.username))
    if joined.role is not None:
        buttons = [] if joined.role is Role.VIEWER else [[begin_button(ctx.t)]]
        ctx.say(texts.welcome(ctx.t, ctx.incoming.person_name, joined.role), buttons)
    elif joined.refusal is not None:
        why = texts.refused(joined.refusal)
        if ctx.actor.role is None:
            raise Refused(why)
        ctx.say(why(ctx.t))


def refusal(work: UnitOfWork, incoming: IncomingUpdate) -> Saying | None:
    """Why the link lets a stranger not in; None where it does. Whoever tries links costs no more than a look."""
    why = refusal_of(work, incoming.user_id, _token(incoming))
    return None if why is None else texts.refused(why)


def _token(incoming: IncomingUpdate) -> str:
    return incoming.argument.removeprefix(LETTERS)
