"""Erasing a person: what is known of them goes, and what has to stay is nobody's any more."""

from __future__ import annotations

from bot.domain.import_events import ProxyGivenUp
from bot.errors import Refused
from bot.usecases.admins import all_admins
from bot.usecases.import_queue import change_batch
from bot.usecases.ports import UnitOfWork


def may_be_erased(work: UnitOfWork, user_id: int) -> bool:
    """Whether there is anything to erase. Raises ``Refused`` for an admin without whom it does not go."""
    if user_id in work.settings_admins:
        raise Refused(f"{user_id} is an admin by the setting ADMIN_IDS: take the number out there first.")
    if not work.erasing.is_known(user_id):
        return False
    if all_admins(work) == [user_id]:
        raise Refused(f"{user_id} is the only admin: make somebody else one first.")
    return True


def erase_settled(work: UnitOfWork, user_id: int, pseudonym: int) -> None:
    """Erase somebody who has nothing under way. What may have arrived of codes that others have left stays as it is."""
    for batch_id in work.erasing.missing_proxies(user_id):
        change_batch(work, batch_id, ProxyGivenUp())
    # Among them are the menus of admins, by their ids.
    work.published_texts.forget()
    # Telegram deletes messages of the last two days alone: what is older stays where admins have it.
    for where, message_id in work.erasing.forget_cards(user_id):
        work.outbox.delete_card(where, message_id, work.now)
    work.erasing.erase(user_id, pseudonym)
