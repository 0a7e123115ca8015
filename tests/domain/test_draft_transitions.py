"""The conversation's one table: what each answer does at each step, walked through and at random."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.draft import (
    MOST_CODES,
    DefaultGroup,
    Draft,
    LastChoices,
    ListedGroup,
    NewGroup,
    Notice,
    Step,
    begin,
    can_go_back,
    step,
    takes_bypass,
)
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
    Residential,
    Saved,
    TextFormat,
    complete,
)
from bot.domain.transfer_code import TransferCode
from bot.errors import InputError, OldButton
from tests.support.diagram import ASIDE, edges, mermaid, shapes, tries

A, B = TransferCode("11112222-33334444"), TransferCode("55556666-77778888")
LINK = "https://proxies.example/next"
TYPED = Custom("203.0.113.7", 1080, ProxyType.SOCKS5, "ana", "hunter2")
LAST = LastChoices(ListedGroup(7, "Shops"), Saved(301, "socks5 203.0.113.7:1080"))
CHOSEN = Draft(codes=(A,), group=ListedGroup(7, "Shops"), proxy=Direct())


def after(draft: Draft, *answers: Answer) -> Draft:
    for answer in answers:
        draft = apply(draft, answer)
    return draft


def mistake(draft: Draft, answer: Answer) -> InputError:
    with pytest.raises(InputError) as caught:
        apply(draft, answer)
    return caught.value


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


# --- codes ------------------------------------------------------------------------------------------------------------


def test_codes_join_in_their_order_and_each_counts_once() -> None:
    draft = after(Draft(), CodesSent((A,), 1), CodesSent((B, A), 2))
    assert draft.codes == (A, B)
    assert draft.notice == Notice("repeated_codes", {"count": "1"})


def test_a_remark_is_gone_with_the_next_answer() -> None:
    draft = after(Draft(), CodesSent((A,), 2))
    assert draft.notice is not None
    assert after(draft, DefaultGroupPicked()).notice is None


def test_no_more_codes_are_taken_than_there_is_room_for() -> None:
    many = tuple(TransferCode(f"{number:08}-00000000") for number in range(MOST_CODES + 3))
    draft = after(Draft(), CodesSent((A,), 1), CodesSent(many, len(many)))
    assert draft.codes == (A, *many[: MOST_CODES - 1])
    assert draft.notice == Notice("too_many_codes", {"most": "500"})


def test_codes_that_join_leave_the_question_and_the_page_as_they_were() -> None:
    draft = after(Draft(codes=(A,)), Typed("shop"), PageTurned(3), CodesSent((B,), 1))
    assert (step(draft), draft.search, draft.page) == (Step.GROUP, "shop", 3)


@pytest.mark.parametrize(
    ("draft", "reason"), [(Draft(), "no_code"), (CHOSEN, "tap_import"), (after(CHOSEN, Change(Step.PROXY)), None)]
)
def test_what_is_almost_a_code_is_told_from_what_is_none(draft: Draft, reason: str | None) -> None:
    assert mistake(draft, Typed("7668682889727101")).reason == "almost_code"
    assert mistake(draft, Typed("hello")).reason == (reason or "unreadable")


# --- groups -----------------------------------------------------------------------------------------------------------


def test_a_search_begins_on_the_first_page_and_can_be_given_up() -> None:
    draft = after(Draft(codes=(A,)), PageTurned(4), Typed("  Shops \n EU "))
    assert (draft.search, draft.page) == ("Shops EU", 0)
    assert after(draft, PageTurned(2), SearchCleared()) == Draft(codes=(A,))


def test_the_name_of_a_new_group_is_one_line_of_no_more_than_200_characters() -> None:
    naming = after(Draft(codes=(A,)), NewGroupWanted())
    assert after(naming, Typed(" Shops\n Asia ")).group == NewGroup("Shops Asia")
    assert after(naming, Typed("店" * 200)).group == NewGroup("店" * 200)
    assert mistake(naming, Typed("x" * 201)).reason == "long_title"
    assert mistake(naming, Typed(" \n ")).reason == "empty_title"


def test_while_a_group_is_made_nothing_else_can_be_answered_but_codes_may_join() -> None:
    making = after(Draft(codes=(A,)), NewGroupWanted(), Typed("Shops Asia"))
    assert step(making) is Step.GROUP_MAKING
    assert mistake(making, Typed("Shops Africa")).reason == "tap_a_button"
    with pytest.raises(OldButton):
        apply(making, GroupPicked(7))
    made = after(making, CodesSent((B,), 1), GroupMade(8, "Shops Asia"))
    assert (made.codes, made.group, step(made)) == ((A, B), ListedGroup(8, "Shops Asia"), Step.PROXY)


def test_a_group_that_could_not_be_made_is_asked_for_again_or_another_chosen() -> None:
    making = after(CHOSEN, Change(Step.GROUP), NewGroupWanted(), Typed("Shops Asia"))
    again = after(making, GroupNotMade("group_away"))
    assert (step(again), again.notice) == (Step.GROUP_TITLE, Notice("group_away"))
    assert step(after(again, Typed("Shops Asia"))) is Step.GROUP_MAKING
    assert step(after(again, Back())) is Step.GROUP
    assert after(again, Back(), DefaultGroupPicked()) == replace(CHOSEN, group=DefaultGroup())


# --- proxies ----------------------------------------------------------------------------------------------------------


def test_a_proxy_text_is_read_wherever_a_proxy_is_asked_for() -> None:
    for draft in (
        Draft(codes=(A,), group=DefaultGroup()),
        Draft(codes=(A,), group=DefaultGroup(), proxy=Custom()),
        Draft(codes=(A,), group=DefaultGroup(), proxy=Custom(unclear="203.0.113.7:1080:ana:ssh")),
        Draft(codes=(A,), group=DefaultGroup(), proxy=Custom("h.example", 1)),
    ):
        assert after(draft, Typed("socks5://ana:hunter2@203.0.113.7:1080")).proxy == TYPED


def test_an_unclear_text_is_asked_back() -> None:
    draft = after(Draft(codes=(A,), group=DefaultGroup()), Typed("203.0.113.7:1080:ana:ssh"))
    assert step(draft) is Step.READING
    typed, told = readings(draft)
    assert (typed.type, typed.password) == (ProxyType.SSH, None)
    assert step(after(draft, ReadingPicked(0))) is Step.PASSWORD
    assert after(draft, ReadingPicked(1)).proxy == told
    with pytest.raises(OldButton):
        apply(draft, ReadingPicked(2))
    with pytest.raises(OldButton):
        apply(draft, ReadingPicked(5))


def test_a_text_that_was_unclear_once_and_is_clear_by_now_has_one_reading() -> None:
    """As after an update of the program, in which more is read."""
    assert readings(Draft(proxy=Custom(unclear="203.0.113.7:1080"))) == (Custom("203.0.113.7", 1080, password=""),)


@pytest.mark.parametrize("word", ["socks5", " SOCKS5 ", "socks5h"])
def test_a_type_may_be_typed_instead_of_tapped(word: str) -> None:
    custom = Draft(codes=(A,), group=DefaultGroup(), proxy=replace(TYPED, type=None))
    link = Draft(codes=(A,), group=DefaultGroup(), proxy=Extraction(LINK))
    assert after(custom, Typed(word)).proxy == TYPED
    assert after(link, Typed(word)).proxy == Extraction(LINK, ProxyType.SOCKS5)
    assert mistake(custom, Typed("socks4")).reason == mistake(link, Typed("socks4")).reason == "unsupported_type"
    assert mistake(link, Typed("fast")).reason == "tap_a_button"


@pytest.mark.parametrize(
    ("proxy", "answers", "chosen"),
    [
        (Saved(), [PageTurned(1), ListedPicked(301)], Saved(301)),
        (Residential(), [ListedPicked(71), IpPolicyPicked(new_ip=True)], Residential(71, "", new_ip=True)),
        (
            Extraction(),
            [
                Typed(LINK),
                TypePicked(ProxyType.SSH),
                FormatPicked(TextFormat.IP_PORT),
                MethodPicked(ExtractionMethod.WHEN_INVALID),
            ],
            Extraction(LINK, ProxyType.SSH, TextFormat.IP_PORT, ExtractionMethod.WHEN_INVALID),
        ),
    ],
)
def test_each_kind_asks_what_it_needs_and_no_more(proxy: Saved, answers: list[Answer], chosen: Saved) -> None:
    draft = after(Draft(codes=(A,), group=DefaultGroup(), proxy=proxy), *answers)
    assert (draft.proxy, step(draft), draft.page) == (chosen, Step.CONFIRM, 0)


def test_keep_takes_the_bypass_list_away_and_every_other_kind_keeps_it() -> None:
    draft = after(CHOSEN, Change(Step.BYPASS), Typed("*.example.com"))
    other = after(draft, Change(Step.PROXY), ProxyKindPicked("saved"), ListedPicked(301))
    assert other.bypass == ("*.example.com",)
    kept = after(other, Change(Step.PROXY), ProxyKindPicked("keep"))
    assert kept.bypass == ()
    with pytest.raises(OldButton):
        apply(kept, Change(Step.BYPASS))


def test_a_bypass_list_stands_until_another_is_typed_or_it_is_switched_off() -> None:
    draft = after(CHOSEN, Change(Step.BYPASS), Typed("a.example"), Change(Step.BYPASS))
    assert mistake(draft, Typed("not a domain !")).reason == "bad_domain"
    assert after(draft, Back()).bypass == ("a.example",)
    assert after(draft, Typed("b.example")).bypass == ("b.example",)
    assert after(draft, BypassOff()).bypass == ()


# --- going back -------------------------------------------------------------------------------------------------------

ON_THE_WAY: list[tuple[Draft, Draft]] = [
    (Draft(codes=(A,), proxy=Extraction(LINK)), Draft(codes=(A,), proxy=Extraction())),
    (
        Draft(codes=(A,), proxy=Extraction(LINK, ProxyType.SSH)),
        Draft(codes=(A,), proxy=Extraction(LINK)),
    ),
    (
        Draft(codes=(A,), proxy=Extraction(LINK, ProxyType.SSH, TextFormat.IP_PORT)),
        Draft(codes=(A,), proxy=Extraction(LINK, ProxyType.SSH)),
    ),
    (Draft(codes=(A,), proxy=Residential(71, "A · 71")), Draft(codes=(A,), proxy=Residential())),
    (Draft(codes=(A,), proxy=replace(TYPED, type=None)), Draft(codes=(A,), proxy=Custom())),
    (Draft(codes=(A,), proxy=replace(TYPED, password=None)), Draft(codes=(A,), proxy=Custom())),
    (Draft(codes=(A,), proxy=Custom(unclear="203.0.113.7:1080:ana:ssh")), Draft(codes=(A,), proxy=Custom())),
    (Draft(codes=(A,), proxy=Saved()), Draft(codes=(A,))),
    (Draft(codes=(A,), proxy=Custom()), Draft(codes=(A,))),
]


@pytest.mark.parametrize(
    ("draft", "before"), ON_THE_WAY, ids=[step(replace(d, group=DefaultGroup())) for d, _ in ON_THE_WAY]
)
def test_back_takes_the_newest_answer_back(draft: Draft, before: Draft) -> None:
    group = DefaultGroup()
    assert after(replace(draft, group=group), Back()) == replace(before, group=group)


@pytest.mark.parametrize(
    "answers",
    [
        [Change(Step.GROUP), Back()],
        [Change(Step.GROUP), PageTurned(3), Typed("x"), Back()],
        [Change(Step.GROUP), NewGroupWanted(), Back(), Back()],
        [Change(Step.PROXY), Back()],
        [Change(Step.PROXY), PageTurned(0), Back()],
        [Change(Step.PROXY), ProxyKindPicked("saved"), PageTurned(2), Back(), Back()],
        [Change(Step.PROXY), ProxyKindPicked("custom"), Typed("203.0.113.7:1080:ana:x"), Back(), Back(), Back()],
        [Change(Step.BYPASS), Back()],
    ],
)
def test_who_goes_back_from_a_change_has_what_was_chosen_before(answers: list[Answer]) -> None:
    draft = replace(CHOSEN, bypass=("a.example",))
    assert after(draft, *answers) == draft


def test_the_proxy_that_is_gone_back_to_asks_for_its_secret_again() -> None:
    draft = replace(CHOSEN, proxy=TYPED)
    back = after(draft, Change(Step.PROXY), ProxyKindPicked("custom"), Back(), Back())
    assert (step(back), back.proxy) == (Step.PASSWORD, replace(TYPED, password=None))
    assert after(back, Typed("hunter2")) == draft


def test_back_from_the_proxy_asks_for_the_group_even_where_there_is_but_one() -> None:
    draft = Draft(codes=(A,), group=DefaultGroup())
    back = after(draft, Back())
    assert step(back) is Step.GROUP
    assert after(back, DefaultGroupPicked()) == draft
    assert not can_go_back(back)


def test_nothing_is_before_the_first_question() -> None:
    for draft in (Draft(), Draft(codes=(A,)), CHOSEN):
        with pytest.raises(OldButton):
            apply(draft, Back())


@pytest.mark.parametrize(
    "press",
    [Change(Step.CODES), Change(Step.CONFIRM), ProxyKindPicked("keep"), GroupPicked(1), IpPolicyPicked(new_ip=True)],
)
def test_what_is_not_asked_now_is_an_old_button(press: Answer) -> None:
    with pytest.raises(OldButton):
        apply(CHOSEN, press)


def test_a_kind_of_proxy_that_there_is_not_is_an_old_button() -> None:
    with pytest.raises(OldButton):
        apply(after(CHOSEN, Change(Step.PROXY)), ProxyKindPicked("socks4"))


# --- secrets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("show", [repr, str, lambda draft: repr(draft.proxy)])
def test_no_secret_is_printed_with_a_draft_or_an_answer(show: Callable[[object], str]) -> None:
    draft = replace(CHOSEN, proxy=TYPED)
    assert "hunter2" not in show(draft)
    assert "hunter2" not in repr(Typed("hunter2"))
