"""Handoffs as rows, and what the use cases need of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.draft import Draft
from bot.domain.handoff import MOVABLE, RETURNED, HandedCode, HandoffStatus, has_ended
from bot.domain.transfer_code import TransferCode


@dataclass(frozen=True, slots=True)
class HandoffCode:
    """One code of a handoff; ``code`` is None where it is not kept any more. So it stands since ``changed_at``."""

    id: int
    code: TransferCode | None
    code_mask: str
    state: HandedCode
    changed_at: datetime

    @property
    def status(self) -> HandoffStatus:
        return self.state.status


@dataclass(frozen=True, slots=True)
class Handoff:
    """Codes that ``giver_id`` has left for ``receiver_id``, or (None) for the team.

    ``owner_id`` is to whom they come back: who left them, or an admin where that person was removed. ``waiting_since``
    is when it was left, or given to somebody else. ``reminded``: whom it waits for has been reminded. ``version`` goes
    up with every change.
    """

    id: int
    giver_id: int
    owner_id: int
    receiver_id: int | None
    note: str
    created_at: datetime
    waiting_since: datetime
    expires_at: datetime | None
    reminded: bool
    version: int
    codes: Sequence[HandoffCode]

    def with_status(self, *statuses: HandoffStatus) -> Sequence[HandoffCode]:
        return [code for code in self.codes if code.status in statuses]

    @property
    def waiting(self) -> Sequence[HandoffCode]:
        """What can be taken."""
        return self.with_status(HandoffStatus.WAITING)

    @property
    def movable(self) -> Sequence[HandoffCode]:
        """What can be taken back, or be given to somebody else at once."""
        return self.with_status(*MOVABLE)

    @property
    def returned(self) -> Sequence[HandoffCode]:
        """What has come back and is kept."""
        return [code for code in self.with_status(*RETURNED) if code.code is not None]

    @property
    def ended(self) -> bool:
        return has_ended([code.status for code in self.codes])


@dataclass(frozen=True, slots=True)
class HandoffNotice:
    """What one person is told of a handoff that is for them. ``later_at``: they want to be told once more then."""

    id: int
    handoff_id: int
    user_id: int
    later_at: datetime | None
    later_used: bool


@dataclass(frozen=True, slots=True)
class HandoffPage:
    """Handoffs, newest first; ``pages`` is 1 where there are none."""

    handoffs: Sequence[Handoff]
    page: int
    pages: int


class Handoffs(Protocol):
    """What is named ``lock`` reads what nobody else can change until the transaction ends. The oldest come first."""

    def add(
        self,
        giver_id: int,
        receiver_id: int | None,
        draft: Draft,
        *,
        expires_at: datetime | None,
        now: datetime,
    ) -> int:
        """A handoff with the choices of a draft as a proposal, and no codes yet; its number."""

    def add_codes(self, handoff_id: int, codes: Sequence[TransferCode], now: datetime) -> None: ...

    def find(self, handoff_id: int) -> Handoff | None: ...

    def lock(self, handoff_id: int) -> Handoff | None: ...

    def proposal(self, handoff_id: int) -> Draft | None:
        """The draft as it was left, with all its codes and secrets; None where it is not kept any more."""

    def save(self, handoff_id: int, codes: Sequence[HandoffCode], now: datetime) -> None:
        """Write where these codes stand, of a handoff that was read under lock. Codes that are spent are forgotten."""

    def assign(self, handoff_id: int, receiver_id: int | None, now: datetime) -> None:
        """It waits for this person, or for the team, from now on."""

    def set_owner(self, handoff_id: int, owner_id: int) -> None: ...

    def split_off(self, handoff_id: int, code_ids: Collection[int]) -> int:
        """Move codes to a handoff of their own, alike in all else; its number."""

    def waiting_for(self, user_id: int, *, page: int, size: int) -> HandoffPage:
        """What waits for a person, and for the team: but not what they have left for that themselves."""

    def of_owner(self, user_id: int | None, *, page: int, size: int) -> HandoffPage:
        """What comes back to a person, or (None) all there is."""

    # --- what ends, and what is to be said ----------------------------------------------------------------------------

    def unfinished_of(self, user_id: int) -> Sequence[int]:
        """The handoffs that wait for a person, or of which they have taken something that is not imported."""

    def owned_by(self, user_id: int) -> Sequence[int]:
        """The handoffs that come back to a person, or have come back and are kept."""

    def let_go(self) -> Sequence[int]:
        """The handoffs with codes that are taken into a draft that is not open any more."""

    def taken_before(self, moment: datetime) -> Sequence[int]:
        """The handoffs with codes that were taken before then and are not confirmed yet."""

    def expired_at(self, moment: datetime) -> Sequence[int]:
        """The handoffs with codes that wait although their time is over."""

    def to_remind_of(self, moment: datetime) -> Sequence[int]:
        """The handoffs that have waited since before then, of which nobody has been reminded."""

    def note_reminded(self, handoff_id: int) -> None: ...

    def forget_ended_before(self, moment: datetime) -> None:
        """Forget handoffs of which nothing has changed since then, and that have ended."""

    def all_unfinished(self) -> Sequence[int]: ...


class HandoffNotices(Protocol):
    def add(self, handoff_id: int, user_id: int) -> int:
        """What somebody is told; the one that there is where they have been told before."""

    def find(self, notice_id: int) -> HandoffNotice | None: ...

    def of_person(self, handoff_id: int, user_id: int) -> HandoffNotice | None: ...

    def of_handoff(self, handoff_id: int) -> Sequence[HandoffNotice]: ...

    def waiting_of(self, user_id: int) -> Sequence[HandoffNotice]:
        """What a person has been told of that still waits, for whoever it is."""

    def put_off(self, notice_id: int, until: datetime) -> None:
        """Somebody wants to be told again then."""

    def due(self, moment: datetime) -> Sequence[HandoffNotice]:
        """Those that were put off until then or before."""

    def note_repeated(self, notice_id: int) -> None: ...


class HeldCodes(Protocol):
    """Which codes are somebody's: those that wait in a handoff, and those of living imports.

    Each has one row, by the keyed hash, written in the transaction that makes the other.
    """

    def handoffs_of(self, codes: Collection[TransferCode]) -> Mapping[TransferCode, int]:
        """Which of these codes wait in a handoff, with its number."""

    def hold(self, codes: Sequence[TransferCode], handoff_id: int) -> frozenset[TransferCode]:
        """Hold codes for a handoff; those that are nobody else's, which are held by now."""

    def hand_on(self, codes: Collection[TransferCode], old: int, new: int) -> None:
        """Codes that one handoff holds are another's."""

    def release(self, codes: Collection[TransferCode], handoff_id: int) -> None:
        """Codes that this handoff holds are nobody's."""

    def release_imports(self, import_ids: Collection[int]) -> None:
        """The codes of these imports, which have ended without arriving, are nobody's."""

    def in_drafts_of_others(self, codes: Collection[TransferCode], user_id: int) -> Mapping[TransferCode, int]:
        """Which of these codes are in open drafts of somebody else, and whose."""
