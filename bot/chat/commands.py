"""What is said to commands, and to messages that are no answer to anything."""

from __future__ import annotations

from bot.chat import batch_buttons, callbacks, conversation, history
from bot.chat.cards import begin_button
from bot.chat.texts import talk
from bot.chat.translator import Html
from bot.chat.update_context import UpdateContext
from bot.domain.draft import SECRET_STEPS, step
from bot.domain.transfer_code import find_codes
from bot.usecases.records import Buttons, CardKind, StoredDraft


def start(ctx: UpdateContext) -> None:
    """``/start``, with or without something behind it."""
    if ctx.deps.is_admin(ctx.user):
        # Telegram takes the admins' menu only for somebody who has written to the bot.
        ctx.work.signals.menus_due()
    if find_codes(ctx.incoming.text):
        conversation.begin_import(ctx)
        return
    hello = talk.start(ctx.t, ctx.incoming.person_name or "👋")
    _answer(ctx, hello, [[begin_button(ctx.t)]])


def help_(ctx: UpdateContext) -> None:
    _answer(ctx, talk.help_(ctx.t, admin=ctx.deps.is_admin(ctx.user)))


def unknown(ctx: UpdateContext) -> None:
    """A command that there is not; in a group it is somebody else's."""
    stored = _open_draft(ctx)
    if stored is not None and step(stored.draft) in SECRET_STEPS and ctx.incoming.private:
        # A password may begin with a slash.
        conversation.typed(ctx)
    elif ctx.incoming.to_bot:
        _answer(ctx, talk.unknown_command(ctx.t))


def not_text(ctx: UpdateContext) -> None:
    """A photo, a sticker, a voice message: a caption counts as text."""
    if ctx.incoming.text:
        conversation.typed(ctx)
    elif ctx.incoming.to_bot:
        _answer(ctx, talk.only_text(ctx.t))


def edited(ctx: UpdateContext) -> None:
    """A message that was changed after it was sent."""
    incoming = ctx.incoming
    if not incoming.to_bot and not find_codes(incoming.text):
        return
    stored = _open_draft(ctx)
    if (
        stored is not None
        and step(stored.draft) in SECRET_STEPS
        and incoming.private
        and incoming.message_id is not None
    ):
        refused = talk.secret_stays(ctx.t)
        ctx.work.outbox.delete_secret(incoming.where, incoming.message_id, refused, ctx.now)
    _answer(ctx, talk.edited(ctx.t))


def _answer(ctx: UpdateContext, text: Html, buttons: Buttons = ()) -> None:
    """Say this, and have the open draft's card, if there is one, moved below it."""
    ctx.say(text, buttons)
    stored = _open_draft(ctx)
    if stored is not None:
        ctx.work.cards.show_again(CardKind.DRAFT, stored.id)


def _open_draft(ctx: UpdateContext) -> StoredDraft | None:
    return ctx.work.drafts.find_open(ctx.incoming.user_id, ctx.incoming.chat_id)


def pressed(ctx: UpdateContext, data: str | None) -> None:
    """A press on any button of ours; anything else is answered as an old one."""
    press = callbacks.read(data)
    match None if press is None else press.kind:
        case callbacks.DRAFT if press is not None:
            conversation.pressed(ctx, press)
        case callbacks.BATCH if press is not None:
            batch_buttons.pressed(ctx, press)
        case callbacks.HISTORY if press is not None:
            history.pressed(ctx, press)
        case callbacks.ANYWHERE if press is not None and press.action == "new":
            conversation.begin_import(ctx)
        case _:
            ctx.popup = talk.old_button(ctx.t)
