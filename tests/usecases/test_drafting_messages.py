"""What becomes of what somebody types, without Telegram."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.draft import MOST_CODES, DefaultGroup, LastChoices, ListedGroup, NewGroup, Notice, Step, step
from bot.domain.draft_answers import Change, NewGroupWanted, ProxyKindPicked
from bot.domain.import_state import Status
from bot.domain.ixbrowser_objects import Group
from bot.domain.proxy import Custom, Direct, Extraction, ProxyChoice, ProxyType
from bot.domain.remote_lists import Listing
from bot.domain.transfer_code import TransferCode
from bot.storage.tables import drafts
from bot.usecases.actor import Actor
from bot.usecases.deletion_offers import Offer
from bot.usecases.drafting_messages import begin_import, look_through, take_command, take_edit, take_text
from bot.usecases.message_deletion import OFFERED, MessageFate
from bot.usecases.sent_messages import IGNORED, Received, TakeText
from tests.usecases.conversation import ANA, CODE, MAI, NOW, OTHER, Conversation, in_group

SECRET = "socks5://ana:hunter2@203.0.113.7:1080"
KEY_LINK = "https://proxies.example/next?key=k3y88f2ab91"
PROXY = Custom("203.0.113.7", 1080, ProxyType.SOCKS5, "ana", "hunter2")
ALMOST = "1111222-33334444"
#: What becomes of a proxy that is taken, or kept, with its message deleted.
TAKEN = Received(notice=Notice("proxy_taken"), fate=MessageFate.DELETED, used=True)
KEPT = Received(notice=Notice("proxy_kept"), fate=MessageFate.DELETED, used=True)
ANSWERED = Received(fate=MessageFate.ANSWER_DELETED)


def text(conversation: Conversation, said: str, *, addressed: bool = True) -> TakeText:
    return TakeText(conversation.where, said, addressed, message_id=5)


async def codes(conversation: Conversation) -> list[str]:
    return [code.text for code in (await conversation.draft()).codes]


async def asked_for(conversation: Conversation, *answers: object) -> Step:
    """The question after these answers about another proxy."""
    await conversation.ready()
    for given in (Change(Step.PROXY), *answers):
        await conversation.answer(given)  # type: ignore[arg-type]  # every answer there is
    return step(await conversation.draft())


# --- codes ------------------------------------------------------------------------------------------------------------


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


async def test_a_secret_beside_a_code_is_deleted_and_the_code_taken(conversation: Conversation) -> None:
    assert await conversation.type(f"{CODE}\n{SECRET}") == Received(fate=MessageFate.DELETED, used=True)
    draft = await conversation.draft()
    assert (draft.codes, draft.proxy, draft.codes_deleted) == ((TransferCode(CODE),), PROXY, True)


# --- what is no code --------------------------------------------------------------------------------------------------


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


# --- nothing is deleted that was not used -----------------------------------------------------------------------------

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


async def test_behind_a_command_codes_are_not_lost(conversation: Conversation) -> None:
    await conversation.ready()
    received = await conversation.do(look_through, text(conversation, f"/history {OTHER} {SECRET}"))
    assert received.fate is MessageFate.HOLDS_SECRET
    assert (await conversation.draft()).proxy != PROXY


async def test_an_unknown_command_with_a_proxy_is_used(conversation: Conversation) -> None:
    await conversation.ready()
    assert (await conversation.do(take_command, text(conversation, f"/proxy {SECRET}"))).fate is MessageFate.DELETED
    assert (await conversation.draft()).proxy == PROXY


async def test_code_and_proxy_of_an_edited_message_are_taken_as_of_a_new_one(conversation: Conversation) -> None:
    await conversation.ready()
    received = await conversation.do(take_edit, text(conversation, f"{OTHER} {SECRET}"))
    assert (received.fate, received.used) == (MessageFate.DELETED, True)
    assert await codes(conversation) == [CODE, OTHER]
    assert (await conversation.draft()).proxy == PROXY


async def test_an_edit_finds_the_code_of_its_own_message(conversation: Conversation) -> None:
    await conversation.do(take_text, replace(text(conversation, CODE), message_id=7))
    await conversation.do(take_text, replace(text(conversation, OTHER), message_id=8))
    await conversation.do(take_edit, replace(text(conversation, "99990000-12341234"), message_id=7))
    assert await codes(conversation) == ["99990000-12341234", OTHER]
    assert (await conversation.stored()).messages == {TransferCode("99990000-12341234"): 7, TransferCode(OTHER): 8}


async def test_while_a_password_is_asked_for_an_edited_message_stays(conversation: Conversation) -> None:
    await asked_for(conversation)
    await conversation.type("socks5://ana@203.0.113.7:1080")
    received = await conversation.do(take_edit, text(conversation, f"the code is {CODE}"))
    assert received.fate is MessageFate.STAYS


async def test_what_others_say_of_proxies_leaves_the_draft_as_it_is(conversation: Conversation) -> None:
    group = conversation.of(ANA, in_group(ANA))
    stored = await group.ready()
    received = await group.type(UNUSABLE, addressed=False)
    assert received.fate is MessageFate.HOLDS_SECRET
    assert (await group.stored()).card.revision == stored.card.revision
    assert await group.reposted() == []


@pytest.mark.parametrize("said", ["good morning", ALMOST])
async def test_what_is_not_meant_for_the_bot_is_left_alone(conversation: Conversation, said: str) -> None:
    await conversation.ready()
    before = await conversation.everything()
    assert await conversation.type(said, addressed=False) == IGNORED
    assert await conversation.everything() == before


async def test_a_text_answers_the_question(conversation: Conversation) -> None:
    assert await asked_for(conversation) is Step.PROXY
    assert await conversation.type(SECRET) == ANSWERED
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


async def test_what_may_be_a_password_is_neither_searched_for_nor_kept(conversation: Conversation) -> None:
    await conversation.type(CODE)
    assert step(await conversation.draft()) is Step.GROUP
    assert (await conversation.type("password: hunter2")).fate is MessageFate.MAY_HOLD_SECRET
    assert (await conversation.draft()).search == ""
    assert "hunter2" not in repr(await conversation.everything())


async def test_where_others_talk_a_secret_is_offered_to_be_deleted_unless_the_bot_is_meant(
    conversation: Conversation,
) -> None:
    group = conversation.of(ANA, in_group(ANA))
    assert (await group.type(SECRET, addressed=False)).fate is MessageFate.HOLDS_SECRET
    assert await group.open_draft() is None
    assert await asked_for(group) is Step.PROXY
    assert await group.type(SECRET, addressed=False) == TAKEN
    assert (await group.draft()).proxy == PROXY


async def test_what_stands_behind_another_command_is_looked_through(conversation: Conversation) -> None:
    await conversation.ready()
    assert await conversation.do(look_through, text(conversation, f"/help {SECRET}")) == TAKEN
    assert (await conversation.draft()).proxy == PROXY
    assert await conversation.do(look_through, text(conversation, "/help me")) == IGNORED


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


# --- beginning, commands, edited messages -----------------------------------------------------------------------------


async def test_an_import_begins_with_a_question_for_codes_or_with_its_codes(conversation: Conversation) -> None:
    assert await conversation.do(begin_import, text(conversation, "/import")) == Received()
    stored = await conversation.stored()
    assert step(stored.draft) is Step.CODES
    await conversation.do(begin_import, text(conversation, f"/import {CODE}"))
    assert await codes(conversation) == [CODE]
    assert (await conversation.stored()).id == stored.id


async def test_an_import_that_is_open_is_shown_instead_of_another(conversation: Conversation) -> None:
    stored = await conversation.ready()
    await conversation.do(begin_import, text(conversation, "/import"))
    assert (await conversation.stored()).id == stored.id
    assert await conversation.reposted() == [f"draft {stored.id}"]


async def test_a_password_may_begin_with_a_slash(conversation: Conversation) -> None:
    await asked_for(conversation)
    await conversation.type("socks5://ana@203.0.113.7:1080")
    assert await conversation.do(take_command, text(conversation, "/hunter2")) == ANSWERED
    draft = await conversation.draft()
    assert isinstance(draft.proxy, Custom)
    assert draft.proxy.password == "/hunter2"


@pytest.mark.parametrize(("addressed", "shown"), [(True, True), (False, False)])
async def test_another_unknown_command_is_not_understood(
    conversation: Conversation, addressed: bool, shown: bool
) -> None:
    stored = await conversation.ready()
    command = text(conversation, "/weather", addressed=addressed)
    assert await conversation.do(take_command, command) == IGNORED
    assert (await conversation.stored()).draft == stored.draft
    assert await conversation.reposted() == ([f"draft {stored.id}"] if shown else [])


async def test_in_a_group_a_command_is_no_password(conversation: Conversation) -> None:
    group = conversation.of(ANA, in_group(ANA))
    assert await asked_for(group) is Step.PROXY
    assert await group.do(take_command, text(group, "/hunter2")) == IGNORED


@pytest.mark.parametrize("addressed", [True, False])
async def test_other_words_of_an_edited_message_are_not_read(conversation: Conversation, addressed: bool) -> None:
    stored = await conversation.ready(OTHER)
    received = await conversation.do(take_edit, text(conversation, "good morning", addressed=addressed))
    assert received == (replace(IGNORED, notice=Notice("changed_afterwards")) if addressed else IGNORED)
    assert (await conversation.stored()).draft == stored.draft
    assert await conversation.reposted() == ([f"draft {stored.id}"] if addressed else [])


async def test_an_edited_message_may_hold_the_secret_that_is_asked_for(conversation: Conversation) -> None:
    await asked_for(conversation)
    received = await conversation.do(take_edit, text(conversation, SECRET))
    assert received == TAKEN
