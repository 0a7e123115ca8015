"""Somebody who has imported before: code, tap, done; and what is asked again because it must not be kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.draft import Step
from bot.storage.tables import secrets, users
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_faults import refusal, slow
from tests.standins.telegram import FakeTelegram
from tests.support.chatting import GROUP, labels, timed
from tests.support.journeys import ASKS, LINK, ONWARD, WAYS, asked, draft_of, furnish, newcomer, walk
from tests.support.world import World, running, settings_for

#: Tests that share a world with the others of this module.
busy = pytest.mark.asyncio(loop_scope="module")

CONFIRM = ASKS[Step.CONFIRM]
#: Questions behind which a proxy choice stands that asks for no secret.
OPEN = [Step.CONFIRM, Step.CUSTOM, Step.SAVED, Step.STATIC, Step.RESIDENTIAL]


@busy
@pytest.mark.parametrize("at", OPEN)
async def test_a_code_and_a_tap_import_the_next_profile_with_the_same_choices(busy_world: World, at: Step) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, at, person)
    await walk(busy_world, *ONWARD[at], "[✅ Import]", person=person)
    first = busy_world.browser.imports[-1]

    code = busy_world.browser.offer()
    card = await busy_world.say(code, person)
    assert CONFIRM in card.text
    assert "Group: Shops EU" in card.text
    assert "Imported" in (await busy_world.tap("✅ Import", person)).text
    assert busy_world.browser.imports[-1] == first | {"transfer_code": code}


@busy
@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("socks5://ana:hunter2@203.0.113.7:1080", "Type the password for socks5 203.0.113.7:1080 as ana."),
        ("http://eva:hunter2@[2001:db8::7]:8080", "Type the password for http [2001:db8::7]:8080 as eva."),
    ],
)
async def test_of_a_typed_proxy_only_the_password_is_asked_for_again(busy_world: World, typed: str, shown: str) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, Step.PROXY, person)
    await walk(busy_world, typed, "[✅ Import]", person=person)
    first = busy_world.browser.imports[-1]
    remembered = [row["last_choices"] for row in await busy_world.rows(users) if row["id"] == person.id]
    assert "hunter2" not in f"{remembered}"
    assert await busy_world.rows(secrets) == []

    code = busy_world.browser.offer()
    card = await busy_world.say(code, person)
    assert shown in card.text
    assert "Group: Shops EU" in card.text
    await walk(busy_world, "hunter3", "[✅ Import]", person=person)
    sent = busy_world.browser.imports[-1]
    assert sent["proxy_config"] == first["proxy_config"] | {"proxy_password": "hunter3"}


@busy
async def test_of_an_extraction_link_only_the_link_is_asked_for_again(busy_world: World) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, Step.LINK, person)
    await walk(busy_world, *ONWARD[Step.LINK], "[✅ Import]", person=person)
    first = busy_world.browser.imports[-1]

    card = await busy_world.say(busy_world.browser.offer(), person)
    assert ASKS[Step.LINK] in card.text
    card = await busy_world.say(f"{LINK}&second=1", person)
    assert "Proxy: from a link (socks5, ip:port), a new one at every opening" in card.text
    await busy_world.tap("✅ Import", person)
    sent = busy_world.browser.imports[-1]
    assert sent["proxy_config"] == first["proxy_config"] | {"proxy_url": f"{LINK}&second=1"}


@busy
async def test_instead_of_the_password_another_proxy_can_be_chosen(busy_world: World) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, Step.PASSWORD, person)
    await walk(busy_world, "hunter2", "[✅ Import]", person=person)
    await busy_world.say(busy_world.browser.offer(), person)
    card = await walk(busy_world, "[Back]", "[Back]", "[Keep]", person=person)
    assert "Proxy: the profile's own (Keep)" in card.text
    assert "Imported" in (await busy_world.tap("✅ Import", person)).text


@busy
async def test_import_without_a_code_asks_for_one_and_then_shows_the_last_card(busy_world: World) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, Step.CONFIRM, person)
    await busy_world.tap("✅ Import", person)
    card = await busy_world.say("/import", person)
    assert ASKS[Step.CODES] in card.text
    card = await busy_world.say(busy_world.browser.offer(), person)
    assert CONFIRM in card.text


@busy
async def test_nobody_begins_with_the_choices_of_another(busy_world: World) -> None:
    first, second = await newcomer(busy_world), await newcomer(busy_world)
    await asked(busy_world, Step.CONFIRM, first)
    await busy_world.tap("✅ Import", first)
    assert ASKS[Step.GROUP] in (await busy_world.say(busy_world.browser.offer(), second)).text


@busy
async def test_a_cancelled_draft_is_not_remembered(busy_world: World) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, Step.CONFIRM, person)
    await busy_world.tap("Cancel", person)
    assert ASKS[Step.GROUP] in (await busy_world.say(busy_world.browser.offer(), person)).text


async def test_the_choices_are_remembered_after_a_restart(tmp_path: Path) -> None:
    telegram, browser = FakeTelegram(), FakeIxBrowser()
    furnish(browser)
    async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
        await asked(world, Step.STATIC)
        await walk(world, *ONWARD[Step.STATIC], "[✅ Import]")
    async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
        card = await world.say(browser.offer())
        assert "Proxy: http 198.51.100.9:8000 (static)" in card.text
        assert "Group: Shops EU" in card.text


async def test_in_a_group_no_choice_is_filled_in_that_would_ask_for_a_secret(world: World) -> None:
    furnish(world.browser)
    await asked(world, Step.PASSWORD)
    await walk(world, "hunter2", "[✅ Import]")
    chat = world.telegram.add_group(GROUP, "Team")
    card = await world.say(world.browser.offer(), chat=chat)
    assert ASKS[Step.PROXY] in card.text
    assert "Group: Shops EU" in card.text


# --- what is no longer there ------------------------------------------------------------------------------------------


async def test_a_group_that_is_gone_is_asked_for_before_anything_is_sent(tmp_path: Path) -> None:
    async with timed(tmp_path, ixbrowser_timeout=60) as (world, clock):
        furnish(world.browser)
        await asked(world, Step.CONFIRM)
        await world.tap("✅ Import")
        world.browser.groups = {key: title for key, title in world.browser.groups.items() if title != "Shops EU"}
        clock.jump(10)

        card = await world.say(world.browser.offer())
        assert "The group that was chosen is no longer in ixBrowser. Choose another." in card.text
        assert ASKS[Step.GROUP] in card.text
        card = await world.tap("Shops US")
        assert CONFIRM in card.text
        assert "Group: Shops US\nProxy: none (Direct)" in card.text
        assert "Imported" in (await world.tap("✅ Import")).text


async def test_a_group_has_the_name_that_it_has_now(tmp_path: Path) -> None:
    async with timed(tmp_path, ixbrowser_timeout=60) as (world, clock):
        furnish(world.browser)
        await asked(world, Step.CONFIRM)
        await world.tap("✅ Import")
        world.browser.groups[2] = "Shops Europe <b>"
        clock.jump(10)
        assert "Group: Shops Europe <b>" in (await world.say(world.browser.offer())).text


@pytest.mark.parametrize(("at", "kind"), [(Step.SAVED, 1), (Step.STATIC, 2)])
@pytest.mark.parametrize("others", [True, False])
async def test_a_proxy_that_is_gone_is_asked_for_before_anything_is_sent(
    tmp_path: Path, at: Step, kind: int, others: bool
) -> None:
    async with timed(tmp_path, ixbrowser_timeout=60) as (world, clock):
        furnish(world.browser)
        await asked(world, at)
        await walk(world, *ONWARD[at], "[✅ Import]")
        for number in [key for key, row in world.browser.proxies.items() if row["type"] == kind]:
            del world.browser.proxies[number]
        if others:
            world.browser.add_saved_proxy("http", "203.0.113.50", port="80")
            world.browser.add_static_proxy("http", "203.0.113.50", port="80")
            # What was chosen has the lowest number of its kind, which must not be given out again.
            world.browser.proxies = {key + 100: row | {"id": key + 100} for key, row in world.browser.proxies.items()}
        clock.jump(10)

        card = await world.say(world.browser.offer())
        assert "The proxy that was chosen is no longer in ixBrowser. Choose another." in card.text
        assert ASKS[at if others else Step.PROXY] in card.text
        card = await world.tap("http 203.0.113.50:80" if others else "Keep")
        assert CONFIRM in card.text


async def test_a_package_that_is_gone_is_asked_for_before_anything_is_sent(tmp_path: Path) -> None:
    async with timed(tmp_path, ixbrowser_timeout=60) as (world, clock):
        furnish(world.browser)
        await asked(world, Step.RESIDENTIAL)
        await walk(world, *ONWARD[Step.RESIDENTIAL], "[✅ Import]")
        world.browser.packages = {99: world.browser.packages.popitem()[1] | {"id": 99, "supply_name": "Supplier B"}}
        clock.jump(10)
        card = await world.say(world.browser.offer())
        assert ASKS[Step.RESIDENTIAL] in card.text
        card = await walk(world, "[Supplier B]", "[Keep the IP]")
        assert "Proxy: Supplier B · 99 (residential, the IP stays" in card.text


# --- what can't be looked up ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("switch", "reason", "waits"),
    [
        (
            "running",
            "ixBrowser is not running. Somebody has to start it on the computer.",
            "Waiting: ixBrowser is not running",
        ),
        ("logged_in", "ixBrowser is logged out.", "Waiting: ixBrowser is logged out"),
    ],
)
async def test_without_ixbrowser_the_last_card_is_shown_all_the_same_and_says_so(
    tmp_path: Path, switch: str, reason: str, waits: str
) -> None:
    async with timed(tmp_path, ixbrowser_timeout=60) as (world, clock):
        furnish(world.browser)
        await asked(world, Step.SAVED)
        await walk(world, *ONWARD[Step.SAVED], "[✅ Import]")
        setattr(world.browser, switch, False)
        clock.jump(10)

        card = await world.say(world.browser.offer())
        assert CONFIRM in card.text
        assert reason in card.text
        assert "You can still tap Import: it waits, and goes on by itself." in card.text
        assert "Group: Shops EU\nProxy: socks5 203.0.113.7:1080 (saved)" in card.text
        assert waits in (await world.tap("✅ Import")).text
        setattr(world.browser, switch, True)
        clock.jump(60)
        world.app.importer.imports_queued()
        await world.telegram.settled(lambda: "Imported" in world.card().text)


async def test_a_fault_that_no_import_waits_for_promises_nothing(tmp_path: Path) -> None:
    async with timed(tmp_path, ixbrowser_timeout=60) as (world, clock):
        furnish(world.browser)
        await asked(world, Step.CONFIRM)
        await world.tap("✅ Import")
        world.browser.always("group-list", refusal(1005))
        clock.jump(10)
        card = await world.say(world.browser.offer())
        assert "This ixBrowser is too old." in card.text
        assert "still tap Import" not in card.text
        assert labels(card) == ["✅ Import", "Hand over", "Change group", "Change proxy", "Bypass", "Cancel"]


async def test_the_last_card_does_not_wait_for_a_slow_list(tmp_path: Path) -> None:
    async with timed(tmp_path, ixbrowser_timeout=60) as (world, clock):
        furnish(world.browser)
        await asked(world, Step.CONFIRM)
        await world.tap("✅ Import")
        world.browser.always("group-list", slow(before=60))
        clock.jump(10)
        chat = world.telegram.chat(world.ana.id)
        world.telegram.say(world.ana, world.browser.offer())
        await world.telegram.settled(lambda: CONFIRM in chat.card.text and "✅ Import" in labels(chat.card), 5)
        world.telegram.press(world.ana, chat.card, "✅ Import")
        await world.telegram.settled(lambda: "Imported" in chat.card.text)
        assert (await world.log())[-1]["group_title"] == "Shops EU"


async def test_a_draft_of_the_last_choices_is_as_good_as_one_chosen_now(world: World) -> None:
    furnish(world.browser)
    await asked(world, Step.STATIC)
    card = await walk(world, *ONWARD[Step.STATIC])
    chosen = await draft_of(world)
    await world.tap("✅ Import", message=card)
    await world.say(world.browser.offer())
    again = await draft_of(world)
    assert (again.group, again.proxy, again.bypass) == (chosen.group, chosen.proxy, chosen.bypass)
    assert ASKS[Step.STATIC] in (await walk(world, "[Change proxy]", *WAYS[Step.STATIC][1:])).text
