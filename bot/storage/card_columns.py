"""What drafts and batches have in common: whose card it is, where it stands, and how far it is behind its row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Label, Row, Table, func, literal_column, select

from bot.storage.tables import users
from bot.usecases.records import Place, Shown


def is_behind(table: Table) -> ColumnElement[bool]:
    """Whether the chat shows less of a card than its row has; each table has an index of these alone."""
    return table.c.shown_revision < table.c.revision


def card_columns(table: Table, *, without: frozenset[str] = frozenset()) -> list[ColumnElement[Any]]:
    """The columns of a table with cards, for reading; the language is that of the person now.

    The card's own is that of its first moment, for whoever has no row.
    """
    columns: list[ColumnElement[Any]] = [
        column for column in table.c if column.name != "language" and column.name not in without
    ]
    return [*columns, _language(table)]


def _language(table: Table) -> Label[str]:
    now = select(users.c.language).where(users.c.id == table.c.user_id).scalar_subquery()
    return func.coalesce(func.nullif(now, literal_column("''")), table.c.language).label("language")


def place(row: Row[Any]) -> Place:
    return Place(row.user_id, row.chat_id, row.thread_id, row.language)


def shown(row: Row[Any]) -> Shown:
    return Shown(row.message_id, row.repost, row.revision, row.shown_revision, row.reply_to)


def new_card(where: Place) -> Mapping[str, Any]:
    """The card columns of a new row: nothing is shown yet."""
    return {
        "user_id": where.user_id,
        "chat_id": where.chat_id,
        "thread_id": where.thread_id,
        "language": where.language,
        "repost": False,
        "revision": 1,
        "shown_revision": 0,
    }
