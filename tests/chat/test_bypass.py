"""The bypass list: on, off, checked, and sent only beside a proxy choice."""

from __future__ import annotations

import pytest

from bot.domain.draft import Step
from tests.standins.telegram_state import Button, Message, Person
from tests.support.chatting import labels
from tests.support.journeys import ASKS, asked, draft_of, newcomer, walk
from tests.support.world import World

#: Tests that share a world with the others of this module.
busy = pytest.mark.asyncio(loop_scope="module")

CONFIRM = ASKS[Step.CONFIRM]


async def bypass_sent(world: World, code: str, person: Person) -> tuple[str, str]:
    """Confirm; ``enable_bypass`` and ``bypass_list`` as they arrived."""
    assert "Imported" in (await world.tap("✅ Import", person)).text
    [body] = [body for body in world.browser.imports if body["transfer_code"] == code]
    config = body["proxy_config"]
    return config["enable_bypass"], config["bypass_list"]


@busy
async def test_it_is_off_unless_it_is_asked_for(busy_world: World) -> None:
    person = await newcomer(busy_world)
    card, code = await asked(busy_world, Step.CONFIRM, person)
    assert "Bypass: off" in card.text
    assert await bypass_sent(busy_world, code, person) == ("0", "")


@busy
@pytest.mark.parametrize(
    ("text", "domains"),
    [
        ("*.example.com\nwww.example.org", ["*.example.com", "www.example.org"]),
        ("Example.COM, b.example;c.example", ["example.com", "b.example", "c.example"]),
        ("https://shop.example/cart?x=1", ["shop.example"]),
        ("a.example a.example", ["a.example"]),
        ("店铺.example\n203.0.113.7\n[2001:db8::1]", ["店铺.example", "203.0.113.7", "[2001:db8::1]"]),
    ],
)
async def test_domains_are_sent_one_a_line(busy_world: World, text: str, domains: list[str]) -> None:
    person = await newcomer(busy_world)
    _, code = await asked(busy_world, Step.BYPASS, person)
    card = await busy_world.say(text, person)
    assert CONFIRM in card.text
    assert f"Bypass: {', '.join(domains)}" in card.text
    result = await busy_world.tap("✅ Import", person)
    assert f"Bypass: {', '.join(domains)}" in result.text
    [body] = [body for body in busy_world.browser.imports if body["transfer_code"] == code]
    assert body["proxy_config"]["enable_bypass"] == "1"
    assert body["proxy_config"]["bypass_list"] == "\n".join(domains)


@busy
async def test_of_many_domains_the_first_are_shown_and_all_are_sent(busy_world: World) -> None:
    person = await newcomer(busy_world)
    _, code = await asked(busy_world, Step.BYPASS, person)
    domains = [f"d{number}.example" for number in range(200)]
    card = await busy_world.say("\n".join(domains), person)
    assert "Bypass: d0.example, d1.example, d2.example and 197 more" in card.text
    assert await bypass_sent(busy_world, code, person) == ("1", "\n".join(domains))


@busy
@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("a.example\nnot_a_domain!", "“not_a_domain!” is not a domain"),
        ("localhost shops", "“shops” is not a domain"),
        ("*.203.0.113.7", "“*.203.0.113.7” is not a domain"),
        ("<b>x</b>", "is not a domain"),
        ("https://shop!/cart?colour=red", "“shop!/cart” is not a domain"),
        ("\n".join(f"d{number}.example" for number in range(201)), "A bypass list can have at most 200 domains."),
        (", ;", "I can't see anything in this."),
    ],
)
async def test_what_is_wrong_with_a_list_is_said_and_the_old_one_stands(
    busy_world: World, text: str, remark: str
) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, Step.BYPASS, person)
    await walk(busy_world, "old.example", "[Bypass]", person=person)
    card = await busy_world.say(text, person)
    assert remark in card.text
    assert ASKS[Step.BYPASS] in card.text
    assert "Bypass: old.example" in card.text
    assert (await draft_of(busy_world, person)).bypass == ("old.example",)


@busy
async def test_a_list_can_be_looked_at_replaced_and_switched_off(busy_world: World) -> None:
    person = await newcomer(busy_world)
    card, code = await asked(busy_world, Step.BYPASS, person)
    assert "replaces" not in card.text
    await busy_world.say("a.example b.example c.example d.example", person)
    card = await busy_world.tap("Bypass", person)
    assert "Bypass: a.example, b.example, c.example, d.example" in card.text
    assert "What you type replaces the list." in card.text
    assert labels(card) == ["No bypass list", "Hand over", "Back", "Cancel"]
    assert "Bypass: a.example, b.example, c.example and 1 more" in (await busy_world.tap("Back", person)).text
    card = await walk(busy_world, "[Bypass]", "other.example", person=person)
    assert "Bypass: other.example\n" in f"{card.text}\n"
    card = await walk(busy_world, "[Bypass]", "[No bypass list]", person=person)
    assert "Bypass: off" in card.text
    assert await bypass_sent(busy_world, code, person) == ("0", "")


@busy
async def test_the_list_is_gone_when_the_profile_keeps_its_own_proxy(busy_world: World) -> None:
    person = await newcomer(busy_world)
    _, code = await asked(busy_world, Step.BYPASS, person)
    card = await walk(busy_world, "a.example", "[Change proxy]", "[Keep]", person=person)
    assert "Bypass" not in card.text
    assert "Bypass" not in labels(card)
    card = await walk(busy_world, "[Change proxy]", "[Direct]", person=person)
    assert "Bypass: off" in card.text
    await walk(busy_world, "[Change proxy]", "[Keep]", person=person)
    await busy_world.tap("✅ Import", person)
    [body] = [body for body in busy_world.browser.imports if body["transfer_code"] == code]
    assert "proxy_config" not in body


@busy
async def test_another_proxy_keeps_the_list(busy_world: World) -> None:
    person = await newcomer(busy_world)
    _, code = await asked(busy_world, Step.BYPASS, person)
    card = await walk(busy_world, "a.example", "[Change proxy]", "[Static]", "[http 198.51.100.9:8000]", person=person)
    assert "Bypass: a.example" in card.text
    assert await bypass_sent(busy_world, code, person) == ("1", "a.example")


def forged(card: Message, action: str) -> Button:
    """A button as the card's own ones, that does something else."""
    return Button("forged", ":".join(str(card.all_buttons[0].callback_data).split(":")[:3]) + f":{action}")


@busy
async def test_a_forged_press_does_not_open_it_where_there_is_no_proxy_to_bypass(busy_world: World) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, Step.PROXY, person)
    card = await busy_world.tap("Keep", person)
    busy_world.telegram.press(person, card, forged(card, "change:bypass"))
    await busy_world.rest()
    assert busy_world.card(person).text == card.text
    assert (await draft_of(busy_world, person)).changing is None
