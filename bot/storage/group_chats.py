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
    func,
    or_,
    select,
    update,
)

from bot.storage.column_types import RowId, UtcDateTime
from bot.storage.inserts import insert_or_ignore
from bot.storage.metadata import id_column, metadata
from bot.storage.shared_cards import forget_cards, shared_cards
from bot.usecases.group_chat_rows import GroupChat, GroupChatState
from bot.usecases.shared_card_rows import SharedKind

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
    # A number is never given twice: a button of one that is gone must not be that of another.
    sqlite_autoincrement=True,
)
#: Of two rows of one group chat the first of these states is the one that counts.
_RANKS = (GroupChatState.ALLOWED, GroupChatState.WAITING, GroupChatState.REFUSED, GroupChatState.LEFT)

_BY_CHAT = select(group_chats).where(group_chats.c.chat_id == bindparam("of_chat"))


class SqlGroupChats:
    """The use cases' ``GroupChats``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, chat_id: int) -> GroupChat | None:
        return next(iter(self._load(_BY_CHAT, of_chat=chat_id)), None)

    def by_id(self, group_id: int) -> GroupChat | None:
        return next(iter(self._load(select(group_chats).where(group_chats.c.id == group_id))), None)

    def on_card(self, card_id: int) -> Sequence[GroupChat]:
        own = (group_chats.c.id == card_id) & group_chats.c.shown_with.is_(None)
        there = select(group_chats).where(or_(own, group_chats.c.shown_with == card_id))
        return self._load(there.order_by(group_chats.c.id))

    def asked_since(self, moment: datetime) -> Sequence[GroupChat]:
        own = select(group_chats).where(group_chats.c.asked_at > moment, group_chats.c.shown_with.is_(None))
        return self._load(own.order_by(group_chats.c.asked_at.desc(), group_chats.c.id.desc()))

    def waiting_cards(self) -> Sequence[int]:
        card = func.coalesce(group_chats.c.shown_with, group_chats.c.id)
        waiting = select(card).where(group_chats.c.state == GroupChatState.WAITING).distinct()
        return list(self._connection.scalars(waiting.order_by(card)))

    def add(self, chat_id: int, title: str, state: GroupChatState) -> GroupChat:
        self._insert(chat_id, title, state)
        [group] = self._load(_BY_CHAT, of_chat=chat_id)
        return group

    def _insert(self, chat_id: int, title: str, state: GroupChatState) -> bool:
        """Whether there was none yet."""
        row = {**_columns(GroupChat(0, chat_id, title, state)), "chat_id": chat_id, "state": state}
        return self._connection.execute(insert_or_ignore(self._connection, group_chats), row).rowcount > 0

    def write(self, group: GroupChat) -> None:
        self._connection.execute(update(group_chats).where(group_chats.c.id == group.id).values(_columns(group)))

    def change_state(self, group_id: int, before: Collection[GroupChatState], after: GroupChatState) -> bool:
        stood = update(group_chats).where(group_chats.c.id == group_id, group_chats.c.state.in_(before))
        return self._connection.execute(stood.values(state=after)).rowcount > 0

    def forget_ended_before(self, moment: datetime) -> None:
        """Forget who wanted the bot where it was answered, or left, before, and the cards on which all is answered."""
        waits = group_chats.c.state == GroupChatState.WAITING
        ended_at = func.coalesce(group_chats.c.answered_at, group_chats.c.asked_at)
        named = or_(group_chats.c.added_by_name != "", group_chats.c.added_by_username != "")
        old = update(group_chats).where(~waits, ended_at < moment, named)
        self._connection.execute(old.values(added_by_name="", added_by_username=""))
        card = func.coalesce(group_chats.c.shown_with, group_chats.c.id)
        needed = select(card).where(or_(waits, ended_at >= moment))
        forget_cards(self._connection, SharedKind.GROUP_CHAT, shared_cards.c.subject_id.not_in(needed))

    def leave_all(self) -> Sequence[int]:
        worked = select(group_chats.c.chat_id).where(group_chats.c.state == GroupChatState.ALLOWED)
        chats = list(self._connection.scalars(worked.order_by(group_chats.c.chat_id)))
        allowed = or_(group_chats.c.was_allowed, group_chats.c.state == GroupChatState.ALLOWED)
        there = update(group_chats).where(group_chats.c.state != GroupChatState.REFUSED)
        self._connection.execute(there.values(was_allowed=allowed, state=GroupChatState.LEFT))
        return chats

    def move(self, old: int, new: int) -> GroupChat | None:
        before = next(iter(self._load(_BY_CHAT.with_for_update(), of_chat=old)), None)
        if before is None or old == new:
            return None
        # Who notes at this moment that the bot is in the supergroup is waited for.
        if self._insert(new, "", GroupChatState.LEFT):
            self._connection.execute(delete(group_chats).where(group_chats.c.chat_id == new))
        there = self.find(new)
        stays, goes = before, there
        if there is not None and _RANKS.index(there.state) < _RANKS.index(before.state):
            stays, goes = there, before
        if goes is not None:
            self._connection.execute(delete(group_chats).where(group_chats.c.id == goes.id))
            card_id = None if stays.shown_with == goes.id else stays.shown_with
            others = update(group_chats).where(group_chats.c.shown_with == goes.id)
            self._connection.execute(others.values(shown_with=card_id or stays.id))
            stays = replace(stays, shown_with=card_id)
        moved = update(group_chats).where(group_chats.c.id == stays.id)
        self._connection.execute(moved.values(chat_id=new, shown_with=stays.shown_with))
        return goes

    def _load(self, found: Select[Any], **values: int) -> Sequence[GroupChat]:
        return [_group(row) for row in self._connection.execute(found, values).mappings()]


def _columns(group: GroupChat) -> dict[str, Any]:
    named = [field.name for field in fields(group) if field.name not in {"id", "chat_id", "state"}]
    return {name: getattr(group, name) for name in named}


def _group(row: RowMapping) -> GroupChat:
    return GroupChat(**{**row, "state": GroupChatState(row["state"])})
