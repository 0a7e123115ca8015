"""The people who may use the bot, and what it remembers of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, insert, select, update

from bot.domain.draft import LastChoices
from bot.storage.choices import last_from_json, last_to_json
from bot.storage.inserts import insert_or_ignore
from bot.storage.tables import users
from bot.usecases.records import Role, User

_BY_ID = select(users).where(users.c.id == bindparam("user_id"))


def user_of(row: Row[Any]) -> User:
    role = Role(row.role) if row.role else None
    return User(row.id, row.name, role, row.language, row.time_zone, last_from_json(row.last_choices))


class SqlUsers:
    """The use cases' ``Users``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, user_id: int) -> User | None:
        row = self._connection.execute(_BY_ID, {"user_id": user_id}).one_or_none()
        return None if row is None else user_of(row)

    def list_allowed(self) -> Sequence[User]:
        rows = self._connection.execute(select(users).where(users.c.role.is_not(None)).order_by(users.c.created_at))
        return [user_of(row) for row in rows]

    def keep(self, user_id: int, name: str, language: str, now: datetime) -> User:
        known = self.find(user_id)
        if known is None:
            added = self._connection.execute(
                insert_or_ignore(self._connection, users),
                {"id": user_id, "name": name, "language": language, "time_zone": "", "created_at": now},
            )
            if added.rowcount == 0:
                # The same person in another chat was first, on a server that has several writers.
                return self.keep(user_id, name, language, now)
            return User(user_id, name, None, language, "", LastChoices())
        kept = known.language or language
        if (known.name, known.language) != (name, kept):
            # Somebody may be choosing a language at the same moment.
            first = case((users.c.language == "", language), else_=users.c.language)
            self._connection.execute(update(users).where(users.c.id == user_id).values(name=name, language=first))
            known = replace(known, name=name, language=kept)
        return known

    def set_language(self, user_id: int, language: str) -> None:
        self._connection.execute(update(users).where(users.c.id == user_id).values(language=language))

    def set_time_zone(self, user_id: int, time_zone: str) -> None:
        self._connection.execute(update(users).where(users.c.id == user_id).values(time_zone=time_zone))

    def set_role(self, user_id: int, role: Role | None, by: int, now: datetime) -> bool:
        known = self.find(user_id)
        if known is None:
            if role is None:
                return False
            self._connection.execute(
                insert(users).values(
                    id=user_id, name="", role=role, language="", time_zone="", added_by=by, created_at=now
                )
            )
            return True
        if known.role == role:
            return False
        self._connection.execute(update(users).where(users.c.id == user_id).values(role=role, added_by=by))
        return True

    def change_role(self, user_id: int, before: Role | None, role: Role, by: int) -> bool:
        theirs = update(users).where(users.c.id == user_id, users.c.role.is_not_distinct_from(before))
        return self._connection.execute(theirs.values(role=role, added_by=by)).rowcount > 0

    def remember(self, user_id: int, last: LastChoices) -> None:
        self._connection.execute(update(users).where(users.c.id == user_id).values(last_choices=last_to_json(last)))

    def names(self, user_ids: Collection[int]) -> Mapping[int, str]:
        found = select(users.c.id, users.c.name).where(users.c.id.in_(user_ids))
        return {row.id: row.name for row in self._connection.execute(found)}

    def all_names(self) -> Mapping[int, str]:
        return {row.id: row.name for row in self._connection.execute(select(users.c.id, users.c.name))}

    def has_admin(self) -> bool:
        found = select(users.c.id).where(users.c.role == Role.ADMIN).limit(1)
        return self._connection.scalar(found) is not None
