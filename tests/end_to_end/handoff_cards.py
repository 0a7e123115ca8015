"""The cards of one chat that are about codes which people leave for one another, from the newest on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from bot.chat.callbacks import HANDOFF
from tests.end_to_end.talk import MASKED, button_with, is_notice, is_receipt, read
from tests.standins.telegram_state import Chat, Message

#: Messages, from the newest, among which a card is looked for.
_LOOKED_AT = 150


class HandoffCards:
    """Of several copies of a card the newest counts: those before it were sent by processes that could not note it."""

    def __init__(self, chat: Chat, counts: Callable[[Message], bool] = lambda _: True) -> None:
        """``counts``: whether a card is one of now."""
        self._chat = chat
        self._counts = counts
        # A notice that was closed for a while shows no codes.
        self._masks: dict[int, Sequence[str]] = {}

    def masks(self, card: Message) -> Sequence[str]:
        """The masked codes that a card is about."""
        shown = MASKED.findall(card.text)
        press = read(card.all_buttons[0].callback_data) if card.buttons else None
        if press is None or press.kind != HANDOFF:
            return shown
        if shown:
            self._masks[press.id] = shown
        return self._masks.get(press.id, ())

    def notice(self, mask: str) -> Message | None:
        """The newest notice of this code."""
        return next((card for card in self._cards(is_notice) if mask in self.masks(card)), None)

    def receipt(self, mask: str) -> Message | None:
        """The newest receipt of this code."""
        return next((card for card in self._cards(is_receipt) if mask in self.masks(card)), None)

    def receipts(self) -> Iterator[Message]:
        """The newest receipt of each handoff under which there are buttons."""
        return self._newest(is_receipt)

    def waiting(self) -> Iterator[Message]:
        """The newest notice of each handoff of which there is something to take."""
        return (card for card in self._newest(is_notice) if button_with(card, "take") is not None)

    def _newest(self, wanted: Callable[[Message], bool]) -> Iterator[Message]:
        seen: set[str] = set()
        for card in self._cards(wanted):
            masks = self.masks(card)
            if card.buttons and masks and seen.isdisjoint(masks):
                yield card
            seen.update(masks)

    def _cards(self, wanted: Callable[[Message], bool]) -> Iterator[Message]:
        newest = islice(reversed(self._chat.messages), _LOOKED_AT)
        return (card for card in newest if wanted(card) and self._counts(card))
