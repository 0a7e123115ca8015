"""What becomes of proxies that somebody types: they are kept or taken, and deleted where all of a message was used."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.draft import MOST_CODES, DefaultGroup, LastChoices, Notice, Step, step
from bot.domain.proxy import Direct, Extraction, ProxyChoice
from bot.domain.transfer_code import TransferCode
from bot.usecases.actor import Actor
from bot.usecases.message_deletion import OFFERED, MessageFate
from bot.usecases.sent_messages import Received
from tests.usecases.conversation import ANA, CODE, NOW, Conversation, in_group
from tests.usecases.typed import ALMOST, PROXY, SECRET, TAKEN, asked_for, codes

KEY_LINK = "https://proxies.example/next?key=k3y88f2ab91"
#: What becomes of a proxy that is kept, with its message deleted.
KEPT = Received(notice=Notice("proxy_kept"), fate=MessageFate.DELETED, used=True)


async def test_a_secret_beside_a_code_is_deleted_and_the_code_taken(conversation: Conversation) -> None:
    assert await conversation.type(f"{CODE}\n{SECRET}") == Received(fate=MessageFate.DELETED, used=True)
    draft = await conversation.draft()
    assert (draft.codes, draft.proxy, draft.codes_deleted) == ((TransferCode(CODE),), PROXY, True)


@pytest.mark.parametrize(
    ("said", "proxy"), [(f"my proxy is {SECRET} ok?", PROXY), (f"take {KEY_LINK}", Extraction(link=KEY_LINK))]
)
async def test_without_a_draft_a_proxy_is_kept_for_the_code_that_comes_next(
    conversation: Conversation, said: str, proxy: ProxyChoice
) -> None:
    assert await conversation.type(said) == KEPT
    draft = await conversation.draft()
    assert (step(draft), draft.proxy, draft.proxy_until) == (Step.CODES, proxy, NOW + timedelta(minutes=10))
    await conversation.type(CODE)
    draft = await conversation.draft()
    assert (draft.codes, draft.proxy, draft.proxy_until) == ((TransferCode(CODE),), proxy, None)


async def test_a_proxy_is_kept_for_ten_minutes_and_no_longer(conversation: Conversation) -> None:
    await conversation.type(SECRET)
    stored = await conversation.stored()
    old = replace(stored.draft, proxy_until=NOW - timedelta(seconds=1))
    await conversation.store.write(lambda work: work.drafts.change(stored, old, NOW, repost=False))
    await conversation.type(CODE)
    draft = await conversation.draft()
    assert (draft.proxy, draft.notice) == (None, Notice("proxy_expired"))


async def test_a_proxy_that_was_kept_too_long_gives_way_to_that_of_last_time(conversation: Conversation) -> None:
    last = LastChoices(DefaultGroup(), Direct())
    conversation.actor = Actor(1001, "Ana", ANA.role, "en", last=last)
    await conversation.type(SECRET)
    stored = await conversation.stored()
    old = replace(stored.draft, proxy_until=NOW - timedelta(seconds=1))
    await conversation.store.write(lambda work: work.drafts.change(stored, old, NOW, repost=False))
    await conversation.type(CODE)
    assert (await conversation.draft()).proxy == Direct()


UNUSABLE = "socks4://ana:hunter2@203.0.113.7:1080"


@pytest.mark.parametrize("said", [f"{CODE} {UNUSABLE}", f"{ALMOST} {CODE} {SECRET}", f"{CODE} {SECRET} {UNUSABLE}"])
async def test_a_message_of_which_something_was_not_used_stays(conversation: Conversation, said: str) -> None:
    received = await conversation.type(said)
    assert received.fate in OFFERED
    assert received.offer is not None
    assert await codes(conversation) == [CODE]
    assert not (await conversation.draft()).codes_deleted


async def test_why_a_proxy_beside_a_code_was_not_taken_is_said(conversation: Conversation) -> None:
    await conversation.type(f"{CODE} {UNUSABLE}")
    draft = await conversation.draft()
    assert draft.notice is not None
    assert draft.notice.reason == "unsupported_type"


async def test_without_a_draft_it_is_said_as_well(conversation: Conversation) -> None:
    received = await conversation.type(UNUSABLE)
    assert received.notice is not None
    assert (received.notice.reason, received.fate) == ("unsupported_type", MessageFate.HOLDS_SECRET)


async def test_more_codes_than_there_is_room_for_are_not_deleted(conversation: Conversation) -> None:
    many = " ".join(f"{number:08}-00000001" for number in range(MOST_CODES + 1))
    assert (await conversation.type(f"{many} {SECRET}")).fate is MessageFate.HOLDS_SECRET


async def test_several_proxies_that_answer_the_question_stay(conversation: Conversation) -> None:
    assert await asked_for(conversation) is Step.PROXY
    received = await conversation.type(f"{SECRET}\n{SECRET.replace('.7', '.8')}")
    assert received.fate is MessageFate.HOLDS_MORE
    assert (await conversation.draft()).proxy == PROXY


async def test_a_proxy_that_stands_there_twice_is_one(conversation: Conversation) -> None:
    await conversation.ready()
    assert (await conversation.type(f"{SECRET}\n{SECRET}")).fate is MessageFate.DELETED


async def test_what_others_say_of_proxies_leaves_the_draft_as_it_is(conversation: Conversation) -> None:
    group = conversation.of(ANA, in_group(ANA))
    stored = await group.ready()
    received = await group.type(UNUSABLE, addressed=False)
    assert received.fate is MessageFate.HOLDS_SECRET
    assert (await group.stored()).card.revision == stored.card.revision
    assert await group.reposted() == []


@pytest.mark.parametrize("said", [SECRET, f"use {SECRET} please", "203.0.113.7:1080:ana:hunter2 socks5"])
async def test_a_proxy_that_nobody_asked_for_is_taken_and_its_message_deleted(
    conversation: Conversation, said: str
) -> None:
    await conversation.ready()
    assert await conversation.type(said) == TAKEN
    draft = await conversation.draft()
    assert (step(draft), draft.proxy) == (Step.CONFIRM, PROXY)


async def test_of_several_proxies_one_is_taken_and_the_message_stays(conversation: Conversation) -> None:
    await conversation.ready()
    received = await conversation.type(f"{SECRET}\n{SECRET.replace('.7', '.8')}")
    assert (received.fate, received.used) == (MessageFate.HOLDS_MORE, True)
    assert received.offer is not None
    assert (await conversation.draft()).proxy == PROXY


async def test_where_others_talk_a_secret_is_offered_to_be_deleted_unless_the_bot_is_meant(
    conversation: Conversation,
) -> None:
    group = conversation.of(ANA, in_group(ANA))
    assert (await group.type(SECRET, addressed=False)).fate is MessageFate.HOLDS_SECRET
    assert await group.open_draft() is None
    assert await asked_for(group) is Step.PROXY
    assert await group.type(SECRET, addressed=False) == TAKEN
    assert (await group.draft()).proxy == PROXY
