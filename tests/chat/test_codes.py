"""Transfer codes: in every spelling, several at once, repeated, taken, and nearly right."""

from __future__ import annotations

import pytest

from bot.domain.draft import Step, step
from bot.storage.tables import draft_codes
from tests.standins.telegram_state import Message
from tests.support.chatting import imported, labels, ready_to_import, said
from tests.support.journeys import ASKS, ONWARD, asked, draft_of, newcomer, walk
from tests.support.world import World

#: Tests that share a world with the others of this module.
busy = pytest.mark.asyncio(loop_scope="module")

SPELLINGS = {
    "as ixBrowser writes it": "76686828-89727101",
    "in a sentence": "Hi! Here is the profile: 76686828-89727101, thanks 🙏",
    "with an en dash": "76686828–89727101",
    "with an em dash": "76686828—89727101",
    "with a minus sign": "76686828−89727101",
    "with a full-width hyphen": "76686828－89727101",
    "with a dash that does not break": "76686828‑89727101",
    "with spaces around the dash": "76686828 - 89727101",
    "with spaces that do not break": "76686828\u00a0–\u00a089727101",
    "in full-width digits": "７６６８６８２８－８９７２７１０１",
    "in Arabic digits": "٧٦٦٨٦٨٢٨-٨٩٧٢٧١٠١",
    "with zero-width spaces": "7668\u200b6828-\u200b89727101",
    "with letters at its sides": "код:76686828-89727101。",
    "in brackets": "【76686828-89727101】",
    "in the lines of a list": "1. 76686828-89727101\n",
}


@busy
@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS)
async def test_a_code_is_read_however_a_phone_writes_it(busy_world: World, text: str) -> None:
    person = await newcomer(busy_world)
    card = await busy_world.say(text, person)
    assert ASKS[Step.GROUP] in card.text
    assert "Code: 7668••••-••••7101" in card.text
    assert [code.text for code in (await draft_of(busy_world, person)).codes] == ["76686828-89727101"]
    await busy_world.say("/cancel", person)


@busy
async def test_a_code_in_the_caption_of_a_photo_is_read(busy_world: World) -> None:
    person = await newcomer(busy_world)
    busy_world.telegram.send_photo(person, caption="look: 76686828–89727101")
    await busy_world.rest()
    assert "Code: 7668••••-••••7101" in busy_world.card(person).text


async def test_several_codes_in_one_message_are_imported_together_each_with_its_own_result(world: World) -> None:
    good = [world.browser.offer(f"Shop {number}") for number in (1, 2, 3)]
    wrong, own = world.browser.unused_code(), world.browser.offer_own()

    card = await world.say("\n".join([good[0], f"{good[1]}, {wrong}", own, f"and {good[2]}!"]))
    assert card.text.count("Code: ") == 5
    card = await world.tap("Keep")
    assert "Import these 5 profiles?" in card.text
    result = await world.tap("Import 5")
    # A name may come after the other codes' results.
    await world.telegram.settled(lambda: result.text.count("“Shop ") == len(good))

    assert "3 of 5 imported" in result.text
    rows = {row["code"]: row for row in await world.log()}
    assert [rows[code]["status"] for code in (*good, wrong, own)] == [*["imported"] * 3, "failed", "failed"]
    assert [rows[code]["profile_name"] for code in good] == ["Shop 1", "Shop 2", "Shop 3"]
    assert {rows[wrong]["error_code"], rows[own]["error_code"]} == {110002, 110003}
    assert all(row["proxy"] == "keep" and row["group_id"] is None for row in rows.values())
    lines = {line[2:15]: line for line in result.text.splitlines() if line[:1] in "✅❌"}
    for number, code in enumerate(good, start=1):
        assert f"“Shop {number}”" in lines[f"{code[:4]}••••-••••"[:13]]
    assert "this code is wrong" in result.text
    assert "you can't transfer a profile to yourself" in result.text


