"""The cards of requests to be let in, of which every admin has a copy."""

from __future__ import annotations

from enum import StrEnum

from bot.chat import words
from bot.chat.access import texts
from bot.chat.callbacks import ACCESS, Press, button
from bot.chat.cards import Card
from bot.chat.translator import Translator
from bot.usecases.access_request_rows import StoredRequest
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Buttons


class Action(StrEnum):
    """What a button is for."""

    ASK = "ask"
    ALLOW = "allow"
    REFUSE = "refuse"
    NEXT = "next"
    REFUSE_ALL = "refuse_all"
    SURE = "sure"  # to refuse all
    KEEP = "keep"  # and refuse nobody


def ask_button(t: Translator) -> tuple[str, str]:
    return button(texts.ask(t), Press(ACCESS, 0, 0, Action.ASK))


def request_card(work: UnitOfWork, t: Translator, request_id: int) -> Card:
    stored = work.access_requests.find(request_id)
    if stored is None:
        return Card(texts.request_gone(t), ())
    return card_of(work, t, stored)


def card_of(work: UnitOfWork, t: Translator, stored: StoredRequest) -> Card:
    buttons: Buttons = ()
    if stored.request.waits:
        buttons = [
            [
                button(texts.allow(t), Press(ACCESS, stored.id, 0, Action.ALLOW)),
                button(texts.refuse(t), Press(ACCESS, stored.id, 0, Action.REFUSE)),
            ]
        ]
    return Card(texts.request(t, stored, who_answered(work, stored)), buttons)


def who_answered(work: UnitOfWork, stored: StoredRequest) -> str:
    """How the admin is called who has answered; their id where no name is known."""
    by = stored.request.answered_by
    return "" if by is None else work.users.names([by]).get(by) or str(by)


def crowd_card(work: UnitOfWork, t: Translator, crowd_id: int) -> Card:
    crowd = work.access_requests.crowd(crowd_id)
    buttons: Buttons = ()
    if crowd.waiting:
        # Who comes after this was shown is not refused by it.
        refuse = Press(ACCESS, crowd_id, 0, Action.REFUSE_ALL, str(crowd.last_id))
        buttons = [
            [button(texts.one_by_one(t), Press(ACCESS, crowd_id, 0, Action.NEXT))],
            [button(texts.refuse_all(t), refuse)],
        ]
    return Card(texts.crowd(t, crowd), buttons, going_on=bool(buttons))


def sure_buttons(t: Translator, crowd_id: int, last_id: int) -> Buttons:
    """Under the question whether everybody is to be refused."""
    return [
        [button(texts.refuse_all(t), Press(ACCESS, crowd_id, 0, Action.SURE, str(last_id)))],
        [button(words.cancel(t), Press(ACCESS, crowd_id, 0, Action.KEEP))],
    ]
