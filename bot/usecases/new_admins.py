"""Whoever becomes an admin has the cards of all that waits for an answer, as the other admins do."""

from __future__ import annotations

from bot.usecases.ports import UnitOfWork
from bot.usecases.shared_card_rows import SharedKind
from bot.usecases.shared_cards import keep_to_admins, show_admins


def show_waiting(work: UnitOfWork) -> None:
    """Give every admin a card of each request and group chat that waits, unless they have it."""
    alone, crowds = work.access_requests.waiting_cards()
    for request_id in alone:
        show_admins(work, SharedKind.ACCESS_REQUEST, request_id)
    for crowd_id in crowds:
        show_admins(work, SharedKind.ACCESS_CROWD, crowd_id)
    for group_id in work.group_chats.waiting_cards():
        show_admins(work, SharedKind.GROUP_CHAT, group_id)


def meet_admins(work: UnitOfWork) -> None:
    """At the start, when the settings may name other admins than before."""
    keep_to_admins(work)
    show_waiting(work)
