"""Who may take codes that others leave; for the use cases of handoffs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.draft import Receiver
from bot.usecases.handoff_rows import Handoff
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Role
from bot.usecases.roles import has_role, rank


def may_receive(work: UnitOfWork, user_id: int) -> bool:
    return has_role(work, user_id, Role.MEMBER)


def everybody_who_imports(work: UnitOfWork) -> Mapping[int, str]:
    """Members and admins with how they are called, in the order in which they came."""
    names = {user.id: user.name for user in work.users.list_allowed() if rank(user.role) >= rank(Role.MEMBER)}
    settings = sorted(work.settings_admins - set(names))
    known = work.users.names(settings)
    return names | {user_id: known.get(user_id, "") for user_id in settings}


def receivers(work: UnitOfWork, receiver: Receiver, owner_id: int) -> Sequence[int]:
    """Whom to tell of codes that are for this receiver: never the one who left them."""
    if receiver.user_id is not None:
        return [receiver.user_id]
    return [user_id for user_id in everybody_who_imports(work) if user_id != owner_id]


def is_for(handoff: Handoff, user_id: int) -> bool:
    """Whether somebody may take what waits in it. What is for the team is for whoever left it too."""
    return handoff.receiver_id in {None, user_id}
