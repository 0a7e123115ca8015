"""What is put together of several sentences or values: with the signs of its language between them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat.languages import LANGUAGES
from bot.chat.translator import Html, translator
from tests.chat.test_catalogues import translated
from tests.standins.telegram import FakeTelegram
from tests.support.journeys import LINK, furnish
from tests.support.world import World, running, settings_for

#: Signs of half a width beside a Chinese character, and a space behind a full stop, each of which looks foreign there.
FOREIGN = re.compile(r"[\u4e00-\u9fff][,;:!?()]|[,;:!?(][\u4e00-\u9fff]|[。，：；！？、（）] ")


@pytest.fixture
async def chinese(tmp_path: Path) -> AsyncIterator[World]:
    """A world in which Ana's Telegram is in Chinese, with something of every kind to choose from."""
    telegram = FakeTelegram()
    telegram.add_person(1001, "Ana", language_code="zh-hans")
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        furnish(world.browser)
        yield world


def seen(world: World) -> str:
    """All that Ana has been told, buttons included."""
    said = [message for message in world.telegram.chat(world.ana.id).messages if message.from_bot]
    return "\n".join([*(message.text for message in said), *(each.text for one in said for each in one.all_buttons)])


async def test_in_chinese_no_space_stands_between_two_sentences(chinese: World) -> None:
    await chinese.say("socks5://ana:hunter2@203.0.113.7:1080")
    assert "请发送要使用它的转移码。我" in seen(chinese)
    assert FOREIGN.search(seen(chinese)) is None


async def test_in_chinese_what_is_listed_has_chinese_signs(chinese: World) -> None:
    world = chinese
    for title in ("Keep", "Keep"):
        world.browser.add_group(title)
    await world.say(world.browser.offer())
    await world.say("keep")
    assert re.search(r"分组：Keep（\d+）", seen(world))
    await world.say("shops eu")
    await world.say(LINK)
    for label in ("socks5", "ip:port", "每次打开窗口时"):
        card = await world.tap(label)
    assert "来自链接（socks5、ip:port）" in card.text
    await world.tap("绕过列表")
    card = await world.say("*.example.com\nwww.example.org a.example b.example")
    assert "绕过列表：*.example.com、www.example.org、a.example，还有 1 个" in card.text
    found = FOREIGN.search(seen(world))
    assert found is None, found


def test_no_chinese_sentence_has_signs_of_half_a_width() -> None:
    [language] = [each for each in LANGUAGES if each.tag == "zh-hans"]
    assert [form for _, form in translated(language) if FOREIGN.search(form)] == []


def test_each_language_joins_in_its_own_way() -> None:
    joined = {
        language.tag: (
            translator(language.tag).sentences(Html("A."), Html("B.")),
            translator(language.tag).items(["a<b", Html("<b>c</b>")]),
        )
        for language in LANGUAGES
    }
    latin = ("A. B.", "a&lt;b, <b>c</b>")
    assert joined == {"en": latin, "ru": latin, "vi": latin, "zh-hans": ("A.B.", "a&lt;b、<b>c</b>")}
