"""Cards in a group chat: whose they are, and what can be done there alone."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat.callbacks import read
from bot.chat.cards import Card
from bot.chat.drafting.keyboards import LISTED, PAGE, Buttons, Row
from bot.chat.group_chats import texts
from bot.chat.handoffs.draft_people import NOBODY, DraftPeople
from bot.chat.translator import Translator
from bot.domain.draft import SEARCH_STEPS, Step, step
from bot.domain.remote_lists import Lists
from bot.usecases.records import DraftState, Place, StoredDraft


def owned(t: Translator, where: Place, card: Card, names: Mapping[int, str]) -> Card:
    """The card, in a group chat with the name of whose it is."""
    name = "" if where.private else names.get(where.user_id, "")
    return Card(f"{texts.owner(t, name)}\n{card.text}", card.buttons) if name else card


#: Steps at which somebody is offered to type a secret in private; at the others there is something to tap.
_OFFER_PRIVATE = frozenset({Step.PROXY, Step.CUSTOM, Step.PASSWORD, Step.LINK})
#: Those of them whose question asks for typing.
_ASK_FOR_SECRET = _OFFER_PRIVATE - {Step.PROXY}


def with_buttons_of_groups(
    t: Translator, stored: StoredDraft, card: Card, lists: Lists, people: DraftPeople = NOBODY
) -> Card:
    """The card of a draft, in a group chat with the buttons that it has there alone, above those that are no answer."""
    if stored.where.private or stored.state is not DraftState.OPEN:
        return card
    asked = step(stored.draft)
    text = f"{card.text}\n\n{texts.not_here(t)}" if asked in _ASK_FOR_SECRET else card.text
    # What is no answer stays below all answers.
    below = 2 if len(card.buttons) > 1 and _does(card.buttons[-2][0], "hand") else 1
    rows = [*card.buttons[:-below], *_rows(t, stored, asked, lists, people), *card.buttons[-below:]]
    return Card(text, rows)


def _rows(t: Translator, stored: StoredDraft, asked: Step, lists: Lists, people: DraftPeople) -> list[Row]:
    buttons = Buttons(t, stored)
    if asked is Step.RECEIVER:
        is_long = bool(stored.draft.search) or (people.receivers is not None and people.receivers.pages > 1)
        return [[buttons.one(texts.search(t), "search")]] if is_long else []
    if asked in SEARCH_STEPS and _length(asked, lists) > PAGE:
        return [[buttons.one(texts.search(t), "search")]]
    if asked in _OFFER_PRIVATE:
        return [[buttons.one(texts.go_on_in_private(t), "private")]]
    return []


def _length(asked: Step, lists: Lists) -> int:
    """How long the list is that is searched at this step."""
    return len((lists.groups() if asked is Step.GROUP else lists.proxies(LISTED[asked])) or ())


def continuing(t: Translator, stored: StoredDraft, card: Card, continued: StoredDraft | None) -> Card:
    """The card of a draft that asks in private for one of a group chat, with the way back to it."""
    address = None if continued is None else message_link(continued.where, continued.card.message_id)
    way_back = [] if address is None else [[(texts.to_group_chat(t), address)]]
    if stored.state is DraftState.OPEN:
        # Where no proxy was chosen before, there is nothing to go back to.
        first = step(stored.draft) is Step.PROXY and stored.draft.proxy is None
        rows = [[button for button in row if not (first and _does(button, "back"))] for row in card.buttons]
        return Card(f"{texts.asking_for_group_chat(t)}\n\n{card.text}", [*rows, *way_back])
    if stored.state is DraftState.PUT_AWAY:
        return card
    if stored.state is DraftState.CONTINUED:
        return Card(texts.taken_for_group_chat(t), way_back)
    if continued is not None and continued.state is DraftState.OPEN:
        return Card(texts.left_private(t), way_back)
    return Card(texts.ended_in_group_chat(t), way_back)


def _does(button: tuple[str, str], action: str) -> bool:
    press = read(button[1])
    return press is not None and press.action == action


#: Telegram writes a supergroup's id as this less the number that its links have.
_SUPERGROUPS = -(10**12)


def message_link(where: Place, message_id: int | None) -> str | None:
    """The address of a message, which its chat's members can open. There is none in groups of the old kind."""
    number = _SUPERGROUPS - where.chat_id
    if message_id is None or number <= 0:
        return None
    topic = "" if where.thread_id is None else f"{where.thread_id}/"
    return f"https://t.me/c/{number}/{topic}{message_id}"
