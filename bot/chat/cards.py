"""What every card is made of: the one message of a draft or a batch, made from its row alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat import words
from bot.chat.callbacks import ANYWHERE, Press, button
from bot.chat.translator import Translator
from bot.usecases.records import Buttons

#: Letters of a label for which a phone has room where two buttons stand side by side.
BESIDE = 18


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


def in_rows(buttons: Sequence[tuple[str, str]]) -> list[Sequence[tuple[str, str]]]:
    """Two in a row, where a phone has room for the labels of both, and one by one where it has not."""
    rows: list[Sequence[tuple[str, str]]] = []
    for each in buttons:
        last = rows[-1] if rows else ()
        if len(last) == 1 and all(_room(label) <= BESIDE for label, _ in (*last, each)):
            rows[-1] = [*last, each]
        else:
            rows.append([each])
    return rows


def _room(label: str) -> int:
    """What a label takes on a screen: signs as wide as Chinese ones count twice."""
    return sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in label)
