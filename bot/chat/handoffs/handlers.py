"""What is pressed on cards of codes that somebody has left for somebody else, or for the team."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.chat.callbacks import Press
from bot.chat.handoffs import giving, lists, receiving
from bot.chat.update_context import UpdateContext
from bot.usecases.buttons import Problem
from bot.usecases.permissions import UseCase, require

_ACTIONS: Mapping[str, Callable[[UpdateContext, Press], None]] = {
    **giving.ACTIONS,
    **receiving.ACTIONS,
    **lists.ACTIONS,
}


def pressed(ctx: UpdateContext, press: Press) -> None:
    """The number is the handoff's, and the revision its version as it was shown."""
    act = _ACTIONS.get(press.action)
    if act is None:
        require(ctx.actor, UseCase.SHOW_HANDOFF)
        ctx.explain(Problem.OLD_BUTTON)
    else:
        act(ctx, press)
