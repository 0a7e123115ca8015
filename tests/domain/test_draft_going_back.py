"""Going back in a conversation: what each step takes back, and what is no step of it any more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.draft import DefaultGroup, Draft, Step, can_go_back, step
from bot.domain.draft_answers import (
    Answer,
    Back,
    Change,
    DefaultGroupPicked,
    GroupPicked,
    IpPolicyPicked,
    NewGroupWanted,
    PageTurned,
    ProxyKindPicked,
    Typed,
)
from bot.domain.draft_transitions import apply
from bot.domain.proxy import Custom, Extraction, ProxyType, Residential, Saved, TextFormat
from bot.errors import OldButton
from tests.support.drafts import CHOSEN, LINK, TYPED, A, after

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
