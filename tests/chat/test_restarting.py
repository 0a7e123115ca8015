"""The bot stops and starts again in the middle of a conversation: the draft is where it was, its card can be used."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.draft import Step
from bot.storage.tables import drafts
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_faults import slow
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_checks import Params
from tests.support.chatting import labels
from tests.support.journeys import ASKS, ONWARD, WAYS, asked, draft_of, furnish, made, newcomer, walk
from tests.support.world import PATIENCE, running, settings_for


def furnished() -> FakeIxBrowser:
    browser = FakeIxBrowser()
    furnish(browser)
    return browser


async def test_a_draft_survives_a_restart_at_every_question(tmp_path: Path) -> None:
    telegram, browser = FakeTelegram(), furnished()
    async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
        people = {at: await newcomer(world) for at in WAYS}
        questions = {at: await asked(world, at, person) for at, person in people.items()}
        before = {at: await draft_of(world, person) for at, person in people.items()}

    async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
        await world.rest()
        for at, person in people.items():
            card, code = questions[at]
            assert world.card(person) is card, at
            assert ASKS[at] in card.text
            assert await draft_of(world, person) == before[at], at
            result = await walk(world, *ONWARD[at], "[✅ Import]", person=person)
            assert "Imported" in result.text, at
            assert browser.imports[-1]["transfer_code"] == code, at
        assert len(browser.imports) == len(WAYS)


async def test_a_card_that_was_sent_twice_and_noted_once_is_shown_below_both(tmp_path: Path) -> None:
    telegram, browser = FakeTelegram(), furnished()
    async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
        first, _ = await asked(world, Step.CONFIRM)

    # The process before was killed: it had sent the card once more, and somebody had tapped on the first one.
    second = telegram.post(telegram.chat(world.ana.id), telegram.bot, text=first.text, buttons=first.buttons)
    with closing(sqlite3.connect(tmp_path / "bot.db")) as database:
        database.execute("UPDATE drafts SET revision = revision + 1")
        database.commit()

    async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
        await world.rest()
        assert first.deleted
        assert world.card().id > second.id
        assert ASKS[Step.CONFIRM] in world.card().text


class SlowToAnswer(FakeTelegram):
    """What is sent is there at once, and the bot is told of it once ``answering`` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.answering = asyncio.Event()
        self.answering.set()

    async def handle(self, token: str, method: str, params: Params) -> tuple[int, bytes]:
        answer = await super().handle(token, method, params)
        if method == "sendMessage":
            await self.answering.wait()
        return answer


@pytest.mark.parametrize("tapped", [0, 1])
async def test_whichever_of_two_copies_is_tapped_says_what_becomes_of_the_import(tmp_path: Path, tapped: int) -> None:
    telegram, browser = SlowToAnswer(), furnished()
    async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
        first, _ = await asked(world, Step.CONFIRM)
    with closing(sqlite3.connect(tmp_path / "bot.db")) as database:
        database.execute("UPDATE drafts SET shown_revision = revision - 1")
        database.commit()

    telegram.answering.clear()
    async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
        await telegram.settled(lambda: world.card() is not first, PATIENCE)
        copies = [first, world.card()]
        telegram.press(world.ana, copies[tapped], "✅ Import")
        await telegram.handled(PATIENCE)
        telegram.answering.set()
        await world.rest()
        assert "Imported" in copies[tapped].text
        assert [copy.deleted for copy in copies] == [tapped == 1, tapped == 0]
        assert "Confirmed." not in [message.text for message in telegram.chat(world.ana.id).messages]


async def test_back_works_after_a_restart(tmp_path: Path) -> None:
    telegram, browser = FakeTelegram(), furnished()
    async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
        people = {at: await newcomer(world) for at in WAYS if at not in (Step.GROUP, Step.CONFIRM)}
        for at, person in people.items():
            await asked(world, at, person)

    async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
        for at, person in people.items():
            card = await world.tap("Back", person)
            assert ASKS[at] not in card.text
            assert "Cancelled" in (await world.tap("Cancel", person)).text, at


async def test_what_is_typed_while_the_bot_is_away_is_read_when_it_is_back(tmp_path: Path) -> None:
    telegram, browser = FakeTelegram(), furnished()
    async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
        _, code = await asked(world, Step.PASSWORD)
    second = browser.offer()
    telegram.say(world.ana, "hunter2")
    telegram.say(world.ana, second)

    async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
        await world.rest()
        assert "Import these 2 profiles?" in world.card().text
        typed = [message for message in telegram.chat(world.ana.id).messages if message.text == "hunter2"]
        assert [message.deleted for message in typed] == [True]
        await world.tap("✅ Import 2")
        assert sorted(body["transfer_code"] for body in browser.imports) == sorted([code, second])
        assert {body["proxy_config"]["proxy_password"] for body in browser.imports} == {"hunter2"}


async def test_a_card_that_was_waiting_for_a_list_is_completed_after_a_restart(tmp_path: Path) -> None:
    telegram, browser = FakeTelegram(), furnished()
    async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
        browser.always("group-list", slow(before=60))
        chat = telegram.chat(world.ana.id)
        telegram.say(world.ana, browser.offer())
        await telegram.settled(lambda: "Asking ixBrowser…" in chat.card.text)
        [row] = await world.rows(drafts)
        assert row["shown_revision"] < row["revision"]

    browser.heal()
    async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
        await telegram.settled(lambda: "Shops EU" in labels(chat.card), PATIENCE)
        await world.rest()
        assert "Asking" not in chat.card.text
        assert ASKS[Step.PROXY] in (await world.tap("Shops EU")).text


async def test_a_group_that_was_being_made_is_made_once_after_a_restart(tmp_path: Path) -> None:
    holding = asyncio.Event()

    async def hold(seconds: float) -> None:
        if seconds == 60:
            holding.set()
        await asyncio.sleep(seconds)

    telegram, browser = FakeTelegram(), FakeIxBrowser(sleep=hold)
    furnish(browser)
    async with running(settings_for(tmp_path, ixbrowser_timeout=1), telegram=telegram, browser=browser) as world:
        await asked(world, Step.GROUP_TITLE)
        browser.fail("group-create", slow(after=60))
        telegram.say(world.ana, "Shops Asia")
        async with asyncio.timeout(PATIENCE):
            await holding.wait()

    async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
        assert "Group: Shops Asia" in (await made(world)).text
    assert list(browser.groups.values()).count("Shops Asia") == 1
    assert [body["title"] for action, body in browser.requests if action == "group-create"] == ["Shops Asia"]


async def test_no_card_is_shown_twice_by_a_restart(tmp_path: Path) -> None:
    telegram, browser = FakeTelegram(), furnished()
    async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
        await asked(world, Step.CONFIRM)
        count = len(telegram.chat(world.ana.id).messages)
    for _ in range(2):
        async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
            await world.rest()
            assert len(telegram.chat(world.ana.id).messages) == count
