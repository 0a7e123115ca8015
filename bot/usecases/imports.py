"""What somebody does with a batch that was confirmed: stop it, have it go on, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.draft import (
    DefaultGroup,
    Draft,
    ListedGroup,
    OwnChoices,
    begin,
    last_choices,
    without_secrets,
)
from bot.domain.error_codes import Cause, cause
from bot.domain.import_events import CancelWanted, Event, GoOn, LookAgain, ProxyGivenUp, ProxyRetried
from bot.domain.import_state import Status
from bot.domain.proxy import complete
from bot.domain.remote_lists import Listing
from bot.usecases.actor import Actor
from bot.usecases.audit import AuditKind
from bot.usecases.buttons import ButtonResult, Problem
from bot.usecases.draft_changes import open_draft
from bot.usecases.import_queue import change_batch
from bot.usecases.known_codes import find_known
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Batch, CardKind, LoggedImport, Place
from bot.usecases.remote_lists import request_anew

#: Of a card that was never changed; no button carries less.
_FIRST_REVISION = 1


def can_be_retried(row: LoggedImport) -> bool:
    """Whether trying this code again can make sense, and it is still kept; what somebody has left went back to them."""
    if row.code is None or row.given is not None:
        return False
    if row.status is Status.CANCELLED:
        return True
    return row.status is Status.FAILED and cause(row.error_code) is not Cause.CODE


@dataclass(frozen=True, slots=True)
class BatchButton:
    """A pressed button of a batch's card: the message that it stands on, and the card's revision that it shows."""

    where: Place
    message_id: int | None
    batch_id: int
    revision: int


# --- the batch itself -------------------------------------------------------------------------------------------------
#
# A button that acts on the batch itself may come from a card that has been edited since: progress does that every other
# second, and a Cancel that missed for it would let imports go out that nobody wants. It changes rows only where they
# still stand as the button says, so that a second press changes nothing.


def cancel_imports(work: UnitOfWork, actor: Actor, command: BatchButton) -> ButtonResult:
    """Cancel what has not been sent, and have the rest cancelled if it turns out not to be imported."""
    require(actor, UseCase.CANCEL_IMPORTS)
    cancelled = _change(work, actor, command, CancelWanted(work.now))
    if cancelled.problem is None:
        chat_id = command.where.chat_id
        work.audit.note(AuditKind.CANCELLED, actor.user_id, chat_id=chat_id, object_id=command.batch_id)
    return cancelled


def keep_waiting(work: UnitOfWork, actor: Actor, command: BatchButton) -> ButtonResult:
    """Let imports that were held wait for another day."""
    require(actor, UseCase.KEEP_WAITING)
    return _change(work, actor, command, GoOn(work.now))


def look_again(work: UnitOfWork, actor: Actor, command: BatchButton) -> ButtonResult:
    """Have it looked again whether imports whose end is not known have arrived."""
    require(actor, UseCase.LOOK_AGAIN)
    return _change(work, actor, command, LookAgain())


def retry_proxy(work: UnitOfWork, actor: Actor, command: BatchButton) -> ButtonResult:
    """Have the proxy set again where only it is missing."""
    require(actor, UseCase.RETRY_PROXY)
    return _change(work, actor, command, ProxyRetried())


def leave_proxy(work: UnitOfWork, actor: Actor, command: BatchButton) -> ButtonResult:
    """Leave the profiles without the proxy that is missing."""
    require(actor, UseCase.LEAVE_PROXY)
    return _change(work, actor, command, ProxyGivenUp())


def _change(work: UnitOfWork, actor: Actor, button: BatchButton, event: Event) -> ButtonResult:
    """Let this happen to every import of the batch; what it means nothing to stays as it is."""
    batch = _own_batch(work, actor, button)
    if isinstance(batch, Problem):
        return ButtonResult(batch)
    return ButtonResult() if change_batch(work, batch.id, event) else ButtonResult(Problem.OLD_BUTTON)


def _own_batch(work: UnitOfWork, actor: Actor, button: BatchButton) -> Batch | Problem:
    batch = work.batches.find(button.batch_id)
    if batch is None or batch.where.chat_id != button.where.chat_id:
        return Problem.OLD_BUTTON
    if batch.where.user_id != actor.user_id:
        return Problem.NOT_YOURS
    return batch if _FIRST_REVISION <= button.revision <= batch.card.revision else Problem.OLD_BUTTON


# --- what to do next --------------------------------------------------------------------------------------------------
#
# A button that opens a draft leaves no such trace in the rows. It has to stand on the card as it is now, of a batch
# that has ended, and moves its revision on, so that a press that comes again opens no second draft.


@dataclass(frozen=True, slots=True)
class OpenNext:
    button: BatchButton


def try_again(work: UnitOfWork, actor: Actor, command: OpenNext) -> ButtonResult:
    """A draft of the codes that did not go through, with the same choices, apart from the one that was at fault."""
    require(actor, UseCase.TRY_AGAIN)

    def draft_of(batch: Batch) -> _Next | None:
        removed_at = work.invitations.barred_at(actor.user_id)
        if removed_at is not None and batch.confirmed_at <= removed_at:
            # They have come back since, and the codes were given to an admin.
            return None
        rows = {row.code: row for row in batch.rows if row.code is not None and can_be_retried(row)}
        taken = find_known(work, list(rows)).codes
        rows = {code: row for code, row in rows.items() if code not in taken}
        if not rows:
            return None
        draft = _draft_of(list(rows.values()), command.button.where, actor)
        draft = replace(draft, codes_deleted=batch.codes_deleted)
        at_fault = {cause(row.error_code) for row in rows.values()}
        if Cause.GROUP in at_fault:
            draft = replace(draft, group=None)
            _doubt_groups(work, rows.values())
        if Cause.PROXY in at_fault:
            draft = replace(draft, proxy=None)
        return draft, {code.text: row.id for code, row in rows.items()}

    return _open_next(work, actor, command, draft_of)


def _doubt_groups(work: UnitOfWork, rows: Iterable[LoggedImport]) -> None:
    """Have the groups read again, unless they were since one of them was refused."""
    groups = frozenset({Listing.GROUPS})
    read_at = work.lists.find(groups)[Listing.GROUPS].read_at
    refused_at = max((row.finished_at for row in rows if row.finished_at is not None), default=None)
    if read_at is None or (refused_at is not None and read_at <= refused_at):
        request_anew(work, groups)


def another_code(work: UnitOfWork, actor: Actor, command: OpenNext) -> ButtonResult:
    """A draft with the choices of the batch and no codes."""
    require(actor, UseCase.ANOTHER_CODE)
    return _open_next(work, actor, command, lambda batch: (_begun(batch.rows[0], command.button.where, actor), {}))


#: A draft, and of which import each code is tried again.
_Next = tuple[Draft, Mapping[str, int]]


def _open_next(
    work: UnitOfWork, actor: Actor, command: OpenNext, draft_of: Callable[[Batch], _Next | None]
) -> ButtonResult:
    button = command.button
    batch = _own_batch(work, actor, button)
    if isinstance(batch, Problem):
        return ButtonResult(batch)
    if not batch.ended or button.revision != batch.card.revision:
        return ButtonResult(_point_to_current_card(work, button, batch))
    opened = draft_of(batch)
    if opened is None:
        return ButtonResult(Problem.OLD_BUTTON)
    if _another_is_open(work, button):
        return ButtonResult(Problem.FINISH_FIRST)
    draft, retries = opened
    open_draft(work, button.where, draft, retries)
    work.batches.bump(batch.id)
    return ButtonResult()


def _point_to_current_card(work: UnitOfWork, button: BatchButton, batch: Batch) -> Problem:
    if _another_is_open(work, button):
        return Problem.FINISH_FIRST
    if batch.card.message_id != button.message_id:
        work.batches.bump(batch.id, repost=True)
    return Problem.OLD_BUTTON


def _begun(row: LoggedImport, where: Place, actor: Actor) -> Draft:
    """A draft without codes, with the choices of an import."""
    chosen = last_choices(Draft(group=_group_of(row), proxy=row.proxy_choice, bypass=row.bypass))
    return begin(replace(chosen, recent=actor.last.recent), secrets_welcome=where.private)


def _draft_of(rows: Sequence[LoggedImport], where: Place, actor: Actor) -> Draft:
    """A draft of the codes of these imports: with the choices of the first, and what differs for others as their own.

    What would need a secret again is the draft's for those too.
    """
    first = rows[0]
    draft = replace(
        _begun(first, where, actor), note=first.note, codes=tuple(row.code for row in rows if row.code is not None)
    )
    own = {row.code: _differing(row, first) for row in rows if row.code is not None}
    return replace(draft, own={code: choices for code, choices in own.items() if choices != OwnChoices()})


def _differing(row: LoggedImport, first: LoggedImport) -> OwnChoices:
    """The choices of an import that are not those of the first, apart from the one that was at fault."""
    at_fault = cause(row.error_code)
    proxy = without_secrets(row.proxy_choice)
    other_proxy = row.proxy_choice != first.proxy_choice and complete(proxy) and at_fault is not Cause.PROXY
    other_group = row.group_id != first.group_id and at_fault is not Cause.GROUP
    return OwnChoices(
        group=_group_of(row) if other_group else None,
        proxy=proxy if other_proxy else None,
        bypass=row.bypass if row.bypass != first.bypass else None,
        note=row.note if row.note != first.note else None,
    )


def _group_of(row: LoggedImport) -> DefaultGroup | ListedGroup:
    return DefaultGroup() if row.group_id is None else ListedGroup(row.group_id, row.group_title)


def _another_is_open(work: UnitOfWork, button: BatchButton) -> bool:
    """Whether the person has a draft open here already, which is then shown again."""
    stored = work.drafts.find_open(button.where)
    if stored is None:
        return False
    work.cards.show_again(CardKind.DRAFT, stored.id)
    return True
