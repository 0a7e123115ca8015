"""A person's language reaches every sentence; what is not translated is said in English."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import translator as translator_module
from bot.chat.callbacks import short
from bot.chat.languages import spoken
from bot.chat.translator import Html, cut, fitting, offset, plain, translator, width
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_checks import message_text
from tests.support.chatting import labels
from tests.support.world import running, settings_for

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

VIETNAMESE = {
    "<b>Which proxy?</b>\n<b>Keep</b>: the profile keeps its own proxy. <b>Direct</b>: it gets none.": (
        "<b>Chọn proxy nào?</b>"
    ),
    "Code: {code}": "Mã: {code}",
    "Keep": "Giữ & dùng",
    "Cancel": "Hủy",
    "Tap ✅ Import to start, or Cancel.": "Hãy chạm vào một nút bên dưới.",
    "This button is out of date. The card shows the current state.": "Nút này đã cũ.",
    ("<b>Import this profile?</b>", "<b>Import these {count} profiles?</b>"): "<b>Nhập {count} hồ sơ?</b>",
}


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of catalogues, in which there is a Vietnamese one."""
    add(tmp_path / "locales", "vi", VIETNAMESE)
    monkeypatch.setattr(translator_module, "LOCALES", tmp_path / "locales")
    translator_module._translator.cache_clear()
    yield tmp_path / "locales"
    translator_module._translator.cache_clear()


def add(folder: Path, name: str, messages: object, *, flags: tuple[str, ...] = ()) -> None:
    """Write a catalogue as Babel does."""
    assert isinstance(messages, dict)
    made = Catalog(locale=name)
    for message, translation in messages.items():
        several = isinstance(message, tuple) and isinstance(translation, str)
        made.add(message, (translation,) * made.num_plurals if several else translation, flags=flags)
    written = io.BytesIO()
    write_po(written, made)
    place = folder / name / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "messages.po").write_bytes(written.getvalue())


# --- in the chat ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("catalogue")
async def test_each_person_is_answered_in_the_language_of_their_telegram(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    linh = telegram.add_person(1001, "Linh", language_code="vi")
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        await world.let_in(world.mai)
        card = await world.say(world.browser.offer(), linh)
        assert "Chọn proxy nào?" in card.text
        assert "Mã: " in card.text
        assert "Group: Default" in card.text  # what is not translated is said in English
        assert labels(card)[:2] == ["Giữ & dùng", "Direct"]
        old = card.all_buttons[0]
        card = await world.tap("Giữ & dùng", linh)
        assert "Nhập 1 hồ sơ?" in card.text
        assert "Hãy chạm vào một nút bên dưới." in (await world.say("?", linh)).text
        telegram.press(linh, world.card(linh), old)
        await world.rest()
        assert world.popups()[-1] == "Nút này đã cũ."
        assert "Which proxy?" in (await world.say(world.browser.offer(), world.mai)).text


@pytest.mark.usefixtures("catalogue")
async def test_the_card_stays_in_the_language_of_its_draft_when_it_is_shown_later(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    linh = telegram.add_person(1001, "Linh", language_code="vi-VN")
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        await world.say(world.browser.offer(), linh)
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        assert "Chọn proxy nào?" in (await world.say("/import", linh)).text


@pytest.mark.parametrize("code", ["", "en", "xx", "tlh", "../..", "en-", "-", "uk", "pt-br", "a" * 300])
async def test_a_language_that_the_bot_does_not_speak_is_answered_in_english(tmp_path: Path, code: str) -> None:
    telegram = FakeTelegram()
    person = telegram.add_person(1001, "Ana", language_code=code)
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        assert "Which proxy?" in (await world.say(world.browser.offer(), person)).text


# --- the translator ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "tags"),
    [
        ("ru", ["ru", "ru-RU", "ru_RU", "RU"]),
        ("zh_Hans", ["zh", "zh-hans", "zh-CN", "zh-Hans-CN", "zh-hant", "zh-TW", "zh_hant_HK"]),
        ("vi", ["vi", "vi-VN"]),
        ("en", ["", "en", "en-GB", "uk", "be", "kk", "pt-br", "de", "rum", "-", "../../vi"]),
    ],
)
def test_a_language_is_found_however_telegram_names_it(locale: str, tags: list[str]) -> None:
    assert [spoken(tag).locale for tag in tags] == [locale] * len(tags)
    assert [str(translator(tag).locale) for tag in tags] == [locale] * len(tags)


def test_plural_forms_are_those_of_the_language(catalogue: Path) -> None:
    add(catalogue, "ru", {("{count} code", "{count} codes"): ("{count} код", "{count} кода", "{count} кодов")})

    said = [translator("ru").many("{count} code", "{count} codes", count) for count in (1, 2, 5, 21, 1500)]
    assert said == ["1 код", "2 кода", "5 кодов", "21 код", "1\N{NO-BREAK SPACE}500 кодов"]
    assert [translator("en").many("{count} code", "{count} codes", count) for count in (1, 1500)] == [
        "1 code",
        "1,500 codes",
    ]


def test_what_is_not_translated_for_certain_is_said_in_english(catalogue: Path) -> None:
    add(catalogue, "ru", {"Back": "Назад", "Next": "", ("{count} code", "{count} codes"): ("{count} код", "", "")})
    add(catalogue, "zh_Hans", {"Back": "返回"}, flags=("fuzzy",))
    russian, chinese = translator("ru"), translator("zh")
    assert [russian("Back"), russian("Next"), chinese("Back")] == ["Назад", "Next", "Back"]
    assert [russian.many("{count} code", "{count} codes", count) for count in (1, 2)] == ["1 code", "2 codes"]


@pytest.mark.parametrize(
    ("code", "number", "moment"),
    [
        ("en", "1,234", "1 Mar 19:00"),
        ("ru", "1\N{NO-BREAK SPACE}234", "1 мар. 19:00"),
        ("vi", "1.234", "1 thg 3 19:00"),
        ("zh-hans", "1,234", "3月1日 19:00"),
        ("xx", "1,234", "1 Mar 19:00"),
    ],
)
def test_numbers_and_dates_are_written_as_in_the_language(code: str, number: str, moment: str) -> None:
    assert translator(code).number(1234) == number
    assert translator(code).moment(NOON, "Asia/Ho_Chi_Minh") == moment


@pytest.mark.parametrize("zone", ["", "Nowhere/At all", "../etc/passwd", "Europe", "\x00"])
def test_without_a_time_zone_the_computers_own_is_meant_and_named(zone: str) -> None:
    here = NOON.astimezone()
    assert translator("en").moment(NOON, zone) == f"{here.day} {here:%b %H:%M} {offset(here)}"


@pytest.mark.parametrize(
    ("hours", "said"), [(0, "UTC"), (3, "UTC+3"), (-5, "UTC-5"), (5.75, "UTC+5:45"), (-3.5, "UTC-3:30"), (14, "UTC+14")]
)
def test_a_zone_is_named_by_its_hours(hours: float, said: str) -> None:
    assert offset(NOON.astimezone(timezone(timedelta(hours=hours)))) == said


# --- values in sentences ----------------------------------------------------------------------------------------------

T = translator("en")
#: Marks that turn the direction of writing round, and those that end that.
DIRECTION = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
MESSAGES = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters=DIRECTION), max_size=80
)


