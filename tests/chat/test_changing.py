"""Changes of mind: Back at every question, each answer changed on the last card, and secrets that go with them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.draft import Step
from bot.storage.tables import drafts, secrets
from tests.standins.telegram_state import Button, Person
from tests.support.chatting import labels, said
from tests.support.journeys import ASKS, LINK, ONWARD, WAYS, asked, draft_of, newcomer, walk
from tests.support.world import World

#: Tests that share a world with the others of this module.
busy = pytest.mark.asyncio(loop_scope="module")

CONFIRM = ASKS[Step.CONFIRM]

#: Where Back leads from each question, on the way to the last card.
BEFORE: dict[Step, Step] = {
    Step.GROUP_TITLE: Step.GROUP,
    Step.PROXY: Step.GROUP,
    Step.CUSTOM: Step.PROXY,
    Step.READING: Step.CUSTOM,
    Step.CUSTOM_TYPE: Step.CUSTOM,
    Step.PASSWORD: Step.CUSTOM,
    Step.SAVED: Step.PROXY,
    Step.STATIC: Step.PROXY,
    Step.RESIDENTIAL: Step.PROXY,
    Step.IP_POLICY: Step.RESIDENTIAL,
    Step.LINK: Step.PROXY,
    Step.LINK_TYPE: Step.LINK,
    Step.FORMAT: Step.LINK_TYPE,
    Step.METHOD: Step.FORMAT,
    Step.BYPASS: Step.CONFIRM,
}


async def secrets_of(world: World, person: Person) -> list[str]:
    """The secrets that are kept for somebody's draft."""
    mine = [row["id"] for row in await world.rows(drafts) if row["user_id"] == person.id]
    return [row["value"] for row in await world.rows(secrets) if row["draft_id"] in mine]


async def import_of(world: World, code: str, person: Person) -> dict[str, Any]:
    """Confirm; the body that arrived."""
    assert "Imported" in (await world.tap("✅ Import", person)).text
    [body] = [body for body in world.browser.imports if body["transfer_code"] == code]
    return dict(body)


# --- back -------------------------------------------------------------------------------------------------------------


@busy
@pytest.mark.parametrize(("at", "before"), BEFORE.items())
async def test_back_leads_to_the_question_before_and_from_there_on_again(
    busy_world: World, at: Step, before: Step
) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, at, person)
    card = await busy_world.tap("Back", person)
    assert ASKS[before] in card.text
    card = await walk(busy_world, *ONWARD[before], person=person)
    assert CONFIRM in card.text


@busy
@pytest.mark.parametrize("at", BEFORE)
async def test_back_again_and_again_leads_to_the_group_or_the_last_card(busy_world: World, at: Step) -> None:
    person = await newcomer(busy_world)
    card, _ = await asked(busy_world, at, person)
    for _ in range(6):
        if "Back" not in labels(card):
            break
        card = await busy_world.tap("Back", person)
    assert ASKS[Step.GROUP] in card.text or (at is Step.BYPASS and CONFIRM in card.text)
    assert await secrets_of(busy_world, person) == []


@busy
@pytest.mark.parametrize("at", [Step.GROUP, Step.CONFIRM])
async def test_where_nothing_is_before_there_is_no_back(busy_world: World, at: Step) -> None:
    person = await newcomer(busy_world)
    card, _ = await asked(busy_world, at, person)
    assert "Back" not in labels(card)


@busy
@pytest.mark.parametrize("at", WAYS)
async def test_every_question_can_be_cancelled(busy_world: World, at: Step) -> None:
    person = await newcomer(busy_world)
    _, code = await asked(busy_world, at, person)
    card = await busy_world.tap("Cancel", person)
    assert "Cancelled. Nothing was sent to ixBrowser." in card.text
    assert labels(card) == ["New import"]
    assert await secrets_of(busy_world, person) == []
    assert ASKS[Step.GROUP] in (await busy_world.say(code, person)).text


