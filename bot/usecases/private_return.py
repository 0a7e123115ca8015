"""The way back from a private draft to the draft of a group chat for which it asked."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.draft import MOST_CODES, SECRET_STEPS, Draft, Step, step
from bot.errors import OldButton
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import CardKind, DraftState, StoredDraft
from bot.usecases.remote_lists import with_lists


def return_if_answered(work: UnitOfWork, private: StoredDraft, answered: Draft) -> None:
    """Once a private draft has nothing more to ask, end it, and give what it has to the draft that it continues.

    Raises ``OldButton`` when somebody else was first.
    """
    if private.continues is None or step(answered) is not Step.CONFIRM:
        return
    work.drafts.close(private.id, DraftState.CONTINUED, work.now)
    kept_aside = work.drafts.find_open(private.where)
    if kept_aside is not None:
        work.cards.show_again(CardKind.DRAFT, kept_aside.id)
    stored = work.drafts.find(private.continues)
    if stored is None:
        return
    if not work.drafts.change(stored, with_lists(work, _given(stored.draft, answered)), work.now, repost=False):
        raise OldButton("somebody else was first")
    work.signals.chat_behind(stored.where.chat_id)


def _given(draft: Draft, answered: Draft) -> Draft:
    """The draft of the group chat with what was answered in private: the proxy, and codes that were sent there."""
    more = tuple(code for code in answered.codes if code not in draft.codes)
    changing = None if step(draft) in SECRET_STEPS else draft.changing
    return replace(
        draft,
        codes=(draft.codes + more)[:MOST_CODES],
        proxy=answered.proxy,
        bypass=answered.bypass,
        changing=changing,
        former=None,
        notice=answered.notice,
        codes_deleted=draft.codes_deleted or answered.codes_deleted,
    )
