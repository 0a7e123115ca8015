"""What ixBrowser's lists, as the station publishes them, do in open drafts and on their cards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.draft import DefaultGroup, Draft, ListedGroup, Notice, Step, step
from bot.domain.draft_answers import Change, GroupPicked, ProxyKindPicked
from bot.domain.ixbrowser_objects import Group
from bot.domain.proxy import Direct, Keep, Saved
from bot.domain.remote_lists import Listing, Row
from bot.storage.tables import drafts
from bot.storage.work import SqlWork
from bot.usecases.drafting import cancel_draft
from bot.usecases.records import CardKind, StoredDraft
from bot.usecases.remote_lists import ListRequest, answer_draft, publish, request_anew, requested
from bot.usecases.station_lists import ShownVersion
from tests.usecases.conversation import CODE, MAI, NOW, Conversation
from tests.usecases.listed import ADS, ASKING, BOS, EVAS, GROUPS, OLD, SHOPS


async def opened(conversation: Conversation, draft: Draft) -> StoredDraft:
    """A draft whose card is shown."""

    def open_and_show(work: SqlWork) -> None:
        draft_id = work.drafts.open_new(conversation.where, draft, NOW)
        work.cards.note_shown(CardKind.DRAFT, draft_id, message_id=5, rendered=1, complete=True)

    await conversation.store.write(open_and_show)
    conversation.signals.clear()
    return await conversation.stored()


async def read(conversation: Conversation, listing: Listing, *rows: Row) -> list[str]:
    """A list was requested, and the station has read it; who is told of it."""
    await conversation.store.write(request_anew, frozenset({listing}))
    conversation.signals.clear()
    [request] = [each for each in await conversation.store.read(requested) if each.listing is listing]
    await conversation.store.write(publish, request, rows)
    return [signal for signal in conversation.signals if signal != "lists_published"]


# --- what a list answers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("draft", "listing", "rows", "after"),
    [
        (ASKING, Listing.GROUPS, [SHOPS], replace(ASKING, group=ListedGroup(7, "Shops"))),
        (ASKING, Listing.GROUPS, [], replace(ASKING, group=DefaultGroup())),
        (
            replace(ASKING, group=ListedGroup(7)),
            Listing.GROUPS,
            [SHOPS, ADS],
            replace(ASKING, group=ListedGroup(7, "Shops")),
        ),
        (
            replace(ASKING, group=ListedGroup(9, "Old"), proxy=Direct()),
            Listing.GROUPS,
            [SHOPS, ADS],
            replace(ASKING, proxy=Direct(), notice=Notice("group_gone")),
        ),
        (
            replace(ASKING, group=DefaultGroup(), proxy=Saved(301)),
            Listing.SAVED,
            [EVAS],
            replace(ASKING, group=DefaultGroup(), proxy=Saved(301, EVAS.label)),
        ),
    ],
)
async def test_what_the_list_answers_is_written_and_shown(
    conversation: Conversation, draft: Draft, listing: Listing, rows: list[Row], after: Draft
) -> None:
    stored = await opened(conversation, draft)
    told = await read(conversation, listing, *rows)
    changed = await conversation.stored()
    assert changed.draft == after
    assert changed.card.revision == stored.card.revision + 1
    assert await conversation.reposted() == []
    assert f"chat_behind {conversation.where.chat_id}" in told


@pytest.mark.parametrize(
    ("draft", "rows"),
    [
        # Neither is needed by the question that is asked: what was chosen is looked at again by the last one.
        (replace(ASKING, group=ListedGroup(9, "Old")), [SHOPS]),
        (Draft(group=ListedGroup(9, "Old")), [SHOPS]),
        (replace(ASKING, group=DefaultGroup(), proxy=Keep()), [SHOPS]),
    ],
)
async def test_a_list_that_the_question_does_not_need_changes_nothing(
    conversation: Conversation, draft: Draft, rows: list[Row]
) -> None:
    await opened(conversation, draft)
    before = await conversation.rows(drafts)
    assert await read(conversation, Listing.GROUPS, *rows) == []
    assert await conversation.rows(drafts) == before


async def test_it_answers_in_every_open_draft_and_in_no_closed_one(conversation: Conversation) -> None:
    await opened(conversation, ASKING)
    await conversation.do(cancel_draft, await conversation.button())
    mai = conversation.of(MAI)
    await opened(conversation, ASKING)
    await opened(mai, ASKING)
    await read(conversation, Listing.GROUPS, SHOPS)
    assert (await conversation.draft()).group == (await mai.draft()).group == ListedGroup(7, "Shops")


async def test_a_list_of_which_nothing_has_changed_still_answers_who_came_to_need_it(
    conversation: Conversation,
) -> None:
    await conversation.list_read(Listing.GROUPS, SHOPS, ago=OLD)
    await conversation.type(CODE)
    assert (await conversation.draft()).group is None
    await read(conversation, Listing.GROUPS, SHOPS)
    assert (await conversation.draft()).group == ListedGroup(7, "Shops")


async def test_a_reading_that_began_before_the_list_was_requested_anew_proves_nothing(
    conversation: Conversation,
) -> None:
    await opened(conversation, replace(ASKING, group=ListedGroup(9, "Just made"), proxy=Direct()))
    early = ListRequest(Listing.GROUPS, NOW - timedelta(seconds=1))
    await conversation.store.write(request_anew, GROUPS)
    await conversation.store.write(publish, early, [SHOPS, ADS])
    assert (await conversation.draft()).group == ListedGroup(9, "Just made")
    assert await conversation.requests() == GROUPS
    await conversation.answer(Change(Step.PROXY))
    await conversation.answer(ProxyKindPicked("keep"))
    assert (await conversation.draft()).group == ListedGroup(9, "Just made")


async def test_a_list_that_could_not_be_read_answers_nothing(conversation: Conversation) -> None:
    await conversation.list_read(Listing.GROUPS, SHOPS, ago=OLD)
    await conversation.list_failed(Listing.GROUPS)
    await conversation.type(CODE)
    assert (await conversation.draft()).group is None


async def test_what_a_draft_comes_to_need_meanwhile_is_answered_when_its_card_is_shown(
    conversation: Conversation,
) -> None:
    await conversation.list_read(Listing.GROUPS, SHOPS)
    stored = await opened(conversation, ASKING)
    await conversation.store.write(answer_draft, stored.id)
    assert (await conversation.draft()).group == ListedGroup(7, "Shops")
    assert f"chat_behind {conversation.where.chat_id}" in conversation.signals
    before = await conversation.rows(drafts)
    await conversation.store.write(answer_draft, stored.id)
    await conversation.store.write(answer_draft, 99)
    assert await conversation.rows(drafts) == before


# --- an old list ------------------------------------------------------------------------------------------------------


async def test_an_old_list_gives_names_and_proves_nothing(conversation: Conversation) -> None:
    await conversation.list_read(Listing.GROUPS, SHOPS, ADS, ago=OLD)
    await conversation.list_read(Listing.SAVED, EVAS, ago=OLD)
    await opened(conversation, replace(ASKING, group=ListedGroup(9, "Old"), proxy=Saved(999, "Bo's")))
    await conversation.answer(Change(Step.GROUP))
    await conversation.answer(GroupPicked(8))
    draft = await conversation.draft()
    assert step(draft) is Step.CONFIRM
    assert (draft.group, draft.proxy) == (ListedGroup(8, "Ads"), Saved(999, "Bo's"))
    await conversation.answer(Change(Step.GROUP))
    await conversation.answer(GroupPicked(12))
    assert (await conversation.draft()).group == ListedGroup(12)


# --- cards ------------------------------------------------------------------------------------------------------------


async def is_behind(conversation: Conversation) -> bool:
    card = (await conversation.stored()).card
    return card.shown_revision < card.revision


async def test_the_cards_that_show_a_list_are_behind_when_it_differs_and_no_tap_is_spoiled(
    conversation: Conversation,
) -> None:
    await read(conversation, Listing.GROUPS, SHOPS, ADS)
    await opened(conversation, ASKING)
    button = await conversation.button()
    assert await read(conversation, Listing.GROUPS, SHOPS, ADS) == []
    assert not await is_behind(conversation)
    assert await read(conversation, Listing.GROUPS, SHOPS, ADS, Group(9, "New")) == ["chat_behind 1001"]
    assert await is_behind(conversation)
    assert (await conversation.button()) == button


async def test_the_cards_that_show_a_list_are_behind_when_it_comes_first_or_fails_otherwise(
    conversation: Conversation,
) -> None:
    await opened(conversation, ASKING)
    for reason, told in (("away", True), ("away", False), ("1002", True)):
        conversation.signals.clear()
        await conversation.list_failed(Listing.GROUPS, reason)
        assert ("chat_behind 1001" in conversation.signals) is told
    assert await read(conversation, Listing.GROUPS, SHOPS, ADS) == ["chat_behind 1001"]


async def test_what_a_card_shows_of_a_list_is_told_from_what_it_has_to_show_now(conversation: Conversation) -> None:
    def look(work: SqlWork) -> ShownVersion:
        return work.lists.versions(GROUPS)[Listing.GROUPS]

    await read(conversation, Listing.GROUPS, SHOPS, ADS)
    assert await conversation.store.write(look) == ShownVersion(1, None)
    await conversation.list_failed(Listing.GROUPS)
    assert await conversation.store.write(look) == ShownVersion(1, "away")
    await read(conversation, Listing.GROUPS, SHOPS)
    assert await conversation.store.write(look) == ShownVersion(2, None)


@pytest.mark.parametrize(
    ("rows", "told"), [((EVAS, BOS), []), ((), ["chat_behind 1001"]), ((BOS,), [])], ids=["more", "none", "another"]
)
async def test_where_only_the_kinds_of_proxies_are_asked_for_it_counts_whether_there_are_any(
    conversation: Conversation, rows: tuple[Row, ...], told: list[str]
) -> None:
    await conversation.list_read(Listing.SAVED, EVAS)
    await opened(conversation, replace(ASKING, group=DefaultGroup()))
    assert await read(conversation, Listing.SAVED, *rows) == told
