"""Cards of which several people have a copy: when what one shows changes, every copy does."""

from __future__ import annotations

from bot.usecases.admins import all_admins
from bot.usecases.ports import UnitOfWork
from bot.usecases.preferences import private_place
from bot.usecases.shared_card_rows import OF_ADMINS, SharedKind


def show_admins(work: UnitOfWork, kind: SharedKind, subject_id: int) -> None:
    """Give every admin a copy of a card."""
    for admin in all_admins(work):
        work.shared_cards.add(kind, subject_id, private_place(work, admin))
        work.signals.chat_behind(admin)


def show_changed(
    work: UnitOfWork, kind: SharedKind, subject_id: int, *, over: bool = False, repost: bool = False
) -> None:
    """Have every copy of a card say what is known now; with ``repost`` in a new message, which rings.

    Where it is ``over``, nobody is bothered any more who has not been shown the card yet.
    """
    if over:
        work.shared_cards.skip_unseen(kind, subject_id)
    for chat_id in work.shared_cards.bump(kind, subject_id, repost=repost):
        work.signals.chat_behind(chat_id)


def keep_to_admins(work: UnitOfWork) -> None:
    """Forget the copies of who is no admin any more: theirs stay as they are, and show nothing new."""
    work.shared_cards.forget_all_but(all_admins(work), OF_ADMINS)
