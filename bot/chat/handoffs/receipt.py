"""The receipt: what has become of codes that somebody has left, for the one to whom they come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.chat import words
from bot.chat.callbacks import HANDOFF, Press, button
from bot.chat.cards import Card
from bot.chat.handoffs import receipt_texts as texts
from bot.chat.texts import problem
from bot.chat.translator import Html, Translator
from bot.domain.handoff import HandoffStatus
from bot.usecases.buttons import Problem
from bot.usecases.handoff_lists import HandoffView, view_of
from bot.usecases.handoff_people import may_receive
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Buttons
from bot.usecases.recovery_gates import sends_nothing


def receipt_card(work: UnitOfWork, t: Translator, handoff_id: int) -> Card:
    """The card of a handoff, as it is shown to whom it comes back."""
    handoff = work.handoffs.find(handoff_id)
    if handoff is None:
        return Card(texts.gone(t), ())
    if handoff.waiting and sends_nothing(work):
        return Card(problem(t, Problem.RESTORED), ())
    owner = work.users.find(handoff.owner_id)
    card = card_of(t, view_of(work, handoff, handoff.owner_id), owner.time_zone if owner is not None else "")
    return card if may_receive(work, handoff.owner_id) else replace(card, buttons=())


def card_of(t: Translator, view: HandoffView, time_zone: str, listed: str = "") -> Card:
    """The same in a reader's time zone, with what they may do; ``listed`` is the list of which it is an entry."""
    handoff = view.handoff
    parts = [texts.headline(t, view), texts.about(t, view, time_zone), _lines(texts.lines(t, view, time_zone))]
    if handoff.waiting and view.unreachable:
        parts.append(texts.not_opened(t, view))
    # What is being imported changes again and again.
    going_on = bool(handoff.with_status(HandoffStatus.IMPORTING))
    return Card("\n\n".join(parts), _buttons(t, view, listed), going_on=going_on)


def _lines(some: Sequence[Html]) -> Html:
    return Html("\n".join(some))


def _buttons(t: Translator, view: HandoffView, listed: str) -> Buttons:
    handoff = view.handoff

    def one(label: str, action: str) -> tuple[str, str]:
        return button(label, Press(HANDOFF, handoff.id, handoff.version, action, listed))

    rows: list[Sequence[tuple[str, str]]] = []
    if handoff.returned and view.owned:
        rows.append([one(words.import_count(t, len(handoff.returned)), "import"), one(words.show_code(t), "codes")])
    moving = []
    if handoff.movable and view.owned:
        moving.append(one(texts.withdraw(t), "withdraw"))
    if (handoff.movable or handoff.returned) and view.may_assign:
        moving.append(one(texts.reassign(t), "reassign"))
    if moving:
        rows.append(moving)
    if len(handoff.waiting) > 1 and view.may_assign:
        rows.append([one(texts.split(t), "split")])
    return rows
