"""What becomes of commands and of edited messages, without Telegram."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.draft import Notice, Step, step
from bot.domain.proxy import Custom
from bot.domain.transfer_code import TransferCode
from bot.usecases.drafting_messages import begin_import, look_through, take_command, take_edit, take_text
from bot.usecases.message_deletion import MessageFate
from bot.usecases.sent_messages import IGNORED, Received
from tests.usecases.conversation import ANA, CODE, OTHER, Conversation, in_group
from tests.usecases.typed import ANSWERED, PROXY, SECRET, TAKEN, asked_for, codes, text


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


async def test_what_stands_behind_another_command_is_looked_through(conversation: Conversation) -> None:
    await conversation.ready()
    assert await conversation.do(look_through, text(conversation, f"/help {SECRET}")) == TAKEN
    assert (await conversation.draft()).proxy == PROXY
    assert await conversation.do(look_through, text(conversation, "/help me")) == IGNORED


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
