"""What every card is made of: the one message of a draft or a batch, made from its row alone."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat import words
from bot.chat.callbacks import ANYWHERE, Press, button
from bot.chat.translator import Translator
from bot.usecases.records import Buttons


@dataclass(frozen=True, slots=True)
class Card:
    """``text`` is HTML. ``going_on``: many changes of it may come one behind the other.

    ``past``: what it tells of is over, so that nobody has to be told of it who has not been.
    """

    text: str
    buttons: Buttons
    going_on: bool = False
    past: bool = False


def begin_button(t: Translator) -> tuple[str, str]:
    """A button that begins an import, wherever it stands."""
    return button(words.new_import(t), Press(ANYWHERE, 0, 0, "new"))
