"""What people do with the bot, from their first tap to the result, as it is told from the screen."""

from __future__ import annotations

from bot.chat import words
from bot.chat.cancelling import texts as cancelling
from bot.chat.imports import texts as imports
from bot.domain.draft import Step
from bot.domain.transfer_code import mask
from tests.standins.ixbrowser_actions import IMPORT
from tests.standins.ixbrowser_faults import refusal
from tests.stories.phone import LOGIN, TITLES, Counts, Phone
from tests.stories.telling import asks, has_imported_before, is_imported, shows_result, story

# --- from a code to a profile -----------------------------------------------------------------------------------------


@story(Counts(taps=3, typed=1))
async def first_import(phone: Phone) -> None:
    for title in TITLES[:3]:
        phone.world.browser.add_group(title)
    code = phone.code()
    await phone.send(code)
    assert asks(phone, Step.GROUP)
    await phone.tap("group", label=phone.random.choice(TITLES[:3]))
    assert asks(phone, Step.PROXY)
    await phone.tap("proxy", phone.random.choice(["keep", "direct"]))
    await phone.tap("import")
    await is_imported(phone, code)
    shows_result(phone, code)


@story(Counts(taps=1, typed=1))
async def later_import(phone: Phone) -> None:
    await has_imported_before(phone)
    code = phone.code()
    await phone.send(code)
    await phone.tap("import")
    await is_imported(phone, code)
    shows_result(phone, code)


@story(Counts(taps=3, typed=2))
async def another_code(phone: Phone) -> None:
    await has_imported_before(phone)
    first, second = phone.code(), phone.code()
    await phone.send(first)
    await phone.tap("import")
    await phone.tap("another", label=str(words.another_code(phone.t)))
    await phone.answer(second)
    assert TITLES[0] in phone.card.text
    await phone.tap("import")
    await is_imported(phone, first, second)


@story(Counts(taps=1, typed=1))
async def code_and_proxy_in_one_message(phone: Phone) -> None:
    await has_imported_before(phone)
    code, port = phone.code(), phone.random.randrange(1024, 60000)
    proxy = phone.random.choice(
        [f"socks5://{LOGIN}:pw7x@203.0.113.7:{port}", f"socks5 203.0.113.7:{port}:{LOGIN}:pw7x"]
    )
    await phone.send(phone.random.choice([f"{code} {proxy}", f"{proxy}\n{code}"]))
    assert f"203.0.113.7:{port}" in phone.card.text
    await phone.tap("import")
    await is_imported(phone, code)
    assert phone.world.browser.imports[-1]["proxy_config"]["proxy_password"] == "pw7x"


@story(Counts(taps=2, typed=1))
async def almost_a_code(phone: Phone) -> None:
    await has_imported_before(phone)
    code = phone.code()
    await phone.send(phone.random.choice(["", " ", "_", ".", "\n"]).join(code.split("-")))
    await phone.tap("meant", "1", label=str(words.yes(phone.t)))
    await phone.tap("import")
    await is_imported(phone, code)


@story(Counts(taps=2, typed=1))
async def several_codes_of_which_one_is_taken_out(phone: Phone) -> None:
    await has_imported_before(phone)
    codes = [phone.code() for _ in range(phone.random.randint(3, 7))]
    unwanted = phone.random.choice(codes)
    await phone.send(phone.random.choice([" ", "\n", ", "]).join(codes))
    await phone.tap("take_out", label=f"✖ {mask(unwanted)}")
    assert mask(unwanted) not in phone.card.text
    await phone.tap("import")
    await is_imported(phone, *(code for code in codes if code != unwanted))
    assert phone.world.browser.made[unwanted] == 0


# --- found by typing --------------------------------------------------------------------------------------------------


@story(Counts(taps=3, typed=2), group=Counts(taps=4, typed=2))
async def group_found_by_typing(phone: Phone) -> None:
    for title in TITLES:
        phone.world.browser.add_group(title)
    code, wanted = phone.code(), phone.random.choice(TITLES[9:])
    await phone.send(code)
    if not phone.private:
        await phone.tap("search")
    await phone.answer(wanted.removeprefix("Zorvex "))
    await phone.tap("group", label=wanted)
    await phone.tap("proxy", "keep")
    await phone.tap("import")
    await is_imported(phone, code)
    assert (await phone.world.log())[-1]["group_title"] == wanted


