"""What may come at any step of the conversation, whatever is asked: codes, a proxy, almost a code."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.draft import MOST_CODES, Draft, Notice, Step
from bot.domain.draft_answers import AlmostCodeSent, CodesSent, MeantAnswered, ProxySent
from bot.domain.draft_parts import with_proxy
from bot.errors import OldButton


def join_codes(draft: Draft, answer: CodesSent) -> Draft:
    """Codes join those that are there. A code that was sent in full leaves nothing to ask about one before it."""
    new = tuple(code for code in answer.codes if code not in draft.codes)
    room = MOST_CODES - len(draft.codes)
    repeated = answer.mentions - len(new)
    notice = None
    if len(new) > room:
        notice = Notice("too_many_codes", {"most": str(MOST_CODES)})
    elif answer.almost:
        notice = Notice("one_more_almost")
    elif repeated:
        notice = Notice("repeated_codes", {"count": str(repeated)})
    return replace(draft, codes=draft.codes + new[:room], meant=None, notice=notice)


def take_proxy(draft: Draft, answer: ProxySent) -> Draft:
    """The proxy of a message takes the place of what was chosen. Whether the group is being changed stays as it is."""
    changing = draft.changing if draft.changing in (Step.GROUP, Step.GROUP_TITLE) else None
    after = with_proxy(replace(draft, changing=Step.PROXY), answer.choice)
    return replace(after, changing=changing, notice=answer.notice)


def ask_whether_meant(draft: Draft, answer: AlmostCodeSent) -> Draft:
    return replace(draft, meant=answer.code)


def answer_meant(draft: Draft, answer: MeantAnswered) -> Draft:
    """The question that was open before is asked again."""
    if draft.meant is None:
        raise OldButton("no code is asked about")
    if not answer.yes:
        return replace(draft, meant=None)
    return join_codes(draft, CodesSent((draft.meant,), 1))
