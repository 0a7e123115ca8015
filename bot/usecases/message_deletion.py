"""Messages that may hold a secret: their person is offered to have them deleted."""

from __future__ import annotations

from dataclasses import dataclass

from bot.usecases.actor import Actor
from bot.usecases.buttons import ButtonResult, Problem
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Place


@dataclass(frozen=True, slots=True)
class OfferDeletion:
    where: Place
    message_id: int


def offer_deletion(work: UnitOfWork, actor: Actor, command: OfferDeletion) -> int:
    """Note that this message may be deleted by a button; the number that the button carries."""
    require(actor, UseCase.OFFER_DELETION)
    return work.deletion_offers.add(command.where, command.message_id, work.now)


@dataclass(frozen=True, slots=True)
class DeleteOffered:
    """``refused_text`` is said where Telegram does not let the bot delete the message."""

    where: Place
    offer_id: int
    refused_text: str


def delete_offered(work: UnitOfWork, actor: Actor, command: DeleteOffered) -> ButtonResult:
    """Delete a message that was offered to be, for the person who wrote it."""
    require(actor, UseCase.DELETE_OFFERED)
    message_id = work.deletion_offers.take(command.offer_id, command.where)
    if message_id is not None:
        work.outbox.delete_secret(command.where, message_id, command.refused_text, work.now)
        return ButtonResult()
    theirs = work.deletion_offers.owner(command.offer_id) not in (None, actor.user_id)
    return ButtonResult(Problem.NOT_YOURS if theirs else Problem.OLD_BUTTON)
