"""An admin's answers on the card of a recovery, and presses on cards of before it."""

from __future__ import annotations

from bot.chat.callbacks import Press
from bot.chat.recovery import texts
from bot.chat.recovery.card import GO_ON, MEMBERS
from bot.chat.update_context import Popup, Refused, UpdateContext
from bot.usecases.actor import awaits_confirmation
from bot.usecases.recovery import ConfirmMembers, Decide, confirm_members, decide_recovery


def pressed(ctx: UpdateContext, press: Press) -> None:
    """The number is that of the generation, the argument the digest of what was shown."""
    if press.action == MEMBERS:
        ctx.explain(confirm_members(ctx.work, ctx.actor, ConfirmMembers(press.id, press.argument)))
    else:
        # Whatever else it says, nothing is sent by mistake.
        go_on = press.action == GO_ON
        ctx.explain(decide_recovery(ctx.work, ctx.actor, Decide(press.id, go_on, press.argument)))


def pressed_before(ctx: UpdateContext) -> None:
    """The card is from before the restore: its numbers may be those of something else by now."""
    ctx.popup = Popup(texts.before_restore(ctx.t), alert=True)


def refuse_unconfirmed(ctx: UpdateContext) -> bool:
    """Whether somebody has a role that is not confirmed yet, who is told so.

    Raises ``Refused`` where they have written.
    """
    if not awaits_confirmation(ctx.work, ctx.incoming.user_id):
        return False
    if ctx.incoming.data is None:
        raise Refused(texts.not_yet)
    ctx.popup = Popup(texts.not_yet(ctx.t), alert=True)
    return True
