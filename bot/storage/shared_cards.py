"""Copies of cards that several people have."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Index, String, Table, and_, bindparam, delete, select, update

from bot.storage.card_columns import card_columns, is_behind, new_card, place, shown
from bot.storage.column_types import RowId
from bot.storage.inserts import insert_or_ignore
from bot.storage.metadata import card_table_columns, id_column, metadata
from bot.storage.pieces import in_pieces
from bot.usecases.records import Place
from bot.usecases.shared_card_rows import SharedCard, SharedKind

shared_cards = Table(
    "shared_cards",
    metadata,
    id_column(),
    *card_table_columns(),
    Column("kind", String(32), nullable=False),
    Column("subject_id", RowId, nullable=False),
    # A number is never given twice: what was shown of a card that is gone says nothing of another.
    sqlite_autoincrement=True,
)
Index("uq_shared_cards_subject", shared_cards.c.kind, shared_cards.c.subject_id, shared_cards.c.chat_id, unique=True)
_BEHIND = is_behind(shared_cards)
Index("ix_shared_cards_behind", shared_cards.c.chat_id, sqlite_where=_BEHIND, postgresql_where=_BEHIND)
_BEHIND_IN = (
    select(*card_columns(shared_cards))
    .where(shared_cards.c.chat_id.in_(bindparam("chat_ids", expanding=True)), _BEHIND)
    .order_by(shared_cards.c.id)
)


def _of(kind: SharedKind, subject_id: int) -> Sequence[ColumnElement[bool]]:
    return shared_cards.c.kind == kind, shared_cards.c.subject_id == subject_id


def forget_cards(connection: Connection, kind: SharedKind, subjects: ColumnElement[bool]) -> None:
    """Forget copies that say all there is to say: in their chats they stay as they are. ``subjects``: of which rows."""
    done = (shared_cards.c.kind == kind, subjects, ~_BEHIND)
    connection.execute(delete(shared_cards).where(*done))


class SqlSharedCards:
    """The use cases' ``SharedCards``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, kind: SharedKind, subject_id: int, where: Place, message_id: int | None = None, *, quiet: bool = False
    ) -> None:
        card = {"kind": kind, "subject_id": subject_id, **new_card(where), "message_id": message_id}
        # What is moved before it was ever shown is known to its reader.
        self._connection.execute(insert_or_ignore(self._connection, shared_cards), card | {"repost": quiet})

    def drop_unseen(self, copy_id: int, revision: int) -> None:
        unseen = (shared_cards.c.message_id.is_(None), shared_cards.c.revision == revision)
        self._connection.execute(delete(shared_cards).where(shared_cards.c.id == copy_id, *unseen))

    def find(self, kind: SharedKind, subject_id: int, chat_id: int) -> int | None:
        found = select(shared_cards.c.id).where(*_of(kind, subject_id), shared_cards.c.chat_id == chat_id)
        return self._connection.scalar(found)

    def bump(self, kind: SharedKind, subject_id: int, *, repost: bool = False) -> Sequence[int]:
        return self._bump(_of(kind, subject_id), repost=repost)

    def bump_each(self, kind: SharedKind, subject_ids: Collection[int]) -> Sequence[int]:
        chats: list[int] = []
        for some in in_pieces(subject_ids):
            chats += self._bump((shared_cards.c.kind == kind, shared_cards.c.subject_id.in_(some)), repost=False)
        return chats

    def _bump(self, which: Sequence[ColumnElement[bool]], *, repost: bool) -> Sequence[int]:
        skipped = and_(shared_cards.c.message_id.is_(None), ~_BEHIND)
        copies = update(shared_cards).where(*which, ~skipped)
        values: dict[str, Any] = {"revision": shared_cards.c.revision + 1}
        if repost:
            values["repost"] = True
        return list(self._connection.scalars(copies.values(**values).returning(shared_cards.c.chat_id)))

    def skip_unseen(self, kind: SharedKind, subject_id: int) -> None:
        unseen = update(shared_cards).where(*_of(kind, subject_id), shared_cards.c.message_id.is_(None))
        # One that is being shown at this moment was made from the revision before, and is behind as soon as that is
        # noted.
        after = shared_cards.c.revision + 1
        self._connection.execute(unseen.values(revision=after, shown_revision=after))

    def forget_all_but(self, user_ids: Collection[int], kinds: Collection[SharedKind]) -> None:
        others = (shared_cards.c.user_id.not_in(user_ids), shared_cards.c.kind.in_(sorted(kinds)))
        self._connection.execute(delete(shared_cards).where(*others))

    def take_away(self, chat_id: int, kinds: Collection[SharedKind]) -> Sequence[int]:
        there = (shared_cards.c.chat_id == chat_id, shared_cards.c.kind.in_(sorted(kinds)))
        gone = delete(shared_cards).where(*there).returning(shared_cards.c.message_id)
        return [message_id for message_id in self._connection.scalars(gone) if message_id is not None]

    def behind(self, chat_ids: Sequence[int]) -> Sequence[SharedCard]:
        rows = self._connection.execute(_BEHIND_IN, {"chat_ids": chat_ids})
        return [SharedCard(row.id, SharedKind(row.kind), row.subject_id, place(row), shown(row)) for row in rows]
