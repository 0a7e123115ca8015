"""Names and words that are an answer at any step, what fits two things, and how ixBrowser's lists are searched."""

from __future__ import annotations

import pytest

from bot.chat.drafting.typed_words import word_of
from bot.chat.translator import translator
from bot.domain.draft import DefaultGroup, ListedGroup, Step
from bot.domain.meanings import Word
from bot.domain.proxy import Direct, Keep, Saved, Static
from tests.support.chatting import labels
from tests.support.journeys import ASKS, WAYS, asked, draft_of, newcomer, walk
from tests.support.world import World

#: Tests that share a world with the others of this module.
busy = pytest.mark.asyncio(loop_scope="module")

TEXT_STEPS = {Step.GROUP_TITLE, Step.PASSWORD, Step.LINK, Step.BYPASS}
ELSEWHERE = [at for at in WAYS if at not in TEXT_STEPS]


@busy
@pytest.mark.parametrize("at", ELSEWHERE)
async def test_a_groups_name_is_the_group_wherever_it_is_typed(busy_world: World, at: Step) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, at, person)
    card = await busy_world.say("shops us", person)
    assert "Group: Shops US" in card.text
    assert ASKS[Step.PROXY if at is Step.GROUP else at] in card.text


@busy
@pytest.mark.parametrize("at", ELSEWHERE)
@pytest.mark.parametrize(("word", "proxy"), [("keep", Keep()), (" DIRECT ", Direct())])
async def test_keep_and_direct_are_the_proxy_wherever_they_are_typed(
    busy_world: World, at: Step, word: str, proxy: Keep | Direct
) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, at, person)
    card = await busy_world.say(word, person)
    assert ASKS[Step.GROUP if at is Step.GROUP else Step.CONFIRM] in card.text
    assert (await draft_of(busy_world, person)).proxy == proxy


@busy
@pytest.mark.parametrize("at", sorted(TEXT_STEPS))
@pytest.mark.parametrize("word", ["keep", "direct", "Supplier A"])
async def test_where_a_text_is_asked_for_a_name_is_that_text(busy_world: World, at: Step, word: str) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, at, person)
    before = await draft_of(busy_world, person)
    await busy_world.say(word, person)
    after = await draft_of(busy_world, person)
    assert type(after.proxy) is type(before.proxy)
    await busy_world.say("/cancel", person)


async def test_default_is_the_default_group_and_a_note_is_its_proxy_on_the_last_card_too(world: World) -> None:
    world.browser.add_group("Shops")
    saved = world.browser.add_saved_proxy("socks5", "203.0.113.7", port="1080", note="Kim's Berlin")
    static = world.browser.add_static_proxy("http", "198.51.100.9", port="8000", note="Office line")
    await walk(world, world.browser.offer(), "[Shops]", "[Saved]", "[socks5]")

    card = await world.say("default")
    assert "Group: Default" in card.text
    assert ASKS[Step.CONFIRM] in card.text
    await world.say("office LINE")
    draft = await draft_of(world)
    assert draft.group == DefaultGroup()
    assert isinstance(draft.proxy, Static)
    assert draft.proxy.proxy_id == static
    card = await world.say("kim's berlin")
    assert "Proxy: socks5 203.0.113.7:1080 · Kim's Berlin (saved)" in card.text
    proxy = (await draft_of(world)).proxy
    assert isinstance(proxy, Saved)
    assert proxy.proxy_id == saved


async def test_a_name_is_looked_for_in_lists_that_nobody_has_looked_at_yet(world: World) -> None:
    world.browser.add_saved_proxy("socks5", "203.0.113.7", port="1080", note="Berlin")
    world.browser.add_group("Shops")
    await world.say(world.browser.offer())
    await world.say("Berlin")
    await world.say("Berlin")
    assert isinstance((await draft_of(world)).proxy, Saved)


