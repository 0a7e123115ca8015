"""What somebody does with a draft by its buttons; what they type is in ``drafting_messages``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.domain.choices import choices_of
from bot.domain.draft import Draft, ListedGroup, Notice, Receiver, Step, last_choices, step
from bot.domain.draft_answers import Answer, HandOverWanted, MeantAnswered, ProxyKindPicked, ReceiverPicked
from bot.domain.proxy import SECRET_KINDS
from bot.domain.recent import Recent
from bot.domain.sent_transitions import without_codes
from bot.errors import OldButton
from bot.usecases.actor import Actor
from bot.usecases.audit import AuditKind
from bot.usecases.buttons import ButtonResult, Problem
from bot.usecases.draft_changes import change, replace_draft, write_draft
from bot.usecases.draft_closing import close_draft
from bot.usecases.handoff_imports import follow_confirm
from bot.usecases.handoff_people import can_be_left_for, has_own_codes
from bot.usecases.handoff_rows import Handoff
from bot.usecases.known_codes import left_codes
from bot.usecases.meant_codes import answer_meant
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.prompting import end_prompt
from bot.usecases.records import CardKind, DraftState, Given, Place, StoredDraft

# --- the open draft of a conversation ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShowCard:
    where: Place


def show_card(work: UnitOfWork, actor: Actor, command: ShowCard) -> None:
    """Have the open draft's card, if there is one, shown again below what has been written since."""
    require(actor, UseCase.SHOW_CARD)
    stored = work.drafts.find_open(command.where)
    if stored is not None:
        work.cards.show_again(CardKind.DRAFT, stored.id)


# --- buttons ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DraftButton:
    """A pressed button of a draft's card: the message that it stands on, and the card's revision that it shows."""

    where: Place
    message_id: int | None
    draft_id: int
    revision: int


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """``answer`` is None for a button that gives none."""

    button: DraftButton
    answer: Answer | None


def answer(work: UnitOfWork, actor: Actor, command: AnswerDraft) -> ButtonResult:
    """Answer the draft's question."""
    require(actor, UseCase.ANSWER)
    given = command.answer

    def act(stored: StoredDraft) -> ButtonResult:
        if given is None or (_asks_secret(given) and not stored.where.private):
            raise OldButton("no such button")
        if isinstance(given, HandOverWanted) and not has_own_codes(stored):
            raise OldButton("the codes are somebody else's")
        if isinstance(given, ReceiverPicked) and not can_be_left_for(work, Receiver(given.user_id), actor.user_id):
            return _choose_again(work, stored, given)
        if isinstance(given, MeantAnswered):
            return answer_meant(work, actor, stored, given, repost=False)
        change(work, stored, given, repost=False)
        return ButtonResult()

    return press(work, actor, command.button, act)


def _choose_again(work: UnitOfWork, stored: StoredDraft, given: ReceiverPicked) -> ButtonResult:
    """The card still offers somebody who can't import any more: it says so, and offers those who can."""
    user_id = given.user_id
    never_offered = user_id == stored.where.user_id or user_id is None or work.users.find(user_id) is None
    if never_offered or step(stored.draft) is not Step.RECEIVER:
        raise OldButton("no such receiver")
    replace_draft(work, stored, replace(stored.draft, notice=Notice("receiver_gone")), repost=False)
    return ButtonResult()


def cancel_draft(work: UnitOfWork, actor: Actor, command: DraftButton) -> ButtonResult:
    """Put the draft away."""
    require(actor, UseCase.CANCEL_DRAFT)

    def act(stored: StoredDraft) -> ButtonResult:
        close_draft(work, stored, DraftState.CANCELLED)
        return ButtonResult()

    return press(work, actor, command, act)


