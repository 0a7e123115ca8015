"""How each kind of card is rendered of which several people have a copy."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.chat import texts
from bot.chat.access.card import crowd_card, request_card
from bot.chat.cards import Card
from bot.chat.group_chats.access_card import access_card
from bot.chat.handoffs.notice import notice_card
from bot.chat.handoffs.receipt import receipt_card
from bot.chat.invitations import cards as invitations
from bot.chat.recovery.card import recovery_card
from bot.chat.shown_changes import Change
from bot.chat.translator import Translator, translator
from bot.chat.wrong_codes.card import wrong_codes_card
from bot.errors import StorageError
from bot.usecases.ports import Store, UnitOfWork
from bot.usecases.shared_card_rows import SharedCard, SharedKind

_LOG = logging.getLogger(__name__)

#: Reads the row with this number, and says it in one reader's language. It changes nothing.
Renderer = Callable[[UnitOfWork, Translator, int], Card]

_RENDERERS: Mapping[SharedKind, Renderer] = {
    SharedKind.ACCESS_REQUEST: request_card,
    SharedKind.ACCESS_CROWD: crowd_card,
    SharedKind.GROUP_CHAT: access_card,
    SharedKind.INVITATION: invitations.link_card,
    SharedKind.JOINED: invitations.joined_card,
    SharedKind.WRONG_CODES: wrong_codes_card,
    SharedKind.HANDOFF: notice_card,
    SharedKind.RECEIPT: receipt_card,
    SharedKind.RECOVERY: recovery_card,
}


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
            case SharedKind.RECEIPT:
                # Who has left the codes has just tapped; what comes later may be news.
                return self.copy.card.repost
            case SharedKind.ACCESS_REQUEST:
                # One that is shown below what was written has been asked for.
                return is_first and not self.copy.card.repost
            case SharedKind.HANDOFF:
                # A part of what was divided is known from all of it: its copy is quiet until it changes.
                known = is_first and self.copy.card.repost and self.copy.card.revision == 1
                return (is_first or self.copy.card.repost) and not known and not self.card.past
            case _:
                return is_first or self.copy.card.repost

    @property
    def can_be_dropped(self) -> bool:
        """Whether it tells of nothing but what is over, and its reader has seen none of it."""
        return self.card.past and self.copy.card.message_id is None


def read_shared(work: UnitOfWork, chat_ids: Sequence[int], failing: Mapping[int, str]) -> Sequence[RenderedCard]:
    """The copies in these chats that are behind, as they are to be shown; of ``failing`` ones only a reference."""
    return [
        _not_shown(copy, failing[copy.id]) if copy.id in failing else _rendered(work, copy)
        for copy in work.shared_cards.behind(chat_ids)
    ]


def drop(copy: SharedCard) -> Change:
    """A copy is not to be shown for the first time any more."""

    def note(work: UnitOfWork, _: bool) -> None:
        work.shared_cards.drop_unseen(copy.id, copy.card.revision)
        # It may have changed meanwhile.
        work.signals.chat_behind(copy.where.chat_id)

    return Change(note)


async def find_failing(store: Store, chat_ids: Sequence[int]) -> Mapping[int, str]:
    """Which copies in these chats can't be rendered: their numbers, each with the reference that the log has.

    Each is tried in a transaction of its own: what the database refuses is no fault of the card, and raised.
    """
    failing = {}
    for copy in await store.read(_behind, chat_ids):
        try:
            await store.read(_rendered, copy)
        except StorageError:
            raise
        except Exception:  # noqa: BLE001 - whatever it is, all other cards are shown
            failing[copy.id] = secrets.token_hex(3)
            _LOG.exception("[%s] card %s of %s can't be rendered", failing[copy.id], copy.kind, copy.subject_id)
    return failing


def _behind(work: UnitOfWork, chat_ids: Sequence[int]) -> Sequence[SharedCard]:
    return work.shared_cards.behind(chat_ids)


def _rendered(work: UnitOfWork, copy: SharedCard) -> RenderedCard:
    card = _RENDERERS[copy.kind](work, translator(copy.where.language), copy.subject_id)
    return RenderedCard(copy, card, going_on=card.going_on)


def _not_shown(copy: SharedCard, reference: str) -> RenderedCard:
    return RenderedCard(copy, Card(texts.card_failed(translator(copy.where.language), reference), ()), going_on=False)
