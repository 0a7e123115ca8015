"""Who may use the bot, and what admins do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.usecases.access_requests import close_request
from bot.usecases.actor import Actor
from bot.usecases.audit import AuditKind
from bot.usecases.invitation_ends import after_removal
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Role, User
from bot.usecases.shared_cards import keep_to_admins


class Change(StrEnum):
    """What became of giving or taking a role."""

    DONE = "done"
    UNCHANGED = "unchanged"  # it was so already
    NO_USER = "no_user"  # nobody was named
    BY_SETTINGS = "by_settings"  # an admin by the settings stays one


@dataclass(frozen=True, slots=True)
class ListMembers:
    """Asks who may use the bot."""


@dataclass(frozen=True, slots=True)
class Members:
    """Admins of the settings, and who has a role in the database, in the order in which they came."""

    by_settings: Sequence[int]
    users: Sequence[User]


def list_members(work: UnitOfWork, actor: Actor, command: ListMembers) -> Members:  # noqa: ARG001 - it asks for all
    require(actor, UseCase.LIST_MEMBERS)
    return Members(sorted(work.settings_admins), work.users.list_allowed())


@dataclass(frozen=True, slots=True)
class ChangeMember:
    """``user_id`` is None when what was typed is no user's id. ``chat_id`` is where it was typed."""

    user_id: int | None
    chat_id: int | None = None


@dataclass(frozen=True, slots=True)
class MemberChanged:
    user_id: int
    change: Change


def allow(work: UnitOfWork, actor: Actor, command: ChangeMember) -> MemberChanged:
    """Make somebody a member who has no role."""
    require(actor, UseCase.ALLOW)
    user_id = command.user_id
    if user_id is None:
        return MemberChanged(0, Change.NO_USER)
    known = work.users.find(user_id)
    if user_id in work.settings_admins or (known is not None and known.role is not None):
        return MemberChanged(user_id, Change.UNCHANGED)
    close_request(work, user_id, actor.user_id)
    work.users.set_role(user_id, Role.MEMBER, actor.user_id, work.now)
    work.audit.note(AuditKind.ALLOWED, actor.user_id, chat_id=command.chat_id, subject_id=user_id, detail=Role.MEMBER)
    return MemberChanged(user_id, Change.DONE)


def remove(work: UnitOfWork, actor: Actor, command: ChangeMember) -> MemberChanged:
    """Take somebody's role."""
    require(actor, UseCase.REMOVE)
    user_id = command.user_id
    if user_id is None:
        return MemberChanged(0, Change.NO_USER)
    if user_id in work.settings_admins:
        return MemberChanged(user_id, Change.BY_SETTINGS)
    changed = work.users.set_role(user_id, None, actor.user_id, work.now)
    keep_to_admins(work)
    if not changed:
        return MemberChanged(user_id, Change.UNCHANGED)
    after_removal(work, user_id, actor.user_id)
    work.audit.note(AuditKind.REMOVED, actor.user_id, chat_id=command.chat_id, subject_id=user_id)
    return MemberChanged(user_id, Change.DONE)


def are_allowed(work: UnitOfWork, user_ids: Sequence[int]) -> Sequence[bool]:
    """Whether the database gives each of them a role; for the program itself."""
    users = [work.users.find(user_id) for user_id in user_ids]
    return [user is not None and user.role is not None for user in users]