# --- each answer on the last card -------------------------------------------------------------------------------------


@busy
async def test_the_last_card_shows_everything_at_a_glance_and_a_button_for_each_answer(busy_world: World) -> None:
    person = await newcomer(busy_world)
    _, code = await asked(busy_world, Step.PROXY, person)
    card = await walk(busy_world, "socks5://ana:hunter2@203.0.113.7:1080", "[Bypass]", "*.example.com", person=person)
    assert card.text.splitlines() == [
        "Import this profile?",
        "",
        f"Code: {code[:4]}••••-••••{code[-4:]}",
        "Group: Shops EU",
        "Proxy: socks5 203.0.113.7:1080 as ana, password ••••",
        "Bypass: *.example.com",
    ]
    assert labels(card) == ["✅ Import", "Hand over", "Change group", "Change proxy", "Bypass", "Cancel"]


@busy
async def test_the_group_can_be_changed_twice(busy_world: World) -> None:
    person = await newcomer(busy_world)
    _, code = await asked(busy_world, Step.CONFIRM, person)
    card = await busy_world.tap("Change group", person)
    assert "Group: Shops EU" in card.text
    assert "Back" in labels(card)
    assert "Group: Shops US" in (await busy_world.tap("Shops US", person)).text
    card = await walk(busy_world, "[Change group]", "[Default]", person=person)
    assert "Group: Default" in card.text
    assert "group_id" not in await import_of(busy_world, code, person)


@busy
async def test_the_proxy_can_be_changed_twice(busy_world: World) -> None:
    person = await newcomer(busy_world)
    _, code = await asked(busy_world, Step.CONFIRM, person)
    card = await walk(busy_world, "[Change proxy]", *WAYS[Step.IP_POLICY][1:], "[New IP]", person=person)
    assert "(residential, a new IP at every opening)" in card.text
    card = await walk(busy_world, "[Change proxy]", "[Saved]", "[socks5 203.0.113.7:1080]", person=person)
    assert "Proxy: socks5 203.0.113.7:1080 (saved)" in card.text
    assert (await import_of(busy_world, code, person))["proxy_config"]["proxy_mode"] == 2


@busy
@pytest.mark.parametrize(
    "wander",
    [
        ["[Change group]"],
        ["[Change group]", "shops u"],
        ["[Change group]", "[➕ New group]", "[Back]"],
        ["[Change proxy]"],
        ["[Change proxy]", "[Static]", "[Back]"],
        ["[Change proxy]", "[Custom]", "[Back]"],
        ["[Change proxy]", "[Residential]", "[Supplier A]", "[Back]", "[Back]"],
        ["[Change proxy]", "[Extraction link]", LINK, "[http]", "[Back]", "[Back]", "[Back]"],
        ["[Bypass]"],
    ],
)
async def test_who_goes_back_from_a_change_finds_the_last_card_as_it_was(busy_world: World, wander: list[str]) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, Step.BYPASS, person)
    before = await busy_world.say("*.example.com", person)
    shown, draft = before.text, await draft_of(busy_world, person)
    card = await walk(busy_world, *wander, "[Back]", person=person)
    assert card.text == shown
    assert await draft_of(busy_world, person) == draft


@busy
async def test_who_goes_back_to_a_typed_proxy_is_asked_for_its_password_again(busy_world: World) -> None:
    person = await newcomer(busy_world)
    _, code = await asked(busy_world, Step.PROXY, person)
    await busy_world.say("socks5://ana:hunter2@203.0.113.7:1080", person)
    card = await walk(busy_world, "[Change proxy]", "[Saved]", "[Back]", "[Back]", person=person)
    assert "Type the password for socks5 203.0.113.7:1080 as ana." in card.text
    assert await secrets_of(busy_world, person) == []
    await busy_world.say("hunter3", person)
    assert (await import_of(busy_world, code, person))["proxy_config"]["proxy_password"] == "hunter3"


# --- secrets go with the choice they belong to ------------------------------------------------------------------------