@busy
@pytest.mark.parametrize("at", ONWARD)
async def test_a_code_that_is_sent_while_the_draft_is_open_joins_it_and_the_question_stays(
    busy_world: World, at: Step
) -> None:
    person = await newcomer(busy_world)
    _, first = await asked(busy_world, at, person)
    second = busy_world.browser.offer("Shop Hanoi")

    card = await busy_world.say(f"one more: {second}", person)

    assert ASKS[at] in card.text
    draft = await draft_of(busy_world, person)
    assert [code.text for code in draft.codes] == [first, second]
    assert step(draft) is at
    await walk(busy_world, *ONWARD[at], "[✅ Import 2]", person=person)
    rows = {row["code"]: row for row in await busy_world.log()}
    assert rows[first]["status"] == rows[second]["status"] == "imported"
    assert rows[first]["batch_id"] == rows[second]["batch_id"]


@busy
@pytest.mark.parametrize(
    ("texts", "remark"),
    [
        (["{a} {a}"], "One code was repeated. Each code counts once."),
        (["{a}", "{a}"], "One code was repeated."),
        (["{a} {b}", "{b} and {a} again"], "2 codes were repeated."),
        (["{a}", "new: {b}, old: {a}"], "One code was repeated."),
    ],
)
async def test_a_repeated_code_counts_once_and_it_is_said(busy_world: World, texts: list[str], remark: str) -> None:
    person = await newcomer(busy_world)
    a, b = busy_world.browser.offer(), busy_world.browser.offer()
    for text in texts:
        card = await busy_world.say(text.format(a=a, b=b), person)
    assert remark in card.text
    wanted = [code for code in (a, b) if any(f"{{{'a' if code == a else 'b'}}}" in text for text in texts)]
    assert [code.text for code in (await draft_of(busy_world, person)).codes] == wanted


@busy
async def test_the_remark_about_a_repeated_code_is_gone_with_the_next_answer(busy_world: World) -> None:
    person = await newcomer(busy_world)
    code = busy_world.browser.offer()
    assert "repeated" in (await busy_world.say(f"{code} {code}", person)).text
    assert "repeated" not in (await busy_world.tap("Shops EU", person)).text


async def test_500_codes_go_into_one_draft_and_no_more(world: World) -> None:
    codes = [f"{number:08}-00000000" for number in range(520)]
    world.telegram.say(world.ana, "\n".join(codes))  # three messages, as a phone sends it
    await world.rest()

    card = world.card()
    assert "I can import 500 codes at once, so I took the first 500. Send the rest after this import." in card.text
    assert "and 490 more" in card.text
    assert [row["code"] for row in await world.rows(draft_codes)] == codes[:500]
    card = await world.tap("Keep")
    assert "Import these 500 profiles?" in card.text
    assert "✅ Import 500" in labels(card)


async def test_no_code_is_shown_in_full_before_it_is_used_or_after(world: World) -> None:
    code, wrong = world.browser.offer(), world.browser.unused_code()
    await imported(world, code, wrong)
    await world.say(code)
    await world.say("/history")
    shown = "\n".join(said(world))
    for secret in (code, wrong):
        assert secret not in shown
        assert f"{secret[:4]}••••-••••{secret[-4:]}" in shown


# --- codes that somebody has already ----------------------------------------------------------------------------------


async def test_a_code_that_was_imported_already_is_told_with_who_and_what(world: World) -> None:
    code = world.browser.offer("Shop <b>")
    await imported(world, code)
    await world.let_in(world.mai)

    told = (await world.say(code, world.mai)).text
    assert "was already imported by Ana" in told
    assert "“Shop <b>”" in told
    assert "was already imported by you" in (await world.say(code)).text
    assert [row["code"] for row in await world.log()] == [code]


async def test_of_several_codes_those_that_are_free_go_on(world: World) -> None:
    taken, free = world.browser.offer(), world.browser.offer()
    await imported(world, taken)

    card = await world.say(f"{taken} {free}")

    assert any("was already imported by you" in text for text in said(world))
    assert "Import this profile?" in card.text
    assert f"Code: {free[:4]}" in card.text
    assert "repeated" not in card.text


