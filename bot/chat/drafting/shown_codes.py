"""Transfer codes in full, for their owner alone."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.translator import Html, Translator
from bot.domain.transfer_code import TransferCode

#: Codes that are shown in full: a message has 4,096 characters.
MOST_SHOWN_IN_FULL = 120


def in_message(some: Sequence[TransferCode]) -> Html:
    """The codes in full, for their owner alone: as many as a message takes, and how many more there are."""
    lines = [f"<code>{code.text}</code>" for code in some[:MOST_SHOWN_IN_FULL]]
    rest = len(some) - MOST_SHOWN_IN_FULL
    return Html("\n".join([*lines, *([f"+ {rest}"] if rest > 0 else [])]))


def over_press(some: Sequence[TransferCode], more: int) -> Html:
    """The codes in full, over a press: there is little room."""
    return Html("\n".join([*(code.text for code in some), *([f"+ {more}"] if more else [])]))


def hidden(t: Translator) -> Html:
    return t("Code hidden.")
