"""Group chats as rows: which the bot is in, and whether it may work there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    RowMapping,
    Select,
    String,
    Table,
    bindparam,
    delete,
    or_,
    select,
    update,
)

from bot.storage.column_types import RowId, UtcDateTime
from bot.storage.inserts import insert_or_ignore
from bot.storage.metadata import id_column, metadata
from bot.usecases.group_chat_rows import GroupChat, GroupChatState

group_chats = Table(
    "group_chats",
    metadata,
    id_column(),
    Column("chat_id", BigInteger, nullable=False, unique=True),
    Column("title", String(256), nullable=False),
    Column("state", String(16), nullable=False),
    Column("was_allowed", Boolean, nullable=False),
    # Who wants the bot there, as Telegram described them: of a stranger nothing else is kept.
    Column("added_by", BigInteger),
    Column("added_by_name", String(256), nullable=False),
    Column("added_by_username", String(64), nullable=False),
    Column("asked_at", UtcDateTime),
    Column("shown_with", RowId),
    Column("answered_by", BigInteger),
    Column("answered_at", UtcDateTime),
)
#: Of two rows of one group chat the first of these states is the one that counts.
_RANKS = (GroupChatState.ALLOWED, GroupChatState.WAITING, GroupChatState.REFUSED, GroupChatState.LEFT)

_BY_CHAT = select(group_chats).where(group_chats.c.chat_id == bindparam("of_chat"))


class SqlGroupChats:
    """The use cases' ``GroupChats``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, chat_id: int) -> GroupChat | None:
        row = self._connection.execute(_BY_CHAT, {"of_chat": chat_id}).mappings().one_or_none()
        return None if row is None else _group(row)

    def by_id(self, group_id: int) -> GroupChat | None:
        return next(iter(self._load(select(group_chats).where(group_chats.c.id == group_id))), None)

    def on_card(self, card_id: int) -> Sequence[GroupChat]:
        own = (group_chats.c.id == card_id) & group_chats.c.shown_with.is_(None)
        there = select(group_chats).where(or_(own, group_chats.c.shown_with == card_id))
        return self._load(there.order_by(group_chats.c.id))

    def asked_since(self, moment: datetime) -> Sequence[GroupChat]:
        own = select(group_chats).where(group_chats.c.asked_at > moment, group_chats.c.shown_with.is_(None))
        return self._load(own.order_by(group_chats.c.asked_at.desc(), group_chats.c.id.desc()))

    def add(self, chat_id: int, title: str, state: GroupChatState) -> GroupChat:
        row = _columns(GroupChat(0, chat_id, title, state)) | {"state": state}
        self._connection.execute(insert_or_ignore(self._connection, group_chats), row)
        return _group(self._connection.execute(_BY_CHAT, {"of_chat": chat_id}).mappings().one())

    def write(self, group: GroupChat) -> None:
        self._connection.execute(update(group_chats).where(group_chats.c.id == group.id).values(_columns(group)))

    def change_state(self, group_id: int, before: Collection[GroupChatState], after: GroupChatState) -> bool:
        stood = update(group_chats).where(group_chats.c.id == group_id, group_chats.c.state.in_(before))
        return self._connection.execute(stood.values(state=after)).rowcount > 0

    def leave_all(self) -> None:
        allowed = or_(group_chats.c.was_allowed, group_chats.c.state == GroupChatState.ALLOWED)
        there = update(group_chats).where(group_chats.c.state != GroupChatState.REFUSED)
        self._connection.execute(there.values(was_allowed=allowed, state=GroupChatState.LEFT))

    def move(self, old: int, new: int) -> GroupChat | None:
        before, there = self.find(old), self.find(new)
        if before is None or old == new:
            return None
        stays, goes = before, there
        if there is not None and _RANKS.index(there.state) < _RANKS.index(before.state):
            stays, goes = there, before
        if goes is not None:
            self._connection.execute(delete(group_chats).where(group_chats.c.id == goes.id))
            card_id = None if stays.shown_with == goes.id else stays.shown_with
            others = update(group_chats).where(group_chats.c.shown_with == goes.id)
            self._connection.execute(others.values(shown_with=card_id or stays.id))
            stays = replace(stays, shown_with=card_id)
        self.write(replace(stays, chat_id=new))
        return goes

    def _load(self, found: Select[Any]) -> Sequence[GroupChat]:
        return [_group(row) for row in self._connection.execute(found).mappings()]


def _columns(group: GroupChat) -> dict[str, Any]:
    named = [field.name for field in fields(group) if field.name not in {"id", "state"}]
    return {name: getattr(group, name) for name in named}


def _group(row: RowMapping) -> GroupChat:
    return GroupChat(**{**row, "state": GroupChatState(row["state"])})
