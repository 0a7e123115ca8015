"""``/cancel``: what can be cancelled, and which of it is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.import_events import CancelWanted
from bot.usecases.actor import Actor
from bot.usecases.audit import AuditKind
from bot.usecases.buttons import ButtonResult, Problem
from bot.usecases.draft_closing import close_draft
from bot.usecases.import_queue import change_batch
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Batch, CardKind, DraftState, Place, StoredDraft


@dataclass(frozen=True, slots=True)
class CancelOpen:
    where: Place


@dataclass(frozen=True, slots=True)
class Cancellable:
    """``cancelled``: there was a draft and nothing else, so that it was meant. Else the person is asked which."""

    cancelled: bool = False
    draft: StoredDraft | None = None
    batches: Sequence[Batch] = ()


def cancel_open(work: UnitOfWork, actor: Actor, command: CancelOpen) -> Cancellable:
    """Cancel the open draft where nothing else can be meant."""
    require(actor, UseCase.CANCEL_OPEN)
    where = command.where
    stored = work.drafts.find_open(where)
    found = (work.batches.find(batch_id) for batch_id in work.batches.under_way(actor.user_id, where.chat_id))
    waiting = [batch for batch in found if batch is not None and batch.cancellable]
    if waiting:
        return Cancellable(draft=stored, batches=waiting)
    if stored is None:
        return Cancellable()
    _close(work, stored)
    return Cancellable(cancelled=True)


@dataclass(frozen=True, slots=True)
class CancelChosen:
    """``chosen_id`` is the draft's or the batch's."""

    where: Place
    chosen_id: int


def cancel_chosen_draft(work: UnitOfWork, actor: Actor, command: CancelChosen) -> ButtonResult:
    """Put a draft away that was chosen in a list: however it has changed since, it is the one that is meant."""
    require(actor, UseCase.CANCEL_CHOSEN_DRAFT)
    stored = work.drafts.find(command.chosen_id)
    if stored is None or stored.where.chat_id != command.where.chat_id:
        return ButtonResult(Problem.OLD_BUTTON)
    if stored.where.user_id != actor.user_id:
        return ButtonResult(Problem.NOT_YOURS)
    if stored.state is not DraftState.OPEN:
        return ButtonResult(Problem.ENDED_CARD)
    _close(work, stored)
    return ButtonResult()


def cancel_chosen_batch(work: UnitOfWork, actor: Actor, command: CancelChosen) -> ButtonResult:
    """Cancel what of a batch has not been sent, however its card has changed since."""
    require(actor, UseCase.CANCEL_CHOSEN_BATCH)
    batch = work.batches.find(command.chosen_id)
    if batch is None or batch.where.chat_id != command.where.chat_id:
        return ButtonResult(Problem.OLD_BUTTON)
    if batch.where.user_id != actor.user_id:
        return ButtonResult(Problem.NOT_YOURS)
    if not change_batch(work, batch.id, CancelWanted(work.now)):
        return ButtonResult(Problem.OLD_BUTTON)
    work.audit.note(AuditKind.CANCELLED, actor.user_id, chat_id=batch.where.chat_id, object_id=batch.id)
    return ButtonResult()


def _close(work: UnitOfWork, stored: StoredDraft) -> None:
    close_draft(work, stored, DraftState.CANCELLED)
    work.cards.show_again(CardKind.DRAFT, stored.id)
