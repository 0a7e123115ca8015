"""What each answer does while the codes of a draft are about to be left for somebody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.draft import LONGEST_NOTE, Draft, HandOver, Receiver, Step, can_hand_over, step
from bot.domain.draft_answers import (
    Back,
    Change,
    ExpiryPicked,
    HandOverWanted,
    NoteCleared,
    PageTurned,
    ReceiverPicked,
    SearchCleared,
    Typed,
)
from bot.domain.list_transitions import search, show_all, turn
from bot.domain.transfer_code import looks_like_code
from bot.errors import InputError, OldButton

#: After how many hours what nobody has taken may come back.
EXPIRIES = (1, 4, 24, 72, 168)


def begin(draft: Draft, _: HandOverWanted) -> Draft:
    if not can_hand_over(draft):
        raise OldButton("nothing to leave for anybody")
    return _with(draft, HandOver())


def _with(draft: Draft, hand_over: HandOver | None) -> Draft:
    return replace(draft, hand_over=hand_over, page=0, search="")


def _wanted(draft: Draft) -> HandOver:
    return draft.hand_over or HandOver()


def _receiver(draft: Draft, answer: ReceiverPicked) -> Draft:
    return _with(draft, replace(_wanted(draft), receiver=Receiver(answer.user_id), changing=None))


def _note(draft: Draft, answer: Typed) -> Draft:
    note = " ".join(answer.text.split())
    if looks_like_code(note):
        # Everybody who may see the handoff sees its note.
        raise InputError("code_in_note")
    if len(note) > LONGEST_NOTE:
        raise InputError("long_note", most=str(LONGEST_NOTE))
    return _answered(replace(draft, note=note))


def _clear_note(draft: Draft, _: NoteCleared) -> Draft:
    return _answered(replace(draft, note=""))


def _expiry(draft: Draft, answer: ExpiryPicked) -> Draft:
    if answer.hours is not None and answer.hours not in EXPIRIES:
        raise OldButton("no such time")
    return _with(draft, replace(_wanted(draft), hours=answer.hours, changing=None))


def _answered(draft: Draft) -> Draft:
    return _with(draft, replace(_wanted(draft), changing=None))


def _change(draft: Draft, answer: Change) -> Draft:
    if answer.part not in (Step.RECEIVER, Step.HANDOFF_NOTE, Step.EXPIRY):
        raise OldButton("no such part")
    return _with(draft, replace(_wanted(draft), changing=answer.part))


def _back(draft: Draft, _: Back) -> Draft:
    """To what is about to be left, or to the draft as it was before."""
    hand_over = _wanted(draft)
    going_on = step(draft) is not Step.HAND_OVER and hand_over.receiver is not None
    return _with(draft, replace(hand_over, changing=None) if going_on else None)


def _tap_instead(_draft: Draft, answer: Typed) -> Draft:
    raise InputError("almost_code" if looks_like_code(answer.text) else "tap_a_button")


Handler = Callable[[Draft, Any], Draft]

HAND_OVER_HANDLERS: Mapping[Step, Mapping[type, Handler]] = {
    Step.RECEIVER: {
        ReceiverPicked: _receiver,
        Typed: search,
        PageTurned: turn,
        SearchCleared: show_all,
        Back: _back,
    },
    Step.HANDOFF_NOTE: {Typed: _note, NoteCleared: _clear_note, Back: _back},
    Step.EXPIRY: {ExpiryPicked: _expiry, Typed: _tap_instead, Back: _back},
    Step.HAND_OVER: {Change: _change, Typed: _tap_instead, Back: _back},
}
