"""Cards of which several people have a copy: when what one shows changes, every copy does."""

from __future__ import annotations

from bot.usecases.admins import all_admins
from bot.usecases.ports import UnitOfWork
from bot.usecases.preferences import private_place
from bot.usecases.shared_card_rows import SharedKind


def show_admins(work: UnitOfWork, kind: SharedKind, subject_id: int) -> None:
    """Give every admin a copy of a card."""
    for admin in all_admins(work):
        work.shared_cards.add(kind, subject_id, private_place(work, admin))
        work.signals.chat_behind(admin)


def show_changed(work: UnitOfWork, kind: SharedKind, subject_id: int) -> None:
    """Have every copy of a card say what is known now."""
    for chat_id in work.shared_cards.bump(kind, subject_id):
        work.signals.chat_behind(chat_id)
