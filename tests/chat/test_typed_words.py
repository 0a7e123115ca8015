"""Yes and no in people's own words: an answer where that is asked, and a name or a search everywhere else."""

from __future__ import annotations

import unicodedata

import pytest

from bot.chat.drafting.typed_words import word_of
from bot.chat.translator import translator
from bot.domain.draft import ListedGroup, Step
from bot.domain.meanings import Word
from tests.support.chatting import labels
from tests.support.journeys import ASKS, codes_of, draft_of, walk
from tests.support.world import World

CODE, UNDASHED = "28081234-56786849", "2808123456786849"

pytestmark = pytest.mark.usefixtures("calm_log")


@pytest.mark.parametrize(
    ("language", "yes", "no"),
    [
        ("en", ["yes", "Yep!", "OK", "okay.", "👍", "👍🏽", "That’s right"], ["no", "Nope", "nah…", "wrong!"]),
        (
            "ru",
            ["да", "Да.", "ага", "ОК", "Угу)", "верно", "да, верно", "+"],
            ["нет", "Не", "неа!", "не то", "Нет, спасибо"],
        ),
        (
            "zh-hans",
            ["是", "是的。", "对！", "好", "好的～", "嗯嗯", "没错", "OK"],
            ["不", "不是。", "不对！", "否", "错了"],
        ),
        (
            "vi",
            ["có", "CÓ", "ừ", "Vâng", "dạ", "đúng rồi!", "ok", "co"],
            ["không", "Không!", "ko", "không phải", "khong"],
        ),
    ],
)
def test_each_language_has_its_own_words(language: str, yes: list[str], no: list[str]) -> None:
    t = translator(language)
    for form in ("NFC", "NFD"):
        assert {text: word_of(t, unicodedata.normalize(form, text)) for text in yes} == dict.fromkeys(yes, Word.YES)
        assert {text: word_of(t, unicodedata.normalize(form, text)) for text in no} == dict.fromkeys(no, Word.NO)
    for neither in ("yesterday", "нетто", "不锈钢", "không gian", "okay so", "", ".", "是不是", "to"):
        assert word_of(t, neither) is None, neither


async def test_a_question_is_answered_in_words(world: World) -> None:
    for yes, no in (("ага", "неа"), ("好的。", "不是"), ("Vâng", "không!"), ("yep", "Nope")):
        await walk(world, UNDASHED)
        await world.say(no)
        assert await codes_of(world) == []
        await walk(world, UNDASHED)
        card = await world.say(yes)
        assert await codes_of(world) == [CODE]
        assert ASKS[Step.MEANT_CODE] not in card.text
        await world.say("/cancel")


async def test_where_nothing_of_the_kind_is_asked_they_are_names(world: World) -> None:
    group = world.browser.add_group("Ok")
    world.browser.add_group("Da Nang")
    await world.say(CODE)
    card = await world.say("no")
    assert "No group has “no” in its name." in card.text
    assert labels(await world.say("da"))[0] == "Da Nang"
    await world.say("ok")
    assert (await draft_of(world)).group == ListedGroup(group, "Ok")
    await walk(world, "[Back]", "[➕ New group]")
    await walk(world, "yes")
    assert "Group: yes" in world.card().text
    # It starts no import, either.
    card = await walk(world, "[Keep]")
    assert ASKS[Step.CONFIRM] in card.text
    await world.say("да")
    assert world.browser.imports == []


async def test_a_word_that_is_a_name_too_is_not_guessed_at(world: World) -> None:
    world.browser.add_group("Ok")
    await walk(world, "11112222-33334444", "[Ok]", "[Keep]", UNDASHED)
    card = await world.say("ok")
    assert "Please tap one of the buttons below." in card.text
    assert ASKS[Step.MEANT_CODE] in card.text
    await world.say("yes")
    assert await codes_of(world) == ["11112222-33334444", CODE]
