"""A press on Hand over."""

from __future__ import annotations

from bot.chat.drafting import replies
from bot.chat.update_context import UpdateContext
from bot.usecases.buttons import ButtonResult
from bot.usecases.drafting import DraftButton
from bot.usecases.handing_over import hand_over


def hand_over_draft(ctx: UpdateContext, button: DraftButton) -> ButtonResult:
    """Leave the codes of a draft; in a group chat the messages go in which they stood, where Telegram allows it."""
    handed = hand_over(ctx.work, ctx.actor, button)
    for message_id in handed.message_ids:
        # What the bot may not delete it may not delete any of: that is said once.
        stays = replies.code_stays(ctx.t) if message_id == handed.message_ids[-1] else ""
        ctx.work.outbox.delete_secret(button.where, message_id, deleted_text="", refused_text=stays, now=ctx.work.now)
    return handed.result
