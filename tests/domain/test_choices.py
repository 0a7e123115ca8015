"""Choices of single codes: what they are where a code has none of its own, and what ixBrowser's lists do to them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.choices import Choices, choices_of, with_own
from bot.domain.draft import DefaultGroup, Draft, ListedGroup, OwnChoices
from bot.domain.ixbrowser_objects import Group, ListedProxy
from bot.domain.proxy import Custom, Direct, Keep, Saved
from bot.domain.remote_lists import Listing, Lists, apply_remote_lists, needs
from bot.domain.transfer_code import TransferCode
from bot.errors import InputError, OldButton

CODE, OTHER = TransferCode("11112222-33334444"), TransferCode("55556666-77778888")
SHOPS = ListedGroup(5, "Shops")
DRAFT = Draft((CODE, OTHER), group=SHOPS, proxy=Direct(), bypass=("example.com",), note="all")


@pytest.mark.parametrize(
    ("draft", "choices"),
    [
        (Draft((CODE,)), Choices(DefaultGroup(), Keep(), (), "")),
        (DRAFT, Choices(SHOPS, Direct(), ("example.com",), "all")),
        (replace(DRAFT, own={OTHER: OwnChoices(note="x")}), Choices(SHOPS, Direct(), ("example.com",), "all")),
        (replace(DRAFT, own={CODE: OwnChoices(proxy=Keep())}), Choices(SHOPS, Keep(), (), "all")),
        (
            replace(DRAFT, own={CODE: OwnChoices(DefaultGroup(), Saved(9, "x"), (), "")}),
            Choices(DefaultGroup(), Saved(9, "x"), (), ""),
        ),
    ],
    ids=["nothing answered", "the draft's", "another code's", "no list with the own proxy", "all its own"],
)
def test_a_code_is_imported_with_its_own_choices_or_the_drafts(draft: Draft, choices: Choices) -> None:
    assert choices_of(draft, CODE) == choices


def test_own_choices_are_set_replaced_and_taken_away() -> None:
    first = with_own(DRAFT, CODE, OwnChoices(note="x"))
    assert first.own == {CODE: OwnChoices(note="x")}
    second = with_own(with_own(first, OTHER, OwnChoices(group=SHOPS)), CODE, OwnChoices(bypass=()))
    assert second.own == {CODE: OwnChoices(bypass=()), OTHER: OwnChoices(group=SHOPS)}
    assert with_own(second, CODE, OwnChoices()).own == {OTHER: OwnChoices(group=SHOPS)}


def test_what_cannot_be_chosen_is_refused() -> None:
    with pytest.raises(OldButton):
        with_own(DRAFT, TransferCode("99990000-11112222"), OwnChoices(note="x"))
    with pytest.raises(OldButton):
        with_own(DRAFT, CODE, OwnChoices(proxy=Custom(host="203.0.113.7")))
    assert with_own(DRAFT, CODE, OwnChoices(note="x" * 200)).own
    with pytest.raises(InputError, match="long_note"):
        with_own(DRAFT, CODE, OwnChoices(note="x" * 201))


GROUPS, SAVED = frozenset({Listing.GROUPS}), frozenset({Listing.SAVED})
KIMS = ListedProxy(9, "http", "203.0.113.9", "80", "", "Kim's", purchased=False)
FULL = Lists({Listing.GROUPS: [Group(1, "Default group"), Group(5, "Stores")], Listing.SAVED: [KIMS]})
EMPTY = Lists({Listing.GROUPS: [Group(1, "Default group")], Listing.SAVED: []})
BOTH = OwnChoices(group=SHOPS, proxy=Saved(9, "an old name"))
READY = Draft((CODE, OTHER), group=DefaultGroup(), proxy=Keep(), own={CODE: BOTH})


def test_the_last_question_needs_the_lists_of_every_codes_choices() -> None:
    assert needs(replace(READY, own={})) == frozenset()
    assert needs(READY) == GROUPS | SAVED
    assert needs(replace(READY, own={CODE: OwnChoices(group=SHOPS)})) == GROUPS


@pytest.mark.parametrize(
    ("lists", "own", "notice"),
    [
        (FULL, OwnChoices(group=ListedGroup(5, "Stores"), proxy=Saved(9, "http 203.0.113.9:80 · Kim's")), None),
        (EMPTY, None, "group_gone"),
        (Lists({Listing.SAVED: []}), OwnChoices(group=SHOPS), "proxy_gone"),
        (Lists({Listing.GROUPS: [Group(1, "Default group")]}), OwnChoices(proxy=Saved(9, "an old name")), "group_gone"),
        (Lists(), BOTH, None),
    ],
    ids=["renamed", "both gone", "proxy gone", "group gone", "nothing known"],
)
def test_a_list_names_what_a_code_has_of_its_own_or_says_that_it_is_gone(
    lists: Lists, own: OwnChoices | None, notice: str | None
) -> None:
    draft = apply_remote_lists(READY, lists)
    assert draft.own == ({} if own is None else {CODE: own})
    assert (draft.notice and draft.notice.reason) == notice
