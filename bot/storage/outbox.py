"""What the bot has still to say or delete, apart from its cards. A row is deleted when it is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.storage.tables import outbox
from bot.usecases.records import Buttons, Note, NoteKind, Place

_WAITING = select(outbox).where(outbox.c.chat_id.in_(bindparam("chat_ids", expanding=True))).order_by(outbox.c.id)


class SqlOutbox:
    """The use cases' ``Outbox``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def say(
        self,
        where: Place,
        text: str,
        now: datetime,
        *,
        buttons: Buttons = (),
        edit_message_id: int | None = None,
        reply_to: int | None = None,
        silent: bool = False,
    ) -> None:
        kind = NoteKind.SEND if edit_message_id is None else NoteKind.EDIT
        self._put(
            where,
            kind,
            now,
            message_id=edit_message_id,
            text=text,
            buttons=buttons,
            reply_to=reply_to,
            silent=silent,
        )

    def alert(self, where: Place, text: str, now: datetime, *, silent: bool) -> None:
        self._put(where, NoteKind.ALERT, now, message_id=None, text=text, silent=silent)

    def forget_alerts(self, chat_id: int) -> None:
        alerts = delete(outbox).where(outbox.c.chat_id == chat_id, outbox.c.kind == NoteKind.ALERT)
        self._connection.execute(alerts)

    def ask_person(self, where: Place, text: str, label: str, request_id: int, now: datetime) -> None:
        button = [[(label, str(request_id))]]
        self._put(where, NoteKind.ASK_PERSON, now, message_id=None, text=text, buttons=button, silent=True)

    def end_asking(self, where: Place, text: str, now: datetime) -> None:
        self._put(where, NoteKind.END_ASKING, now, message_id=None, text=text, silent=True)

    def delete_card(self, where: Place, message_id: int, now: datetime) -> None:
        self._put(where, NoteKind.DELETE, now, message_id=message_id)

    def delete_secret(
        self, where: Place, message_id: int, *, deleted_text: str, refused_text: str, now: datetime
    ) -> None:
        self._put(
            where,
            NoteKind.DELETE_SECRET,
            now,
            message_id=message_id,
            text=deleted_text,
            refused_text=refused_text,
            silent=True,
        )

    def show_codes(self, where: Place, draft_id: int, hidden_text: str, now: datetime) -> None:
        self._put(where, NoteKind.SHOW_CODES, now, message_id=None, text=hidden_text, draft_id=draft_id, silent=True)

    def show_kept_codes(self, where: Place, kept_id: int, hidden_text: str, now: datetime) -> None:
        self._put(where, NoteKind.SHOW_CODES, now, message_id=None, text=hidden_text, kept_id=kept_id, silent=True)

    def show_handed_codes(self, where: Place, handoff_id: int, hidden_text: str, now: datetime) -> None:
        self._put(
            where, NoteKind.SHOW_CODES, now, message_id=None, text=hidden_text, handoff_id=handoff_id, silent=True
        )

    def hide_codes(self, chat_id: int, now: datetime) -> None:
        still_to_come = (NoteKind.SHOW_CODES, NoteKind.REVEAL_CODES)
        self._connection.execute(delete(outbox).where(outbox.c.chat_id == chat_id, outbox.c.kind.in_(still_to_come)))
        shown = update(outbox).where(outbox.c.chat_id == chat_id, outbox.c.kind == NoteKind.HIDE_CODES)
        self._connection.execute(shown.values(due_at=now))

    def reveal(self, note: Note, message_id: int, now: datetime, hide_at: datetime) -> None:
        # Hidden again before it is shown: a process that dies in between leaves nothing that is to be read.
        self._put(note, NoteKind.HIDE_CODES, now, message_id=message_id, text=note.text, due_at=hide_at)
        revealed = update(outbox).where(outbox.c.id == note.id)
        self._connection.execute(revealed.values(kind=NoteKind.REVEAL_CODES, message_id=message_id))

    def leave(self, chat_id: int, now: datetime) -> None:
        self._put(Place(0, chat_id, None, ""), NoteKind.LEAVE, now, message_id=None)

    def stay(self, chat_id: int) -> None:
        leaving = delete(outbox).where(outbox.c.chat_id == chat_id, outbox.c.kind == NoteKind.LEAVE)
        self._connection.execute(leaving)

    def _put(
        self,
        where: Place | Note,
        kind: NoteKind,
        now: datetime,
        *,
        message_id: int | None,
        text: str = "",
        buttons: Buttons = (),
        draft_id: int | None = None,
        due_at: datetime | None = None,
        refused_text: str = "",
        silent: bool = False,
        reply_to: int | None = None,
        kept_id: int | None = None,
        handoff_id: int | None = None,
    ) -> None:
        note = {
            "chat_id": where.chat_id,
            "thread_id": where.thread_id,
            "kind": kind,
            "message_id": message_id,
            "text": text,
            "buttons": [[list(button) for button in row] for row in buttons],
            "draft_id": draft_id,
            "created_at": now,
            "due_at": due_at,
            "refused_text": refused_text,
            "silent": silent,
            "reply_to": reply_to,
            "kept_id": kept_id,
            "handoff_id": handoff_id,
        }
        self._connection.execute(insert(outbox), note)

    def waiting(self, chat_ids: Sequence[int]) -> Sequence[Note]:
        found = self._connection.execute(_WAITING, {"chat_ids": chat_ids})
        return [
            Note(
                id=row.id,
                chat_id=row.chat_id,
                thread_id=row.thread_id,
                kind=NoteKind(row.kind),
                message_id=row.message_id,
                text=row.text,
                buttons=[[(label, data) for label, data in buttons] for buttons in row.buttons],
                draft_id=row.draft_id,
                due_at=row.due_at,
                refused_text=row.refused_text,
                silent=row.silent,
                reply_to=row.reply_to,
                kept_id=row.kept_id,
                handoff_id=row.handoff_id,
            )
            for row in found
        ]

    def done(self, note_id: int) -> None:
        self._connection.execute(delete(outbox).where(outbox.c.id == note_id))
