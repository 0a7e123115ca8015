"""How each kind of card is rendered of which several people have a copy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.chat.cards import Card
from bot.chat.group_chats.access_card import access_card
from bot.chat.translator import Translator, translator
from bot.usecases.ports import UnitOfWork
from bot.usecases.shared_card_rows import SharedCard, SharedKind

#: Reads the row with this number, and says it in one reader's language. It changes nothing.
Renderer = Callable[[UnitOfWork, Translator, int], Card]

_RENDERERS: Mapping[SharedKind, Renderer] = {SharedKind.GROUP_CHAT: access_card}


@dataclass(frozen=True, slots=True)
class RenderedCard:
    copy: SharedCard
    card: Card


def read_shared(work: UnitOfWork, chat_ids: Sequence[int]) -> Sequence[RenderedCard]:
    """The copies in these chats that are behind, as they are to be shown."""
    return [
        RenderedCard(copy, _RENDERERS[copy.kind](work, translator(copy.where.language), copy.subject_id))
        for copy in work.shared_cards.behind(chat_ids)
    ]
