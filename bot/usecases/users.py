"""What the use cases need of the people who may use the bot."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.draft import LastChoices
from bot.usecases.records import Role, User


class Users(Protocol):
    def find(self, user_id: int) -> User | None: ...

    def lock(self, user_id: int) -> User | None:
        """The same; until the transaction ends nobody else changes their role."""

    def lock_with_role(self, user_id: int) -> tuple[User, Role | None] | None:
        """The same, with the role that counts now: none does while the members of a restored database are unconfirmed.

        Asked at every step of a conversation.
        """

    def lock_admins(self) -> Sequence[int]:
        """The admins of the database; until the transaction ends none of them ceases to be one by another's doing."""

    def list_allowed(self) -> Sequence[User]:
        """Who has a role in the database, in the order in which they came."""

    def keep(self, user_id: int, name: str, language: str, now: datetime, username: str | None = None) -> User:
        """The person as Telegram describes them now; a new row has no role.

        The language is kept where none was: Telegram's differs from phone to phone, and people choose another. With
        None the username stays as it is.
        """

    def note_seen(self, user_id: int, now: datetime) -> None:
        """The person has written or tapped."""

    def set_language(self, user_id: int, language: str) -> None: ...

    def set_time_zone(self, user_id: int, time_zone: str) -> None: ...

    def set_role(self, user_id: int, role: Role | None, by: int, now: datetime) -> bool:
        """Give or take a role; False when it was so already. Somebody not seen before gets a row without a name."""

    def remember(self, user_id: int, last: LastChoices) -> None: ...

    def has_admin(self) -> bool: ...

    def names(self, user_ids: Collection[int]) -> Mapping[int, str]:
        """How these people are called."""

    def all_names(self) -> Mapping[int, str]:
        """How everybody is called who is known."""

    def called(self, part: str) -> Sequence[int]:
        """Whose name or username has this in it, whatever the case, by their ids; with an @ whose username it is."""
