"""Begins a recovery, and tells everybody who had something open."""

from __future__ import annotations

from bot.chat.recovery import texts
from bot.chat.telling import tell
from bot.usecases.ports import UnitOfWork
from bot.usecases.recovery import begin_recovery
from bot.usecases.recovery_rows import Misfit


def recover(work: UnitOfWork, generation: int, why: Misfit) -> None:
    for user_id in begin_recovery(work, generation, why):
        tell(work, user_id, texts.closed)
