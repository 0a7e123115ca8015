"""The answer to the question whether a code was meant."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.draft import Notice, begin
from bot.domain.draft_answers import MeantAnswered
from bot.domain.draft_transitions import apply
from bot.usecases.actor import Actor
from bot.usecases.buttons import ButtonResult
from bot.usecases.draft_changes import change, replace_draft, without_kept_proxy
from bot.usecases.known_codes import KnownCodes, find_known
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import StoredDraft
from bot.usecases.remote_lists import with_lists


def answer_meant(
    work: UnitOfWork, actor: Actor, stored: StoredDraft, given: MeantAnswered, *, repost: bool
) -> ButtonResult:
    """A code that was meant joins the draft, as one that is sent does, unless somebody has it by now."""
    meant = stored.draft.meant
    known = KnownCodes() if meant is None or not given.yes else find_known(work, [meant], stored)
    if known or not given.yes:
        change(work, stored, MeantAnswered(yes=False), repost=repost)
        return ButtonResult(taken=known.taken, left=known.left)
    begun = begin(actor.last, secrets_welcome=stored.where.private)
    before, expired = without_kept_proxy(stored.draft, begun, work.now)
    draft = apply(before, given)
    if expired and draft.notice is None:
        draft = replace(draft, notice=Notice("proxy_expired"))
    replace_draft(work, stored, with_lists(work, draft), repost=repost)
    return ButtonResult()
