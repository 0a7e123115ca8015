"""What somebody does with codes that they have left for others; admins may give those of others to somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.draft import Draft, NewGroup, Receiver
from bot.domain.handoff import RETURNED, Reassigned, Withdrawn
from bot.domain.transfer_code import TransferCode
from bot.usecases.actor import Actor
from bot.usecases.audit import AuditKind
from bot.usecases.buttons import ButtonResult, Problem
from bot.usecases.draft_changes import open_draft
from bot.usecases.handoff_changes import change, give_receipt, notify, show
from bot.usecases.handoff_people import is_for, may_receive, receivers
from bot.usecases.handoff_rows import Handoff, HandoffCode
from bot.usecases.known_codes import find_known, in_drafts_of_others
from bot.usecases.permissions import UseCase, may, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.preferences import private_place
from bot.usecases.receiving import HandoffButton
from bot.usecases.recovery_gates import sends_nothing
from bot.usecases.shared_card_rows import SharedKind

#: Into how many parts a handoff can be divided.
PARTS = (2, 3, 4, 5, 10)


def withdraw_handoff(work: UnitOfWork, actor: Actor, command: HandoffButton) -> ButtonResult:
    """Take back what is not being imported yet; the draft of who had taken it ends."""
    require(actor, UseCase.WITHDRAW_HANDOFF)
    handoff = _own(work, actor, command)
    if isinstance(handoff, Problem):
        return ButtonResult(handoff)
    if not change(work, handoff, Withdrawn()):
        return ButtonResult(Problem.OLD_BUTTON)
    _note(work, actor, command, AuditKind.WITHDRAWN)
    return ButtonResult()


@dataclass(frozen=True, slots=True)
class ReassignHandoff:
    button: HandoffButton
    receiver: Receiver


def reassign_handoff(work: UnitOfWork, actor: Actor, command: ReassignHandoff) -> ButtonResult:
    """Leave what is not being imported yet, or has come back, for somebody else. It does not expire any more."""
    require(actor, UseCase.REASSIGN_HANDOFF)
    handoff = _own(work, actor, command.button, admin_too=True)
    if isinstance(handoff, Problem):
        return ButtonResult(handoff)
    receiver = command.receiver
    if receiver.user_id is not None:
        if not may_receive(work, receiver.user_id):
            return ButtonResult(Problem.NOT_A_MEMBER)
        if receiver.user_id in {handoff.owner_id, handoff.giver_id}:
            return ButtonResult(Problem.OLD_BUTTON)
    back = _kept(handoff)
    codes = [code for _, code in back]
    known = find_known(work, codes)
    drafted, others = in_drafts_of_others(work, codes, handoff.owner_id)
    held = work.held_codes.hold([code for code in codes if code not in known.codes | drafted], handoff.id)
    moved = [*handoff.movable, *(each for each, code in back if code in held)]
    result = ButtonResult(taken=known.taken, left=known.left, drafted=others)
    if not moved:
        return replace(result, problem=Problem.OLD_BUTTON)
    work.handoffs.assign(handoff.id, receiver.user_id, work.now)
    change(work, handoff, Reassigned(), [each.id for each in moved])
    # Its card may have been forgotten since it has come back.
    give_receipt(work, handoff.id, handoff.owner_id)
    show(work, handoff.id)
    notify(work, handoff.id, receivers(work, receiver, handoff.owner_id))
    _note(work, actor, command.button, AuditKind.REASSIGNED, receiver.user_id)
    return result


@dataclass(frozen=True, slots=True)
class SplitHandoff:
    """``version`` is that of the handoff as it was shown."""

    button: HandoffButton
    version: int
    parts: int


def split_handoff(work: UnitOfWork, actor: Actor, command: SplitHandoff) -> ButtonResult:
    """Divide what waits into parts that are taken one by one.

    Each is shown to whom it waits for, without a sound: they have been told of all of it.
    """
    require(actor, UseCase.SPLIT_HANDOFF)
    handoff = _own(work, actor, command.button, admin_too=True)
    if isinstance(handoff, Problem):
        return ButtonResult(handoff)
    waiting = handoff.waiting
    if handoff.version != command.version or command.parts not in PARTS or len(waiting) < command.parts:
        return ButtonResult(Problem.OLD_BUTTON)
    size, longer = divmod(len(waiting), command.parts)
    start = size + (longer > 0)
    for part in range(1, command.parts):
        end = start + size + (part < longer)
        moved = waiting[start:end]
        start = end
        new = work.handoffs.split_off(handoff.id, [each.id for each in moved])
        work.held_codes.hand_on([each.code for each in moved if each.code is not None], handoff.id, new)
        give_receipt(work, new, handoff.owner_id)
        for notice in work.handoff_notices.of_handoff(handoff.id):
            # Also for the time when they are reminded.
            notice_id = work.handoff_notices.add(new, notice.user_id)
            if is_for(handoff, notice.user_id) and may_receive(work, notice.user_id):
                place = private_place(work, notice.user_id)
                work.shared_cards.add(SharedKind.HANDOFF, notice_id, place, quiet=True)
                work.signals.chat_behind(notice.user_id)
    show(work, handoff.id)
    _note(work, actor, command.button, AuditKind.SPLIT)
    return ButtonResult()


def import_returned(work: UnitOfWork, actor: Actor, command: HandoffButton) -> ButtonResult:
    """A draft of one's own with codes that have come back, as they were left."""
    require(actor, UseCase.IMPORT_RETURNED)
    handoff = _own(work, actor, command)
    if isinstance(handoff, Problem):
        return ButtonResult(handoff)
    codes = [code for _, code in _kept(handoff)]
    known = find_known(work, codes)
    drafted = {code for stored in work.drafts.open_of(actor.user_id) for code in stored.draft.codes}
    free = tuple(code for code in codes if code not in known.codes and code not in drafted)
    proposal = work.handoffs.proposal(handoff.id)
    if not free or proposal is None:
        return ButtonResult(Problem.OLD_BUTTON, taken=known.taken, left=known.left)
    open_draft(work, command.where, _draft_of(proposal, free))
    return ButtonResult(taken=known.taken, left=known.left)


