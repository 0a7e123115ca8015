"""What codes, groups, proxies and bypass lists become in a draft as they are answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.draft import MOST_CODES, DefaultGroup, Draft, ListedGroup, NewGroup, Notice, Step, step
from bot.domain.draft_answers import (
    Answer,
    Back,
    BypassOff,
    Change,
    CodesSent,
    DefaultGroupPicked,
    FormatPicked,
    GroupMade,
    GroupNotMade,
    GroupPicked,
    IpPolicyPicked,
    ListedPicked,
    MethodPicked,
    NewGroupWanted,
    PageTurned,
    ProxyKindPicked,
    ReadingPicked,
    SearchCleared,
    Typed,
    TypePicked,
)
from bot.domain.draft_transitions import apply, readings
from bot.domain.proxy import Custom, Extraction, ExtractionMethod, ProxyType, Residential, Saved, TextFormat
from bot.domain.transfer_code import TransferCode
from bot.errors import OldButton
from tests.support.drafts import CHOSEN, LINK, TYPED, A, B, after, mistake

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


# --- secrets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("show", [repr, str, lambda draft: repr(draft.proxy)])
def test_no_secret_is_printed_with_a_draft_or_an_answer(show: Callable[[object], str]) -> None:
    draft = replace(CHOSEN, proxy=TYPED)
    assert "hunter2" not in show(draft)
    assert "hunter2" not in repr(Typed("hunter2"))
