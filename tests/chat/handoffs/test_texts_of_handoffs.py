"""Sentences about what was left: values are shown as they are, and the longest fit."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.chat.audit import texts as audit
from bot.chat.handoffs import entry_texts, list_texts
from bot.chat.handoffs.list_texts import Listed
from bot.chat.handoffs.standing_texts import Reader, stands
from bot.chat.languages import LANGUAGES
from bot.chat.translator import Translator, translator, width
from bot.domain.draft import Draft, ListedGroup
from bot.domain.handoff import HandedCode, HandoffStatus, ReturnReason
from bot.domain.proxy import Saved
from bot.usecases.audit import AuditKind
from bot.usecases.handoff_lists import PAGE_SIZE, HandoffView
from bot.usecases.handoff_rows import Handoff, HandoffCode
from tests.chat.test_texts import LONG_ROW, NASTY, logged, shown

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
GIVER, KIM, LEE, ADMIN = 1, 2, 3, 4
EACH = pytest.mark.parametrize("t", [translator(each.tag) for each in LANGUAGES], ids=lambda t: str(t.locale))
_DECLINED = (ReturnReason.DECLINED, ReturnReason.CANCELLED, ReturnReason.REMOVED)
STATES = [
    HandedCode(),
    *(HandedCode(each, KIM) for each in (HandoffStatus.TAKEN, HandoffStatus.IMPORTING, HandoffStatus.IMPORTED)),
    *(HandedCode(each) for each in (HandoffStatus.WITHDRAWN, HandoffStatus.EXPIRED)),
    *(HandedCode(HandoffStatus.DECLINED, reason=each) for each in _DECLINED),
    *(HandedCode(HandoffStatus.FAILED, KIM, reason=each) for each in (ReturnReason.REFUSED, ReturnReason.KEY_LOST)),
]


def view(reader_id: int, *states: HandedCode, name: str = "Kim", to: int | None = KIM, note: str = "") -> HandoffView:
    codes = [HandoffCode(number, None, "1111••••-••••4444", state, NOON) for number, state in enumerate(states)]
    handoff = Handoff(1, GIVER, GIVER, to, note, NOON, NOON, NOON, False, 1, codes)
    return HandoffView(
        handoff,
        dict.fromkeys((GIVER, KIM, LEE), name),
        {number: logged(**LONG_ROW) for number in range(len(states))},
        for_reader=to in {None, reader_id},
        owned=reader_id == GIVER,
        may_assign=reader_id in {GIVER, ADMIN},
        unreachable=False,
    )


@EACH
@pytest.mark.parametrize("reader_id", [GIVER, KIM, LEE, ADMIN])
@pytest.mark.parametrize("to", [KIM, None])
def test_however_it_stands_everybody_is_told_in_a_pop_up(t: Translator, reader_id: int, to: int | None) -> None:
    for states in [*([state] for state in STATES), STATES]:
        said = stands(t, view(reader_id, *states, name="🛒" * 128, to=to), Reader(reader_id))
        if said is None:
            assert states == [HandedCode()]
        else:
            assert "<" not in said
            assert 0 < width(said) <= 200


def test_no_two_states_are_told_alike() -> None:
    told = [stands(translator("en"), view(LEE, state), Reader(LEE)) for state in STATES]
    assert len(set(told)) == len(told)


@EACH
def test_an_entry_shows_values_as_they_are(t: Translator) -> None:
    proposal = Draft(group=ListedGroup(7, NASTY), proxy=Saved(1, NASTY))
    said = entry_texts.entry(t, view(KIM, HandedCode(), name=NASTY, note=NASTY), proposal, Reader(KIM), "")
    assert shown(said).count(NASTY) == 4
    assert NASTY not in said
    assert NASTY in shown(list_texts.entry(t, 1, view(KIM, HandedCode(), name=NASTY), KIM, ""))


@EACH
def test_the_longest_fit_into_a_message(t: Translator) -> None:
    proposal = Draft(group=ListedGroup(7, "🛒" * 5000), proxy=Saved(1, "🛒" * 5000), bypass=("🛒" * 250,) * 5)
    imported = [HandedCode(HandoffStatus.IMPORTED, KIM)] * 499
    longest = view(LEE, *imported, HandedCode(), name="🛒" * 128, note="🛒" * 200)
    assert shown(entry_texts.entry(t, longest, proposal, Reader(LEE), "Asia/Tokyo"))
    entries = [list_texts.entry(t, number, longest, LEE, "Asia/Tokyo") for number in range(PAGE_SIZE)]
    for listed in Listed:
        assert shown(list_texts.page(t, listed, entries))
        assert shown(list_texts.empty(t, listed))


def test_every_kind_of_the_audit_has_a_sentence() -> None:
    kinds = {kind.value for kind in AuditKind if kind.name in _NEW}
    assert kinds <= audit.KINDS.keys()
    t = translator("en")
    for kind in kinds:
        for whom in ("Kim", ""):
            said = audit.KINDS[kind].sentence(t, {"who": "Mai", "whom": whom, "number": 7, "detail": "", "kind": kind})
            assert said.startswith("Mai ")
            assert "7" in said
            assert "  " not in said or not whom


_NEW = {"HANDED_OVER", "TAKEN", "DECLINED", "WITHDRAWN", "REASSIGNED", "SPLIT", "HANDED_CODES_SHOWN"}
