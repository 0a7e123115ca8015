"""How a draft is opened and changed, for the use cases that do so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain.draft import Draft, LastChoices, Notice, Step, begin, step
from bot.domain.draft_answers import Answer
from bot.domain.draft_transitions import apply, noticed
from bot.domain.transfer_code import TransferCode
from bot.errors import InputError, Overtaken
from bot.usecases.draft_closing import let_go
from bot.usecases.ports import UnitOfWork
from bot.usecases.private_return import return_if_answered
from bot.usecases.records import Place, StoredDraft
from bot.usecases.remote_lists import with_lists


def open_draft(
    work: UnitOfWork,
    where: Place,
    draft: Draft,
    retries: Mapping[str, int] | None = None,
    *,
    continues: int | None = None,
    handoff_id: int | None = None,
    sent_in: Mapping[TransferCode, int] | None = None,
) -> int:
    """A new open draft; its number.

    ``retries`` says of which import a code is tried again, ``sent_in`` in which message it stood.
    ``continues`` is the draft of a group chat for which it asks in private, ``handoff_id`` the handoff of which its
    codes are.
    """
    draft = with_lists(work, draft)
    return work.drafts.open_new(
        where, draft, work.now, retries, continues=continues, handoff_id=handoff_id, sent_in=sent_in
    )


def without_kept_proxy(draft: Draft, begun: Draft, now: datetime) -> tuple[Draft, bool]:
    """The draft to which a code comes, and whether its proxy, which came before without one, was kept for too long.

    That of ``begun``, a new draft, takes its place then.
    """
    expired = draft.proxy_until is not None and now >= draft.proxy_until
    if expired:
        draft = replace(draft, proxy=begun.proxy, bypass=begun.bypass)
    return replace(draft, proxy_until=None), expired


def drop_kept_proxies(work: UnitOfWork) -> None:
    """Let go of proxies that came without a code for which nobody has sent one: they may hold a password."""
    for stored in work.drafts.with_proxy_kept_until(work.now):
        user = work.users.find(stored.where.user_id)
        begun = begin(user.last if user is not None else LastChoices(), secrets_welcome=stored.where.private)
        draft, _ = without_kept_proxy(stored.draft, begun, work.now)
        work.drafts.change(stored, replace(draft, notice=Notice("proxy_expired")), work.now, repost=False)
        work.signals.chat_behind(stored.where.chat_id)


def change(work: UnitOfWork, stored: StoredDraft, answer: Answer, *, repost: bool) -> None:
    """Apply an answer and write the next draft; what can't be used becomes a remark on the card.

    ``repost`` has the card moved below what was typed. Raises ``OldButton`` when the question is not asked any more.
    """
    try:
        draft = with_lists(work, apply(stored.draft, answer))
    except InputError as mistake:
        draft = noticed(stored.draft, mistake)
    replace_draft(work, stored, draft, repost=repost)


def write_draft(
    work: UnitOfWork,
    stored: StoredDraft,
    draft: Draft,
    *,
    repost: bool,
    sent_in: Mapping[TransferCode, int] | None = None,
) -> None:
    """Write a draft over the one that was read, and nothing else. Raises ``Overtaken`` when somebody else was first."""
    if not work.drafts.change(stored, draft, work.now, repost=repost, sent_in=sent_in):
        raise Overtaken(f"draft {stored.id} is not as it was read")


def remark(work: UnitOfWork, stored: StoredDraft, mistake: InputError) -> None:
    """Leave the draft as it is but for a remark. The card is moved below what was typed."""
    replace_draft(work, stored, noticed(stored.draft, mistake), repost=True)


def replace_draft(
    work: UnitOfWork,
    stored: StoredDraft,
    draft: Draft,
    *,
    repost: bool,
    sent_in: Mapping[TransferCode, int] | None = None,
) -> None:
    """Write the next draft over the one that was read; ``sent_in`` says in which message each new code stood.

    Raises ``Overtaken`` when somebody else was first.
    """
    given_up = not set(stored.draft.codes) <= set(draft.codes)
    if given_up and stored.handoff_id is not None:
        # Whatever changes both begins with the handoff, so that no two wait for one another.
        work.handoffs.lock(stored.handoff_id)
    write_draft(work, stored, draft, repost=repost, sent_in=sent_in)
    if given_up:
        let_go(work, stored, frozenset(draft.codes))
    if step(draft) is Step.GROUP_MAKING and step(stored.draft) is not Step.GROUP_MAKING:
        work.signals.groups_requested()
    return_if_answered(work, stored, draft)