@given(MESSAGES)
def test_a_value_is_shown_as_it_is_whatever_it_holds(value: str) -> None:
    said = T("[{value}]", value=value)
    assert plain(said) == f"[{value}]"
    telegrams = message_text({"text": T("<b>[{value}]</b>", value=value), "parse_mode": "HTML"})
    assert telegrams.text == message_text({"text": f"[{value}]"}).text
    assert T("({said})", said=said) == f"({said})"  # what is HTML already is not escaped again


@given(st.text(st.sampled_from([*DIRECTION, "a", "<", "א"])))
def test_no_value_turns_the_direction_of_what_stands_behind_it_round(value: str) -> None:
    said = T("<b>{value}</b> 7", value=value)
    assert not set(said) & set(DIRECTION)
    assert plain(said) == f"<b>{''.join(each for each in value if each not in DIRECTION)}</b> 7"
    assert not set(short(value)) & set(DIRECTION)


@given(st.text())
def test_a_text_that_is_no_html_stays_as_it_is_on_a_button(label: str) -> None:
    assert plain(label) == label


@given(MESSAGES, st.integers(2, 60))
def test_what_is_cut_is_no_wider_than_was_said_and_says_that_it_was_cut(text: str, most: int) -> None:
    short = cut(text, most)
    assert width(short) <= most
    assert short == text if width(text) <= most else short.endswith("…")
    assert text.startswith(short.removesuffix("…") if width(text) > most else text)


def test_an_emoji_counts_twice() -> None:
    assert width("a🛒") == 3
    assert cut("🛒🛒🛒", 6) == "🛒🛒🛒"
    assert cut("🛒🛒🛒", 5) == "🛒🛒…"
    assert cut("🛒🛒🛒", 4) == "🛒…"


def test_of_many_lines_the_first_are_taken_that_fit() -> None:
    lines = [Html("four"), Html("four"), Html("🛒🛒"), Html("x")]
    assert list(fitting(lines, 100)) == lines
    assert list(fitting(lines, 11)) == lines[:2]
    assert list(fitting(lines, 3)) == []
    assert list(fitting([], 3)) == []
