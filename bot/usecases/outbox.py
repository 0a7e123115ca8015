"""Messages to send, edit and delete, as rows: what must be said survives a crash."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.usecases.records import Buttons, Note, Place


class Outbox(Protocol):
    def say(
        self,
        where: Place,
        text: str,
        now: datetime,
        *,
        buttons: Buttons = (),
        edit_message_id: int | None = None,
        reply_to: int | None = None,
        silent: bool = False,
    ) -> None:
        """Have a message sent, which may reply to one, or one edited."""

    def alert(self, where: Place, text: str, now: datetime, *, silent: bool) -> None:
        """Have a message sent that says how something is now."""

    def forget_alerts(self, chat_id: int) -> None:
        """Have those not sent that wait there."""

    def ask_person(self, where: Place, text: str, label: str, request_id: int, now: datetime) -> None:
        """Have a message sent with which the keyboard gets a button that chooses a person; the answer has the number.

        In private chats only.
        """

    def end_asking(self, where: Place, text: str, now: datetime) -> None:
        """Have a message sent with which that button goes."""

    def delete_card(self, where: Place, message_id: int, now: datetime) -> None:
        """Have a card deleted that stands further down by now."""

    def delete_secret(
        self, where: Place, message_id: int, *, deleted_text: str, refused_text: str, now: datetime
    ) -> None:
        """Have a message with a secret deleted. Which of the texts is said depends on how that goes.

        An empty ``deleted_text`` is not said.
        """

    def show_codes(self, where: Place, draft_id: int, hidden_text: str, now: datetime) -> None:
        """Have the codes of a draft shown for a while, in a message that says ``hidden_text`` before and after."""

    def show_kept_codes(self, where: Place, kept_id: int, hidden_text: str, now: datetime) -> None:
        """The same with a list of codes that were kept when somebody was removed."""

    def show_handed_codes(self, where: Place, handoff_id: int, hidden_text: str, now: datetime) -> None:
        """The same with the codes of a handoff that have come back."""

    def hide_codes(self, chat_id: int, now: datetime) -> None:
        """Have no codes shown in this chat that still were to be, and those hidden now that are."""

    def reveal(self, note: Note, message_id: int, now: datetime, hide_at: datetime) -> None:
        """The message for the codes is there: have them shown in it now, and hidden again then."""

    def leave(self, chat_id: int, now: datetime) -> None:
        """Have the bot leave a group chat."""

    def stay(self, chat_id: int) -> None:
        """It is not to leave any more."""

    def waiting(self, chat_ids: Sequence[int]) -> Sequence[Note]:
        """What is to be said in these chats, now or later, oldest first."""

    def done(self, note_id: int) -> None: ...