async def test_what_fits_two_things_is_asked(world: World) -> None:
    group = world.browser.add_group("Keep")
    world.browser.add_group("Berlin")
    code = world.browser.offer()
    card = await walk(world, code, "[Berlin]", "[Direct]", "keep")
    assert "Which of these do you mean?" in card.text
    assert labels(card) == ["Proxy: the profile's own (Keep)", "Group: Keep", "Back", "Cancel"]
    card = await world.tap("Back")
    assert "Proxy: none (Direct)" in card.text
    assert ASKS[Step.CONFIRM] in card.text

    card = await walk(world, "keep", "[Group: Keep]")
    assert "Group: Keep" in card.text
    assert "Proxy: none (Direct)" in card.text
    await world.tap("Import")
    assert [(body["transfer_code"], body["group_id"]) for body in world.browser.imports] == [(code, group)]


async def test_groups_of_one_name_are_told_by_their_number(world: World) -> None:
    one, other = world.browser.add_group("Shops"), world.browser.add_group("Shops")
    card = await walk(world, world.browser.offer(), "shops")
    assert labels(card) == [f"Group: Shops ({one})", f"Group: Shops ({other})", "Back", "Cancel"]
    await world.tap(f"Group: Shops ({other})")
    assert (await draft_of(world)).group == ListedGroup(other, "Shops")


async def test_what_is_typed_instead_of_a_choice_between_two_is_for_the_question_before(world: World) -> None:
    world.browser.add_group("Keep")
    card = await walk(world, world.browser.offer(), "keep", "kee")
    assert "1 group with “kee”" in card.text


@busy
async def test_yes_and_no_may_be_typed(busy_world: World) -> None:
    person = await newcomer(busy_world)
    await busy_world.say("2808123456786849", person)
    await busy_world.say("no", person)
    assert (await draft_of(busy_world, person)).codes == ()
    await busy_world.say("2808123456786849", person)
    await busy_world.say("Yes.", person)
    assert len((await draft_of(busy_world, person)).codes) == 1
    await busy_world.say("/cancel", person)


def test_words_are_known_in_english_whatever_the_persons_language_is() -> None:
    for language in ("en", "ru", "zh-hans"):
        assert word_of(translator(language), " Keep ") is Word.KEEP
        assert word_of(translator(language), "default") is Word.DEFAULT
        assert word_of(translator(language), "keeper") is None


# --- lists ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["Saved", "Static"])
async def test_proxies_are_searched_by_their_address_and_their_note(world: World, kind: str) -> None:
    add = world.browser.add_saved_proxy if kind == "Saved" else world.browser.add_static_proxy
    for number in range(20):
        add("http", f"203.0.113.{number}", port="80", note=f"No {number} <b>")
    await walk(world, world.browser.offer(), f"[{kind}]")

    card = await world.say("no 1")
    assert "11 proxies with “no 1”" in card.text
    assert "Page 1 of 2" in card.text
    card = await world.say("113.7")
    assert labels(card) == ["http 203.0.113.7:80 · No 7 <b>", "All", "Hand over", "Back", "Cancel"]
    card = await world.say("<b>x")
    assert "No proxy has “<b>x” in its address or note." in card.text
    assert "Page 1 of 3" in (await world.tap("All")).text
    card = await walk(world, "113.7", "[http 203.0.113.7]")
    assert f"Proxy: http 203.0.113.7:80 · No 7 <b> ({kind.lower()})" in card.text


async def test_what_somebody_used_last_comes_first(world: World) -> None:
    for number in range(12):
        world.browser.add_group(f"Shop {number:02}")
        world.browser.add_saved_proxy("http", "203.0.113.7", port="80", note=f"Line {number:02}")
    for number in (10, 11):
        await walk(world, world.browser.offer(), f"Shop {number}", "keep", f"Line {number:02}", "[Import]")

    card = await walk(world, world.browser.offer(), "[Change group]")
    assert labels(card)[:3] == ["Shop 11", "Shop 10", "Shop 00"]
    card = await walk(world, "[Back]", "[Change proxy]", "[Saved]")
    assert [label[-7:] for label in labels(card)[:3]] == ["Line 11", "Line 10", "Line 00"]
    assert [label[-7:] for label in labels(await world.say("line 1"))[:2]] == ["Line 11", "Line 10"]

    await world.let_in(world.mai)
    assert labels(await world.say(world.browser.offer(), world.mai))[0] == "Shop 00"
