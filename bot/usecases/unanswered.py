"""What waits for an admin's answer is asked of whoever is an admin by now; for the program itself."""

from __future__ import annotations

from bot.usecases.access_requests import show_waiting_requests
from bot.usecases.group_chats import show_waiting_group_chats
from bot.usecases.ports import UnitOfWork
from bot.usecases.shared_cards import keep_to_admins


def show_unanswered(work: UnitOfWork) -> None:
    """Give every admin a card of each question that waits, unless they have it: somebody may have become one."""
    show_waiting_requests(work)
    show_waiting_group_chats(work)


def meet_admins(work: UnitOfWork) -> None:
    """At the start, when the settings may name other admins than before."""
    keep_to_admins(work)
    show_unanswered(work)