@story(Counts(taps=4, typed=2), group=Counts(taps=5, typed=2))
async def saved_proxy_found_by_typing(phone: Phone) -> None:
    await has_imported_before(phone)
    for number in range(1, 13):
        phone.world.browser.add_saved_proxy("socks5", f"203.0.113.{100 + number}")
    wanted = f"203.0.113.{100 + phone.random.randint(1, 12)}"
    phone.clock.jump(10)
    code = phone.code()
    await phone.send(code)
    await phone.tap("change", "proxy")
    await phone.tap("proxy", "saved")
    if not phone.private:
        await phone.tap("search")
    await phone.answer(wanted.removeprefix("203.0."))
    await phone.tap("pick")
    assert wanted in phone.card.text
    await phone.tap("import")
    await is_imported(phone, code)


# --- what does not go well --------------------------------------------------------------------------------------------


@story(Counts(taps=3, typed=1))
async def failed_and_tried_again(phone: Phone) -> None:
    await has_imported_before(phone)
    code = phone.code()
    phone.world.browser.fail(IMPORT, refusal(phone.random.choice([1014, 1005])))
    await phone.send(code)
    await phone.tap("import")
    assert "❌" in phone.card.text
    await phone.tap("again", label=str(words.try_again(phone.t)))
    await phone.tap("import")
    await is_imported(phone, code)


@story(Counts(taps=1, typed=1, sounds=1))
async def ixbrowser_is_closed_for_a_while(phone: Phone) -> None:
    await has_imported_before(phone)
    code = phone.code()
    await phone.send(code)
    phone.world.browser.running = False
    await phone.tap("import")
    assert phone.says(imports.waits(phone.t, "away"))
    waiting = phone.card
    phone.clock.jump(phone.random.randrange(11, 600))
    phone.world.browser.running = True
    await phone.wait_for_results()
    await is_imported(phone, code)
    shows_result(phone, code)
    # An edit rings no phone.
    assert phone.card is not waiting
    assert not phone.card.silent


@story(Counts(taps=2, typed=3, sounds=1))
async def cancel_asks_which(phone: Phone) -> None:
    await has_imported_before(phone)
    confirmed, open_ = phone.code(), phone.code()
    await phone.send(confirmed)
    phone.world.browser.running = False
    await phone.tap("import")
    await phone.send(open_)
    await phone.command("/cancel")
    assert phone.says(cancelling.which(phone.t))
    await phone.tap("draft", label=str(cancelling.draft(phone.t, [mask(open_)])))
    phone.world.browser.running = True
    await phone.wait_for_results()
    await is_imported(phone, confirmed)
    assert phone.world.browser.made[open_] == 0


# --- another language -------------------------------------------------------------------------------------------------


@story(Counts(taps=4, typed=2))
async def language_changed_in_the_middle(phone: Phone) -> None:
    phone.world.browser.add_group(TITLES[0])
    phone.world.browser.add_group(TITLES[1])
    code = phone.code()
    await phone.send(code)
    await phone.command("/language")
    new = phone.other_language
    phone.language = new
    await phone.tap("lang", new.tag, label=new.name)
    await phone.tap("group", label=TITLES[0])
    assert asks(phone, Step.PROXY)
    await phone.tap("proxy", "keep")
    await phone.tap("import")
    await is_imported(phone, code)
    shows_result(phone, code)


STORIES = (
    first_import,
    later_import,
    another_code,
    code_and_proxy_in_one_message,
    almost_a_code,
    several_codes_of_which_one_is_taken_out,
    group_found_by_typing,
    saved_proxy_found_by_typing,
    failed_and_tried_again,
    ixbrowser_is_closed_for_a_while,
    cancel_asks_which,
    language_changed_in_the_middle,
)
