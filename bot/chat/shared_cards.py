"""How each kind of card is rendered of which several people have a copy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.chat.access.card import crowd_card, request_card
from bot.chat.cards import Card
from bot.chat.group_chats.access_card import access_card
from bot.chat.invitations import cards as invitations
from bot.chat.translator import Translator, translator
from bot.chat.wrong_codes.card import wrong_codes_card
from bot.usecases.ports import UnitOfWork
from bot.usecases.shared_card_rows import SharedCard, SharedKind

#: Reads the row with this number, and says it in one reader's language. It changes nothing.
Renderer = Callable[[UnitOfWork, Translator, int], Card]

_RENDERERS: Mapping[SharedKind, Renderer] = {
    SharedKind.ACCESS_REQUEST: request_card,
    SharedKind.ACCESS_CROWD: crowd_card,
    SharedKind.GROUP_CHAT: access_card,
    SharedKind.INVITATION: invitations.link_card,
    SharedKind.JOINED: invitations.joined_card,
    SharedKind.WRONG_CODES: wrong_codes_card,
}
#: Those of which many changes may come one behind the other.
_GOING_ON = frozenset({SharedKind.ACCESS_CROWD})


@dataclass(frozen=True, slots=True)
class RenderedCard:
    """``going_on``: many changes of it may come yet."""

    copy: SharedCard
    card: Card
    going_on: bool

    @property
    def rings(self) -> bool:
        """Whether it is news to its reader, where it becomes a new message."""
        is_first = self.copy.card.message_id is None
        match self.copy.kind:
            case SharedKind.INVITATION:
                # Who made it has just tapped.
                return False
            case SharedKind.ACCESS_REQUEST:
                # One that is shown below what was written has been asked for.
                return is_first and not self.copy.card.repost
            case _:
                return is_first or self.copy.card.repost


def read_shared(work: UnitOfWork, chat_ids: Sequence[int]) -> Sequence[RenderedCard]:
    """The copies in these chats that are behind, as they are to be shown."""
    return [_rendered(work, copy) for copy in work.shared_cards.behind(chat_ids)]


def _rendered(work: UnitOfWork, copy: SharedCard) -> RenderedCard:
    card = _RENDERERS[copy.kind](work, translator(copy.where.language), copy.subject_id)
    return RenderedCard(copy, card, going_on=copy.kind in _GOING_ON and bool(card.buttons))
