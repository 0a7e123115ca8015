"""What a list that was read anew answers in open drafts by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.draft import DefaultGroup, Draft, ListedGroup, Notice
from bot.domain.ixbrowser_objects import Group, ListedProxy
from bot.domain.proxy import Direct, Keep, Saved
from bot.domain.remote_lists import Failed, Listing, Lists
from bot.domain.transfer_code import TransferCode
from bot.storage.tables import drafts
from bot.usecases.drafting import cancel_draft
from bot.usecases.records import StoredDraft
from bot.usecases.remote_lists import apply_to_drafts, drafts_changed_by
from tests.usecases.conversation import CODE, MAI, NOW, Conversation

SHOPS, ADS = Group(7, "Shops"), Group(8, "Ads")
EVAS = ListedProxy(301, "socks5", "203.0.113.7", "1080", "eva", "Eva's", purchased=False)
ASKING = Draft(codes=(TransferCode(CODE),))


def groups(*some: Group) -> Lists:
    return Lists({Listing.GROUPS: some})


async def opened(conversation: Conversation, draft: Draft) -> StoredDraft:
    await conversation.store.write(lambda work: work.drafts.open_new(conversation.where, draft, NOW))
    conversation.signals.clear()
    return await conversation.stored()


async def read(conversation: Conversation, lists: Lists) -> list[int]:
    """Lists have been read anew; the drafts that they changed."""
    changed = await conversation.store.read(drafts_changed_by, lists)
    await conversation.store.write(apply_to_drafts, changed, lists)
    return list(changed)


@pytest.mark.parametrize(
    ("draft", "lists", "after"),
    [
        (ASKING, groups(SHOPS), replace(ASKING, group=ListedGroup(7, "Shops"))),
        (ASKING, groups(), replace(ASKING, group=DefaultGroup())),
        (
            replace(ASKING, group=ListedGroup(7)),
            groups(SHOPS, ADS),
            replace(ASKING, group=ListedGroup(7, "Shops")),
        ),
        (
            replace(ASKING, group=ListedGroup(9, "Old"), proxy=Direct()),
            groups(SHOPS, ADS),
            replace(ASKING, proxy=Direct(), notice=Notice("group_gone")),
        ),
        (
            replace(ASKING, group=DefaultGroup(), proxy=Saved(301)),
            Lists({Listing.SAVED: [EVAS]}),
            replace(ASKING, group=DefaultGroup(), proxy=Saved(301, EVAS.label)),
        ),
    ],
)
async def test_what_the_list_answers_is_written_and_shown(
    conversation: Conversation, draft: Draft, lists: Lists, after: Draft
) -> None:
    stored = await opened(conversation, draft)
    assert await read(conversation, lists) == [stored.id]
    changed = await conversation.stored()
    assert changed.draft == after
    assert changed.card.revision == stored.card.revision + 1
    assert await conversation.reposted() == []
    assert conversation.signals == [f"chat_behind {conversation.where.chat_id}"]


@pytest.mark.parametrize(
    ("draft", "lists"),
    [
        (ASKING, groups(SHOPS, ADS)),
        (ASKING, Lists({Listing.GROUPS: Failed("away")})),
        (replace(ASKING, group=ListedGroup(7, "Shops"), proxy=Keep()), groups(SHOPS)),
        # Neither is needed by the question that is asked: what was chosen is looked at again by the last one.
        (replace(ASKING, group=ListedGroup(9, "Old")), groups(SHOPS)),
        (Draft(group=ListedGroup(9, "Old")), groups(SHOPS)),
    ],
)
async def test_a_list_that_answers_nothing_moves_no_revision(
    conversation: Conversation, draft: Draft, lists: Lists
) -> None:
    await opened(conversation, draft)
    before = await conversation.rows(drafts)
    assert await read(conversation, lists) == []
    assert await conversation.rows(drafts) == before
    assert conversation.signals == []


async def test_it_answers_in_every_open_draft_and_in_no_closed_one(conversation: Conversation) -> None:
    await opened(conversation, ASKING)
    await conversation.do(cancel_draft, await conversation.button())
    mai = conversation.of(MAI)
    mine = await opened(conversation, ASKING)
    hers = await opened(mai, ASKING)
    assert await read(conversation, groups(SHOPS)) == [mine.id, hers.id]
    assert (await mai.draft()).group == ListedGroup(7, "Shops")


async def test_what_its_person_has_answered_meanwhile_stands(conversation: Conversation) -> None:
    mai = conversation.of(MAI)
    stored = await opened(conversation, ASKING)
    await opened(mai, ASKING)
    changed = await conversation.store.read(drafts_changed_by, groups(SHOPS))
    answered = replace(ASKING, group=DefaultGroup())
    await conversation.store.write(lambda work: work.drafts.change(stored, answered, NOW, repost=False))
    await conversation.store.write(apply_to_drafts, [99, *changed], groups(SHOPS))
    assert await conversation.draft() == answered
    assert (await mai.draft()).group == ListedGroup(7, "Shops")
    assert conversation.signals == [f"chat_behind {mai.where.chat_id}"]
