"""The card of the team's feed, and the question whether it is to be moved."""

from __future__ import annotations

from bot.chat import words
from bot.chat.callbacks import FEED, Press, button
from bot.chat.cards import Card
from bot.chat.feed import texts
from bot.chat.translator import Html, Translator
from bot.usecases.feed_rows import Feed, FeedKind


def feed_card(t: Translator, feed: Feed) -> Card:
    """How each kind is told now; a press goes on to the next way."""
    rows = []
    for kind in FeedKind:
        now = feed.loudness(kind)
        rows.append([_button(texts.label(t, kind, now), feed, kind.value, now.next.value)])
    return Card(texts.card(t), [*rows, [_button(texts.stop(t), feed, "stop")]])


def moving_card(t: Translator, feed: Feed, title: str, *, same_chat: bool) -> Card:
    said = texts.elsewhere(t, title or str(feed.chat_id), same_chat=same_chat)
    return Card(said, [[_button(texts.move(t), feed, "move"), _button(words.cancel(t), feed, "keep")]])


def _button(label: Html, feed: Feed, action: str, argument: str = "") -> tuple[str, str]:
    return button(label, Press(FEED, 0, feed.revision, action, argument))
