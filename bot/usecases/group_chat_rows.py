"""Group chats as rows: which the bot is in, and whether it may work there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class GroupChatState(StrEnum):
    """How a group chat stands. The bot works in one that is ``ALLOWED``, and is silent in all others."""

    WAITING = "waiting"  # for an admin's answer
    ALLOWED = "allowed"
    REFUSED = "refused"  # the bot has left it, or is about to
    LEFT = "left"  # the bot was removed


@dataclass(frozen=True, slots=True)
class GroupChat:
    """A group chat; its title and the names are as they came from outside.

    ``added_by`` is who wants the bot there, None where that can't be told. ``asked_at``: when the admins were last told
    of it. ``shown_with`` is the group chat on whose card it stands, None where it has a card of its own.
    ``was_allowed``: it was when the bot was removed.
    """

    id: int
    chat_id: int
    title: str
    state: GroupChatState
    was_allowed: bool = False
    added_by: int | None = None
    added_by_name: str = ""
    added_by_username: str = ""
    asked_at: datetime | None = None
    shown_with: int | None = None
    answered_by: int | None = None
    answered_at: datetime | None = None

    @property
    def card_id(self) -> int:
        """The group chat on whose card it stands."""
        return self.shown_with or self.id


class GroupChats(Protocol):
    def find(self, chat_id: int) -> GroupChat | None: ...

    def by_id(self, group_id: int) -> GroupChat | None: ...

    def on_card(self, card_id: int) -> Sequence[GroupChat]:
        """The group chats that stand on the card of this one, the oldest first."""

    def asked_since(self, moment: datetime) -> Sequence[GroupChat]:
        """Those with a card of their own of which the admins were told since then, the newest first."""

    def waiting_cards(self) -> Sequence[int]:
        """On whose cards the group chats stand that wait for an answer, each once."""

    def add(self, chat_id: int, title: str, state: GroupChatState) -> GroupChat:
        """A new row; the one that is there where somebody else was first."""

    def write(self, group: GroupChat) -> None:
        """Write everything but the state and the chat's id, which change by themselves."""

    def change_state(self, group_id: int, before: Collection[GroupChatState], after: GroupChatState) -> bool:
        """Whether it stood in one of those states; only then it changes."""

    def leave_all(self) -> Sequence[int]:
        """It is another bot from now on, which is in none of them yet; the chats in which the old one worked."""

    def move(self, old: int, new: int) -> GroupChat | None:
        """A group has become a supergroup. Where both are known, the one that was dropped for the other.

        Telegram may have told that the bot is in the supergroup before it tells which group that was.
        """
