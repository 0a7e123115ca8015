"""What becomes of codes and answers that somebody types, without Telegram."""

from __future__ import annotations

import pytest

from bot.domain.draft import DefaultGroup, LastChoices, ListedGroup, NewGroup, Notice, Step, step
from bot.domain.draft_answers import Change, NewGroupWanted, ProxyKindPicked
from bot.domain.import_state import Status
from bot.domain.ixbrowser_objects import Group
from bot.domain.proxy import Custom, ProxyType
from bot.domain.remote_lists import Listing
from bot.domain.transfer_code import TransferCode
from bot.storage.tables import drafts
from bot.usecases.actor import Actor
from bot.usecases.deletion_offers import Offer
from bot.usecases.message_deletion import MessageFate
from bot.usecases.sent_messages import IGNORED, Received
from tests.usecases.conversation import ANA, CODE, MAI, OTHER, Conversation, in_group
from tests.usecases.typed import ALMOST, ANSWERED, SECRET, asked_for, codes


async def test_codes_open_a_draft_and_join_the_open_one(conversation: Conversation) -> None:
    assert await conversation.type(f"here: {CODE}") == Received()
    assert await codes(conversation) == [CODE]
    stored = await conversation.stored()
    assert await conversation.type(OTHER) == Received()
    assert await codes(conversation) == [CODE, OTHER]
    assert (await conversation.stored()).id == stored.id
    assert await conversation.reposted() == [f"draft {stored.id}"]


async def test_a_new_draft_has_the_choices_of_last_time(conversation: Conversation) -> None:
    last = LastChoices(DefaultGroup(), Custom("203.0.113.7", 1080, ProxyType.SOCKS5, "ana"))
    conversation.actor = Actor(1001, "Ana", ANA.role, "en", last=last)
    await conversation.type(CODE)
    assert step(await conversation.draft()) is Step.PASSWORD
    group = conversation.of(conversation.actor, in_group(ANA))
    await group.type(OTHER)
    assert step(await group.draft()) is Step.PROXY


async def test_a_new_draft_has_what_the_known_lists_answer(conversation: Conversation) -> None:
    await conversation.list_read(Listing.GROUPS, Group(7, "Shops"))
    await conversation.type(CODE)
    assert (await conversation.draft()).group == ListedGroup(7, "Shops")


async def test_codes_that_somebody_has_are_told_and_left_out(conversation: Conversation) -> None:
    await conversation.of(MAI).confirmed(CODE)
    received = await conversation.type(f"{CODE} {OTHER}")
    assert [(row.user_name, row.code) for row in received.taken] == [("Mai", TransferCode(CODE))]
    assert await codes(conversation) == [OTHER]
    assert (await conversation.draft()).notice is None


async def test_repeated_codes_are_counted_without_those_that_somebody_has(conversation: Conversation) -> None:
    await conversation.of(MAI).confirmed(OTHER)
    await conversation.type(f"{CODE} {OTHER}")
    assert (await conversation.draft()).notice is None
    await conversation.type(f"{CODE} {CODE} {OTHER}")
    assert (await conversation.draft()).notice == Notice("repeated_codes", {"count": "2"})


async def test_where_all_are_taken_no_draft_is_opened_and_the_open_one_is_shown(conversation: Conversation) -> None:
    await conversation.of(MAI).confirmed(CODE)
    assert len((await conversation.type(CODE)).taken) == 1
    assert await conversation.open_draft() is None
    stored = await conversation.ready(OTHER)
    assert len((await conversation.type(CODE)).taken) == 1
    assert await codes(conversation) == [OTHER]
    assert await conversation.reposted() == [f"draft {stored.id}"]


async def test_a_code_whose_import_failed_may_be_sent_again(conversation: Conversation) -> None:
    await conversation.of(MAI).confirmed(CODE, status=Status.FAILED)
    assert await conversation.type(CODE) == Received()
    assert await codes(conversation) == [CODE]


@pytest.mark.parametrize("addressed", [True, False])
async def test_codes_are_taken_whoever_is_meant(conversation: Conversation, addressed: bool) -> None:
    await conversation.type(CODE, addressed=addressed)
    assert await codes(conversation) == [CODE]


@pytest.mark.parametrize(
    ("said", "received"),
    [
        ("good morning", Received(notice=Notice("no_draft"))),
        (ALMOST, Received(notice=Notice("wrong_digits", {"count": "15"}))),
        ("password: blue horse", Received(fate=MessageFate.MAY_HOLD_SECRET, offer=Offer(1, 1))),
    ],
)
async def test_without_a_draft_a_text_is_explained(conversation: Conversation, said: str, received: Received) -> None:
    assert await conversation.type(said) == received
    assert await conversation.rows(drafts) == []


@pytest.mark.parametrize("said", ["good morning", ALMOST])
async def test_what_is_not_meant_for_the_bot_is_left_alone(conversation: Conversation, said: str) -> None:
    await conversation.ready()
    before = await conversation.everything()
    assert await conversation.type(said, addressed=False) == IGNORED
    assert await conversation.everything() == before


async def test_a_text_answers_the_question(conversation: Conversation) -> None:
    assert await asked_for(conversation) is Step.PROXY
    assert await conversation.type(SECRET) == Received(fate=MessageFate.DELETED)
    draft = await conversation.draft()
    assert step(draft) is Step.CONFIRM
    assert draft.proxy == Custom("203.0.113.7", 1080, ProxyType.SOCKS5, "ana", "hunter2")


async def test_what_cannot_be_used_becomes_a_remark_and_is_deleted_all_the_same(conversation: Conversation) -> None:
    assert await asked_for(conversation, ProxyKindPicked("custom")) is Step.CUSTOM
    assert await conversation.type("hunter2 with a typo") == ANSWERED
    draft = await conversation.draft()
    assert step(draft) is Step.CUSTOM
    assert draft.notice is not None
    assert draft.notice.reason == "unreadable"


async def test_what_may_be_a_password_is_neither_searched_for_nor_kept(conversation: Conversation) -> None:
    await conversation.type(CODE)
    assert step(await conversation.draft()) is Step.GROUP
    assert (await conversation.type("password: hunter2")).fate is MessageFate.MAY_HOLD_SECRET
    assert (await conversation.draft()).search == ""
    assert "hunter2" not in repr(await conversation.everything())


async def test_a_password_that_looks_like_a_code_is_a_password(conversation: Conversation) -> None:
    await asked_for(conversation)
    await conversation.type("socks5://ana@203.0.113.7:1080")
    assert step(await conversation.draft()) is Step.PASSWORD
    assert await conversation.type(f"pass{CODE}") == ANSWERED
    draft = await conversation.draft()
    assert isinstance(draft.proxy, Custom)
    assert draft.proxy.password == f"pass{CODE}"
    assert await codes(conversation) == [CODE]


async def test_a_name_for_a_new_group_wakes_who_makes_it(conversation: Conversation) -> None:
    await conversation.ready()
    await conversation.answer(Change(Step.GROUP))
    await conversation.answer(NewGroupWanted())
    conversation.signals.clear()
    await conversation.type("Shops Asia")
    assert (await conversation.draft()).group == NewGroup("Shops Asia")
    assert conversation.signals == ["groups_requested"]
