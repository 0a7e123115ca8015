"""Cards in a group chat: whose they are, and what can be done there alone."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat.cards import Card
from bot.chat.drafting.keyboards import PAGE, Buttons, Row
from bot.chat.group_chats import texts
from bot.chat.translator import Translator
from bot.domain.draft import Step, step
from bot.domain.remote_lists import Lists
from bot.usecases.records import DraftState, Place, StoredDraft


def owned(t: Translator, where: Place, card: Card, names: Mapping[int, str]) -> Card:
    """The card, in a group chat with the name of whose it is."""
    name = "" if where.private else names.get(where.user_id, "")
    return Card(f"{texts.owner(t, name)}\n{card.text}", card.buttons) if name else card


def with_buttons_of_groups(t: Translator, stored: StoredDraft, card: Card, lists: Lists) -> Card:
    """The card of a draft, in a group chat with the buttons that it has there alone, above its last row."""
    if stored.where.private or stored.state is not DraftState.OPEN:
        return card
    *above, last = card.buttons
    return Card(card.text, [*above, *_rows(t, stored, lists), last])


def _rows(t: Translator, stored: StoredDraft, lists: Lists) -> list[Row]:
    buttons = Buttons(t, stored)
    if step(stored.draft) is Step.GROUP and len(lists.groups() or ()) > PAGE:
        return [[buttons.one(texts.search(t), "search")]]
    return []
