"""The way back from a private draft to the draft of a group chat for which it asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.draft import SECRET_STEPS, Draft, Step, step
from bot.domain.draft_answers import CodesSent
from bot.domain.sent_transitions import join_codes
from bot.domain.transfer_code import TransferCode
from bot.errors import Overtaken
from bot.usecases.draft_closing import close_draft
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import DraftState, StoredDraft
from bot.usecases.remote_lists import with_lists


def return_if_answered(work: UnitOfWork, private: StoredDraft, answered: Draft) -> None:
    """Once a private draft has nothing more to ask, end it, and give what it has to the draft that it continues.

    Raises ``Overtaken`` when somebody else was first.
    """
    if private.continues is None or step(answered) is not Step.CONFIRM:
        return
    written = work.drafts.find(private.id)
    # The others are the group chat's own, and may have been taken out there meanwhile.
    sent = [] if written is None else [code for code in answered.codes if code in written.messages]
    close_draft(work, private, DraftState.CONTINUED)
    stored = work.drafts.find(private.continues)
    if stored is None:
        return
    given = with_lists(work, _given(stored.draft, answered, sent))
    if not work.drafts.change(stored, given, work.now, repost=False):
        raise Overtaken(f"draft {stored.id} is not as it was read")
    work.signals.chat_behind(stored.where.chat_id)


def _given(draft: Draft, answered: Draft, sent: Sequence[TransferCode]) -> Draft:
    """The draft of the group chat with what was answered in private: the proxy, and codes that were sent there."""
    more = tuple(code for code in sent if code not in draft.codes)
    joined = join_codes(draft, CodesSent(more, len(more))) if more else draft
    changing = None if step(draft) in SECRET_STEPS else draft.changing
    return replace(
        joined,
        proxy=answered.proxy,
        bypass=answered.bypass,
        changing=changing,
        former=None,
        notice=joined.notice if more else answered.notice,
        codes_deleted=draft.codes_deleted or answered.codes_deleted,
    )