def _draft_of(proposal: Draft, codes: tuple[TransferCode, ...]) -> Draft:
    group = None if isinstance(proposal.group, NewGroup) else proposal.group
    own = {code: own for code, own in proposal.own.items() if code in codes}
    return replace(proposal, codes=codes, own=own, group=group, listed=len(codes) > 1, codes_deleted=True)


@dataclass(frozen=True, slots=True)
class ShowHandedCodes:
    """``hidden_text`` is what stands in the chat before the codes are shown there, and after."""

    button: HandoffButton
    hidden_text: str


def show_handed_codes(work: UnitOfWork, actor: Actor, command: ShowHandedCodes) -> ButtonResult:
    """Show codes that have come back, to whom they came back, in private, in a message that hides them again."""
    require(actor, UseCase.SHOW_HANDED_CODES)
    handoff = _own(work, actor, command.button)
    if isinstance(handoff, Problem):
        return ButtonResult(handoff)
    where = command.button.where
    if not where.private:
        return ButtonResult(Problem.OLD_BUTTON)
    if not returned_codes(work, handoff.id, actor.user_id):
        return ButtonResult(Problem.NO_CODES_LEFT)
    work.outbox.show_handed_codes(where, handoff.id, command.hidden_text, work.now)
    _note(work, actor, command.button, AuditKind.HANDED_CODES_SHOWN)
    return ButtonResult()


def returned_codes(work: UnitOfWork, handoff_id: int, owner_id: int) -> Sequence[TransferCode]:
    """The codes of a handoff that have come back to somebody, and that nobody else has by now.

    The presenter reads them in the moment in which it shows them.
    """
    handoff = work.handoffs.find(handoff_id)
    codes = [] if handoff is None or handoff.owner_id != owner_id else [code for _, code in _kept(handoff)]
    known = find_known(work, codes)
    return [code for code in codes if code not in known.codes]


def _kept(handoff: Handoff) -> Sequence[tuple[HandoffCode, TransferCode]]:
    return [(each, each.code) for each in handoff.codes if each.status in RETURNED and each.code is not None]


def _own(work: UnitOfWork, actor: Actor, button: HandoffButton, *, admin_too: bool = False) -> Handoff | Problem:
    """The handoff under lock, where it comes back to the actor, or they are an admin who may do this too."""
    if sends_nothing(work):
        return Problem.RESTORED
    handoff = work.handoffs.lock(button.handoff_id)
    if handoff is None:
        return Problem.OLD_BUTTON
    if handoff.owner_id == actor.user_id or (admin_too and may(actor, UseCase.LIST_ALL_HANDOFFS)):
        return handoff
    return Problem.NOT_YOURS


def _note(
    work: UnitOfWork, actor: Actor, button: HandoffButton, kind: AuditKind, subject_id: int | None = None
) -> None:
    work.audit.note(
        kind, actor.user_id, chat_id=button.where.chat_id, subject_id=subject_id, object_id=button.handoff_id
    )
