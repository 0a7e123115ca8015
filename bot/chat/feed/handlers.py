"""``/feed`` and the buttons of its card."""

from __future__ import annotations

from bot.chat.callbacks import Press
from bot.chat.cards import Card
from bot.chat.feed import texts
from bot.chat.feed.card import feed_card, moving_card
from bot.chat.translator import Html
from bot.chat.update_context import UpdateContext
from bot.domain.loudness import Loudness
from bot.usecases.buttons import Problem
from bot.usecases.feed_rows import FeedKind
from bot.usecases.feed_settings import Begin, Change, FeedNow, Keep, Move, SetFeed, Stop, set_feed


def command(ctx: UpdateContext) -> None:
    """``/feed``."""
    now = set_feed(ctx.work, ctx.actor, SetFeed(ctx.incoming.where, Begin()))
    if now.feed is None:
        ctx.say(texts.only_in_groups(ctx.t))
        return
    same_chat = now.feed.chat_id == ctx.incoming.chat_id
    card = feed_card(ctx.t, now.feed) if now.here else moving_card(ctx.t, now.feed, now.title, same_chat=same_chat)
    ctx.say(Html(card.text), card.buttons)


def pressed(ctx: UpdateContext, press: Press) -> None:
    wish = _wish(press)
    if wish is None:
        ctx.explain(Problem.OLD_BUTTON)
        return
    now = set_feed(ctx.work, ctx.actor, SetFeed(ctx.incoming.where, wish, press.revision))
    ctx.explain(now.problem)
    if now.problem is None or now.here:
        card = _shown(ctx, wish, now)
        ctx.edit(Html(card.text), card.buttons)


def _wish(press: Press) -> Move | Keep | Stop | Change | None:
    match press.action:
        case "move":
            return Move()
        case "keep":
            return Keep()
        case "stop":
            return Stop()
        case kind if kind in set(FeedKind) and press.argument in set(Loudness):
            return Change(FeedKind(kind), Loudness(press.argument))
        case _:
            return None


def _shown(ctx: UpdateContext, wish: Move | Keep | Stop | Change, now: FeedNow) -> Card:
    """What stands in place of the message that was pressed."""
    if now.feed is None:
        return Card(texts.ended(ctx.t), ())
    if isinstance(wish, Keep) and not now.here:
        return Card(texts.stays(ctx.t), ())
    return feed_card(ctx.t, now.feed)
