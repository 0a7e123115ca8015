"""Language and time zone, chosen in the chat and kept."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.chat import translator as translator_module
from bot.chat.alerts import texts
from bot.chat.alerts.telling import tell_alert
from bot.chat.languages import LANGUAGES, Language, spoken
from bot.chat.preferences import zones
from bot.chat.preferences.cities import CITIES
from bot.chat.translator import translator, zone_of
from bot.domain.alert import AlertKind
from bot.errors import StorageError
from bot.storage.tables import users
from tests.chat.test_translator import add
from tests.standins.telegram import FakeTelegram
from tests.support.chatting import GROUP, failing_changes, labels, said
from tests.support.world import ADMIN, World, running, settings_for

FAILURE = {
    "the disk is full: free some space": "диск полон",
    "I can't save anything right now: {why}. Nothing was changed, please try again later. "
    "If it keeps happening, give your admin this reference: <code>{reference}</code>": (
        "Не могу записать: {why}. {reference}"
    ),
}
OTHERS = {
    "⚠️ This bot is also running on another computer, with the same token. Each message reaches only one of them, "
    "and imports wait. Stop one, or create a second bot for it with @BotFather.": "⚠️ Второй бот.",
    "This bot is private.": "Закрыто.",
}
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LABELS = ["English", "Русский", "简体中文", "Tiếng Việt"]


@pytest.fixture(autouse=True)
def catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A few sentences in two languages."""
    for name, proxy, now in (("vi", "Chọn proxy nào?", "Giờ tôi nói tiếng Việt."), ("ru", "Прокси?", "По-русски.")):
        question = "<b>Which proxy?</b>\n<b>Keep</b>: the profile keeps its own proxy. <b>Direct</b>: it gets none."
        sentences = {question: proxy, "I speak English with you now.": now}
        add(tmp_path / "locales", name, {**sentences, **FAILURE, **OTHERS, "There is nothing to cancel.": f"({name})"})
    monkeypatch.setattr(translator_module, "LOCALES", tmp_path / "locales")
    translator_module._translator.cache_clear()
    yield
    translator_module._translator.cache_clear()


# --- language ---------------------------------------------------------------------------------------------------------


