"""Drafts as the use cases find and write them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.draft import Draft
from bot.domain.remote_lists import Listing
from bot.domain.transfer_code import TransferCode
from bot.usecases.records import DraftState, Place, StoredDraft


class Drafts(Protocol):
    def find(self, draft_id: int) -> StoredDraft | None: ...

    def find_open(self, where: Place) -> StoredDraft | None:
        """The open draft for which what is typed in this place is: of the person, in that chat and topic."""

    def find_of_message(self, where: Place, message_id: int) -> StoredDraft | None:
        """The person's open draft with a code of this message of theirs."""

    def show_below_what_is_behind(self) -> None:
        """Open drafts whose cards show less than their rows are to be shown in new messages."""

    def behind(self, chat_ids: Sequence[int]) -> Sequence[StoredDraft]:
        """The drafts of these chats whose cards show less than their rows."""

    def open_differing(self, listing: Listing, labels: Mapping[int, str]) -> Sequence[StoredDraft]:
        """Open drafts that have chosen from the list what has another name there by now, or is on it no more.

        ``labels`` are the names on the list by their numbers. Drafts with choices of a code's own are among them all.
        """

    def all_open(self) -> Sequence[StoredDraft]:
        """Every open draft, of everyone."""

    def open_of(self, user_id: int) -> Sequence[StoredDraft]:
        """Every open draft of the person, wherever."""

    def open_in(self, chat_id: int) -> Sequence[StoredDraft]:
        """Every open draft of a chat, of everyone."""

    def open_new(
        self,
        where: Place,
        draft: Draft,
        now: datetime,
        retries: Mapping[str, int] | None = None,
        *,
        continues: int | None = None,
        handoff_id: int | None = None,
        sent_in: Mapping[TransferCode, int] | None = None,
    ) -> int:
        """A new open draft; its id. What is typed there is for this one now.

        When it ends that is for the newest of the others that the person has open there. With the end of the one that
        it ``continues`` it is cancelled. Its codes were taken from the handoff ``handoff_id``. ``sent_in`` says in
        which message each of its codes stood.
        """

    def change(
        self,
        before: StoredDraft,
        draft: Draft,
        now: datetime,
        *,
        repost: bool,
        sent_in: Mapping[TransferCode, int] | None = None,
    ) -> bool:
        """Write the next draft over the one that was read; False when somebody else was first.

        ``repost`` has the card moved under what was typed. ``sent_in`` says in which message each new code stood.
        """

    def note(self, before: StoredDraft, draft: Draft) -> bool:
        """Write what its person need not see: the card's revision stays. False when somebody else was first."""

    def with_proxy_kept_until(self, moment: datetime) -> Sequence[StoredDraft]:
        """Open drafts whose proxy came without a code and is kept until then or before."""

    def with_new_group(self) -> Sequence[StoredDraft]:
        """Open drafts with a group that is still to be made."""

    def hand_over(self, before: StoredDraft, now: datetime) -> bool:
        """End the draft as it was read, whose codes are left for somebody; False when somebody else was first.

        In private its card is that of what was left.
        """

    def forget_codes(self, draft_id: int, codes: Collection[TransferCode]) -> None:
        """These codes are not its person's any more: they are not kept for it, whether it is open or has ended."""

    def close(self, draft_id: int, state: DraftState, now: datetime) -> bool:
        """End an open draft and forget its codes and secrets; False when it was not open."""
