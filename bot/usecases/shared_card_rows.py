"""Rows of cards of which several people have a copy, and what the use cases need of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.usecases.records import Place, Shown


class SharedKind(StrEnum):
    """What a card is about; each kind has a table of its own, and the card the number of a row there."""

    ACCESS_REQUEST = "access_request"
    ACCESS_CROWD = "access_crowd"  # many requests; the number is that of the first
    GROUP_CHAT = "group_chat"
    INVITATION = "invitation"  # the message with its link, of which who made it has the only copy
    JOINED = "joined"  # somebody came by an invitation
    WRONG_CODES = "wrong_codes"  # many of one person
    RECEIPT = "receipt"  # a handoff, for the one to whom it comes back
    RECOVERY = "recovery"  # the number is that of the generation
    HANDOFF = "handoff"  # what one person is told of a handoff; the number is that of the notice


#: Cards that admins have, and nobody else.
OF_ADMINS = frozenset(SharedKind) - {SharedKind.RECEIPT, SharedKind.HANDOFF}


@dataclass(frozen=True, slots=True)
class SharedCard:
    """One person's copy. ``subject_id`` is the number of the row that it shows."""

    id: int
    kind: SharedKind
    subject_id: int
    where: Place
    card: Shown


class SharedCards(Protocol):
    def add(
        self, kind: SharedKind, subject_id: int, where: Place, message_id: int | None = None, *, quiet: bool = False
    ) -> None:
        """Give a person a copy, unless they have one; with ``message_id`` in place of what stands in that message.

        A ``quiet`` one is no news, unless it changes before it is shown.
        """

    def drop_unseen(self, copy_id: int, revision: int) -> None:
        """This copy need not be shown for the first time, unless it has changed since this revision."""

    def find(self, kind: SharedKind, subject_id: int, chat_id: int) -> int | None:
        """The number of the copy in this chat."""

    def skip_unseen(self, kind: SharedKind, subject_id: int) -> None:
        """Copies that are still to be shown for the first time need not be any more, whatever is bumped."""

    def forget_all_but(self, user_ids: Collection[int], kinds: Collection[SharedKind]) -> None:
        """Forget the copies of cards of these kinds that all people but these have."""

    def bump(self, kind: SharedKind, subject_id: int, *, repost: bool = False) -> Sequence[int]:
        """Every copy is to be shown anew, with ``repost`` as a new message; the chats in which they stand."""

    def bump_each(self, kind: SharedKind, subject_ids: Collection[int]) -> Sequence[int]:
        """The same for cards of many subjects, where they stand."""

    def take_away(self, chat_id: int, kinds: Collection[SharedKind]) -> Sequence[int]:
        """Nobody has a card of these kinds in this chat any more; the messages that were theirs."""

    def behind(self, chat_ids: Sequence[int]) -> Sequence[SharedCard]:
        """The copies in these chats that show less than is known."""