def confirm(work: UnitOfWork, actor: Actor, command: DraftButton) -> ButtonResult:
    """Move the draft to the import log. A code that somebody else has by now is told, and left out."""
    require(actor, UseCase.CONFIRM)

    def act(stored: StoredDraft) -> ButtonResult:
        if step(stored.draft) is not Step.CONFIRM:
            raise OldButton("not complete")
        handoff = None if stored.handoff_id is None else work.handoffs.lock(stored.handoff_id)
        confirmed = work.batches.confirm(stored, actor.name, work.now, given=_given(work, handoff))
        if confirmed.batch_id is None:
            # Who has them is told; the card asks for others.
            draft = without_codes(replace(stored.draft, notice=None), stored.draft.codes)
            write_draft(work, stored, draft, repost=True)
        else:
            work.users.remember(actor.user_id, replace(last_choices(stored.draft), recent=_used(actor, stored.draft)))
            if handoff is not None:
                follow_confirm(work, handoff, stored.id, confirmed.rows)
            end_prompt(work, stored, stored.prompt)
            # With it ends what was asked for it in private.
            work.signals.chat_behind(actor.user_id)
            work.signals.imports_queued()
            if confirmed.to_verify:
                work.signals.imports_to_verify()
            work.audit.note(
                AuditKind.CONFIRMED, actor.user_id, chat_id=stored.where.chat_id, object_id=confirmed.batch_id
            )
        return ButtonResult(taken=tuple(confirmed.taken), left=left_codes(work, confirmed.others))

    return press(work, actor, command, act)


def _given(work: UnitOfWork, handoff: Handoff | None) -> Given | None:
    if handoff is None:
        return None
    names = work.users.names([handoff.giver_id])
    return Given(handoff.id, handoff.giver_id, names.get(handoff.giver_id) or str(handoff.giver_id))


def _used(actor: Actor, draft: Draft) -> Recent:
    """What the person has used last of ixBrowser's lists, once this draft is confirmed."""
    chosen = [choices_of(draft, code) for code in draft.codes]
    groups = [each.group.id for each in chosen if isinstance(each.group, ListedGroup)]
    return actor.last.recent.with_used(groups, [each.proxy for each in chosen])


def _asks_secret(given: Answer) -> bool:
    return isinstance(given, ProxyKindPicked) and given.kind in SECRET_KINDS


def press(
    work: UnitOfWork, actor: Actor, button: DraftButton, act: Callable[[StoredDraft], ButtonResult]
) -> ButtonResult:
    """Do this to the draft if the button is on the actor's own card as it is now."""
    stored = work.drafts.find(button.draft_id)
    if stored is None or stored.where.chat_id != button.where.chat_id:
        return ButtonResult(Problem.OLD_BUTTON)
    if stored.where.user_id != actor.user_id:
        return ButtonResult(Problem.NOT_YOURS)
    if stored.state is not DraftState.OPEN:
        return ButtonResult(_point_to_current_card(work, button, stored))
    if button.revision == stored.card.revision:
        try:
            return act(_on_pressed_message(work, button, stored))
        except OldButton:
            pass  # The question is not asked any more: as with a button of an older revision.
    if stored.card.message_id != button.message_id:
        work.cards.show_again(CardKind.DRAFT, stored.id)
    return ButtonResult(Problem.OLD_BUTTON)


def _on_pressed_message(work: UnitOfWork, button: DraftButton, stored: StoredDraft) -> StoredDraft:
    """The draft with its card where the button is, which may have been sent and not yet noted.

    Whatever the card becomes is shown there then, and no second one stays behind with its buttons.
    """
    noted = stored.card.message_id
    if button.message_id is None or (noted is not None and button.message_id <= noted):
        return stored
    work.cards.note_pressed(CardKind.DRAFT, stored.id, button.message_id)
    if noted is not None:
        work.outbox.delete_card(stored.where, noted, work.now)
    return replace(stored, card=replace(stored.card, message_id=button.message_id))


def _point_to_current_card(work: UnitOfWork, button: DraftButton, stored: StoredDraft) -> Problem:
    """A card that has ended was pressed: show the one that counts now, if there is any."""
    current = work.drafts.find_open(button.where)
    if current is not None:
        work.cards.show_again(CardKind.DRAFT, current.id)
        return Problem.OLD_BUTTON
    batch = work.batches.of_draft(stored.id)
    if batch is None:
        # What was handed over in private has become its receipt, on which something can be done.
        is_receipt = stored.state is DraftState.HANDED_OVER and stored.where.private
        return Problem.OLD_BUTTON if is_receipt else Problem.ENDED_CARD
    # What was confirmed has the card now: a second tap on Import finds it there, an older card finds it below.
    if batch.card.message_id != button.message_id:
        work.batches.bump(batch.id, repost=True)
    return Problem.OLD_BUTTON
