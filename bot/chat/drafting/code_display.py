"""A press on Show code."""

from __future__ import annotations

from bot.chat.drafting import shown_codes
from bot.chat.update_context import Popup, UpdateContext
from bot.usecases.code_display import ShowCodes, show_codes
from bot.usecases.drafting import DraftButton
from bot.usecases.imports import BatchButton


def show(ctx: UpdateContext, button: DraftButton | BatchButton) -> None:
    """Show the codes of a card: in private in a message of its own, in a group over the press."""
    shown = show_codes(ctx.work, ctx.actor, ShowCodes(button, shown_codes.hidden(ctx.t)))
    ctx.explain(shown.problem)
    if shown.codes:
        ctx.popup = Popup(shown_codes.over_press(shown.codes, shown.more), alert=True)
