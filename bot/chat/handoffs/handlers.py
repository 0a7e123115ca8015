"""What is pressed of codes that people leave for one another."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.chat.callbacks import Press
from bot.chat.handoffs import lists, receiving
from bot.chat.update_context import UpdateContext
from bot.usecases.buttons import Problem

_ACTIONS: Mapping[str, Callable[[UpdateContext, Press], None]] = {**receiving.ACTIONS, **lists.ACTIONS}


def pressed(ctx: UpdateContext, press: Press) -> None:
    act = _ACTIONS.get(press.action)
    if act is None:
        ctx.explain(Problem.OLD_BUTTON)
    else:
        act(ctx, press)
