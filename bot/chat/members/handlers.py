"""``/allow`` and ``/remove``."""

from __future__ import annotations

from bot.chat.access.telling import tell_let_in, tell_removed
from bot.chat.members import texts
from bot.chat.update_context import UpdateContext
from bot.usecases import members
from bot.usecases.members import Change, ChangeMember, ListMembers

#: Telegram's ids have no more bits than this.
ID_BITS = 52


def allow(ctx: UpdateContext) -> None:
    """``/allow ID``; without an id it lists who may."""
    t = ctx.t
    if not ctx.incoming.argument:
        listed = members.list_members(ctx.work, ctx.actor, ListMembers())
        ctx.say(texts.who_may(t, listed.by_settings, listed.users))
        return
    changed = members.allow(ctx.work, ctx.actor, _named(ctx))
    match changed.change:
        case Change.NO_USER:
            ctx.say(texts.bad_id(t, "allow"))
        case change:
            if change is Change.DONE:
                tell_let_in(ctx.work, changed.user_id)
            ctx.say(texts.allowed(t, changed.user_id, changed=change is Change.DONE))


def remove(ctx: UpdateContext) -> None:
    """``/remove ID``."""
    t = ctx.t
    changed = members.remove(ctx.work, ctx.actor, _named(ctx))
    match changed.change:
        case Change.NO_USER:
            ctx.say(texts.bad_id(t, "remove"))
        case Change.BY_SETTINGS:
            ctx.say(texts.admin_by_settings(t, changed.user_id))
        case change:
            if change is Change.DONE:
                tell_removed(ctx.work, changed.user_id)
            ctx.say(texts.removed(t, changed.user_id, changed=change is Change.DONE))


def _named(ctx: UpdateContext) -> ChangeMember:
    """The id behind the command, None when there is none that Telegram could give."""
    typed = ctx.incoming.argument
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 20 else 0
    return ChangeMember(number if 0 < number < 1 << ID_BITS else None, ctx.incoming.chat_id)
