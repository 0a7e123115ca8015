"""Roles: how much each may do, who has one, and the one way in which somebody gets another. For the use cases."""

from __future__ import annotations

from collections.abc import Sequence

from bot.usecases.access_request_ends import close_request, know_asker
from bot.usecases.handoff_changes import show_handoffs_of
from bot.usecases.invitation_ends import bar_who_was_removed, revoke_of
from bot.usecases.leaving import end_administering, end_importing
from bot.usecases.new_admins import show_waiting
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Role

#: From the one that may do the least.
_RANKS: Sequence[Role] = list(Role)


def rank(role: Role | None) -> int:
    """Roles by how much they may do; none is the least."""
    return 0 if role is None else 1 + _RANKS.index(role)


def above(role: Role) -> Role | None:
    """The role that may do more, None above the highest."""
    return next(iter(_RANKS[rank(role) :]), None)


def below(role: Role) -> Role | None:
    """The role that may do less, None below the lowest."""
    return next(reversed(_RANKS[: rank(role) - 1]), None)


def has_role(work: UnitOfWork, user_id: int, role: Role) -> bool:
    """Whether somebody has this role, or one that may do more."""
    if user_id in work.settings_admins:
        return True
    user = work.users.find(user_id)
    return user is not None and rank(user.role) >= rank(role)


def give_role(work: UnitOfWork, by: int, user_id: int, role: Role | None, *, was: Role | None) -> bool:
    """Give somebody a role, or take theirs, with all that follows; False where theirs is no longer what it ``was``.

    Whoever calls this has decided to, notes it in the audit, and has the person told.
    """
    user = work.users.lock(user_id)
    if (None if user is None else user.role) is not was or not work.users.set_role(user_id, role, by, work.now):
        return False
    if role is None:
        bar_who_was_removed(work, user_id, by)
    elif was is None:
        close_request(work, user_id, by)
        know_asker(work, user_id)
    if role is Role.ADMIN:
        show_waiting(work)
    else:
        revoke_of(work, user_id, by)
        end_administering(work, user_id)
        # They may be codes that nobody but an admin sees.
        work.outbox.hide_codes(user_id, work.now)
        work.signals.chat_behind(user_id)
    if role in {None, Role.VIEWER} or was is None:
        # Who comes back begins anew.
        end_importing(work, user_id)
    show_handoffs_of(work, user_id)
    work.signals.menus_due()
    return True
