"""A recovery: the database is not the one that was served last, so that it is not known what was done meanwhile.

Until an admin has said that the right ixBrowser account is logged in, nothing is read there or sent; and until the
received records were read twice after that, nothing is sent. Until the members are confirmed, only the admins by the
settings may use the bot.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.handoff import Arrived
from bot.domain.ixbrowser_objects import ReceivedRecord
from bot.domain.transfer_code import TransferCode
from bot.usecases.access_request_ends import end_all_requests
from bot.usecases.actor import Actor
from bot.usecases.audit import AuditKind
from bot.usecases.buttons import Problem
from bot.usecases.draft_closing import let_go
from bot.usecases.handoff_changes import change, show
from bot.usecases.import_queue import doubt_queued
from bot.usecases.invitation_ends import revoke_all
from bot.usecases.new_admins import show_waiting
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import DraftState, User
from bot.usecases.recovery_rows import Decision, Misfit, NewestRecord, Recovery
from bot.usecases.shared_card_rows import SharedKind
from bot.usecases.shared_cards import show_admins, show_changed


def begin_recovery(work: UnitOfWork, generation: int, why: Misfit) -> Sequence[int]:
    """Begin one; who had something open, and is to be told. For the program itself."""
    people = work.recoveries.people_under_way()
    revoke_all(work)
    end_all_requests(work)
    for stored in work.drafts.all_open():
        let_go(work, stored)
        work.drafts.close(stored.id, DraftState.CANCELLED, work.now)
    doubt_queued(work)
    work.recoveries.forget_what_is_shown()
    # What was published and fetched since is not known.
    work.published_texts.forget()
    work.polling.forget()
    work.recoveries.begin(generation, why, work.now)
    show_admins(work, SharedKind.RECOVERY, generation)
    return people


def settle_codes(work: UnitOfWork, received: Collection[TransferCode]) -> None:
    """The received records were read twice, and these are the codes in them.

    Imports settle themselves. Whatever else keeps codes that wait settles them here, before anything of it is shown or
    sent again: what is among these has arrived.
    """
    recovery = work.recoveries.lock()
    if recovery is None or recovery.settled:
        return
    _settle_handoffs(work, received)
    work.recoveries.note_settled(recovery.generation, work.now)
    _show(work, recovery)
    for wake in (work.signals.imports_queued, work.signals.links_to_set, work.signals.groups_requested):
        wake()


def _settle_handoffs(work: UnitOfWork, received: Collection[TransferCode]) -> None:
    """Codes that wait in handoffs and have arrived are imported."""
    for handoff_id in work.handoffs.all_unfinished():
        handoff = work.handoffs.lock(handoff_id)
        if handoff is not None:
            change(work, handoff, Arrived(), [each.id for each in handoff.codes if each.code in received])
            show(work, handoff_id)


# --- what the station sees --------------------------------------------------------------------------------------------


def open_recovery(work: UnitOfWork) -> Recovery | None:
    """The recovery for which the received records are still to be read; None without such."""
    recovery = work.recoveries.current()
    return None if recovery is None or recovery.settled else recovery


def note_newest(work: UnitOfWork, records: Sequence[ReceivedRecord]) -> None:
    """Show admins what this station's ixBrowser has received last, where that is something else than before."""
    recovery = work.recoveries.lock()
    if recovery is None or recovery.settled:
        return
    newest = NewestRecord(work.station, is_empty=True)
    if records:
        last = max(records, key=lambda record: (record.received_at.timestamp() if record.received_at else 0, record.id))
        newest = NewestRecord(work.station, last.profile_name, last.account, last.received_at)
    if work.recoveries.note_newest(recovery.generation, newest) and recovery.decision is not Decision.GOING_ON:
        _show(work, recovery)


