"""Tells of codes that somebody has already: imported, left for somebody, or in a draft."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat import words
from bot.chat.callbacks import HANDOFF, Press, button
from bot.chat.handoffs import hand_over_texts as texts
from bot.chat.imports.taken_texts import taken as taken_text
from bot.chat.translator import Translator
from bot.chat.update_context import UpdateContext
from bot.usecases.buttons import DraftedCode
from bot.usecases.records import Buttons, LeftCode, LoggedImport

#: Handoffs that can be taken by buttons under one message.
MOST_BUTTONS = 5


def tell_known(
    ctx: UpdateContext,
    taken: Sequence[LoggedImport],
    left: Sequence[LeftCode],
    drafted: Sequence[DraftedCode] = (),
) -> None:
    """Say who has each of these codes; with a button Take for what waits for who has sent them."""
    if taken:
        ctx.say(taken_text(ctx.t, taken, ctx.actor.user_id))
    if left or drafted:
        user_id = ctx.actor.user_id
        ctx.say(texts.left(ctx.t, left, drafted, user_id), _take_buttons(ctx.t, left, user_id))


def _take_buttons(t: Translator, left: Sequence[LeftCode], user_id: int) -> Buttons:
    mine = {code.handoff_id: code for code in left if code.taker_id is None and code.receiver_id in {None, user_id}}
    some = list(mine.values())[:MOST_BUTTONS]
    labels = [texts.take_from(t, code.names.get(code.giver_id) or str(code.giver_id)) for code in some]
    if len(mine) == 1:
        labels = [words.take(t)]
    return [
        [button(label, Press(HANDOFF, code.handoff_id, 0, "take"))] for label, code in zip(labels, some, strict=True)
    ]
