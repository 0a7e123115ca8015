"""The card that asks the admins whether the bot may work in a group chat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.chat import words
from bot.chat.callbacks import GROUP_CHAT, Press, button
from bot.chat.cards import Card
from bot.chat.group_chats import texts
from bot.chat.translator import Html, Translator
from bot.usecases.group_chat_rows import GroupChat, GroupChatState
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Buttons

#: Group chats that can be allowed one by one on a card about several.
MOST_BUTTONS = 8
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Digits of the microseconds since then, for some three centuries.
MOST_DIGITS = 16


def access_card(work: UnitOfWork, t: Translator, card_id: int) -> Card:
    """The card of this group chat, with all others that stand on it."""
    groups = sorted(work.group_chats.on_card(card_id), key=lambda group: group.state is not GroupChatState.WAITING)
    waiting = [group for group in groups if group.state is GroupChatState.WAITING]
    names = work.users.names([group.answered_by for group in groups if group.answered_by is not None])
    answered = [(group, _answerer(group, names.get(group.answered_by or 0, ""))) for group in groups]
    if not groups:
        return Card(texts.nothing_to_answer(t), [])
    if len(groups) == 1:
        [group] = waiting or groups
        return Card(texts.about_group_chat(t, *answered[0]), [_answers(t, group)] if waiting else [])
    rows = [[_button(texts.allow_one(t, group), group.id, "allow")] for group in waiting[:MOST_BUTTONS]]
    if waiting:
        # What comes after this was shown is not refused by it.
        until = max((group.asked_at for group in waiting if group.asked_at is not None), default=EPOCH)
        rows.append([_button(texts.refuse_all(t), card_id, "refuse_all", _written(until))])
    return Card(texts.about_group_chats(t, answered), rows)


def _answerer(group: GroupChat, name: str) -> str:
    return name or str(group.answered_by or "")


def _answers(t: Translator, group: GroupChat) -> Sequence[tuple[str, str]]:
    return [
        _button(texts.allow_group_chat(t), group.id, "allow"),
        _button(texts.refuse_group_chat(t), group.id, "refuse"),
    ]


def sure_buttons(t: Translator, card_id: int, until: datetime) -> Buttons:
    """Under the question whether all are to be refused."""
    return [
        [_button(texts.refuse_all(t), card_id, "sure", _written(until))],
        [_button(words.cancel(t), card_id, "keep")],
    ]


def _written(moment: datetime) -> str:
    """As a button carries it: microseconds."""
    return str((moment - EPOCH) // timedelta(microseconds=1))


def moment_of(argument: str) -> datetime:
    """What is none lies before everything."""
    known = argument.isdecimal() and len(argument) <= MOST_DIGITS
    return EPOCH + timedelta(microseconds=int(argument)) if known else EPOCH


def _button(label: Html, group_id: int, action: str, argument: str = "") -> tuple[str, str]:
    return button(label, Press(GROUP_CHAT, group_id, 0, action, argument))
