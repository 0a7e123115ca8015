"""What may come at any step of the conversation, whatever is asked: codes, a proxy, almost a code, a name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.draft import (
    MOST_CODES,
    DefaultGroup,
    Draft,
    ListedGroup,
    NewGroup,
    Notice,
    Step,
    step,
    without_asides,
)
from bot.domain.draft_answers import (
    AlmostCodeSent,
    CodesReplaced,
    CodesSent,
    CodeTakenOut,
    MeaningPicked,
    MeantAnswered,
    Named,
    ProxySent,
    SeveralNamed,
)
from bot.domain.draft_parts import with_group, with_proxy
from bot.domain.transfer_code import TransferCode
from bot.errors import InputError, OldButton


def join_codes(draft: Draft, answer: CodesSent) -> Draft:
    """Codes join those that are there. A code that was sent in full leaves nothing to ask about one before it."""
    new = tuple(code for code in answer.codes if code not in draft.codes)
    room = MOST_CODES - len(draft.codes)
    repeated = answer.mentions - len(new)
    notice = None
    if len(new) > room:
        notice = _too_many()
    elif answer.almost:
        notice = Notice("one_more_almost")
    elif repeated:
        notice = Notice("repeated_codes", {"count": str(repeated)})
    elif draft.codes:
        notice = Notice("codes_added", {"count": str(len(new))})
    return replace(_with_codes(draft, draft.codes + new[:room]), meant=None, notice=notice)


def _too_many() -> Notice:
    return Notice("too_many_codes", {"most": str(MOST_CODES)})


def _with_codes(draft: Draft, codes: tuple[TransferCode, ...]) -> Draft:
    """These codes in place of those that there are, with what was chosen for each of them alone."""
    own = {code: choices for code, choices in draft.own.items() if code in codes}
    listed = bool(codes) and (draft.listed or len(codes) > 1)
    hand_over = draft.hand_over if codes else None
    deleted = draft.codes_deleted and bool(codes)
    return replace(draft, codes=codes, own=own, listed=listed, codes_deleted=deleted, hand_over=hand_over)


def without_codes(draft: Draft, gone: Collection[TransferCode]) -> Draft:
    return _with_codes(draft, tuple(code for code in draft.codes if code not in gone))


def take_out(draft: Draft, answer: CodeTakenOut) -> Draft:
    """After the last one a code is asked for; all that was chosen stands."""
    if not 0 <= answer.index < len(draft.codes):
        raise OldButton("no such code")
    return without_codes(draft, {draft.codes[answer.index]})


def replace_codes(draft: Draft, answer: CodesReplaced) -> Draft:
    """The new codes take the place of the old. One for one keeps what was chosen for it alone."""
    others = [code for code in draft.codes if code not in answer.old]
    new = [code for code in answer.new if code not in others]
    room = MOST_CODES - len(others)
    first = next((place for place, code in enumerate(draft.codes) if code in answer.old), len(draft.codes))
    after = _with_codes(draft, (*others[:first], *new[:room], *others[first:]))
    own = dict(after.own)
    if len(answer.old) == len(new) == 1 and answer.old[0] in draft.own:
        own[new[0]] = draft.own[answer.old[0]]
    changed = Notice("message_changed") if new else Notice("codes_taken_out")
    return replace(after, own=own, meant=None, notice=_too_many() if len(new) > room else changed)


def take_proxy(draft: Draft, answer: ProxySent) -> Draft:
    """The proxy of a message takes the place of what was chosen. Whether the group is being changed stays as it is."""
    changing = draft.changing if draft.changing in (Step.GROUP, Step.GROUP_TITLE) else None
    after = with_proxy(replace(draft, changing=Step.PROXY), answer.choice)
    # Whether one that comes without a code is kept for a while only is for who sends it to say.
    return replace(after, changing=changing, proxy_until=None, notice=answer.notice)


def ask_whether_meant(draft: Draft, answer: AlmostCodeSent) -> Draft:
    return replace(draft, meant=answer.code, meanings=())


def answer_meant(draft: Draft, answer: MeantAnswered) -> Draft:
    """The question that was open before is asked again."""
    if draft.meant is None:
        raise OldButton("no code is asked about")
    if not answer.yes:
        return replace(draft, meant=None)
    return join_codes(draft, CodesSent((draft.meant,), 1))


def take_named(draft: Draft, answer: Named) -> Draft:
    """A group or a proxy takes the place of what was chosen; any other question stays open."""
    draft = without_asides(draft)
    if not isinstance(answer.meaning, DefaultGroup | ListedGroup):
        return take_proxy(draft, ProxySent(answer.meaning))
    if isinstance(draft.group, NewGroup):
        # It is being made, and may be there already.
        raise InputError("tap_a_button")
    if step(draft) in (Step.GROUP, Step.GROUP_TITLE):
        return with_group(draft, answer.meaning)
    return replace(draft, group=answer.meaning)


def ask_which_is_meant(draft: Draft, answer: SeveralNamed) -> Draft:
    return replace(draft, meant=None, meanings=answer.meanings)


def pick_meaning(draft: Draft, answer: MeaningPicked) -> Draft:
    if not 0 <= answer.index < len(draft.meanings):
        raise OldButton("no such meaning")
    return take_named(draft, Named(draft.meanings[answer.index]))


AT_EVERY_STEP: Mapping[type, Callable[[Draft, Any], Draft]] = {
    CodesSent: join_codes,
    CodesReplaced: replace_codes,
    ProxySent: take_proxy,
    AlmostCodeSent: ask_whether_meant,
}
#: Where there is no code, none is taken out.
WITH_CODES: Mapping[type, Callable[[Draft, Any], Draft]] = {CodeTakenOut: take_out}
#: Where a text is asked for, a name is that text.
BUT_FOR_TEXTS: Mapping[type, Callable[[Draft, Any], Draft]] = {Named: take_named, SeveralNamed: ask_which_is_meant}
