"""What the chat does with a typed proxy that leaves something open, and what it remembers of one."""

from __future__ import annotations

import pytest

from bot.domain.draft import Step
from tests.support.chatting import labels, said
from tests.support.journeys import ASKS, asked, newcomer, walk
from tests.support.world import World

#: Tests that share a world with the others of this module.
busy = pytest.mark.asyncio(loop_scope="module")

CONFIRM = ASKS[Step.CONFIRM]


@busy
async def test_of_several_proxies_the_first_is_taken_and_that_is_said(busy_world: World) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, Step.CUSTOM, person)
    card = await busy_world.say("socks5://ana:s3cr3t@203.0.113.7:1080\nsocks5://ana:s3cr3t@203.0.113.8:1080", person)
    assert "There is more than one proxy in this, so I took the first." in card.text
    assert "socks5 203.0.113.7:1080 as ana" in card.text
    assert CONFIRM in card.text


@busy
async def test_where_only_the_password_is_not_clear_it_is_asked_for(busy_world: World) -> None:
    person = await newcomer(busy_world)
    _, code = await asked(busy_world, Step.CUSTOM, person)
    card = await busy_world.say("socks5://203.0.113.7:1080:ana:s3cr3t:US", person)
    assert "Type the password for socks5 203.0.113.7:1080 as ana." in card.text
    await walk(busy_world, "s3cr3t", "[✅ Import]", person=person)
    [body] = [body for body in busy_world.browser.imports if body["transfer_code"] == code]
    assert body["proxy_config"]["proxy_password"] == "s3cr3t"
    assert "s3cr3t" not in "\n".join(said(busy_world, person))


@busy
@pytest.mark.parametrize(
    "words", ["sorry, the port is 9001", "не знаю, спрошу у Ани", "密码我也不知道", "em không biết"]
)
async def test_a_sentence_is_no_password(busy_world: World, words: str) -> None:
    person = await newcomer(busy_world)
    _, code = await asked(busy_world, Step.PASSWORD, person)
    card = await busy_world.say(words, person)
    assert "Please type only the password." in card.text
    await walk(busy_world, "s3cr3t", "[✅ Import]", person=person)
    [body] = [body for body in busy_world.browser.imports if body["transfer_code"] == code]
    assert body["proxy_config"]["proxy_password"] == "s3cr3t"


@busy
async def test_the_ways_to_read_a_text_show_lengths_alone(busy_world: World) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, Step.CUSTOM, person)
    card = await busy_world.say("203.0.113.7:1080 anabelle pass", person)
    ways = [
        "1. 203.0.113.7:1080, login 8, password 4 characters",
        "2. 203.0.113.7:1080, no login",
    ]
    assert "\n".join(ways) in card.text
    assert [label.rstrip("…") in way for label, way in zip(labels(card), ways, strict=False)] == [True, True]
    assert "anabelle" not in "\n".join(said(busy_world, person))


@busy
async def test_the_type_that_was_used_last_comes_first(busy_world: World) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, Step.CUSTOM, person)
    await walk(busy_world, "ssh://ana:s3cr3t@203.0.113.7:1080", "[✅ Import]", person=person)
    await busy_world.say(busy_world.browser.offer(), person)
    await walk(busy_world, "[Change proxy]", "[Custom]", person=person)
    card = await busy_world.say("203.0.113.9:1080:ana:s3cr3t", person)
    assert labels(card)[:4] == ["ssh", "http", "https", "socks5"]


@busy
@pytest.mark.parametrize(
    ("proxy", "told"), [("ssh://ana:s3cr3t@203.0.113.7:1080", True), ("ssh://203.0.113.7:1080", False)]
)
async def test_after_a_typed_password_the_card_says_how_to_do_without(
    busy_world: World, proxy: str, told: bool
) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, Step.CUSTOM, person)
    card = await walk(busy_world, proxy, "[✅ Import]", person=person)
    assert "Imported" in card.text
    assert ("You don't have to type this proxy again" in card.text) is told
