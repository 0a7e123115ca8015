"""What the use cases need of the messages that their persons may have deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.usecases.records import Place


class DeletionOffers(Protocol):
    """Messages that may hold a secret, and whose persons may have the bot delete them."""

    def add(self, where: Place, message_id: int, now: datetime) -> int:
        """Note a message of this person's; the number of the offer."""

    def take(self, offer_id: int, where: Place) -> int | None:
        """The message, once, for the person and the chat that it was offered to; None for anybody else."""

    def owner(self, offer_id: int, chat_id: int) -> int | None:
        """To whom it was offered in this chat; None where it is taken, or there is none."""
