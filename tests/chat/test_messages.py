"""What is put into a chat, and what becomes of Telegram's refusals on the way."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.error import InvalidToken

from bot.chat.messages import Messages
from tests.standins.telegram import TOKEN, FakeTelegram
from tests.standins.telegram_request import InProcessRequest

ANA = 7


@pytest.fixture
def telegram() -> FakeTelegram:
    telegram = FakeTelegram()
    telegram.add_person(ANA, "Ana")
    return telegram


@pytest.fixture
async def messages(telegram: FakeTelegram) -> AsyncIterator[Messages]:
    bot = Bot(TOKEN, request=InProcessRequest(telegram), get_updates_request=InProcessRequest(telegram))
    async with bot:
        yield Messages(bot)


async def test_what_is_sent_can_be_edited_and_has_its_buttons(telegram: FakeTelegram, messages: Messages) -> None:
    number = await messages.send(ANA, None, "<b>Group</b> &amp; https://example.org", [[("Shops EU", "d:1:1:g")], []])
    sent = telegram.chat(ANA).last
    assert (sent.id, sent.text) == (number, "Group & https://example.org")
    assert sent.button("Shops EU").callback_data == "d:1:1:g"

    assert await messages.edit(ANA, number, "Done", [])
    assert (sent.text, sent.all_buttons) == ("Done", [])


async def test_a_token_that_is_taken_no_more_is_told_from_what_can_be_mended(
    telegram: FakeTelegram, messages: Messages
) -> None:
    telegram.revoke()
    with pytest.raises(InvalidToken):
        await messages.send(ANA, None, "Hello", [])
