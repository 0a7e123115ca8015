"""The line that admins get of many wrong codes."""

from __future__ import annotations

from bot.chat.cards import Card
from bot.chat.translator import Translator
from bot.chat.wrong_codes import texts
from bot.usecases.ports import UnitOfWork


def wrong_codes_card(work: UnitOfWork, t: Translator, row_id: int) -> Card:
    user_id = work.wrong_codes.told_of(row_id) or 0
    name = work.users.names([user_id]).get(user_id) or str(user_id)
    return Card(texts.many_wrong_codes(t, name), ())
