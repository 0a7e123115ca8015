"""Who acts: a person with their role, language and last choices."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.draft import LastChoices
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Role
from bot.usecases.recovery_gates import members_unconfirmed

#: How exactly it is known when somebody was here last.
SEEN_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the chat describes them now. ``language`` is an IETF tag, or empty, as ``username`` may be."""

    user_id: int
    name: str
    language: str
    username: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """``role`` is None for a stranger. An empty ``time_zone`` is the computer's."""

    user_id: int
    name: str
    role: Role | None
    language: str
    time_zone: str = ""
    last: LastChoices = field(default_factory=LastChoices)


def awaits_confirmation(work: UnitOfWork, user_id: int) -> bool:
    """Whether somebody without a role has one in a restored database, whose members are not confirmed yet."""
    if not members_unconfirmed(work):
        return False
    user = work.users.find(user_id)
    return user is not None and user.role is not None


def identify(work: UnitOfWork, person: Person) -> Actor:
    """The actor behind a person. An admin by the settings is one whatever the database says.

    How a member is called is noted, and their language where none is known; of a stranger nothing is written. Until the
    transaction ends nobody takes their role: what they do is done before that, or not at all.
    """
    user, role = work.users.lock_with_role(person.user_id) or (None, None)
    if person.user_id in work.settings_admins:
        role = Role.ADMIN
    if role is None:
        return Actor(person.user_id, person.name, None, (user and user.language) or person.language)
    called = None if user is None else (user.name, user.username)
    if user is None or called != (person.name, person.username) or (not user.language and person.language):
        user = work.users.keep(person.user_id, person.name, person.language, work.now, person.username)
    if user.last_seen is None or work.now - user.last_seen >= SEEN_EVERY:
        work.users.note_seen(user.id, work.now)
    return Actor(user.id, user.name, role, user.language, user.time_zone, user.last)