async def test_the_first_language_of_somebodys_telegram_is_kept(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    linh = telegram.add_person(1001, "Linh", language_code="vi")
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        assert (await world.say("/cancel", linh)).text == "(vi)"
        linh.language_code = "ru"
        assert (await world.say("/cancel", linh)).text == "(vi)"


async def test_a_language_is_chosen_on_one_screen_and_kept(world: World) -> None:
    card = await world.say(world.browser.offer())
    assert "Which proxy?" in card.text
    screen = await world.say("/language")
    assert labels(screen) == ["✓ English", *LABELS[1:]]
    assert [len(row) for row in screen.buttons] == [2, 2]
    await world.tap("Tiếng Việt", message=screen)
    assert screen.text == "Giờ tôi nói tiếng Việt."
    assert labels(screen) == [*LABELS[:3], "✓ Tiếng Việt"]
    assert "Chọn proxy nào?" in card.text  # the open card is shown again, with buttons that go on working
    world.ana.language_code = "ru"
    await world.tap("Keep", message=card)
    assert (await world.say("/cancel")).text.startswith("Cancelled")
    assert (await world.say("/cancel")).text == "(vi)"
    assert (await world.rows(users))[0]["language"] == "vi"


async def test_what_fails_is_told_in_the_language_that_was_chosen(world: World) -> None:
    await world.tap("Русский", message=await world.say("/language"))
    with failing_changes(world, StorageError("the disk is full", "disk_full")):
        world.telegram.say(world.ana, "/help")
        await world.telegram.handled()
    assert said(world)[-1].startswith("Не могу записать: диск полон.")


async def test_what_the_bot_says_by_itself_is_in_the_language_of_who_reads_it(world: World) -> None:
    await world.let_in(world.mai)
    await world.tap("Русский", message=await world.say("/language"))
    await world.app.store.write(tell_alert, AlertKind.CONFLICT, texts.conflict)
    await world.rest()
    assert said(world)[-1] == "⚠️ Второй бот."


async def test_who_has_lost_their_access_is_told_in_the_language_that_they_chose(world: World) -> None:
    await world.let_in(world.mai)
    await world.tap("Русский", world.mai, await world.say("/language", world.mai))
    await world.say(f"/remove {world.mai.id}")
    assert (await world.say("/help", world.mai)).text.startswith("Закрыто.")


async def test_a_card_in_a_group_chat_is_in_the_language_of_whose_it_is(world: World) -> None:
    await world.let_in(world.mai)
    await world.tap("Русский", message=await world.say("/language"))
    group = world.telegram.add_group(GROUP, "Team")
    assert "Прокси?" in (await world.say(f"/import {world.browser.offer()}", world.ana, group)).text
    assert "Which proxy?" in (await world.say(f"/import {world.browser.offer()}", world.mai, group)).text


async def test_a_button_for_a_language_is_its_persons_alone(world: World) -> None:
    await world.let_in(world.mai)
    group = world.telegram.add_group(GROUP, "Team")
    screen = await world.say("/language", world.ana, group)
    await world.tap("Русский", world.mai, screen)
    assert world.popups()[-1] == "This card belongs to somebody else."
    assert (await world.say("/cancel", world.mai)).text == "There is nothing to cancel."


@pytest.mark.parametrize("data", ["lang:xx", "lang", "zone:Nowhere/At_all", "zone:../etc", "other"])
async def test_a_forged_button_changes_nothing(world: World, data: str) -> None:
    screen = await world.say("/language")
    before = await world.rows(users)
    button = screen.all_buttons[0]
    world.telegram.press(world.ana, screen, type(button)(button.text, f"p:{ADMIN}:0:{data}"))
    await world.rest()
    assert await world.rows(users) == before
    assert world.popups()[-1].startswith("This button is out of date")


# --- time zone --------------------------------------------------------------------------------------------------------


async def test_a_time_zone_is_set_by_a_city_and_unset(world: World) -> None:
    asked = await world.say("/timezone")
    assert "I don't know your time zone" in asked.text
    assert "London" in labels(asked)[0]
    screen = await world.say("/timezone Berlin")
    assert "Berlin" in screen.text
    assert (await world.rows(users))[0]["time_zone"] == "Europe/Berlin"
    await world.tap("Not set", message=screen)
    assert "I don't know your time zone" in screen.text
    assert (await world.rows(users))[0]["time_zone"] == ""


async def test_of_several_places_one_is_tapped(world: World) -> None:
    screen = await world.say("/timezone Australia")
    assert len(labels(screen)) == 8
    assert "write more of its name" in screen.text
    await world.tap("Melbourne", message=screen)
    assert "Melbourne" in screen.text
    assert (await world.rows(users))[0]["time_zone"] == "Australia/Melbourne"


async def test_a_place_that_nobody_knows_is_answered_without_repeating_it(world: World) -> None:
    answer = await world.say("/timezone qwertz-s3cret")
    assert "I don't know this place" in answer.text
    assert "s3cret" not in "".join(said(world))


async def test_times_are_those_of_the_zone(world: World) -> None:
    await world.say("/timezone Tokyo")
    await world.say(world.browser.offer())
    await world.tap("Keep")
    await world.tap("Import")
    here = datetime.now(zone_of("Asia/Tokyo"))
    history = (await world.say("/history")).text
    assert f"{here.day} {here:%b} " in history
    assert "UTC" not in history
    await world.tap("Not set", message=await world.say("/timezone"))
    assert " UTC" in (await world.say("/history")).text


KNOWN = {
    "Europe/Berlin": "Berlin; berlin; Берлин; 柏林; Germany; München; Europe/Berlin",
    "Europe/Moscow": "Moscow; Москва; москва; 莫斯科; Mát-xcơ-va; Питер; Санкт-Петербург",
    "Asia/Shanghai": "Beijing; 北京; Пекин; Bắc Kinh; Shanghai; 上海; Шанхай; Thượng Hải; 深圳",
    "Asia/Ho_Chi_Minh": "Ho Chi Minh; Hồ Chí Minh; Hà Nội; ha noi; Hanoi; Ханой; 河内; Đà Nẵng; 胡志明市; Việt Nam",
    "Europe/Kyiv": "Kyiv; Kiev; Киев; 基辅",
    "America/New_York": "New York; new_york; Нью-Йорк; 纽约; Washington",
    "Etc/GMT-3": "UTC+3; utc +3; GMT+3; +3; +03:00",
    "Etc/GMT+5": "UTC-5; UTC−5",
    "Etc/UTC": "UTC+0; +0",
    "Asia/Kathmandu": "UTC+5:45",
}


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.tag)
def test_a_place_is_found_by_its_name_in_every_language(language: Language) -> None:
    found = {typed: zones.find(typed, language)[:1] for names in KNOWN.values() for typed in names.split("; ")}
    assert found == {typed: [zone] for zone, names in KNOWN.items() for typed in names.split("; ")}


@pytest.mark.parametrize("typed", ["x", "🛒", "<b>", "UTC+99", "UTC+5:15", "nowhere at all", "\x00", "-", "a" * 5000])
def test_what_is_no_place_is_not_found(typed: str) -> None:
    assert zones.find(typed, spoken("en")) == []


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.tag)
def test_every_zone_that_is_offered_is_there_and_fits_on_a_button(language: Language) -> None:
    offered = [*CITIES, *(zone for some in zones.LIKELY.values() for zone in some)]
    for zone in offered:
        assert zone_of(zone) is not None
        assert zones.city(translator(language.tag), zone)
        assert zones.find(zone, spoken("en")) == [zone]
    assert {each.tag for each in LANGUAGES} == zones.LIKELY.keys()


def test_zones_are_there_on_windows_too() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    assert any(each.startswith("tzdata") and "win32" in each for each in project["dependencies"])


def test_a_place_is_called_as_in_the_language() -> None:
    called = [zones.label(translator(tag), "Asia/Ho_Chi_Minh", NOW) for tag in ("en", "ru", "zh", "vi")]
    assert called == ["Ho Chi Minh City · UTC+7", "Хошимин · UTC+7", "胡志明市 · UTC+7", "TP Hồ Chí Minh · UTC+7"]
    assert zones.label(translator("ru"), "Europe/Kyiv", NOW) == "Киев · UTC+2"
    assert zones.label(translator("en"), "Etc/GMT-3", NOW) == "UTC+3"
