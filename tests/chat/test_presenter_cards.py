"""Cards in the chat: edited, moved below, put anew where they are gone, and what Telegram refuses about them."""

from __future__ import annotations

import itertools
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat import shared_cards
from bot.chat.cards import Card
from bot.chat.edit_pauses import PROGRESS_PAUSE
from bot.storage.tables import outbox
from bot.storage.work import SqlWork
from bot.usecases.records import Place
from bot.usecases.shared_card_rows import SharedKind
from tests.support.chatting import all_run, imported, labels, ready_to_import, said, timed
from tests.support.jumping_clock import JumpingClock
from tests.support.world import ADMIN, World, button_of


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[tuple[World, JumpingClock]]:
    async with timed(tmp_path, ixbrowser_timeout=60) as (world, clock):
        yield world, clock


Scene = tuple[World, JumpingClock]


async def test_a_card_that_its_person_has_deleted_goes_on_where_it_is_pressed(world: World) -> None:
    card = await world.say(world.browser.offer())
    keep = button_of(card, "Keep")
    world.telegram.delete(card)
    other_phone = world.telegram.post(world.telegram.chat(ADMIN), world.telegram.bot, text="as another phone shows it")
    world.telegram.press(world.ana, other_phone, keep)
    await world.rest()
    assert "Import this profile?" in other_phone.text
    assert world.newest(ADMIN) is other_phone
    await world.tap("✅ Import")
    assert len(world.browser.imports) == 1


@pytest.mark.usefixtures("calm_log")
async def test_a_message_that_is_not_modified_is_as_good_as_edited(world: World) -> None:
    card = await ready_to_import(world, world.browser.offer())
    world.telegram.fail("editMessageText", 400, "Bad Request: message is not modified", carried_out=True)
    await world.tap("✅ Import", message=card)
    assert len(said(world)) == 1


async def test_a_card_older_than_two_days_loses_its_buttons_where_it_cannot_be_deleted(scene: Scene) -> None:
    world, clock = scene
    old = await imported(world)
    card = await world.say(world.browser.offer())
    assert not old.deleted
    clock.jump(3 * 24 * 3600)
    await world.telegram.settled(lambda: "closed this" in world.newest(ADMIN).text)
    assert world.newest(ADMIN) is card
    assert labels(card) == ["New import"]


async def test_an_open_card_that_cannot_be_deleted_is_disarmed(scene: Scene) -> None:
    world, _ = scene
    card = await world.say(world.browser.offer())
    world.telegram.fail("deleteMessage", 400, "Bad Request: message can't be deleted for everyone")
    world.telegram.send_photo(world.ana)
    await world.rest()
    assert not card.deleted
    assert labels(card) == []
    assert labels(world.newest(ADMIN)) != []


