"""Who may use the bot, and what admins do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.usecases.actor import Actor
from bot.usecases.admins import all_admins
from bot.usecases.audit import AuditKind
from bot.usecases.handoff_ends import hand_to_heir
from bot.usecases.leaving import Unsent, cancel_unsent
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Role, User
from bot.usecases.roles import give_role
from bot.usecases.unreachable import Why

#: People on one page.
PAGE_SIZE = 8


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with a role, or (None) without one.

    ``by_settings``: an admin whatever the database says. ``unreachable``: why the bot can't write to them, None where
    it can, as far as is known. ``last_admin``: without them there would be none. ``waiting`` counts imports in the
    queue, where that was asked for.
    """

    id: int
    name: str
    username: str
    role: Role | None
    by_settings: bool
    unreachable: Why | None
    last_seen: datetime | None
    imports: int
    last_admin: bool = False
    waiting: int = 0


# --- looking ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListMembers:
    """Asks for a page, from 0; one that there is not is the last."""

    page: int = 0


@dataclass(frozen=True, slots=True)
class MemberPage:
    members: Sequence[Member]
    page: int
    pages: int


def list_members(work: UnitOfWork, actor: Actor, command: ListMembers) -> MemberPage:
    """Admins by the settings, then who has a role in the database, in the order in which they came."""
    require(actor, UseCase.LIST_MEMBERS)
    settings = sorted(work.settings_admins)
    users = {user.id: user for user in work.users.list_allowed()}
    people = [*settings, *(user_id for user_id in users if user_id not in work.settings_admins)]
    pages = max(1, -(-len(people) // PAGE_SIZE))
    page = min(command.page, pages - 1)
    shown = people[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
    counts = work.log.counts(shown)
    found = {user_id: users.get(user_id) or work.users.find(user_id) for user_id in shown}
    unreachable = _why_unreachable(work)
    return MemberPage([_member(work, user_id, found[user_id], counts, unreachable) for user_id in shown], page, pages)


@dataclass(frozen=True, slots=True)
class ShowMember:
    user_id: int


def show_member(work: UnitOfWork, actor: Actor, command: ShowMember) -> Member:
    """One person, with or without a role."""
    require(actor, UseCase.SHOW_MEMBER)
    user_id = command.user_id
    user, counts = work.users.find(user_id), work.log.counts([user_id])
    member = _member(work, user_id, user, counts, _why_unreachable(work))
    last = member.role is Role.ADMIN and not member.by_settings and list(all_admins(work)) == [user_id]
    return replace(member, last_admin=last, waiting=work.log.waiting(user_id))


def _why_unreachable(work: UnitOfWork) -> Mapping[int, Why]:
    return {person.user_id: person.why for person in work.unreachable.all()}


def _member(
    work: UnitOfWork, user_id: int, user: User | None, counts: Mapping[int, int], unreachable: Mapping[int, Why]
) -> Member:
    by_settings = user_id in work.settings_admins
    of_database = None if user is None else user.role
    return Member(
        id=user_id,
        name="" if user is None else user.name,
        username="" if user is None else user.username,
        role=Role.ADMIN if by_settings else of_database,
        by_settings=by_settings,
        unreachable=unreachable.get(user_id),
        last_seen=None if user is None else user.last_seen,
        imports=counts.get(user_id, 0),
    )


# --- changing ---------------------------------------------------------------------------------------------------------


class Change(StrEnum):
    """What became of giving or taking a role."""

    DONE = "done"
    UNCHANGED = "unchanged"  # it was so already
    BY_SETTINGS = "by_settings"  # an admin by the settings stays one
    LAST_ADMIN = "last_admin"  # somebody has to be one
    OUTDATED = "outdated"  # it is another role by now than it was said to be


@dataclass(frozen=True, slots=True)
class ChangeRole:
    """``was`` is the role that the person had when this was asked for, in the chat ``chat_id``."""

    user_id: int
    role: Role
    was: Role | None
    chat_id: int | None = None


@dataclass(frozen=True, slots=True)
class RemoveMember:
    """``was`` is the role that the person had when this was asked for, in the chat ``chat_id``."""

    user_id: int
    was: Role | None
    chat_id: int | None = None


@dataclass(frozen=True, slots=True)
class RoleChanged:
    """``unsent`` is what a removed person had in the queue."""

    change: Change
    unsent: Unsent = field(default_factory=Unsent)


def change_role(work: UnitOfWork, actor: Actor, command: ChangeRole) -> RoleChanged:
    """Give somebody another role, or their first one."""
    require(actor, UseCase.CHANGE_ROLE)
    refusal = _refusal(work, command.user_id, command.was, command.role)
    if refusal is not None:
        return RoleChanged(refusal)
    user_id, role, was = command.user_id, command.role, command.was
    if not give_role(work, actor.user_id, user_id, role, was=was):
        # Another admin has done the same at this moment.
        return RoleChanged(Change.UNCHANGED)
    kind = AuditKind.ALLOWED if was is None else AuditKind.ROLE_CHANGED
    work.audit.note(kind, actor.user_id, chat_id=command.chat_id, subject_id=user_id, detail=role)
    return RoleChanged(Change.DONE)


def remove_member(work: UnitOfWork, actor: Actor, command: RemoveMember) -> RoleChanged:
    """Take somebody's role, and with it all that they have begun; the codes in the queue are kept for the actor.

    Those of an admin who leaves by themselves are for another.
    """
    require(actor, UseCase.REMOVE_MEMBER)
    refusal = _refusal(work, command.user_id, command.was, None)
    if refusal is not None:
        return RoleChanged(refusal)
    if not give_role(work, actor.user_id, command.user_id, None, was=command.was):
        return RoleChanged(Change.UNCHANGED)
    work.audit.note(AuditKind.REMOVED, actor.user_id, chat_id=command.chat_id, subject_id=command.user_id)
    kept_for = actor.user_id
    if kept_for == command.user_id:
        admins = all_admins(work)
        unreachable = _why_unreachable(work)
        kept_for = next((each for each in admins if each not in unreachable), admins[0])
    hand_to_heir(work, command.user_id, kept_for)
    return RoleChanged(Change.DONE, cancel_unsent(work, command.user_id, kept_for))


def _refusal(work: UnitOfWork, user_id: int, was: Role | None, role: Role | None) -> Change | None:
    """Why somebody does not get this role; None where they do. Their role stays as it is until the transaction ends."""
    if user_id in work.settings_admins:
        return Change.UNCHANGED if role is Role.ADMIN else Change.BY_SETTINGS
    user = work.users.lock(user_id)
    present = None if user is None else user.role
    if present is role:
        return Change.UNCHANGED
    if present is not was:
        return Change.OUTDATED
    if present is Role.ADMIN and not work.settings_admins and list(work.users.lock_admins()) == [user_id]:
        return Change.LAST_ADMIN
    return None


# --- for the program itself -------------------------------------------------------------------------------------------


def all_roles(work: UnitOfWork) -> Mapping[int, Role]:
    """Everyone who has a role, by the settings or by the database."""
    of_database = {user.id: user.role for user in work.users.list_allowed() if user.role is not None}
    return of_database | dict.fromkeys(work.settings_admins, Role.ADMIN)


def are_allowed(work: UnitOfWork, user_ids: Sequence[int]) -> Sequence[bool]:
    """Whether the database gives each of them a role."""
    users = [work.users.find(user_id) for user_id in user_ids]
    return [user is not None and user.role is not None for user in users]
