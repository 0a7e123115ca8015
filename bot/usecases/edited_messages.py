"""A message that was changed after it was sent: its codes take the place of those that it had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.draft import Notice
from bot.domain.draft_answers import AlmostCodeSent, CodesReplaced, ProxySent
from bot.domain.draft_transitions import apply
from bot.domain.transfer_code import TransferCode
from bot.usecases.draft_changes import replace_draft
from bot.usecases.known_codes import find_known
from bot.usecases.message_deletion import MessageFate
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import LoggedImport, StoredDraft
from bot.usecases.remote_lists import with_lists
from bot.usecases.sent_messages import IGNORED, Message, Received, ended


def take_edited_codes(work: UnitOfWork, message: Message) -> Received | None:
    """Read the change of a message that had codes; None where it had none that count."""
    command = message.command
    if command.message_id is None:
        return None
    stored = work.drafts.find_of_message(command.where, command.message_id)
    if stored is not None:
        old = tuple(code for code in stored.draft.codes if stored.messages.get(code) == command.message_id)
        return _replace_codes(work, message, stored, old)
    rows = work.log.of_message(command.where, command.message_id)
    if not rows:
        return None
    if _has_codes_of(rows, message.codes):
        return ended(work, message, IGNORED)
    return ended(work, message, Received(notice=Notice("import_begun")))


def _has_codes_of(rows: Sequence[LoggedImport], codes: Sequence[TransferCode]) -> bool:
    """Whether the codes are those of these imports, of some of which only the mask may be known."""
    masks = {row.code_mask for row in rows if row.code is None}
    known = {row.code for row in rows}
    return len(rows) == len(codes) and all(code in known or code.masked in masks for code in codes)


def _replace_codes(work: UnitOfWork, message: Message, stored: StoredDraft, old: tuple[TransferCode, ...]) -> Received:
    """Write the codes that the message has now. Those that somebody has already are told, and left out."""
    found = message.found
    known = find_known(work, [code for code in message.codes if code not in old], stored)
    taken = known.taken
    new = tuple(code for code in message.codes if code not in known.codes)
    if new == old and found.choice is None:
        return ended(work, message, Received(taken, left=known.left) if known else IGNORED)
    draft = apply(stored.draft, CodesReplaced(old, new))
    almost = None if message.codes else message.almost(message.command.text)
    meant = None if almost is None else message.code_to_ask(almost)
    if meant is not None and meant not in draft.codes and not find_known(work, [meant], stored):
        draft = apply(draft, AlmostCodeSent(meant))
    if found.choice is not None:
        draft = apply(draft, ProxySent(found.choice, found.notice or draft.notice))
    if message.fate(used=found.choice is not None) is MessageFate.DELETED:
        draft = replace(draft, codes_deleted=True)
    draft = with_lists(work, draft)
    replace_draft(work, stored, draft, repost=True, sent_in=message.sent_in)
    return ended(work, message, Received(taken, used=found.choice is not None, left=known.left))
