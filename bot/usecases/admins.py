"""Who decides who may use the bot; for the program itself."""

from __future__ import annotations

from collections.abc import Sequence

from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Role
from bot.usecases.recovery_gates import members_unconfirmed


def all_admins(work: UnitOfWork) -> Sequence[int]:
    """Everyone who is an admin, by the settings or by the database.

    In a recovery the database is not believed before its members are confirmed.
    """
    if members_unconfirmed(work):
        return sorted(work.settings_admins)
    known = {user.id for user in work.users.list_allowed() if user.role is Role.ADMIN}
    return sorted(known.union(work.settings_admins))
