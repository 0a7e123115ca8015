"""``/cancel``: what can be cancelled, and which of it is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.usecases.actor import Actor
from bot.usecases.buttons import ButtonResult, Problem
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import UNDER_WAY, Batch, CardKind, DraftState, Place, StoredDraft


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
    waiting = [batch for batch in found if batch is not None and _can_be_cancelled(batch)]
    if waiting:
        return Cancellable(draft=stored, batches=waiting)
    if stored is None:
        return Cancellable()
    _close(work, stored)
    return Cancellable(cancelled=True)


def _can_be_cancelled(batch: Batch) -> bool:
    return any(row.status in UNDER_WAY and not row.cancel_wanted for row in batch.rows)


@dataclass(frozen=True, slots=True)
class CancelChosen:
    where: Place
    draft_id: int


def cancel_chosen_draft(work: UnitOfWork, actor: Actor, command: CancelChosen) -> ButtonResult:
    """Put a draft away that was chosen in a list: however it has changed since, it is the one that is meant."""
    require(actor, UseCase.CANCEL_CHOSEN_DRAFT)
    stored = work.drafts.find(command.draft_id)
    if stored is None or stored.where.chat_id != command.where.chat_id:
        return ButtonResult(Problem.OLD_BUTTON)
    if stored.where.user_id != actor.user_id:
        return ButtonResult(Problem.NOT_YOURS)
    if stored.state is not DraftState.OPEN:
        return ButtonResult(Problem.ENDED_CARD)
    _close(work, stored)
    return ButtonResult()


def _close(work: UnitOfWork, stored: StoredDraft) -> None:
    work.drafts.close(stored.id, DraftState.CANCELLED, work.now)
    work.cards.show_again(CardKind.DRAFT, stored.id)
    # A draft of a group chat may be gone on with in private.
    work.signals.chat_behind(stored.where.user_id)
