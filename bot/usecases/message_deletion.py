"""What becomes of a message in which a secret was typed: it is deleted, or its person is offered to have it deleted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.usecases.actor import Actor
from bot.usecases.buttons import ButtonResult, Problem
from bot.usecases.deletion_offers import Offer
from bot.usecases.draft_changes import write_draft
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Place


class MessageFate(StrEnum):
    """What becomes of a message. With the last four it stays, and its person may have it deleted."""

    STAYS = "stays"
    DELETED = "deleted"
    ANSWER_DELETED = "answer_deleted"  # as the question has said
    HOLDS_MORE = "holds_more"  # than was used
    HOLDS_SECRET = "holds_secret"  # noqa: S105 - the name of a fate
    MAY_HOLD_SECRET = "may_hold_secret"  # noqa: S105 - the name of a fate
    HOLDS_CODE = "holds_code"  # which others can use


DELETED = frozenset({MessageFate.DELETED, MessageFate.ANSWER_DELETED})
#: Fates with which a button is offered.
OFFERED = frozenset(
    {MessageFate.HOLDS_MORE, MessageFate.HOLDS_SECRET, MessageFate.MAY_HOLD_SECRET, MessageFate.HOLDS_CODE}
)


def with_warning(work: UnitOfWork, where: Place, fate: MessageFate, codes: int) -> MessageFate:
    """The fate of a message with so many codes that are free: the first in a group chat warns its person of others."""
    if fate is MessageFate.STAYS and not where.private and codes > 0 and work.code_warnings.is_first(where):
        return MessageFate.HOLDS_CODE
    return fate


@dataclass(frozen=True, slots=True)
class DeleteOffered:
    """``offer_message_id`` is the bot's message with the button.

    ``refused_text`` is said where Telegram does not let the bot delete the message.
    """

    where: Place
    offer: Offer
    offer_message_id: int | None
    refused_text: str


def delete_offered(work: UnitOfWork, actor: Actor, command: DeleteOffered) -> ButtonResult:
    """Delete the messages of an offer, for the person who wrote them, and the offer."""
    require(actor, UseCase.DELETE_OFFERED)
    where, offer = command.where, command.offer
    message_ids = work.deletion_offers.take(offer, where)
    if not message_ids:
        owner = work.deletion_offers.owner(offer.first, where.chat_id)
        return ButtonResult(Problem.NOT_YOURS if owner not in (None, actor.user_id) else Problem.OLD_BUTTON)
    for message_id in message_ids:
        refused_text = command.refused_text if message_id == message_ids[-1] else ""
        work.outbox.delete_secret(where, message_id, deleted_text="", refused_text=refused_text, now=work.now)
        stored = work.drafts.find_of_message(where, message_id)
        if stored is not None and not stored.draft.codes_deleted:
            write_draft(work, stored, replace(stored.draft, codes_deleted=True), repost=False)
    if command.offer_message_id is not None:
        work.outbox.delete_card(where, command.offer_message_id, work.now)
    return ButtonResult()
