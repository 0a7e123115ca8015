"""Says something to somebody in their private chat, in their language, whatever they were doing."""

from __future__ import annotations

from collections.abc import Callable

from bot.chat.translator import Html, Translator, translator
from bot.usecases.ports import UnitOfWork
from bot.usecases.preferences import private_place
from bot.usecases.records import Buttons


def tell(
    work: UnitOfWork,
    user_id: int,
    text: Callable[[Translator], Html],
    *,
    buttons: Callable[[Translator], Buttons] = lambda _: (),
    silent: bool = False,
    otherwise: str = "",
) -> None:
    """Have it said, in the language ``otherwise`` where none is known of them.

    Telegram refuses it for who has never started the bot; it is said when they do.
    """
    where = private_place(work, user_id)
    t = translator(where.language or otherwise)
    work.outbox.say(where, text(t), work.now, buttons=buttons(t), silent=silent)
    work.signals.chat_behind(user_id)
