"""Cards of drafts as Telegram would take them: short enough, every value shown as it is, every button read back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chat.drafting import notices
from bot.chat.drafting.card import draft_card, still_loading
from bot.chat.drafting.keyboards import PAGE
from bot.domain.draft import DefaultGroup, Draft, ListedGroup, NewGroup, Notice, Step, step
from bot.domain.ixbrowser_objects import Group
from bot.domain.proxy import Custom, Direct, Keep, ProxyChoice, ProxyType, Residential, Saved
from bot.domain.remote_lists import Failed, Listing, Lists, Row, apply_remote_lists, needs
from bot.usecases.records import DraftState, Place
from tests.support.cards import (
    CHOICES,
    CODES,
    DOMAINS,
    EMPTY,
    FAILED,
    FULL,
    GROUPS,
    HOST,
    LONG,
    NASTY,
    OLD,
    PACKAGES,
    PRIVATE,
    PROXIES,
    SOME,
    TEAM,
    UNCLEAR,
    T,
    stored,
    taken,
)
from tests.support.diagram import shapes
from tests.support.journeys import ASKS


def with_longest_values(draft: Draft) -> Draft:
    """The same answers, as long as they can be."""
    draft = replace(draft, codes=CODES if draft.codes else (), search="🛒" * 100 if draft.search else "")
    match draft.group:
        case NewGroup():
            draft = replace(draft, group=NewGroup("🛒" * 200))
        case ListedGroup(title=str()):
            draft = replace(draft, group=ListedGroup(7, "🛒" * 5000))
    return replace(draft, bypass=DOMAINS if draft.bypass else ())


def every_draft() -> Iterator[Draft]:
    """One of each shape that a conversation can come to, with values as long as they can be."""
    return map(with_longest_values, shapes())


# --- drafts -----------------------------------------------------------------------------------------------------------


#: Where a card stands, and what is known of ixBrowser's lists.
SURROUNDINGS = ((PRIVATE, SOME), (PRIVATE, EMPTY), (TEAM, Lists()), (TEAM, FAILED[0]), (PRIVATE, OLD[0]))


def takes_card(draft: Draft, where: Place, lists: Lists) -> None:
    assert ASKS[step(draft)] in taken(draft_card(T, stored(draft, where), lists))


@pytest.mark.not_followed
def test_telegram_takes_every_card_that_a_conversation_can_come_to() -> None:
    """Each in one of the surroundings, dealt round for each question, so that each question is asked in all of them."""
    asked = Counter[Step]()
    for draft in every_draft():
        takes_card(draft, *SURROUNDINGS[asked[step(draft)] % len(SURROUNDINGS)])
        asked[step(draft)] += 1
    assert asked.keys() == set(Step)
    assert min(asked.values()) >= len(SURROUNDINGS), asked


@pytest.mark.long
def test_telegram_takes_every_card_that_a_conversation_can_come_to_in_all_surroundings() -> None:
    for draft in every_draft():
        for where, lists in SURROUNDINGS:
            takes_card(draft, where, lists)


@pytest.mark.parametrize("proxy", CHOICES, ids=lambda proxy: proxy.kind)
@pytest.mark.parametrize("changing", [None, Step.GROUP, Step.PROXY])
def test_a_card_has_room_for_everything_at_its_longest(proxy: ProxyChoice, changing: Step | None) -> None:
    bypass = () if isinstance(proxy, Keep) else DOMAINS
    draft = Draft(CODES, ListedGroup(2, "🛒" * 5000), proxy, bypass, changing=changing, search="店" * 200, page=10**17)
    draft = replace(draft, notice=Notice("bad_domain", {"value": "🛒" * 60}))
    for lists in (FULL, *FAILED, *OLD):
        text = taken(draft_card(T, stored(draft), lists))
        assert "and 490 more" in text
        assert "hunter2" not in text


def test_a_bypass_list_at_its_longest_is_shown_as_far_as_there_is_room() -> None:
    draft = Draft(CODES, DefaultGroup(), LONG, DOMAINS, changing=Step.BYPASS)
    text = taken(draft_card(T, stored(draft), FULL))
    assert f"Bypass: {DOMAINS[0]}, {DOMAINS[1]}" in text
    assert "and 196 more" in text


def test_readings_at_their_longest_are_told_apart() -> None:
    draft = Draft(CODES, ListedGroup(2, "🛒" * 200), UNCLEAR)
    card = draft_card(T, stored(draft), FULL)
    text = taken(card)
    labels = [row[0][0] for row in card.buttons[:-2]]
    assert len(labels) >= 2
    for number, label in enumerate(labels, start=1):
        assert label.startswith(f"{number}. ")
        assert f"\n{number}. {HOST}:" in text


@pytest.mark.parametrize(
    "draft",
    [
        Draft(CODES[:1], ListedGroup(1, NASTY), Direct()),
        Draft(CODES[:1], NewGroup(NASTY)),
        Draft(CODES[:1], search=NASTY),
        Draft(CODES[:1], DefaultGroup(), Saved(PROXIES[0].id, NASTY)),
        Draft(CODES[:1], DefaultGroup(), Residential(PACKAGES[0].id, NASTY, new_ip=False)),
        Draft(CODES[:1], DefaultGroup(), Custom("h.example", 1, ProxyType.SSH, NASTY, "hunter2")),
        Draft(CODES[:1], DefaultGroup(), Custom("h.example", 1, ProxyType.SSH, NASTY)),
        Draft(CODES[:1], DefaultGroup(), Direct(), (NASTY,)),
        Draft(CODES[:1], notice=Notice("bad_address", {"value": NASTY})),
        Draft(CODES[:1], notice=Notice("bad_domain", {"value": NASTY})),
        Draft(CODES[:1], notice=Notice("unsupported_type", {"value": NASTY})),
    ],
)
def test_every_value_is_shown_as_it_is(draft: Draft) -> None:
    assert NASTY in taken(draft_card(T, stored(draft), FULL))


def test_names_on_buttons_are_as_they_are() -> None:
    lists = Lists({Listing.GROUPS: [Group(1, "x"), Group(2, "a <b> &amp; 'c'")]})
    card = draft_card(T, stored(Draft(CODES[:1])), lists)
    assert card.buttons[0][0][0] == "a <b> &amp; 'c'"
    assert [row[0][0] for row in card.buttons[1:3]] == ["Default", "➕ New group"]


@pytest.mark.parametrize("title", ["", " \n ", "\u200b"])
def test_what_has_no_name_has_a_button_all_the_same(title: str) -> None:
    lists = Lists({Listing.GROUPS: [Group(2, title), Group(3, "Shops")]})
    card = draft_card(T, stored(Draft(CODES[:1])), lists)
    assert len(taken(card)) > 0
    assert "Group: number 2" in taken(draft_card(T, stored(Draft(CODES[:1], ListedGroup(2, ""))), lists))


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (timedelta(seconds=59), "less than a minute ago"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=3, minutes=59), "3 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=9, hours=23), "9 days ago"),
    ],
)
def test_an_old_list_is_shown_with_its_age_and_why_there_is_no_newer_one(age: timedelta, said: str) -> None:
    lists = Lists({Listing.GROUPS: Failed("silent", GROUPS[:3], age)})
    card = draft_card(T, stored(Draft(CODES[:1])), lists)
    assert f"⚠️ ixBrowser does not answer right now. This list is from {said}." in taken(card)
    assert len([data for row in card.buttons for _, data in row if ":group:" in data]) == 2


def test_of_several_lists_that_cannot_be_read_the_one_of_which_least_is_known_is_told() -> None:
    some: dict[Listing, Sequence[Row] | Failed] = {
        Listing.SAVED: Failed("1016", PROXIES, timedelta(hours=1)),
        Listing.STATIC: PROXIES,
    }
    asked = stored(Draft(CODES[:1], DefaultGroup()))
    older = Lists({**some, Listing.PACKAGES: Failed("silent", PACKAGES, timedelta(hours=2))})
    assert "as they were 2 hours ago" in taken(draft_card(T, asked, older))
    never = Lists({**some, Listing.PACKAGES: Failed("away")})
    assert "so its lists can't be shown" in taken(draft_card(T, asked, never))


def test_every_row_of_a_list_is_on_one_of_its_pages() -> None:
    shown = []
    pages = -(-(len(GROUPS) - 1) // PAGE)
    for page in range(pages):
        card = draft_card(T, stored(Draft(CODES[:1], page=page)), FULL)
        assert f"Page {page + 1} of {pages}" in card.text
        shown += [data for row in card.buttons for _, data in row if ":group:" in data]
    assert len(shown) == len(set(shown)) == len(GROUPS) - 1


def test_a_page_leads_to_the_one_before_and_the_one_after_and_no_others() -> None:
    card = draft_card(T, stored(Draft(CODES[:1], page=60)), FULL)
    turning = [[label for label, _ in row] for row in card.buttons if any(":page:" in data for _, data in row)]
    assert turning == [["‹ Previous", "Next ›"]]


def test_the_default_group_stands_once_whatever_it_is_called_and_searched_for() -> None:
    lists = Lists({Listing.GROUPS: [Group(1, "Main"), Group(2, "Domain names")]})
    for search, said in (("", None), ("MAIN", "2 groups with “MAIN”"), ("main", "2 groups with “main”")):
        card = draft_card(T, stored(Draft(CODES[:1], search=search)), lists)
        assert [row[0][0] for row in card.buttons if row[0][0] in ("Main", "Domain names", "Default")] == [
            "Domain names",
            "Default",
        ]
        assert said is None or said in card.text


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (DraftState.CANCELLED, "Cancelled. Nothing was sent"),
        (DraftState.EXPIRED, "Not confirmed for a day"),
        (DraftState.CONFIRMED, "Confirmed."),
    ],
)
def test_a_draft_that_has_ended_says_how_and_asks_nothing(state: DraftState, says: str) -> None:
    ended = stored(Draft(CODES, DefaultGroup(), Direct()), state=state)
    card = draft_card(T, ended, Lists())
    assert says in taken(card)
    assert not [data for row in card.buttons for _, data in row if not data.startswith("n:")]
    assert not still_loading(ended, Lists())


def test_a_card_is_complete_when_its_lists_have_come_or_failed() -> None:
    asking = stored(Draft(CODES[:1]))
    assert still_loading(asking, Lists())
    assert not still_loading(asking, FULL)
    assert not still_loading(asking, FAILED[0])


def test_a_card_shows_what_its_lists_settle() -> None:
    draft = Draft(CODES[:1], ListedGroup(2, "Old"), Saved(PROXIES[0].id, "old"))
    settled = apply_remote_lists(draft, FULL)
    assert needs(settled) == {Listing.GROUPS, Listing.SAVED}
    text = taken(draft_card(T, stored(settled), FULL))
    assert GROUPS[1].title[:90] in text
    assert "old" not in text


# --- batches ----------------------------------------------------------------------------------------------------------


def test_a_remark_that_nobody_has_a_sentence_for_is_made_in_general() -> None:
    assert notices.notice(T, Notice("of_a_later_version")) == "That can't be used here."
