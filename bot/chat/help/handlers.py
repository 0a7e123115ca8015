"""``/start`` and ``/help``."""

from __future__ import annotations

from bot.chat.cards import begin_button
from bot.chat.drafting import handlers as drafting
from bot.chat.help import texts
from bot.chat.update_context import UpdateContext
from bot.domain.transfer_code import find_codes
from bot.usecases.drafting import ShowCard, show_card
from bot.usecases.records import Role


def start(ctx: UpdateContext) -> None:
    """``/start``, with or without something behind it."""
    if ctx.actor.role is Role.ADMIN:
        # Telegram takes the admins' menu only for somebody who has written to the bot.
        ctx.work.signals.menus_due()
    if find_codes(ctx.incoming.text):
        drafting.begin(ctx)
        return
    name = ctx.incoming.person_name
    # Nobody is greeted by a number.
    ctx.say(texts.start(ctx.t, "👋" if name == str(ctx.incoming.user_id) else name), [[begin_button(ctx.t)]])
    show_card(ctx.work, ctx.actor, ShowCard(ctx.incoming.where))
    drafting.take_secrets(ctx)


def help_(ctx: UpdateContext) -> None:
    ctx.say(texts.help_(ctx.t, admin=ctx.actor.role is Role.ADMIN))
    show_card(ctx.work, ctx.actor, ShowCard(ctx.incoming.where))
