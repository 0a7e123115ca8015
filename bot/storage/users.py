"""The people who may use the bot, and what it remembers of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, case, select, update

from bot.domain.draft import LastChoices
from bot.domain.plain_letters import has_words
from bot.storage.choices import last_from_json, last_to_json
from bot.storage.inserts import insert_or_ignore
from bot.storage.recoveries import recoveries
from bot.storage.tables import users
from bot.usecases.records import Role, User

_BY_ID = select(users).where(users.c.id == bindparam("user_id"))
_LOCKED = _BY_ID.with_for_update(key_share=True)
# What ``recovery_gates.members_unconfirmed`` tells, in a statement that every step of a conversation needs anyway. On a
# server it is as of before the person was waited for: a recovery begins only once no other hub can write.
_UNCONFIRMED = (
    select(recoveries.c.members_confirmed_at.is_(None))
    .order_by(recoveries.c.generation.desc())
    .limit(1)
    .scalar_subquery()
)
_WITH_ROLE = (
    select(users, _UNCONFIRMED.label("unconfirmed"))
    .where(users.c.id == bindparam("user_id"))
    .with_for_update(key_share=True)
)
_ONE = users.c.id == bindparam("of_user")
#: Somebody may be choosing a language at the same moment.
_DESCRIBE = (
    update(users)
    .where(_ONE)
    .values(
        name=bindparam("called"),
        language=case((users.c.language == "", bindparam("first_language")), else_=users.c.language),
        username=bindparam("now_username"),
    )
)
_SEEN = update(users).where(_ONE).values(last_seen_at=bindparam("seen_at"))


def user_of(row: Row[Any]) -> User:
    role = Role(row.role) if row.role else None
    last = last_from_json(row.last_choices)
    return User(row.id, row.name, role, row.language, row.time_zone, last, row.username or "", row.last_seen_at)


class SqlUsers:
    """The use cases' ``Users``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, user_id: int) -> User | None:
        return self._one(_BY_ID, user_id)

    def lock(self, user_id: int) -> User | None:
        return self._one(_LOCKED, user_id)

    def lock_with_role(self, user_id: int) -> tuple[User, Role | None] | None:
        row = self._connection.execute(_WITH_ROLE, {"user_id": user_id}).one_or_none()
        if row is None:
            return None
        user = user_of(row)
        return user, None if row.unconfirmed else user.role

    def _one(self, wanted: Select[Any], user_id: int) -> User | None:
        row = self._connection.execute(wanted, {"user_id": user_id}).one_or_none()
        return None if row is None else user_of(row)

    def lock_admins(self) -> Sequence[int]:
        admins = select(users.c.id).where(users.c.role == Role.ADMIN).order_by(users.c.id)
        return list(self._connection.scalars(admins.with_for_update(key_share=True)))

    def list_allowed(self) -> Sequence[User]:
        rows = self._connection.execute(
            select(users).where(users.c.role.is_not(None)).order_by(users.c.created_at, users.c.id)
        )
        return [user_of(row) for row in rows]

    def keep(self, user_id: int, name: str, language: str, now: datetime, username: str | None = None) -> User:
        known = self.find(user_id)
        if known is None:
            added = self._connection.execute(
                insert_or_ignore(self._connection, users),
                {
                    "id": user_id,
                    "name": name,
                    "language": language,
                    "time_zone": "",
                    "created_at": now,
                    "username": username or None,
                },
            )
            if added.rowcount == 0:
                # The same person in another chat was first, on a server that has several writers.
                return self.keep(user_id, name, language, now, username)
            return User(user_id, name, None, language, "", LastChoices(), username or "")
        kept = known.language or language
        called = known.username if username is None else username
        if (known.name, known.language, known.username) != (name, kept, called):
            described = {"called": name, "first_language": language, "now_username": called or None}
            self._connection.execute(_DESCRIBE, {"of_user": user_id} | described)
            known = replace(known, name=name, language=kept, username=called)
        return known

    def note_seen(self, user_id: int, now: datetime) -> None:
        self._connection.execute(_SEEN, {"of_user": user_id, "seen_at": now})

    def set_language(self, user_id: int, language: str) -> None:
        self._connection.execute(update(users).where(users.c.id == user_id).values(language=language))

    def set_time_zone(self, user_id: int, time_zone: str) -> None:
        self._connection.execute(update(users).where(users.c.id == user_id).values(time_zone=time_zone))

    def set_role(self, user_id: int, role: Role | None, by: int, now: datetime) -> bool:
        known = self.find(user_id)
        if known is None:
            if role is None:
                return False
            row = {"id": user_id, "name": "", "role": role, "language": "", "time_zone": "", "added_by": by}
            added = self._connection.execute(insert_or_ignore(self._connection, users), row | {"created_at": now})
            # Where somebody else was first, on a server that has several writers, the row is there by now.
            return added.rowcount > 0 or self.set_role(user_id, role, by, now)
        if known.role == role:
            return False
        self._connection.execute(update(users).where(users.c.id == user_id).values(role=role, added_by=by))
        return True

    def remember(self, user_id: int, last: LastChoices) -> None:
        self._connection.execute(update(users).where(users.c.id == user_id).values(last_choices=last_to_json(last)))

    def names(self, user_ids: Collection[int]) -> Mapping[int, str]:
        found = select(users.c.id, users.c.name).where(users.c.id.in_(user_ids))
        return {row.id: row.name for row in self._connection.execute(found)}

    def all_names(self) -> Mapping[int, str]:
        return {row.id: row.name for row in self._connection.execute(select(users.c.id, users.c.name))}

    def called(self, part: str) -> Sequence[int]:
        wanted, alone = part.removeprefix("@").casefold(), part.startswith("@")
        found = []
        for row in self._connection.execute(select(users.c.id, users.c.name, users.c.username).order_by(users.c.id)):
            username = (row.username or "").casefold()
            if wanted == username if alone else has_words(row.name, wanted) or wanted in username:
                found.append(row.id)
        return found

    def has_admin(self) -> bool:
        found = select(users.c.id).where(users.c.role == Role.ADMIN).limit(1)
        return self._connection.scalar(found) is not None
