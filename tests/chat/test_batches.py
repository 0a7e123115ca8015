"""What was confirmed, while it is under way and after: waiting, cancelling, trying again, a proxy that is missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.storage.tables import secrets
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_actions import IMPORT, RECORDS
from tests.standins.ixbrowser_faults import Reply, cut_after, refusal, spoiled
from tests.standins.ixbrowser_world import TakesExtraction
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Message
from tests.support.chatting import (
    GROUP,
    imported,
    labels,
    ready_to_import,
    said,
    snapshot,
    timed,
    until,
    until_ended,
    until_shown,
)
from tests.support.world import ADMIN, World, running, settings_for

pytestmark = pytest.mark.usefixtures("calm_log")

LINK = "https://proxies.example.com/get?key=distinctive"
OLD = "This button is from before. The card shows how it stands now."
SET_LINK = "profile-update-proxy-for-api-extraction"


# --- what to do next --------------------------------------------------------------------------------------------------


async def test_another_code_asks_for_a_code_alone(world: World) -> None:
    group = world.browser.add_group("Shops")
    await world.say(world.browser.offer())
    await world.tap("Shops")
    await world.tap("Direct")
    first = await world.tap("✅ Import")
    # Meanwhile another import had other choices; those of the card count.
    await world.say(world.browser.offer())
    await world.tap("Change proxy")
    await world.tap("Keep")
    await world.tap("✅ Import")

    assert "Send me a transfer code" in (await world.tap("Another code", message=first)).text
    code = world.browser.offer()
    card = await world.say(code)
    assert "Import this profile?" in card.text
    assert "Group: Shops" in card.text
    await world.tap("✅ Import")
    assert world.browser.imports[2]["group_id"] == group
    assert world.browser.imports[2]["proxy_config"]["proxy_type"] == "direct"


async def test_another_code_asks_for_the_password_again(world: World) -> None:
    await world.say(world.browser.offer())
    await world.tap("Custom")
    await world.say("socks5://ana:s3cret@203.0.113.7:1080")
    await world.tap("✅ Import")
    await world.tap("Another code")
    card = await world.say(world.browser.offer())
    assert "Type the password" in card.text
    assert "s3cret" not in str(await snapshot(world))


async def test_try_again_is_a_new_row_that_knows_which_it_repeats(world: World) -> None:
    world.browser.fail(IMPORT, refusal(1014))
    code = world.browser.offer("Shop")
    await imported(world, code)
    card = await world.tap("Try again")
    assert "Import this profile?" in card.text
    result = await world.tap("✅ Import")
    assert "“Shop”" in result.text
    first, second = await world.log()
    assert (first["status"], first["retry_of"]) == ("failed", None)
    assert (second["status"], second["retry_of"]) == ("imported", first["id"])
    assert first["code"] == second["code"] == code


async def test_of_several_only_those_that_can_be_are_tried_again(world: World) -> None:
    world.browser.fail(IMPORT, refusal(1014), refusal(1017))
    busy, too_many, good = (world.browser.offer() for _ in range(3))
    wrong = world.browser.unused_code()
    await imported(world, busy, too_many, good, wrong)
    assert "Import these 2 profiles?" in (await world.tap("Try again")).text
    assert "✅ All 2 imported." in (await world.tap("✅ Import")).text
    log = await world.log()
    repeated = {row["code"]: row["retry_of"] for row in log[4:]}
    assert repeated == {row["code"]: row["id"] for row in log if row["error_code"] in (1014, 1017)}
    assert repeated.keys() == {busy, too_many}


async def test_a_group_that_is_gone_is_asked_for_anew(world: World) -> None:
    gone = world.browser.add_group("Gone")
    left = world.browser.add_group("Left")
    code = world.browser.offer()
    await world.say(code)
    await world.tap("Gone")
    await world.tap("Keep")
    del world.browser.groups[gone]
    result = await world.tap("✅ Import")
    assert "(error 110004)" in result.text
    assert "Which group?" in (await world.tap("Try again")).text
    await world.tap("Left")
    assert "Imported" in (await world.tap("✅ Import")).text
    assert world.browser.imports[-1] == {"transfer_code": code, "group_id": left}


async def test_a_proxy_that_was_refused_is_asked_for_anew(world: World) -> None:
    world.browser.fail(IMPORT, refusal(101008))
    await world.say(world.browser.offer())
    await world.tap("Direct")
    await world.tap("✅ Import")
    assert "Which proxy?" in (await world.tap("Try again")).text
    await world.tap("Keep")
    assert "Imported" in (await world.tap("✅ Import")).text


async def test_what_somebody_else_has_imported_meanwhile_cannot_be_tried_again(world: World) -> None:
    await world.let_in(world.mai)
    world.browser.fail(IMPORT, refusal(1014))
    code = world.browser.offer()
    result = await imported(world, code)
    await imported(world, code, person=world.mai)
    before = await snapshot(world)
    await world.tap("Try again", message=result)
    assert world.popups() == [OLD]
    assert await snapshot(world) == before


@pytest.mark.parametrize("label", ["Try again", "Another code"])
async def test_with_an_import_open_that_one_comes_first(world: World, label: str) -> None:
    world.browser.fail(IMPORT, refusal(1014))
    result = await imported(world)
    open_card = await world.say(world.browser.offer())
    shown = await world.tap(label, message=result)
    assert "First finish or cancel" in world.popups()[-1]
    assert (shown.text, open_card.deleted) == (open_card.text, True)
    assert len((await snapshot(world))["draft_codes"]) == 1


async def test_cancelled_imports_can_be_tried_again(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        card = await ready_to_import(world, world.browser.offer())
        world.browser.running = False
        await world.tap("✅ Import", message=card)
        assert "Cancelled" in (await world.tap("Cancel")).text
        world.browser.running = True
        card = await world.tap("Try again")
        world.telegram.press(world.ana, card, card.button("✅ Import"))
        await world.telegram.handled()
        first, second = await until_ended(world, clock)
        assert (first["status"], second["status"], second["retry_of"]) == ("cancelled", "imported", first["id"])


# --- waiting ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("away", "back", "why"),
    [
        (
            lambda browser: setattr(browser, "running", False),
            lambda browser: setattr(browser, "running", True),
            "ixBrowser is not running",
        ),
        (
            lambda browser: setattr(browser, "logged_in", False),
            lambda browser: setattr(browser, "logged_in", True),
            "ixBrowser is logged out",
        ),
        (lambda browser: browser.always(IMPORT, refusal(1010)), lambda browser: browser.heal(), "ixBrowser is busy"),
    ],
    ids=["closed", "logged out", "busy"],
)
async def test_it_says_that_it_waits_and_the_result_is_a_new_message(
    tmp_path: Path, away: Callable[[FakeIxBrowser], None], back: Callable[[FakeIxBrowser], None], why: str
) -> None:
    async with timed(tmp_path) as (world, clock):
        card = await ready_to_import(world, world.browser.offer())
        away(world.browser)
        world.telegram.press(world.ana, card, card.button("✅ Import"))
        waiting = await until_shown(world, clock, why)
        assert "I go on by myself" in waiting.text
        assert waiting is card
        assert labels(waiting) == ["Cancel"]

        back(world.browser)
        await until_ended(world, clock)
        result = world.newest(ADMIN)
        assert "Imported" in result.text
        assert result is not card
        assert card.deleted


async def test_the_card_says_that_it_waits_even_while_it_is_tried_again(tmp_path: Path) -> None:
    async with timed(tmp_path, ixbrowser_timeout=60) as (world, clock):
        card = await ready_to_import(world, world.browser.offer())
        world.browser.fail(IMPORT, refusal(1010))
        world.browser.import_seconds = 20
        world.telegram.press(world.ana, card, card.button("✅ Import"))
        await until_shown(world, clock, "ixBrowser is busy")
        await until(world, clock, lambda: len(world.browser.imports) == 2)
        await world.app.store.write(lambda work: work.batches.bump(1, repost=True))
        world.app.presenter.tell(ADMIN)
        await world.telegram.settled(lambda: world.newest(ADMIN) is not card)
        assert "ixBrowser is busy" in world.newest(ADMIN).text
        await until_ended(world, clock)
        assert "busy" not in world.newest(ADMIN).text


async def test_a_result_within_ten_seconds_is_an_edit_and_rings_nobodys_phone(world: World) -> None:
    card = await ready_to_import(world, world.browser.offer())
    assert await world.tap("✅ Import", message=card) is card


async def test_a_result_after_ten_seconds_is_a_new_message(tmp_path: Path) -> None:
    async with timed(tmp_path, ixbrowser_timeout=60) as (world, clock):
        world.browser.import_seconds = 11
        card = await ready_to_import(world, world.browser.offer())
        world.telegram.press(world.ana, card, card.button("✅ Import"))
        await world.telegram.handled()
        await until_ended(world, clock)
        result = world.newest(ADMIN)
        assert "Imported" in result.text
        assert result is not card
        assert [message.silent for message in (card, result)] == [False, False]


async def test_what_has_not_been_sent_can_be_cancelled(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        codes = [world.browser.offer() for _ in range(2)]
        card = await ready_to_import(world, *codes)
        world.browser.running = False
        world.telegram.press(world.ana, card, card.button("✅ Import 2"))
        await until_shown(world, clock, "not running")
        await world.tap("Cancel")
        assert "Cancelled what has not been sent yet." in world.popups()
        world.browser.running = True
        clock.jump(120)
        await world.rest()
        assert [row["status"] for row in await world.log()] == ["cancelled", "cancelled"]
        assert world.browser.imports == []
        assert "Try again" in labels(world.newest(ADMIN))


async def test_a_cancel_after_an_unanswered_attempt_waits_for_the_proof(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        world.browser.fail(IMPORT, cut_after())
        card = await ready_to_import(world, world.browser.offer())
        world.browser.always(RECORDS, spoiled(Reply.EMPTY))
        world.telegram.press(world.ana, card, card.button("✅ Import"))
        await until_shown(world, clock, "looking whether the profile has arrived")
        world.telegram.press(world.ana, card, card.button("Cancel"))
        assert labels(await until_shown(world, clock, "You cancelled it")) == []
        world.browser.heal()
        await until_ended(world, clock)
        assert "Imported" in world.newest(ADMIN).text


async def test_what_has_waited_for_a_day_asks_its_person_before_it_goes_on(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        card = await ready_to_import(world, world.browser.offer())
        world.browser.running = False
        world.telegram.press(world.ana, card, card.button("✅ Import"))
        await until_shown(world, clock, "not running")
        clock.jump(24 * 3600)
        asked = await until_shown(world, clock, "waited for a day")
        assert labels(asked) == ["Keep waiting", "Cancel"]
        assert asked is not card
        world.browser.running = True
        clock.jump(3600)
        await world.rest()
        assert world.browser.imports == []

        world.telegram.press(world.ana, asked, asked.button("Keep waiting"))
        await world.telegram.handled()
        await until_ended(world, clock)
        assert "Imported" in world.newest(ADMIN).text


# --- not known --------------------------------------------------------------------------------------------------------


async def test_what_is_not_known_can_be_looked_for_again(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        world.browser.fail(IMPORT, cut_after())
        world.browser.always(RECORDS, spoiled(Reply.NOT_JSON))
        card = await ready_to_import(world, world.browser.offer("Shop"))
        world.telegram.press(world.ana, card, card.button("✅ Import"))
        await until_shown(world, clock, "looking whether the profile has arrived")
        clock.jump(25 * 3600)
        unknown = await until_shown(world, clock, "Not known", seconds=12 * 3600, step=60)
        assert "Look in ixBrowser whether the profile is there" in unknown.text
        assert "Look again" in labels(unknown)
        [row] = await world.log()
        assert row["status"] == "unknown"

        world.browser.heal()
        look = unknown.button("Look again")
        world.telegram.press(world.ana, unknown, look)
        world.telegram.press(world.ana, unknown, look)
        await world.telegram.handled()
        await until_ended(world, clock)
        assert world.popups()[-2:] == ["I am looking.", OLD]
        assert "“Shop”" in world.newest(ADMIN).text
        assert world.newest(ADMIN) is not unknown
        assert len(world.browser.imports) == 1


# --- a proxy that is missing ------------------------------------------------------------------------------------------


async def with_extraction_link(world: World, code: str) -> Message:
    """Choose an extraction link; the confirm card."""
    await world.say(code)
    await world.tap("Extraction link")
    await world.say(LINK)
    await world.tap("socks5")
    await world.tap("ip:port")
    card = await world.tap("When the old one stops working")
    assert "Import this profile?" in card.text
    return card


async def test_a_link_that_the_import_did_not_take_is_set_afterwards(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        world.browser.takes_extraction = TakesExtraction.IGNORED
        await with_extraction_link(world, world.browser.offer())
        await world.tap("✅ Import")
        await until_ended(world, clock)
        [row] = await world.log()
        assert (row["status"], row["proxy_status"]) == ("imported", "set")
        [profile] = world.browser.profiles.values()
        assert (profile["proxy_mode"], profile["proxy_url"]) == (4, LINK)


async def proxy_missing(world: World) -> Message:
    """Have a profile imported whose link ixBrowser takes neither way; its card."""
    world.browser.takes_extraction = TakesExtraction.IGNORED
    world.browser.always(SET_LINK, refusal(101044))
    await with_extraction_link(world, world.browser.offer("Shop"))
    return await world.tap("✅ Import")


async def test_when_only_the_proxy_is_missing_that_is_said_and_can_be_tried_again(world: World) -> None:
    card = await proxy_missing(world)
    assert "Imported" in card.text
    assert "only the proxy is missing" in card.text
    assert "(error 101044)" in card.text
    assert labels(card)[:2] == ["Set the proxy again", "Leave it as it is"]
    assert "only the proxy is missing" in (await world.say("/history")).text

    world.browser.heal()
    result = await world.tap("Set the proxy again", message=card)
    assert "proxy is missing" not in result.text
    assert result is not card
    assert "Set the proxy again" not in labels(result)
    [profile] = world.browser.profiles.values()
    assert (profile["proxy_mode"], profile["proxy_url"]) == (4, LINK)
    assert len(world.browser.imports) == 1
    assert await world.rows(secrets) == []


async def test_a_missing_proxy_that_stays_missing_is_said_again(world: World) -> None:
    card = await proxy_missing(world)
    again = await world.tap("Set the proxy again", message=card)
    assert "only the proxy is missing" in again.text
    assert labels(again)[:2] == ["Set the proxy again", "Leave it as it is"]


async def test_a_missing_proxy_can_be_left(world: World) -> None:
    card = await proxy_missing(world)
    assert len(await world.rows(secrets)) == 1
    left = await world.tap("Leave it as it is", message=card)
    assert left is card
    assert "set one in ixBrowser" in left.text
    assert labels(left) == ["Another code"]
    assert await world.rows(secrets) == []
    [row] = await world.log()
    assert (row["status"], row["proxy_status"]) == ("imported", "given_up")


async def test_a_restart_between_the_import_and_the_proxy_forgets_nothing(tmp_path: Path) -> None:
    telegram, browser = FakeTelegram(), FakeIxBrowser()
    settings = settings_for(tmp_path)
    browser.takes_extraction = TakesExtraction.IGNORED
    browser.always("profile-list", refusal(1010))
    async with running(settings, telegram=telegram, browser=browser) as world:
        await with_extraction_link(world, browser.offer())
        card = telegram.chat(ADMIN).card
        telegram.press(world.ana, card, card.button("✅ Import"))
        await telegram.settled(lambda: "Setting the proxy" in world.newest(ADMIN).text)
        [profile] = browser.profiles.values()
        assert profile["proxy_mode"] == 2
    browser.heal()
    async with running(settings, telegram=telegram, browser=browser) as world:
        await telegram.settled(lambda: "Setting the proxy" not in world.newest(ADMIN).text)
        await world.rest()
        [row] = await world.log()
        assert (row["status"], row["proxy_status"]) == ("imported", "set")
        assert (profile["proxy_mode"], profile["proxy_url"]) == (4, LINK)
        assert len(browser.imports) == 1
        assert await world.rows(secrets) == []


# --- the same code twice ----------------------------------------------------------------------------------------------


async def test_of_two_people_with_the_same_code_one_imports_and_the_other_is_told_who(world: World) -> None:
    await world.let_in(world.mai)
    code = world.browser.offer("Shop")
    await ready_to_import(world, code)
    theirs = await ready_to_import(world, code, person=world.mai)
    await world.tap("✅ Import")
    world.telegram.press(world.mai, theirs, theirs.button("✅ Import"))
    await world.rest()

    told = said(world, world.mai)
    assert any("imported already by Ana" in text and "“Shop”" in text for text in told)
    assert "Send another one" in world.newest(world.mai.id).text
    assert len(world.browser.imports) == len(await world.log()) == 1


async def test_of_two_who_tap_at_the_same_moment_one_imports(world: World) -> None:
    await world.let_in(world.mai)
    code = world.browser.offer()
    mine = await ready_to_import(world, code)
    theirs = await ready_to_import(world, code, person=world.mai)
    world.telegram.press(world.ana, mine, mine.button("✅ Import"))
    world.telegram.press(world.mai, theirs, theirs.button("✅ Import"))
    await world.rest()
    assert len(world.browser.imports) == len(await world.log()) == 1
    told = [*said(world), *said(world, world.mai)]
    assert sum("by Ana" in text or "by Mai" in text for text in told) == 1


async def test_a_code_that_is_imported_already_is_told_at_once(world: World) -> None:
    await world.let_in(world.mai)
    code = world.browser.offer()
    await imported(world, code)
    assert "imported already by you" in (await world.say(code)).text
    assert "imported already by Ana" in (await world.say(code, world.mai)).text
    assert (await snapshot(world))["draft_codes"] == []


async def test_a_code_that_is_being_imported_is_told_too(world: World) -> None:
    await world.let_in(world.mai)
    code, free = world.browser.offer(), world.browser.offer()
    await ready_to_import(world, code)
    world.browser.running = False
    await world.tap("✅ Import")
    await world.say(f"{code} {free}", world.mai)
    assert any("was sent by Ana already and waits" in text for text in said(world, world.mai))
    assert [row["code"] for row in (await snapshot(world))["draft_codes"]] == [free]


async def test_the_same_person_in_two_chats_imports_a_code_once(world: World) -> None:
    group = world.telegram.add_group(GROUP, "Team")
    code = world.browser.offer()
    private = await ready_to_import(world, code)
    world.telegram.say(world.ana, code, group)
    await world.rest()
    shared = world.newest(group)
    world.telegram.press(world.ana, shared, "Keep")
    await world.rest()
    world.telegram.press(world.ana, private, private.button("✅ Import"))
    world.telegram.press(world.ana, group.card, group.card.button("✅ Import"))
    await world.rest()
    assert len(world.browser.imports) == len(await world.log()) == 1
    assert any("by you" in text for text in [*said(world), *said(world, group)])