async def test_a_code_that_is_being_imported_is_told(world: World) -> None:
    code = world.browser.offer()
    await ready_to_import(world, code)
    world.browser.running = False
    assert "Waiting: ixBrowser is not running" in (await world.tap("Import")).text
    await world.let_in(world.mai)
    assert "was already sent by Ana and is waiting" in (await world.say(code, world.mai)).text


async def test_of_two_people_with_the_same_code_the_first_to_confirm_has_it(world: World) -> None:
    code, other = world.browser.offer("Shop Berlin"), world.browser.offer("Shop Hanoi")
    await world.let_in(world.mai)
    for person in (world.ana, world.mai):
        await walk(world, code, "[Keep]", person=person)
    await world.tap("Import")

    card = await world.tap("Import", world.mai)

    assert sum("was already imported by Ana" in text for text in said(world, world.mai)) == 1
    assert "⚠️" not in card.text
    assert ASKS[Step.CODES] in card.text
    assert "Import this profile?" in (await world.say(other, world.mai)).text  # the choices are as they were
    await world.tap("Import", world.mai)
    assert [row["user_name"] for row in await world.log()] == ["Ana", "Mai"]
    assert [body["transfer_code"] for body in world.browser.imports] == [code, other]


async def test_a_taken_code_while_a_draft_is_open_leaves_the_draft_where_it_was(world: World) -> None:
    taken = world.browser.offer()
    await imported(world, taken)
    await walk(world, world.browser.offer(), "[Change proxy]")
    card = await world.say(taken)
    assert any("was already imported by you" in text for text in said(world))
    assert ASKS[Step.PROXY] in card.text
    assert card is world.telegram.chat(world.ana.id).last


# --- what is no code --------------------------------------------------------------------------------------------------


@busy
@pytest.mark.parametrize(
    "text", ["76686828-8972710", "76686828-89727101-12345678", "code 7668682889727101", "76686828"]
)
async def test_what_is_almost_a_code_is_told_from_what_is_none(busy_world: World, text: str) -> None:
    person = await newcomer(busy_world)
    assert "almost a transfer code" in (await busy_world.say(text, person)).text
    await busy_world.say("/import", person)
    card = await busy_world.say(text, person)
    assert "almost a transfer code" in card.text
    assert ASKS[Step.CODES] in card.text


@busy
async def test_a_text_without_a_code_is_told_how_one_looks(busy_world: World) -> None:
    person = await newcomer(busy_world)
    assert "Send me a transfer code, like 76686828-89727101" in (await busy_world.say("hello", person)).text
    await busy_world.say("/import", person)
    assert "I see no transfer code in this" in (await busy_world.say("hello", person)).text


@busy
@pytest.mark.parametrize(
    ("at", "text"),
    [
        (Step.PASSWORD, "x12345678-12345678x"),
        (Step.PASSWORD, "pass-12345678-12345678"),
        (Step.LINK, "https://proxies.example/12345678-12345678"),
        (Step.CUSTOM, "socks5://ana:12345678-12345678@203.0.113.7:1080"),
        (Step.PROXY, "socks5://ana:12345678-12345678@203.0.113.7:1080"),
    ],
)
async def test_a_secret_that_looks_like_a_code_is_the_secret_that_was_asked_for(
    busy_world: World, at: Step, text: str
) -> None:
    person = await newcomer(busy_world)
    _, code = await asked(busy_world, at, person)
    card = await busy_world.say(text, person)
    assert ASKS[at] not in card.text
    assert [code.text for code in (await draft_of(busy_world, person)).codes] == [code]
    assert gone(busy_world.telegram.chat(person.id).messages, text)


def gone(messages: list[Message], text: str) -> bool:
    return [message.deleted for message in messages if message.text == text] == [True]
