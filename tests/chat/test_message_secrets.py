"""Secrets wherever they stand in what people write: used, then deleted. Codes whose message is gone are shown again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.deletion_offers import deletion_offers
from bot.storage.tables import outbox
from tests.standins.telegram_state import Message
from tests.support.chatting import labels, said, timed, until
from tests.support.jumping_clock import JumpingClock
from tests.support.world import ADMIN, World, button_of

LOGIN = "1.2.3.4:1080:bob:PLANTEDpw"
URL = "socks5://bob:PLANTEDpw@1.2.3.4:1080"
LINK = "https://x.example/get?key=PLANTEDpw77"


def typed(world: World) -> list[Message]:
    return [message for message in world.telegram.chat(ADMIN).messages if not message.from_bot]


def shown(world: World) -> str:
    return "\n".join(message.text for message in world.telegram.chat(ADMIN).messages if message.from_bot)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[tuple[World, JumpingClock]]:
    async with timed(tmp_path) as (world, clock):
        yield world, clock


@pytest.mark.parametrize("text", [f"my proxy is {URL} ok?", f"use {LOGIN} please", f"socks5 {LOGIN}", LINK])
async def test_without_an_import_open_a_proxy_is_kept_for_the_code_that_comes_next(world: World, text: str) -> None:
    await world.say(text)
    assert "I keep this proxy for ten minutes." in shown(world)
    assert typed(world)[0].deleted
    card = await world.say(world.browser.offer())
    # What the text left open is asked for; the proxy itself is not.
    assert "Which proxy?" not in card.text
    assert "Which type" in card.text or "Proxy: socks5 1.2.3.4:1080 as bob" in card.text
    assert "PLANTED" not in shown(world)


@pytest.mark.parametrize(
    "text",
    [
        "Shop Berlin CODE\nproxy 1.2.3.4:1080:bob:PLANTEDpw",
        "proxy for CODE is 1.2.3.4:1080:bob:PLANTEDpw",
        "CODE\n1.2.3.4:1080:bob:PLANTEDpw",
        "CODE socks5://bob:PLANTEDpw@1.2.3.4:1080",
    ],
)
async def test_code_and_proxy_in_one_message_are_both_taken(world: World, text: str) -> None:
    code = world.browser.offer("Shop")
    card = await world.say(text.replace("CODE", code))
    assert typed(world)[0].deleted
    assert "I deleted your message, because it contained a password or a key." in shown(world)
    if "Which type" in card.text or "socks5" not in text:
        card = await world.tap("socks5")
    assert "Proxy: socks5 1.2.3.4:1080 as bob, password ••••" in card.text
    await world.tap("✅ Import")
    [request] = world.browser.imports
    assert request["proxy_config"]["proxy_password"] == "PLANTEDpw"
    assert "PLANTED" not in shown(world)


async def test_beside_a_code_that_is_taken_already_the_proxy_is_kept_for_another(world: World) -> None:
    code = world.browser.offer()
    await world.say(code)
    await world.tap("Keep")
    await world.tap("✅ Import")
    await world.say(f"{code} {URL}")
    assert typed(world)[-1].deleted
    assert "I keep this proxy for ten minutes." in shown(world)
    card = await world.say(world.browser.offer())
    assert "Proxy: socks5 1.2.3.4:1080 as bob" in card.text


@pytest.mark.parametrize("text", [f"use {LOGIN} please", URL, LINK])
async def test_at_the_group_question_it_becomes_the_proxy_and_is_not_searched_for(world: World, text: str) -> None:
    world.browser.add_group("Shops EU")
    world.browser.add_group("Shops US")
    await world.say(world.browser.offer())
    card = await world.say(text)
    assert "Which group?" in card.text
    assert "PLANTED" not in shown(world)
    assert "No group has" not in card.text
    assert typed(world)[-1].deleted
    card = await world.tap("Shops EU")
    assert "Which proxy?" not in card.text


async def test_a_proxy_that_leaves_something_open_is_seen_until_that_is_asked(world: World) -> None:
    world.browser.add_group("Shops EU")
    world.browser.add_group("Shops US")
    await world.say(world.browser.offer())
    card = await world.say(LOGIN)
    assert "Which group?" in card.text
    assert "Proxy: 1.2.3.4:1080 as bob, password •••• (I'll ask for the rest later)" in card.text
    assert "Got the proxy. I deleted your message" in shown(world)
    card = await world.say(LINK)
    assert "Proxy: received (I'll ask for the rest later)" in card.text
    card = await world.tap("Shops EU")
    assert "Which type are the proxies from this link?" in card.text


async def test_at_the_last_question_a_typed_proxy_takes_the_place_of_the_one_before(world: World) -> None:
    await world.say(world.browser.offer())
    await world.tap("Direct")
    card = await world.say("1.2.3.4:1080")
    assert "socks5" in labels(card)
    card = await world.tap("socks5")
    assert "Proxy: socks5 1.2.3.4:1080" in card.text
    assert not typed(world)[-1].deleted
    card = await world.say(URL)
    assert "Proxy: socks5 1.2.3.4:1080 as bob, password ••••" in card.text
    assert typed(world)[-1].deleted


async def test_an_extraction_link_may_be_typed_right_away(world: World) -> None:
    await world.say(world.browser.offer())
    card = await world.say(LINK)
    assert "http" in labels(card)
    assert typed(world)[-1].deleted
    assert "PLANTED" not in shown(world)


async def test_of_several_proxies_the_first_is_taken_and_the_message_stays(world: World) -> None:
    await world.say(world.browser.offer())
    await world.tap("Keep")
    await world.say(f"{LOGIN}\n1.2.3.5:1080:eve:PLANTEDtoo")
    assert not typed(world)[-1].deleted
    assert "Delete my message" in [
        label for message in world.telegram.chat(ADMIN).messages for label in labels(message)
    ]


@pytest.mark.parametrize("text", ["password: blue horse", "pass: PLANTEDpw"])
async def test_what_may_be_a_secret_stays_and_can_be_deleted_by_a_button(world: World, text: str) -> None:
    await world.say(text)
    offer = next(message for message in world.telegram.chat(ADMIN).messages if "Delete my message" in labels(message))
    assert not typed(world)[0].deleted
    world.telegram.press(world.ana, offer, button_of(offer, "Delete my message"))
    await world.rest()
    assert typed(world)[0].deleted
    assert await world.rows(deletion_offers) == []
    assert offer.deleted


async def test_nobody_deletes_somebody_elses_message(world: World) -> None:
    await world.let_in(world.mai)
    await world.say("password: Kim-2024")
    offer = next(message for message in world.telegram.chat(ADMIN).messages if "Delete my message" in labels(message))
    world.telegram.press(world.mai, offer, button_of(offer, "Delete my message"))
    await world.rest()
    assert not next(message for message in typed(world) if "Kim" in message.text).deleted


async def test_what_stands_behind_another_command_is_looked_through(world: World) -> None:
    await world.say(f"/help {URL}")
    assert typed(world)[0].deleted
    assert "How to import" in shown(world)
    assert "PLANTED" not in shown(world)


async def test_a_message_that_is_changed_is_looked_through(world: World) -> None:
    await world.say("hello")
    world.telegram.edit(world.ana, typed(world)[0], f"use {URL}")
    await world.rest()
    assert typed(world)[0].deleted
    assert "PLANTED" not in shown(world)


@pytest.mark.parametrize(
    "text", ["https://example.com/help", "t.me/+AbCdEf123456", "shop.example.com", "12:30", "1.2.3"]
)
async def test_ordinary_texts_stay(world: World, text: str) -> None:
    await world.say(text)
    assert not typed(world)[0].deleted


# --- codes whose message is gone --------------------------------------------------------------------------------------


async def test_codes_are_shown_for_a_minute_and_hidden_again(scene: tuple[World, JumpingClock]) -> None:
    world, clock = scene
    code = world.browser.offer()
    world.telegram.say(world.ana, f"{code} {URL}")
    chat = world.telegram.chat(ADMIN)
    await world.telegram.settled(lambda: "Show code" in labels(chat.card))
    world.telegram.press(world.ana, chat.card, "Show code")
    await world.telegram.settled(lambda: any(text == code for text in said(world)))
    assert code not in repr(await world.rows(outbox))
    await until(world, clock, lambda: "Code hidden." in said(world), seconds=90)
    assert not any(code in text for text in said(world))


async def test_a_cancelled_draft_still_shows_its_codes(world: World) -> None:
    code = world.browser.offer()
    await world.say(f"{code} {URL}")
    card = await world.tap("Cancel")
    assert "Show code" in labels(card)
    await world.tap("Show code", message=card)
    assert any(text == code for text in said(world))
    assert world.popups() == []


async def test_what_waits_or_has_failed_still_shows_its_code_and_so_does_the_next_try(world: World) -> None:
    code = world.browser.offer()
    await world.say(f"{code} {URL}")
    world.browser.running = False
    waiting = await world.tap("✅ Import")
    assert labels(waiting) == ["Show code", "Cancel"]
    cancelled = await world.tap("Cancel", message=waiting)
    await world.tap("Show code", message=cancelled)
    assert any(text == code for text in said(world))
    assert "Show code" in labels(await world.tap("Try again", message=cancelled))


async def test_a_code_that_is_sent_again_with_its_proxy_is_no_mistake(world: World) -> None:
    code = world.browser.offer()
    await world.say(code)
    card = await world.say(f"{code} {URL}")
    assert "repeated" not in card.text
    assert "Import this profile?" in card.text


async def test_a_code_that_is_used_up_is_not_shown(world: World) -> None:
    await world.say(f"{world.browser.offer()} {URL}")
    assert labels(await world.tap("✅ Import")) == ["Another code"]


async def test_without_a_deleted_message_there_is_nothing_to_show(world: World) -> None:
    card = await world.say(world.browser.offer())
    assert "Show code" not in labels(card)
    card = await world.tap("Cancel")
    assert "Show code" not in labels(card)