# --- what admins see --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RecoveryView:
    """``members`` are those who have access by the database, ``admins`` those by the settings, with their names.

    The digests tell what was shown from what is there by now."""

    recovery: Recovery
    members: Sequence[User]
    admins: Mapping[int, str]
    newest: Sequence[NewestRecord]

    @property
    def members_digest(self) -> str:
        return _digest([(user.id, user.role) for user in self.members] + [(admin, "") for admin in self.admins])

    @property
    def newest_digest(self) -> str:
        return _digest([(each.station, each.name, each.account, each.received_at) for each in self.newest])


def view(work: UnitOfWork, generation: int) -> RecoveryView | None:
    """How the latest recovery stands; None where it is another one. For the program itself."""
    recovery = work.recoveries.current()
    if recovery is None or recovery.generation != generation:
        return None
    members = sorted(work.users.list_allowed(), key=lambda user: user.id)
    names = work.users.names(work.settings_admins)
    admins = {admin: names.get(admin, "") for admin in sorted(work.settings_admins)}
    return RecoveryView(recovery, members, admins, work.recoveries.newest(generation))


@dataclass(frozen=True, slots=True)
class ConfirmMembers:
    """``shown`` is the digest of the list that was shown."""

    generation: int
    shown: str


def confirm_members(work: UnitOfWork, actor: Actor, command: ConfirmMembers) -> Problem | None:
    """The members are the right ones: they may use the bot again."""
    require(actor, UseCase.CONFIRM_MEMBERS)
    recovery, found = work.recoveries.lock(), view(work, command.generation)
    if recovery is None or found is None or found.members_digest != command.shown or recovery.members_confirmed:
        return _outdated(work, found)
    confirm_for(work, recovery, actor.user_id)
    return None


def confirm_for(work: UnitOfWork, recovery: Recovery, by: int | None) -> None:
    """The same for who sits at the terminal (``by`` is None)."""
    work.recoveries.confirm_members(recovery.generation, by, work.now)
    if by is not None:
        work.audit.note(AuditKind.MEMBERS_CONFIRMED, by, object_id=recovery.generation)
    _show(work, recovery)
    # Admins of the database are admins again.
    show_waiting(work)
    work.signals.menus_due()


@dataclass(frozen=True, slots=True)
class Decide:
    """``shown`` is the digest of what the stations had received last when it was shown; not needed to stop."""

    generation: int
    go_on: bool
    shown: str = ""


def decide_recovery(work: UnitOfWork, actor: Actor, command: Decide) -> Problem | None:
    """Go on with this ixBrowser account, or send nothing."""
    require(actor, UseCase.DECIDE_RECOVERY)
    recovery, found = work.recoveries.lock(), view(work, command.generation)
    if recovery is None or found is None or recovery.decision is Decision.GOING_ON:
        return _outdated(work, found)
    if command.go_on and (not found.newest or found.newest_digest != command.shown):
        return _outdated(work, found)
    decide_for(work, recovery, actor.user_id, go_on=command.go_on)
    return None


def decide_for(work: UnitOfWork, recovery: Recovery, by: int | None, *, go_on: bool) -> None:
    """The same for who sits at the terminal (``by`` is None)."""
    decision = Decision.GOING_ON if go_on else Decision.STOPPED
    work.recoveries.decide(recovery.generation, decision, by, work.now)
    if by is not None:
        kind = AuditKind.RECOVERY_GOES_ON if go_on else AuditKind.RECOVERY_STOPPED
        work.audit.note(kind, by, object_id=recovery.generation)
    _show(work, recovery)
    work.signals.imports_to_verify()


def _outdated(work: UnitOfWork, found: RecoveryView | None) -> Problem:
    if found is not None:
        _show(work, found.recovery)
    return Problem.OLD_BUTTON


def _show(work: UnitOfWork, recovery: Recovery) -> None:
    show_changed(work, SharedKind.RECOVERY, recovery.generation)


def _digest(shown: object) -> str:
    return hashlib.blake2b(repr(shown).encode(), digest_size=6).hexdigest()
