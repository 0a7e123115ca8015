"""What is said to commands, and to messages that are no answer to anything."""

from __future__ import annotations

from bot.chat import batch_buttons, callbacks, conversation, history
from bot.chat.cards import begin_button
from bot.chat.desk import Handling
from bot.chat.language import Html
from bot.chat.texts import talk
from bot.transfer.code import find_codes
from bot.transfer.draft import SECRET_STEPS, step
from bot.transfer.records import Buttons, CardKind, StoredDraft


async def start(handling: Handling) -> None:
    """``/start``, with or without something behind it."""
    if handling.desk.is_admin(handling.user):
        # Telegram takes the admins' menu only for somebody who has written to the bot.
        handling.afterwards(handling.desk.wake_menus)
    if find_codes(handling.turn.text):
        await conversation.begin_import(handling)
        return
    hello = talk.start(handling.t, handling.turn.person_name or "👋")
    await _answer(handling, hello, [[begin_button(handling.t)]])


async def help_(handling: Handling) -> None:
    await _answer(handling, talk.help_(handling.t, admin=handling.desk.is_admin(handling.user)))


async def unknown(handling: Handling) -> None:
    """A command that there is not; in a group it is somebody else's."""
    stored = await _open_draft(handling)
    if stored is not None and step(stored.draft) in SECRET_STEPS and handling.turn.private:
        # A password may begin with a slash.
        await conversation.typed(handling)
    elif handling.turn.to_bot:
        await _answer(handling, talk.unknown_command(handling.t))


async def not_text(handling: Handling) -> None:
    """A photo, a sticker, a voice message: a caption counts as text."""
    if handling.turn.text:
        await conversation.typed(handling)
    elif handling.turn.to_bot:
        await _answer(handling, talk.only_text(handling.t))


async def edited(handling: Handling) -> None:
    """A message that was changed after it was sent."""
    turn = handling.turn
    if not turn.to_bot and not find_codes(turn.text):
        return
    stored = await _open_draft(handling)
    if stored is not None and step(stored.draft) in SECRET_STEPS and turn.private and turn.message_id is not None:
        refused = talk.secret_stays(handling.t)
        await handling.work.outbox.delete_secret(turn.where, turn.message_id, refused, handling.now)
    await _answer(handling, talk.edited(handling.t))


async def _answer(handling: Handling, text: Html, buttons: Buttons = ()) -> None:
    """Say this, and have the open draft's card, if there is one, moved below it."""
    await handling.say(text, buttons)
    stored = await _open_draft(handling)
    if stored is not None:
        await handling.work.cards.show_again(CardKind.DRAFT, stored.id)


async def _open_draft(handling: Handling) -> StoredDraft | None:
    return await handling.work.drafts.find_open(handling.turn.person_id, handling.turn.chat_id)


async def pressed(handling: Handling, data: str | None) -> None:
    """A press on any button of ours; anything else is answered as an old one."""
    press = callbacks.read(data)
    match None if press is None else press.kind:
        case callbacks.DRAFT if press is not None:
            await conversation.pressed(handling, press)
        case callbacks.BATCH if press is not None:
            await batch_buttons.pressed(handling, press)
        case callbacks.HISTORY if press is not None:
            await history.pressed(handling, press)
        case callbacks.ANYWHERE if press is not None and press.action == "new":
            await conversation.begin_import(handling)
        case _:
            handling.popup = talk.old_button(handling.t)
