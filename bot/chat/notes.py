"""What is said or deleted apart from the cards, each a row of the outbox."""

from __future__ import annotations

from bot.chat.drafting import shown_codes
from bot.chat.messages import Messages
from bot.usecases.kept_codes import codes_to_show
from bot.usecases.ports import Store
from bot.usecases.records import Note, NoteKind


async def put(note: Note, messages: Messages, store: Store) -> None:
    """Say or delete what the note says. Raises what ``Messages`` raises, and ``StorageError``."""
    match note.kind:
        case NoteKind.SEND | NoteKind.ALERT:
            await messages.send(
                note.chat_id, note.thread_id, note.text, note.buttons, reply_to=note.reply_to, silent=note.silent
            )
        case NoteKind.ASK_PERSON | NoteKind.END_ASKING:
            await _change_keyboard(note, messages)
        case NoteKind.EDIT if note.message_id is not None:
            await _edit(note, note.message_id, messages)
        case NoteKind.DELETE if note.message_id is not None:
            if not await messages.delete(note.chat_id, note.message_id):
                await messages.remove_buttons(note.chat_id, note.message_id)
        case NoteKind.DELETE_SECRET if note.message_id is not None:
            await _delete_secret(note, note.message_id, messages)
        case NoteKind.REVEAL_CODES if note.message_id is not None:
            codes = await store.read(codes_to_show, note)
            await messages.edit(note.chat_id, note.message_id, shown_codes.in_message(codes) or note.text, [])
        case NoteKind.HIDE_CODES if note.message_id is not None:
            await _hide(note, note.message_id, messages)
        case NoteKind.LEAVE:
            await messages.leave(note.chat_id)


async def _edit(note: Note, message_id: int, messages: Messages) -> None:
    if not await messages.edit(note.chat_id, message_id, note.text, note.buttons):
        await messages.send(note.chat_id, note.thread_id, note.text, note.buttons, silent=note.silent)


async def _hide(note: Note, message_id: int, messages: Messages) -> None:
    if not await messages.edit(note.chat_id, message_id, note.text, []):
        await messages.delete(note.chat_id, message_id)


async def _change_keyboard(note: Note, messages: Messages) -> None:
    if note.kind is NoteKind.END_ASKING:
        await messages.end_asking(note.chat_id, note.text)
        return
    [[(label, request_id)]] = note.buttons
    await messages.ask_person(note.chat_id, note.text, label, int(request_id))


async def _delete_secret(note: Note, message_id: int, messages: Messages) -> None:
    deleted = await messages.delete(note.chat_id, message_id)
    if said := note.text if deleted else note.refused_text:
        await messages.send(note.chat_id, note.thread_id, said, [], silent=note.silent)
