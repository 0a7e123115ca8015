"""What the use cases need of the messages that their persons may have deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.usecases.records import Place


@dataclass(frozen=True, slots=True)
class Offer:
    """The numbers of the first and the last message of an offer; all that its person has between are of it."""

    first: int
    last: int


class DeletionOffers(Protocol):
    """Messages that may hold a secret, and whose persons may have the bot delete them."""

    def add(self, where: Place, message_ids: Sequence[int], now: datetime) -> Offer:
        """Note messages of this person's that are deleted together."""

    def take(self, offer: Offer, where: Place) -> Sequence[int]:
        """The messages, once, for the person and the chat that they were offered to; none for anybody else."""

    def owner(self, offer_id: int, chat_id: int) -> int | None:
        """To whom it was offered in this chat; None where it is taken, or there is none."""
