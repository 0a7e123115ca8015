"""Who decides who may use the bot; for the program itself."""

from __future__ import annotations

from collections.abc import Sequence

from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Role


def all_admins(work: UnitOfWork) -> Sequence[int]:
    """Everyone who is an admin, by the settings or by the database."""
    known = {user.id for user in work.users.list_allowed() if user.role is Role.ADMIN}
    return sorted(known.union(work.settings_admins))
