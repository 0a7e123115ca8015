"""What a draft needs of ixBrowser's lists, and what it learns from them without being asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.draft import DefaultGroup, Draft, GroupAnswer, ListedGroup, NewGroup, Notice, Step, step
from bot.domain.ixbrowser_objects import Group, ListedProxy, TrafficPackage
from bot.domain.proxy import Direct, Keep, ProxyChoice, Residential, Saved, Static
from bot.domain.remote_lists import Failed, Listing, Lists, apply_remote_lists, needs, shows_rows, with_known_names
from bot.domain.transfer_code import TransferCode

CODE = TransferCode("11112222-33334444")
ASKING = Draft(codes=(CODE,))
DEFAULT, SHOPS, ADS = Group(1, "Default group"), Group(7, "Shops"), Group(8, "Ads")
SAVED = ListedProxy(301, "socks5", "203.0.113.7", "1080", "eva", "Eva's", purchased=False)
STATIC = ListedProxy(302, "http", "198.51.100.9", "8000", "", "", purchased=True)
PACKAGE = TrafficPackage(71, "Supplier A", "1", "2")


def grouped(*groups: Group) -> Lists:
    return Lists({Listing.GROUPS: groups})


def confirming(group: GroupAnswer, proxy: ProxyChoice) -> Draft:
    return Draft(codes=(CODE,), group=group, proxy=proxy)


@pytest.mark.parametrize(
    ("draft", "wanted"),
    [
        (Draft(), set()),
        (ASKING, {Listing.GROUPS}),
        (replace(ASKING, group=DefaultGroup()), {Listing.SAVED, Listing.STATIC, Listing.PACKAGES}),
        (
            replace(ASKING, group=ListedGroup(7)),
            {Listing.GROUPS, Listing.SAVED, Listing.STATIC, Listing.PACKAGES},
        ),
        (replace(ASKING, group=DefaultGroup(), proxy=Saved()), {Listing.SAVED}),
        (replace(ASKING, group=DefaultGroup(), proxy=Static()), {Listing.STATIC}),
        (replace(ASKING, group=DefaultGroup(), proxy=Residential()), {Listing.PACKAGES}),
        (replace(ASKING, group=DefaultGroup(), proxy=Residential(71)), set()),
        (confirming(DefaultGroup(), Keep()), set()),
        (confirming(ListedGroup(7, "Shops"), Direct()), {Listing.GROUPS}),
        (confirming(ListedGroup(7, "Shops"), Saved(301, "x")), {Listing.GROUPS, Listing.SAVED}),
        (confirming(DefaultGroup(), Static(302, "x")), {Listing.STATIC}),
        (confirming(DefaultGroup(), Residential(71, "x", new_ip=True)), {Listing.PACKAGES}),
        (replace(ASKING, group=NewGroup("Shops")), set()),
    ],
)
def test_each_question_needs_its_lists_and_the_last_one_those_of_what_was_chosen(
    draft: Draft, wanted: set[Listing]
) -> None:
    assert needs(draft) == wanted


@pytest.mark.parametrize(
    ("groups", "chosen"),
    [([], DefaultGroup()), ([DEFAULT], DefaultGroup()), ([SHOPS], ListedGroup(7, "Shops"))],
)
def test_with_one_group_or_none_there_is_nothing_to_ask(groups: list[Group], chosen: GroupAnswer) -> None:
    settled = apply_remote_lists(ASKING, grouped(*groups))
    assert settled.group == chosen
    assert step(settled) is Step.PROXY


def test_with_several_groups_the_group_is_asked_for() -> None:
    assert apply_remote_lists(ASKING, grouped(DEFAULT, SHOPS)) == ASKING


def test_the_only_group_is_not_chosen_for_somebody_who_looks_for_another() -> None:
    for draft in (replace(ASKING, search="x"), replace(ASKING, changing=Step.GROUP, group=DefaultGroup())):
        assert apply_remote_lists(draft, grouped(DEFAULT)) == draft


@pytest.mark.parametrize("lists", [Lists(), Lists({Listing.GROUPS: Failed("away")})])
def test_a_list_that_is_not_known_decides_nothing(lists: Lists) -> None:
    chosen = confirming(ListedGroup(9), Saved(999))
    assert apply_remote_lists(ASKING, lists) == ASKING
    assert apply_remote_lists(chosen, lists) == chosen


def test_what_was_picked_has_the_name_that_it_has_now() -> None:
    lists = Lists(
        {
            Listing.GROUPS: [DEFAULT, SHOPS],
            Listing.SAVED: [SAVED],
            Listing.STATIC: [STATIC],
            Listing.PACKAGES: [PACKAGE, TrafficPackage(72, "", "1", "2")],
        }
    )

    def label(proxy: ProxyChoice) -> str:
        settled = apply_remote_lists(confirming(DefaultGroup(), proxy), lists).proxy
        assert isinstance(settled, Saved | Static | Residential)
        return settled.label

    assert apply_remote_lists(replace(ASKING, group=ListedGroup(7)), lists).group == ListedGroup(7, "Shops")
    assert apply_remote_lists(replace(ASKING, group=ListedGroup(7, "Old")), lists).group == ListedGroup(7, "Shops")
    assert label(Saved(301)) == label(Saved(301, "old")) == "socks5 203.0.113.7:1080 · Eva's"
    assert label(Static(302)) == "http 198.51.100.9:8000"
    assert label(Residential(71, "", new_ip=True)) == "Supplier A · 71"
    assert label(Residential(72, "", new_ip=True)) == "72"


def test_a_group_that_is_gone_is_asked_for_again() -> None:
    settled = apply_remote_lists(confirming(ListedGroup(9, "Gone"), Direct()), grouped(DEFAULT, SHOPS))
    assert (step(settled), settled.notice) == (Step.GROUP, Notice("group_gone"))
    assert settled.proxy == Direct()


def test_a_group_that_is_gone_gives_way_to_the_only_one_and_it_is_said() -> None:
    settled = apply_remote_lists(
        apply_remote_lists(confirming(ListedGroup(9, "Gone"), Direct()), grouped(DEFAULT)), grouped(DEFAULT)
    )
    assert (settled.group, settled.notice) == (DefaultGroup(), Notice("group_gone"))


@pytest.mark.parametrize(
    ("proxy", "listing", "rows", "left", "asked"),
    [
        (Saved(9, "x"), Listing.SAVED, [SAVED], Saved(), Step.SAVED),
        (Saved(9, "x"), Listing.SAVED, [], None, Step.PROXY),
        (Static(9, "x"), Listing.STATIC, [STATIC], Static(), Step.STATIC),
        (Residential(9, "x", new_ip=True), Listing.PACKAGES, [PACKAGE], Residential(), Step.RESIDENTIAL),
        (Residential(9, "x", new_ip=True), Listing.PACKAGES, [], None, Step.PROXY),
    ],
)
def test_a_proxy_that_is_gone_is_asked_for_again(
    proxy: ProxyChoice,
    listing: Listing,
    rows: list[ListedProxy | TrafficPackage],
    left: ProxyChoice | None,
    asked: Step,
) -> None:
    draft = confirming(DefaultGroup(), proxy)
    settled = apply_remote_lists(replace(draft, page=3), Lists({listing: rows}))
    assert settled == replace(draft, proxy=left, page=0, notice=Notice("proxy_gone"))
    assert step(settled) is asked


def test_an_answer_that_is_being_changed_stands_until_it_is() -> None:
    draft = replace(confirming(ListedGroup(9, "Gone"), Saved(9)), changing=Step.PROXY)
    assert apply_remote_lists(draft, Lists({Listing.GROUPS: [SHOPS], Listing.SAVED: [SAVED]})) == draft


def test_an_old_list_gives_names_to_what_has_none_and_concludes_nothing() -> None:
    lists = Lists({Listing.GROUPS: Failed("away", [SHOPS], timedelta(hours=3)), Listing.SAVED: [SAVED]})
    assert with_known_names(ASKING, lists) == ASKING
    picked = confirming(ListedGroup(7), Saved(301))
    assert with_known_names(picked, lists) == confirming(ListedGroup(7, "Shops"), Saved(301, SAVED.label))
    for stands in (
        confirming(ListedGroup(7, "Named otherwise by now"), Saved(301, "so, too")),
        confirming(ListedGroup(9), Saved(9)),
        confirming(ListedGroup(9, "Gone"), Direct()),
        confirming(DefaultGroup(), Keep()),
    ):
        assert with_known_names(stands, lists) == stands


def test_the_rows_of_a_list_are_shown_where_one_of_them_is_chosen() -> None:
    for listing in Listing:
        assert shows_rows(ASKING, listing) is (listing is Listing.GROUPS)
        assert not shows_rows(replace(ASKING, group=DefaultGroup()), listing)
        assert shows_rows(replace(ASKING, group=DefaultGroup(), proxy=Saved()), listing) is (listing is Listing.SAVED)
        assert not shows_rows(confirming(ListedGroup(7, "Shops"), Saved(301, "x")), listing)


def test_lists_tell_rows_failures_and_what_is_still_being_read_apart() -> None:
    lists = Lists({Listing.GROUPS: [SHOPS, ADS], Listing.SAVED: Failed("1002"), Listing.STATIC: [STATIC]})
    everything = frozenset(Listing)
    assert lists.groups() == [SHOPS, ADS]
    assert lists.proxies(Listing.SAVED) is None
    assert lists.proxies(Listing.STATIC) == [STATIC]
    assert lists.packages() is None
    assert Lists({Listing.PACKAGES: [PACKAGE]}).packages() == [PACKAGE]
    assert lists.labels(Listing.GROUPS) == {7: "Shops", 8: "Ads"}
    assert lists.failure(everything) == Failed("1002")
    assert lists.failure(frozenset({Listing.GROUPS})) is None
    assert lists.missing(everything) == {Listing.PACKAGES}
    old = Lists({Listing.GROUPS: Failed("away", [SHOPS], timedelta(hours=3))})
    assert old.groups() == [SHOPS]
    assert old.failure(everything) == Failed("away", [SHOPS], timedelta(hours=3))
