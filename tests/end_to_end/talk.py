"""What somebody and the bot are talking about, and what a card says and carries."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.chat import callbacks
from bot.chat.callbacks import Press
from bot.chat.generation import unmarked
from tests.standins.telegram_state import Button, Message

#: A masked code.
MASKED = re.compile("[0-9]{4}••••-••••[0-9]{4}")
_RECEIPT = re.compile(r"^For(?:: .+| the team) · ", re.MULTILINE)
_NOTICE = re.compile(r".+ (?:has|have) left \d+ codes? for ")


@dataclass(frozen=True, slots=True)
class Promise:
    """What the card said when Import was tapped. ``secret`` is the password or link that was typed for it."""

    group: str
    proxy: str
    secret: str


@dataclass(slots=True)
class Talk:
    """One draft, from the first code to the end of it, as its person sees it.

    ``borrowed`` is a code beside the others that somebody else has confirmed before. ``again`` is the button of a batch
    that was to open it.
    """

    codes: list[str]
    borrowed: str | None = None
    again: Press | None = None
    told: bool = False
    secret: str = ""
    promise: Promise | None = None
    cancelled_at: int | None = None


def read(data: str | None) -> Press | None:
    """What a button carries, of whichever life of the database it is."""
    return callbacks.read(None if data is None else unmarked(data)[0])


def kind(card: Message) -> str:
    press = read(card.all_buttons[0].callback_data) if card.buttons else None
    return "" if press is None else press.kind


def action_of(button: Button) -> str:
    press = read(button.callback_data)
    return "" if press is None else press.action


def value(card: Message, label: str) -> str:
    """What the card says behind a label."""
    return next(line.removeprefix(label) for line in card.text.splitlines() if line.startswith(label))


def button_with(card: Message, action: str) -> Button | None:
    """The button under a card that does this."""
    return next((button for button in card.all_buttons if action_of(button) == action), None)


def needed(card: Message, action: str) -> Button:
    """The button under a card that does this and must be there."""
    button = button_with(card, action)
    assert button is not None, f"no button for {action} under {card.transcript()}"
    return button


def is_receipt(card: Message) -> bool:
    """Whether it says what has become of codes that its reader has left."""
    return card.from_bot and not card.deleted and _RECEIPT.search(card.text) is not None


def is_notice(card: Message) -> bool:
    """Whether it tells its reader of codes that somebody has left for them, or for the team."""
    return card.from_bot and not card.deleted and _NOTICE.match(card.text) is not None
