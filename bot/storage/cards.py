"""Where cards stand, for whoever brings the chat up to date."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Connection,
    Table,
    Update,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    or_,
    select,
    union,
    update,
)

from bot.storage.card_columns import is_behind
from bot.storage.draft_marks import in_place
from bot.storage.drafts import SqlDrafts
from bot.storage.pieces import in_pieces
from bot.storage.shared_cards import shared_cards
from bot.storage.tables import OPEN, PENDING, UNSETTLED, batches, drafts, imports, outbox
from bot.usecases.records import CardKind, DraftState, NoteKind, Place

_TABLES: Mapping[CardKind, Table] = {
    CardKind.DRAFT: drafts,
    CardKind.BATCH: batches,
    CardKind.SHARED: shared_cards,
}


def _note_shown(table: Table) -> Update:
    met = and_(table.c.repost, table.c.revision != bindparam("rendered"), ~bindparam("rang", type_=Boolean))
    noted = update(table).where(table.c.id == bindparam("row_id")).values(repost=met)
    if table is drafts:
        # The card of a draft that was confirmed meanwhile is its batch's, on the message that was tapped; that of one
        # whose codes were handed over is the receipt's.
        going_on = table.c.state.not_in([DraftState.CONFIRMED, DraftState.HANDED_OVER])
        noted = noted.where(or_(going_on, table.c.revision == bindparam("rendered")))
    return noted


_SHOWN = {kind: _note_shown(table) for kind, table in _TABLES.items()}


def _replying(table: Table) -> Update:
    """Those of somebody's cards in a place that are to be sent as new messages reply to what they have written."""
    topic = func.coalesce(table.c.thread_id, literal_column("0")) == bindparam("in_topic")
    theirs = and_(table.c.user_id == bindparam("in_user_id"), table.c.chat_id == bindparam("in_chat_id"), topic)
    to_be_sent = or_(table.c.repost, table.c.message_id.is_(None))
    return update(table).where(theirs, is_behind(table), to_be_sent).values(reply_to=bindparam("written"))


# Shared cards stand in private chats only, where nothing is replied to.
_REPLYING = tuple(_replying(table) for table in (drafts, batches))


class SqlCards:
    """The core's ``Cards``."""

    def __init__(self, connection: Connection, drafts: SqlDrafts, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self._drafts = drafts

    def chats_behind(self) -> list[int]:
        behind = union(
            select(outbox.c.chat_id).where(or_(outbox.c.due_at.is_(None), outbox.c.due_at <= self._now)),
            *(select(table.c.chat_id).where(is_behind(table)) for table in _TABLES.values()),
        )
        return [row.chat_id for row in self._connection.execute(behind)]

    def note_shown(
        self,
        kind: CardKind,
        row_id: int,
        *,
        message_id: int | None,
        rendered: int,
        complete: bool,
        rang: bool = False,
    ) -> bool:
        values = {"row_id": row_id, "rendered": rendered, "message_id": message_id, "rang": rang}
        if complete:
            values["shown_revision"] = rendered
        return self._connection.execute(_SHOWN[kind], values).rowcount > 0

    def note_pressed(self, kind: CardKind, row_id: int, message_id: int) -> None:
        table = _TABLES[kind]
        self._connection.execute(update(table).where(table.c.id == row_id).values(message_id=message_id))

    def show_again(self, kind: CardKind, row_id: int) -> None:
        table = _TABLES[kind]
        again = update(table).where(table.c.id == row_id)
        self._connection.execute(again.values(revision=table.c.revision + 1, repost=True))

    def reply_to(self, where: Place, message_id: int) -> None:
        for replying in _REPLYING:
            self._connection.execute(replying, {**in_place(where), "written": message_id})

    def mark_outdated(self, draft_ids: Collection[int]) -> None:
        if draft_ids:
            # Whatever is shown by now: who is about to note that a card is shown is waited for. The card of a draft
            # that was confirmed meanwhile is its batch's.
            before = case((is_behind(drafts), drafts.c.shown_revision), else_=drafts.c.revision - 1)
            outdated = update(drafts).where(drafts.c.id.in_(list(draft_ids)), OPEN)
            self._connection.execute(outdated.values(shown_revision=before))

    def move_chat(self, old: int, new: int) -> None:
        """What is still to be shown goes along; what is under way follows when it has something to show.

        The messages stay behind: another chat counts its own, and the same number is another's.
        """
        self._drafts.move_chat(old, new)
        moved = select(batches.c.id).where(batches.c.chat_id == old, is_behind(batches))
        self._connection.execute(
            update(imports).where(imports.c.batch_id.in_(moved)).values(chat_id=new, message_id=None)
        )
        cards = update(batches).where(batches.c.chat_id == old, is_behind(batches))
        self._connection.execute(cards.values(chat_id=new, message_id=None, reply_to=None))
        self._move_notes(old, new)

    def leave_chat(self, chat_id: int) -> set[int]:
        self._connection.execute(delete(outbox).where(outbox.c.chat_id == chat_id))
        unsaid = select(batches.c.id).where(batches.c.chat_id == chat_id, is_behind(batches))
        going_on = select(imports.c.batch_id).where(imports.c.chat_id == chat_id)
        told_later = union(unsaid.where(~batches.c.announced), going_on.where(PENDING), going_on.where(UNSETTLED))
        people: set[int] = set()
        for some in in_pieces(self._connection.scalars(told_later).all()):
            theirs = update(imports).where(imports.c.batch_id.in_(some))
            self._connection.execute(theirs.values(chat_id=imports.c.user_id, thread_id=None, message_id=None))
            cards = update(batches).where(batches.c.id.in_(some))
            anew = {"revision": batches.c.revision + 1, "message_id": None, "reply_to": None}
            moved = cards.values(chat_id=batches.c.user_id, thread_id=None, **anew).returning(batches.c.user_id)
            people.update(self._connection.scalars(moved))
        for table in (drafts, batches):
            silent = update(table).where(table.c.chat_id == chat_id, is_behind(table))
            self._connection.execute(silent.values(shown_revision=table.c.revision))
        return people

    def _move_notes(self, old: int, new: int) -> None:
        notes = outbox.c.chat_id == old
        lost = (NoteKind.DELETE, NoteKind.SHOW_CODES, NoteKind.REVEAL_CODES, NoteKind.HIDE_CODES)
        self._connection.execute(delete(outbox).where(notes, outbox.c.kind.in_(lost)))
        # A secret can't be deleted any more: that it stays is said instead.
        stays = update(outbox).where(notes, outbox.c.kind == NoteKind.DELETE_SECRET)
        self._connection.execute(stays.values(text=outbox.c.refused_text))
        # What was to be edited is said anew.
        said = update(outbox).where(notes, outbox.c.message_id.is_not(None))
        self._connection.execute(said.values(kind=NoteKind.SEND, message_id=None))
        self._connection.execute(update(outbox).where(notes).values(chat_id=new, reply_to=None))
