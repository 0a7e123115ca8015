"""The conversation's one table: what each answer does at each step, walked through and at random."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.draft import DefaultGroup, Draft, LastChoices, ListedGroup, Step, begin, can_go_back, step, takes_bypass
from bot.domain.draft_answers import (
    AlmostCodeSent,
    Answer,
    Back,
    BypassOff,
    Change,
    CodesReplaced,
    CodesSent,
    CodeTakenOut,
    DefaultGroupPicked,
    ExpiryPicked,
    FormatPicked,
    GroupMade,
    GroupNotMade,
    GroupPicked,
    HandOverWanted,
    IpPolicyPicked,
    ListedPicked,
    MeaningPicked,
    MeantAnswered,
    MethodPicked,
    Named,
    NewGroupWanted,
    NoteCleared,
    PageTurned,
    ProxyKindPicked,
    ProxySent,
    ReadingPicked,
    ReceiverPicked,
    SearchCleared,
    SeveralNamed,
    Typed,
    TypePicked,
)
from bot.domain.draft_transitions import TRANSITIONS, apply, noticed, readings
from bot.domain.proxy import (
    KINDS,
    Custom,
    Direct,
    Extraction,
    ExtractionMethod,
    Keep,
    ProxyType,
    Saved,
    TextFormat,
    complete,
)
from bot.domain.transfer_code import TransferCode
from bot.errors import InputError, OldButton
from tests.support.diagram import ASIDE, edges, mermaid, shapes, tries
from tests.support.drafts import LAST, LINK, TYPED, A, B

# --- all of it --------------------------------------------------------------------------------------------------------


@pytest.mark.not_followed
def test_nothing_that_can_be_answered_anywhere_fails_in_another_way_than_is_said() -> None:
    done = tries()
    assert {type(tried.error) for tried in done if tried.after is None} == {OldButton, InputError}
    assert {step(tried.before) for tried in done} == set(Step)
    taken = {(step(tried.before), type(tried.answer)) for tried in done if tried.after is not None}
    mistaken = {(step(tried.before), type(tried.answer)) for tried in done if isinstance(tried.error, InputError)}
    assert taken | mistaken == {(asked, answer) for asked, answers in TRANSITIONS.items() for answer in answers}


@pytest.mark.not_followed
def test_a_draft_is_as_sound_after_every_answer_as_before_it() -> None:
    for draft in (*shapes(), *(tried.after for tried in tries() if tried.after is not None)):
        check(draft)


def test_codes_and_texts_are_heard_at_every_step() -> None:
    assert all({CodesSent, Typed} <= answers.keys() for answers in TRANSITIONS.values())


def test_every_way_leads_on_to_the_import_and_every_question_has_one_before_it() -> None:
    ways = edges()
    leads = {before: {to for at, _, to in ways if at == before} for before, _, _ in ways}
    for asked in set(Step) - ASIDE:
        reached, waiting = {asked.value}, [asked.value]
        while waiting:
            new = leads[waiting.pop()] - reached
            reached |= new
            waiting += new
        assert Step.CONFIRM in reached, asked
    back = {before for before, said, _ in ways if said == "Back"}
    assert set(Step) - back - ASIDE == {Step.CODES, Step.GROUP_MAKING, Step.CONFIRM}


def test_the_diagram_has_one_arrow_for_each_pair_of_questions() -> None:
    lines = mermaid().splitlines()
    arrows = [re.fullmatch(r"    (\S+) --> (\S+?)(?:: (.+))?", line) for line in lines[1:]]
    pairs = [(arrow[1], arrow[2]) for arrow in arrows if arrow is not None]
    assert lines[0] == "stateDiagram-v2"
    assert len(pairs) == len(lines) - 1 == len(set(pairs))
    assert set(pairs) == {(at, to) for at, _, to in edges() if at != to} | {
        ("[*]", "codes"),
        ("confirm", "[*]"),
        ("hand_over", "[*]"),
    }
    assert "    confirm --> bypass: Bypass" in lines
    assert "    group --> proxy: Default / group" in lines


# --- at random --------------------------------------------------------------------------------------------------------

CODES = st.sampled_from([A, B, *(TransferCode(f"00000000-{number:08}") for number in range(6))])
TEXTS = st.one_of(
    st.text(),
    st.sampled_from(
        [
            "socks5://ana:hunter2@203.0.113.7:1080",
            "socks5://ana@203.0.113.7:1080",
            "203.0.113.7:1080",
            "203.0.113.7:1080:ana:ssh",
            "203.0.113.7:99999",
            LINK,
            "socks5",
            "socks4",
            "*.example.com",
            "hunter2",
            "Shops <b>&</b> 店铺",
            "7668682889727101",
        ]
    ),
)
MEANINGS = st.sampled_from([Keep(), Direct(), DefaultGroup(), ListedGroup(7, "Shops"), Saved(301, "socks5 h:1")])
NUMBERS = st.integers(min_value=0, max_value=10**18)
ANSWERS: dict[type, st.SearchStrategy[Answer]] = {
    CodesSent: st.builds(CodesSent, st.lists(CODES, max_size=4, unique=True).map(tuple), st.integers(4, 9)),
    CodeTakenOut: st.builds(CodeTakenOut, st.integers(0, 3)),
    CodesReplaced: st.builds(
        CodesReplaced,
        st.lists(CODES, max_size=3, unique=True).map(tuple),
        st.lists(CODES, max_size=3, unique=True).map(tuple),
    ),
    ProxySent: st.builds(
        ProxySent,
        st.sampled_from(
            [TYPED, Custom("203.0.113.7", 1080), Custom(unclear="203.0.113.7:1080:ana:ssh"), Extraction(LINK)]
        ),
    ),
    AlmostCodeSent: st.builds(AlmostCodeSent, CODES),
    Named: st.builds(Named, MEANINGS),
    SeveralNamed: st.builds(SeveralNamed, st.lists(MEANINGS, min_size=2, max_size=3).map(tuple)),
    MeaningPicked: st.builds(MeaningPicked, st.integers(0, 3)),
    MeantAnswered: st.builds(MeantAnswered, st.booleans()),
    Typed: st.builds(Typed, TEXTS),
    PageTurned: st.builds(PageTurned, NUMBERS),
    SearchCleared: st.just(SearchCleared()),
    GroupPicked: st.builds(GroupPicked, NUMBERS),
    DefaultGroupPicked: st.just(DefaultGroupPicked()),
    NewGroupWanted: st.just(NewGroupWanted()),
    GroupMade: st.builds(GroupMade, NUMBERS, st.text()),
    GroupNotMade: st.builds(GroupNotMade, st.sampled_from(["group_away", "group_silent"])),
    ProxyKindPicked: st.builds(ProxyKindPicked, st.sampled_from([*KINDS, "socks4"])),
    ReadingPicked: st.builds(ReadingPicked, st.integers(0, 5)),
    TypePicked: st.builds(TypePicked, st.sampled_from(ProxyType)),
    ListedPicked: st.builds(ListedPicked, NUMBERS),
    IpPolicyPicked: st.builds(IpPolicyPicked, st.booleans()),
    FormatPicked: st.builds(FormatPicked, st.sampled_from(TextFormat)),
    MethodPicked: st.builds(MethodPicked, st.sampled_from(ExtractionMethod)),
    BypassOff: st.just(BypassOff()),
    Change: st.builds(Change, st.sampled_from(Step)),
    HandOverWanted: st.just(HandOverWanted()),
    ReceiverPicked: st.builds(ReceiverPicked, st.none() | NUMBERS),
    NoteCleared: st.just(NoteCleared()),
    ExpiryPicked: st.builds(ExpiryPicked, st.sampled_from([None, 1, 5, 24])),
    Back: st.just(Back()),
}


def check(draft: Draft) -> None:
    """What is true of every draft that there can be."""
    asked = step(draft)
    assert asked in TRANSITIONS
    assert len(set(draft.codes)) == len(draft.codes)
    assert draft.page >= 0
    assert not (isinstance(draft.proxy, Keep) and draft.bypass)
    assert asked is not Step.BYPASS or takes_bypass(draft)
    assert draft.former is None or not complete(draft.proxy)
    # A proxy that came in a message waits until codes and group are known.
    earlier = {Step.CODES, Step.MEANT_CODE, Step.MEANING, Step.GROUP, Step.GROUP_TITLE, Step.GROUP_MAKING}
    late = draft.changing is not None or draft.hand_over is not None
    assert readings(draft) == () or asked in {Step.READING, *earlier} or late
    if asked is Step.CONFIRM:
        assert draft.codes
        assert isinstance(draft.group, DefaultGroup | ListedGroup)
        assert complete(draft.proxy)
    if can_go_back(draft):
        check_once(apply(draft, Back()))
    else:
        with pytest.raises(OldButton):
            apply(draft, Back())


def check_once(draft: Draft) -> None:
    assert step(draft) in TRANSITIONS


BEGUN = [LastChoices(), LAST, LastChoices(DefaultGroup(), Custom("h.example", 1, ProxyType.SSH, "ana"))]


@settings(max_examples=300)
@given(st.data())
def test_whatever_is_answered_in_whatever_order_the_draft_stays_sound(data: st.DataObject) -> None:
    draft = begin(data.draw(st.sampled_from(BEGUN)))
    for _ in range(data.draw(st.integers(0, 30))):
        asked = TRANSITIONS[step(draft)]
        # Mostly what is asked for, or nobody would ever get anywhere.
        kind = data.draw(st.sampled_from([*asked, *asked, *asked, *ANSWERS]))
        answer = data.draw(ANSWERS[kind])
        try:
            draft = apply(draft, answer)
        except OldButton:
            assert kind not in asked or kind in {
                Back,
                Change,
                ReadingPicked,
                ProxyKindPicked,
                MeaningPicked,
                CodeTakenOut,
                ExpiryPicked,
            }
        except InputError as mistake_:
            assert kind is Typed or kind in {Named, MeaningPicked}
            draft = noticed(draft, mistake_)
        check(draft)
