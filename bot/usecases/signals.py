"""How whoever goes on with a change is woken."""

from __future__ import annotations

from typing import Protocol

from bot.usecases.import_rows import ImportRow


class Signals(Protocol):
    """Wakes whoever goes on with what a transaction has committed. It is collected, and delivered after the commit.

    A signal that is lost costs seconds and nothing else: everybody also looks around now and then.
    """

    def chat_behind(self, chat_id: int) -> None:
        """Something is to be shown, said or deleted in this chat."""

    def imports_queued(self) -> None:
        """Something is to be sent."""

    def imports_to_verify(self) -> None:
        """The received records are to be read."""

    def links_to_set(self) -> None:
        """An extraction link is to be set."""

    def groups_requested(self) -> None:
        """A group is to be made."""

    def lists_requested(self) -> None:
        """A list is to be read."""

    def lists_published(self) -> None:
        """A list has been read, or could not be."""

    def feed_behind(self) -> None:
        """Something is to be told in the team's feed."""

    def import_ended(self, row: ImportRow) -> None:
        """An import has ended, which is for the log of this process once the commit is known to be done."""

    def menus_due(self) -> None:
        """Telegram's menus of commands are to be published once more."""
