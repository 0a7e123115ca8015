"""The part of a draft's card that is about leaving its codes for somebody, and its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.chat import words
from bot.chat.cards import Card, begin_button, in_rows
from bot.chat.drafting.keyboards import Buttons, Row, show_code
from bot.chat.drafting.texts import page
from bot.chat.handoffs import hand_over_texts as texts
from bot.chat.handoffs.draft_people import DraftPeople
from bot.chat.translator import Html, Translator
from bot.domain.draft import Draft, HandOver, Step, step
from bot.domain.hand_over_transitions import EXPIRIES
from bot.usecases.records import DraftState, StoredDraft


def ended(t: Translator, stored: StoredDraft, people: DraftPeople) -> Card | None:
    """The card of a draft that has ended, and whose codes are somebody else's; None of any other."""
    if stored.state is DraftState.HANDED_OVER:
        return Card(texts.handed_over(t, people.receiver), [])
    # A draft into which nothing was taken ends in no other way.
    if stored.handoff_id is None or stored.state not in _ENDED:
        return None
    return Card(_ENDED[stored.state](t, people), [*show_code(t, stored), [begin_button(t)]])


_ENDED: Mapping[DraftState, Callable[[Translator, DraftPeople], Html]] = {
    DraftState.CANCELLED: lambda t, people: texts.cancelled(t, people.giver),
    DraftState.EXPIRED: lambda t, people: texts.not_confirmed_for_a_day(t, people.giver),
    DraftState.NOT_CONFIRMED: lambda t, people: texts.not_confirmed(t, people.giver),
    DraftState.TAKEN_BACK: lambda t, people: texts.taken_back(t, people.giver if people.withdrawn else ""),
}


def asking(t: Translator, stored: StoredDraft, people: DraftPeople) -> list[Html]:
    """What the card asks."""
    draft = stored.draft
    match step(draft):
        case Step.RECEIVER:
            said = [texts.ask_receiver(t)]
            found = people.receivers
            if found is not None and not found.people:
                said.append(texts.nobody_found(t, draft.search) if draft.search else texts.nobody_there(t))
            elif found is not None and found.pages > 1:
                said.append(page(t, found.page + 1, found.pages))
            return said
        case Step.HANDOFF_NOTE:
            return [texts.ask_note(t, draft.note)]
        case Step.EXPIRY:
            return [texts.ask_expiry(t)]
        case _:
            return _sum_up(t, draft, people)


def _sum_up(t: Translator, draft: Draft, people: DraftPeople) -> list[Html]:
    said = [texts.question(t, len(draft.codes), people.receiver)]
    if draft.note:
        said.append(texts.note_line(t, draft.note))
    said.append(texts.expiry_line(t, _wanted(draft).hours))
    if draft.group is not None or draft.proxy is not None:
        said.append(texts.may_be_changed(t))
    return said


def _wanted(draft: Draft) -> HandOver:
    return draft.hand_over or HandOver()


def rows(t: Translator, stored: StoredDraft, people: DraftPeople) -> Sequence[Row]:
    """All buttons of the card."""
    buttons = Buttons(t, stored)
    return [*_ROWS[step(stored.draft)](t, buttons, stored.draft, people), *show_code(t, stored), buttons.last()]


def _receiver(t: Translator, buttons: Buttons, draft: Draft, people: DraftPeople) -> Sequence[Row]:
    found = people.receivers
    result: list[Row] = []
    if found is not None:
        called = zip(texts.labels(t, found), found.people, strict=True)
        result += in_rows([buttons.one(label, "receiver", user_id) for label, (user_id, _) in called])
        result += buttons.pages(found.page, found.pages)
    if draft.search:
        result.append([buttons.one(words.all_of_these(t), "all")])
    return [*result, [buttons.one(Html(f"👥 {texts.the_team(t)}"), "team")]]


def _hand_over(t: Translator, buttons: Buttons, _draft: Draft, _people: DraftPeople) -> Sequence[Row]:
    return [
        [buttons.one(Html(f"✅ {words.hand_over(t)}"), "hand_over")],
        [
            buttons.one(texts.note(t), "change", Step.HANDOFF_NOTE),
            buttons.one(texts.time_limit(t), "change", Step.EXPIRY),
        ],
        [buttons.one(texts.change_receiver(t), "change", Step.RECEIVER)],
    ]


def _note(t: Translator, buttons: Buttons, draft: Draft, _people: DraftPeople) -> Sequence[Row]:
    return [[buttons.one(texts.no_note(t), "no_note")]] if draft.note else []


def _expiry(t: Translator, buttons: Buttons, _draft: Draft, _people: DraftPeople) -> Sequence[Row]:
    some = [buttons.one(texts.after(t, hours), "expiry", hours) for hours in EXPIRIES]
    some.append(buttons.one(texts.never(t), "expiry", 0))
    return [some[at : at + 2] for at in range(0, len(some), 2)]


_ROWS: Mapping[Step, Callable[[Translator, Buttons, Draft, DraftPeople], Sequence[Row]]] = {
    Step.RECEIVER: _receiver,
    Step.HANDOFF_NOTE: _note,
    Step.EXPIRY: _expiry,
    Step.HAND_OVER: _hand_over,
}
