"""``/start`` and ``/help``."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat import words
from bot.chat.callbacks import HELP, Press, button
from bot.chat.cards import begin_button
from bot.chat.drafting import handlers as drafting
from bot.chat.help import texts
from bot.chat.translator import Html
from bot.chat.update_context import UpdateContext
from bot.domain.transfer_code import find_codes
from bot.usecases.buttons import Problem
from bot.usecases.drafting import ShowCard, show_card
from bot.usecases.records import Buttons, Role

_FIRST = "first"


def show_menu(ctx: UpdateContext) -> None:
    """Telegram takes a role's menu only for somebody who has written to the bot, as they do to start it."""
    ctx.work.signals.menus_due()


def start(ctx: UpdateContext) -> None:
    """``/start``, with or without something behind it."""
    show_menu(ctx)
    if find_codes(ctx.incoming.text):
        drafting.begin(ctx)
        return
    name = ctx.incoming.person_name
    # Nobody is greeted by a number.
    called = "👋" if name == str(ctx.incoming.user_id) else name
    if ctx.actor.role is Role.VIEWER:
        ctx.say(texts.start_viewer(ctx.t, called))
    else:
        ctx.say(texts.start(ctx.t, called), [[begin_button(ctx.t)]])
    show_card(ctx.work, ctx.actor, ShowCard(ctx.incoming.where))
    drafting.take_secrets(ctx)


def help_(ctx: UpdateContext) -> None:
    ctx.say(_first(ctx), _pages(ctx, None))
    show_card(ctx.work, ctx.actor, ShowCard(ctx.incoming.where))


def pressed(ctx: UpdateContext, press: Press) -> None:
    """Turn to another page of the help, in its message."""
    topic = press.action
    if topic == _FIRST:
        said, buttons = _first(ctx), _pages(ctx, None)
    elif topic in _topics(ctx):
        said, buttons = texts.topic_text(ctx.t, topic), _pages(ctx, topic)
    else:
        ctx.explain(Problem.OLD_BUTTON)
        return
    ctx.edit(said, buttons)


def _first(ctx: UpdateContext) -> Html:
    """The first screen."""
    return texts.help_viewer(ctx.t) if ctx.actor.role is Role.VIEWER else texts.help_(ctx.t)


def _topics(ctx: UpdateContext) -> Sequence[str]:
    """The pages that this person has a use for."""
    if ctx.actor.role is Role.VIEWER:
        return []
    return [topic for topic in texts.TOPICS if topic != texts.ADMINS or ctx.actor.role is Role.ADMIN]


def _pages(ctx: UpdateContext, shown: str | None) -> Buttons:
    """Buttons for the pages that are not shown, two in a row; the first page is Back."""
    pages = [
        button(texts.topic_title(ctx.t, topic), Press(HELP, 0, 0, topic)) for topic in _topics(ctx) if topic != shown
    ]
    rows = [pages[at : at + 2] for at in range(0, len(pages), 2)]
    return rows if shown is None else [*rows, [button(words.back(ctx.t), Press(HELP, 0, 0, _FIRST))]]