async def test_a_card_out_of_reach_is_left_where_it_is(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    world, _ = scene
    card = await world.say(world.browser.offer())
    world.telegram.fail("deleteMessage", 400, "Bad Request: message can't be deleted for everyone")
    world.telegram.fail("editMessageReplyMarkup", 400, "Bad Request: message can't be edited")
    world.telegram.send_photo(world.ana)
    await world.rest()
    assert not card.deleted
    assert await world.rows(outbox) == []
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_message_that_telegram_refuses_for_good_does_not_block_the_others(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.telegram.fail("sendMessage", 400, "Bad Request: message is too long")
    world.telegram.say(world.ana, "/help")
    world.telegram.say(world.ana, "/start")
    await world.rest()
    assert [text.split()[0] for text in said(world)] == ["Hello"]
    assert "Telegram refuses a message" in caplog.text


async def test_a_card_that_telegram_refuses_for_good_is_tried_at_the_next_answer(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    # The groups are known by then: a card that waits for them is shown a second time when they have come.
    await world.say(world.browser.offer())
    await world.tap("Cancel")
    before = said(world)
    world.telegram.fail("sendMessage", 400, "Bad Request: can't parse entities")
    world.telegram.say(world.ana, world.browser.offer())
    await world.rest()
    assert said(world) == before
    assert "Telegram refuses the card of draft 2" in caplog.text
    assert "Which proxy?" in (await world.say("/import")).text


async def test_an_edit_that_telegram_refuses_for_good_is_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    card = await world.say(world.browser.offer())
    world.telegram.fail("editMessageText", 400, "Bad Request: can't parse entities")
    await world.tap("Keep", message=card)
    assert "Which proxy?" in card.text
    assert "Telegram refuses the card of draft 1: Can't parse entities" in caplog.text
    assert "Import this profile?" in (await world.say("/import")).text


@pytest.mark.usefixtures("calm_log")
async def test_a_pressed_answer_edits_the_card_and_a_typed_one_moves_it_below_where_it_stays(world: World) -> None:
    card = await world.say(world.browser.offer())
    assert await world.tap("Custom", message=card) is card
    # What may be a secret is deleted: the card is the last message again.
    assert await world.say("203.0.113.7:1080") is card
    assert await world.tap("socks5", message=card) is card
    assert await world.tap("Bypass", message=card) is card
    lower = await world.say("*.example.com")
    assert card.deleted
    assert world.telegram.chat(ADMIN).last is lower


async def test_a_card_with_other_messages_below_it_comes_down_although_what_was_typed_is_deleted(world: World) -> None:
    card = await world.say(world.browser.offer())
    await world.tap("Custom", message=card)
    await world.say("/history")
    lower = await world.say("203.0.113.7:1080")
    assert card.deleted
    assert world.telegram.chat(ADMIN).last is lower
    assert "Which type" in lower.text


async def test_several_edits_of_one_import_keep_a_distance(scene: Scene) -> None:
    """Telegram counts every edit, and soon wants none any more."""
    world, clock = scene
    card = await ready_to_import(world, *(world.browser.offer() for _ in range(12)))
    world.browser.import_seconds = 0.5
    world.telegram.press(world.ana, card, button_of(card, "✅ Import"))
    progress: list[tuple[str, float]] = []
    while not (log := await world.log()) or any(row["status"] != "imported" for row in log):
        clock.jump(0.1)
        await all_run(world)
        if "of 12 done" in card.text and card.text not in [text for text, _ in progress]:
            progress.append((card.text, clock.awake()))
    await world.rest()
    assert "All 12 imported" in world.newest(ADMIN).text
    gaps = [after - before for (_, before), (_, after) in itertools.pairwise(progress)]
    assert gaps
    assert all(gap > PROGRESS_PAUSE - 0.2 for gap in gaps), gaps


# --- secrets ----------------------------------------------------------------------------------------------------------


async def test_a_secret_that_telegram_will_not_delete_is_said_to_stay(world: World) -> None:
    await world.say(world.browser.offer())
    await world.tap("Custom")
    world.telegram.fail("deleteMessage", 400, "Bad Request: message can't be deleted", times=2)
    await world.say("socks5://ana:s3cret@203.0.113.7:1080")
    assert any("I can't delete it" in text for text in said(world))


async def test_a_secret_that_is_gone_already_needs_no_word(world: World) -> None:
    await world.say(world.browser.offer())
    await world.tap("Custom")
    world.telegram.fail("deleteMessage", 400, "Bad Request: message to delete not found", times=2)
    await world.say("socks5://ana:s3cret@203.0.113.7:1080")
    assert not any("I can't delete it" in text for text in said(world))


async def test_a_card_that_cannot_be_rendered_is_named_by_a_reference_and_keeps_no_other_from_being_shown(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> Card:
        raise ValueError("a row that nobody expected")

    renderers = {**shared_cards._RENDERERS, SharedKind.WRONG_CODES: fails}
    monkeypatch.setattr(shared_cards, "_RENDERERS", renderers)
    await world.say("/help")
    place = Place(ADMIN, ADMIN, None, "en")

    def change(work: SqlWork) -> None:
        work.shared_cards.add(SharedKind.WRONG_CODES, 7, place)
        work.shared_cards.add(SharedKind.ACCESS_REQUEST, 7, place)

    await world.app.store.write(change)
    world.app.presenter.tell(ADMIN)
    await world.rest()
    failed, other = said(world)[-2:]
    assert other == "This request is closed."
    reference = failed.removeprefix("This can't be shown. The log has this reference: ")
    assert f"[{reference}] card wrong_codes of 7 can't be rendered" in caplog.text
