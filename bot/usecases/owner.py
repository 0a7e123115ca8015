"""What the use cases need of whose database it is."""

from __future__ import annotations

from typing import Protocol


class Owner(Protocol):
    def bot_id(self) -> int | None:
        """The number of the bot whose database it is; None before one has served from it."""

    def note(self, bot_id: int) -> None:
        """The database belongs to this bot from here on."""

    def forget_messages(self) -> None:
        """No message of the bot that it belonged to can be edited or deleted any more, and no update comes again.

        Cards of what is under way, or has ended without being told, are to be shown as new messages; all others are
        as they stay.
        """
