"""Codes of somebody who was removed, for the admin who did: those that were not imported, as long as they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.transfer_code import TransferCode
from bot.usecases.actor import Actor
from bot.usecases.audit import AuditKind
from bot.usecases.buttons import ButtonResult, Problem
from bot.usecases.code_display import codes_of
from bot.usecases.given_handoffs import returned_codes
from bot.usecases.imports import can_be_retried
from bot.usecases.known_codes import find_known
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Note, Place, Role


@dataclass(frozen=True, slots=True)
class ShowKeptCodes:
    """``hidden_text`` is what stands in the chat before the codes are shown there, and after."""

    where: Place
    kept_id: int
    hidden_text: str


def show_kept_codes(work: UnitOfWork, actor: Actor, command: ShowKeptCodes) -> ButtonResult:
    """Show the codes of a list to the admin for whom it was kept, in private, in a message that hides them again."""
    require(actor, UseCase.SHOW_KEPT_CODES)
    kept = work.kept_codes.find(command.kept_id)
    if kept is None or not command.where.private:
        return ButtonResult(Problem.OLD_BUTTON)
    if kept.kept_for != actor.user_id:
        return ButtonResult(Problem.NOT_YOURS)
    if not _codes_left(work, command.kept_id):
        return ButtonResult(Problem.NO_CODES_LEFT)
    work.outbox.show_kept_codes(command.where, command.kept_id, command.hidden_text, work.now)
    where = command.where
    work.audit.note(
        AuditKind.KEPT_CODES_SHOWN,
        actor.user_id,
        chat_id=where.chat_id,
        subject_id=kept.user_id,
        object_id=command.kept_id,
    )
    return ButtonResult()


def codes_to_show(work: UnitOfWork, note: Note) -> Sequence[TransferCode]:
    """The codes that a message of the outbox is to show; none where its person may not see them any more.

    The presenter reads them in the moment in which it shows them.
    """
    user = work.users.find(note.chat_id)
    role = Role.ADMIN if note.chat_id in work.settings_admins else user and user.role
    if note.kept_id is not None:
        return _codes_left(work, note.kept_id) if role is Role.ADMIN else ()
    if role not in {Role.MEMBER, Role.ADMIN}:
        return ()
    if note.handoff_id is not None:
        return returned_codes(work, note.handoff_id, note.chat_id)
    return codes_of(work, note.draft_id) if note.draft_id is not None else ()


def _codes_left(work: UnitOfWork, kept_id: int) -> Sequence[TransferCode]:
    """Those that have not arrived, and that nobody else has sent since."""
    rows = [row for row in work.log.of_kept(kept_id) if can_be_retried(row)]
    codes = [row.code for row in rows if row.code is not None]
    taken = find_known(work, codes).codes
    return [code for code in codes if code not in taken]