@busy
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (["socks5://ana:hunter2@203.0.113.7:1080"], ["hunter2"]),
        (["[Custom]", "socks5://ana@203.0.113.7:1080", "hunter2"], ["hunter2"]),
        (["203.0.113.7:1080:ana:ssh"], ["203.0.113.7:1080:ana:ssh"]),
        (["[Extraction link]", LINK], [LINK]),
        (["[Extraction link]", LINK, "[ssh]", "[ip:port]", "[At every opening]"], [LINK]),
    ],
)
@pytest.mark.parametrize("then", ["[Keep]", "[Direct]", "[Saved]"])
async def test_another_choice_wipes_what_was_typed(
    busy_world: World, typed: list[str], kept: list[str], then: str
) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, Step.PROXY, person)
    card = await walk(busy_world, *typed, person=person)
    assert await secrets_of(busy_world, person) == kept
    if CONFIRM in card.text:
        await busy_world.tap("Change proxy", person)
    while ASKS[Step.PROXY] not in busy_world.card(person).text:
        await busy_world.tap("Back", person)
    await walk(busy_world, then, person=person)
    assert await secrets_of(busy_world, person) == []


@busy
async def test_a_proxy_typed_anew_takes_the_place_of_the_old_one(busy_world: World) -> None:
    person = await newcomer(busy_world)
    _, code = await asked(busy_world, Step.PROXY, person)
    await busy_world.say("socks5://ana:hunter2@203.0.113.7:1080", person)
    card = await walk(busy_world, "[Change proxy]", "http://eva:hunter3@203.0.113.8:8080", person=person)
    assert "Proxy: http 203.0.113.8:8080 as eva" in card.text
    assert await secrets_of(busy_world, person) == ["hunter3"]
    config = (await import_of(busy_world, code, person))["proxy_config"]
    assert (config["proxy_user"], config["proxy_password"]) == ("eva", "hunter3")
    assert not [row for row in await busy_world.rows(secrets) if row["value"] == "hunter3"]


# --- buttons that are not there ---------------------------------------------------------------------------------------


@busy
async def test_every_old_button_of_a_card_that_moved_on_changes_nothing(busy_world: World) -> None:
    person = await newcomer(busy_world)
    card, _ = await asked(busy_world, Step.PROXY, person)
    old = card.all_buttons
    await busy_world.tap("Direct", person)
    now = await draft_of(busy_world, person)
    for button in old:
        busy_world.telegram.press(person, busy_world.card(person), button)
    await busy_world.rest()
    assert await draft_of(busy_world, person) == now
    assert CONFIRM in busy_world.card(person).text
    told = [answer.text for answer in busy_world.telegram.answers if answer.person is person and answer.text]
    assert told == ["This button is out of date. The card shows the current state."] * len(old)


@busy
@pytest.mark.parametrize("at", [Step.GROUP, Step.PROXY, Step.READING, Step.IP_POLICY, Step.CONFIRM])
async def test_a_forged_button_changes_nothing_and_fails_nowhere(busy_world: World, at: Step) -> None:
    person = await newcomer(busy_world)
    card, _ = await asked(busy_world, at, person)
    head = ":".join(str(card.all_buttons[0].callback_data).split(":")[:3])
    before = await draft_of(busy_world, person)
    forged = ["import", "reading:9", "pick:1", "proxy:none", "type:ftp", "format:99", "method:5", "new_ip:x"]
    forged += ["change:codes", "change:nothing", "group:99999999999999999999", "page:1_0", "back:1", "none", "page"]
    if at is Step.CONFIRM:
        forged.remove("import")
    for action in forged:
        busy_world.telegram.press(person, card, Button("forged", f"{head}:{action}"))
    await busy_world.rest()
    assert await draft_of(busy_world, person) == before
    assert ASKS[at] in busy_world.card(person).text
    assert not [text for text in said(busy_world, person) if "went wrong" in text]
