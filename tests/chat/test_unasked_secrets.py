"""Passwords and links that somebody sends where nobody asked for them do not stay in the chat."""

from __future__ import annotations

import pytest

from tests.support.world import World

PROXY = "203.0.113.9:8080:bob:secretpw"


def shown(world: World) -> str:
    return "\n".join(message.text for message in world.telegram.chat(world.ana.id).messages if message.from_bot)


@pytest.mark.parametrize(
    "text", [PROXY, f"socks5 {PROXY}", "203.0.113.9 8080 bob secretpw", "https://x.example/get?key=secretpw"]
)
async def test_without_an_import_open_it_is_deleted_and_said(world: World, text: str) -> None:
    answer = await world.say(text)

    assert "held a password or a secret link, so I deleted it" in answer.text
    assert world.telegram.chat(world.ana.id).messages[0].deleted
    assert "secretpw" not in shown(world)


async def test_a_proxy_sent_together_with_the_code_is_deleted_and_the_code_is_taken(world: World) -> None:
    code = world.browser.offer()

    card = await world.say(f"{code}\n{PROXY}")

    assert "Which proxy?" in card.text
    assert "held a password" in shown(world)
    assert world.telegram.chat(world.ana.id).messages[0].deleted
    assert "secretpw" not in shown(world)


@pytest.mark.parametrize("text", [PROXY, f"socks5 {PROXY}", "203.0.113.9 8080 bob secretpw"])
async def test_at_the_group_question_it_is_neither_searched_for_nor_shown(world: World, text: str) -> None:
    world.browser.add_group("Shops")
    await world.say(world.browser.offer())

    card = await world.say(text)

    assert "secretpw" not in shown(world)
    assert "Which group?" in card.text


async def test_a_plain_address_of_a_page_is_no_secret(world: World) -> None:
    await world.say("https://example.com/help")

    assert not world.telegram.chat(world.ana.id).messages[0].deleted
