"""The demo's chat in a terminal: what is typed there, and what is shown below it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from bot.demo.texts import help_lines
from tests.demo.stage import LIMIT, Stage, T, call, piped, shown
from tests.support.telegram_calls import keyboard

CARD = ["    #1 [Shout]  #2 [Delete]", "    #3 [Quiet]"]


async def test_what_is_said_and_what_is_answered_are_shown_in_order() -> None:
    assert await shown("hello", "  ", "\u200b", "bye") == [
        "Ana: hello",
        "Transfer Bot: You said: hello",
        *CARD,
        "Ana: bye",
        "Transfer Bot: You said: bye",
        *CARD,
    ]


async def test_a_number_presses_that_button_of_the_newest_card() -> None:
    assert (await shown("one", "two", "#1"))[-4:] == [
        "> #1",
        "You pressed [Shout]",
        "(pop-up) Loud!",
        "Transfer Bot (edited): YOU SAID: TWO",
    ]


async def test_a_press_without_a_pop_up_shows_none() -> None:
    assert (await shown("one", "#3"))[-2:] == ["> #3", "You pressed [Quiet]"]


async def test_a_deleted_card_is_noted_and_its_buttons_are_gone() -> None:
    assert (await shown("one", "#2", "#1"))[-5:] == [
        "You pressed [Delete]",
        "(pop-up) Gone.",
        "(The bot deleted its earlier message.)",
        "> #1",
        "There are no buttons yet.",
    ]


async def test_a_secret_that_the_bot_deletes_is_noted() -> None:
    assert (await shown("my secret"))[-1] == "(The bot deleted your message.)"


async def test_what_was_deleted_before_it_was_shown_is_not_noted() -> None:
    stage = Stage()

    async def idle() -> None:
        message = await call(stage.telegram, "sendMessage", chat_id=7, text="oops")
        await call(stage.telegram, "deleteMessage", chat_id=7, message_id=message["message_id"])

    stage.idle = idle
    assert "deleted" not in "\n".join(await stage.talk(piped("one")))


@pytest.mark.parametrize("number", ["#0", "#4", "#99999999999999999999"])
async def test_a_wrong_number_is_explained(number: str) -> None:
    assert (await shown("one", number))[-1] == f"There is no button #{int(number[1:])}: the newest card has 3."


@pytest.mark.parametrize("line", ["#Quiet", "#quiet", "#✅ Quiet"])
async def test_a_name_presses_the_newest_button_that_is_called_so(line: str) -> None:
    assert (await shown("one", line))[-2:] == [f"> {line}", "You pressed [Quiet]"]


async def test_the_sign_before_a_name_need_not_be_typed() -> None:
    stage = Stage()
    buttons = keyboard([("➕ New group", "quiet")])
    await call(stage.telegram, "sendMessage", chat_id=7, text="Which?", reply_markup=buttons)
    assert "You pressed [➕ New group]" in await stage.talk(piped("#New group"))


async def test_a_number_with_words_is_a_message() -> None:
    assert (await shown("#1 please"))[:2] == ["Ana: #1 please", "Transfer Bot: You said: #1 please"]


async def test_quit_ends_before_the_lines_do() -> None:
    assert (await shown("/quit", "never said")) == []


async def test_a_button_that_opens_a_page_says_so() -> None:
    stage = Stage()
    buttons = [{"text": "Site", "url": "https://example.com"}, {"text": "Copy", "copy_text": {"text": "x"}}]
    await call(
        stage.telegram,
        "sendMessage",
        chat_id=7,
        text="Links",
        reply_markup={"inline_keyboard": [buttons]},
    )
    output = await stage.talk(piped("#1", "#2"))
    assert "[Site] opens https://example.com" in output
    assert "[Copy] does nothing here." in output
    assert stage.telegram.pending == []


async def test_the_extras_show_codes_and_the_log_and_switch_the_browser() -> None:
    stage = Stage()
    output = await stage.talk(piped("!codes", "!log", "!off", "! on", "!what"))
    assert "76686828-89727101 | fresh" in output
    assert "1 | imported" in output
    assert stage.switched == ["off", "on"]
    assert output[-7:] == help_lines(T)
    assert stage.telegram.chat(7).messages == []


async def test_a_hint_stands_below_what_the_bot_has_shown() -> None:
    stage = Stage()
    stage.hints = ["Try next: this."]
    assert (await stage.talk(piped("one", "two")))[1:6] == [
        "Ana: one",
        "Transfer Bot: You said: one",
        *CARD,
        "Try next: this.",
    ]


async def test_each_line_waits_until_the_bot_is_idle() -> None:
    stage = Stage()
    told = 0

    async def idle() -> None:
        nonlocal told
        if stage.telegram.chat(7).messages:
            told += 1
            await call(stage.telegram, "sendMessage", chat_id=7, text=f"Result {told}")

    stage.idle = idle
    output = await stage.talk(piped("one", "two"))
    assert [line for line in output if line.startswith(("Ana", "Transfer Bot"))] == [
        "Ana: one",
        "Transfer Bot: You said: one",
        "Transfer Bot: Result 1",
        "Ana: two",
        "Transfer Bot: You said: two",
        "Transfer Bot: Result 2",
    ]


async def test_a_bot_that_never_rests_does_not_hold_up_the_chat() -> None:
    stage = Stage()
    stage.patience = 0.05

    async def idle() -> None:
        await asyncio.Event().wait()

    stage.idle = idle
    output = await stage.talk(piped("one"))
    assert "The bot is still working. Its answer is shown here later." in output
    assert "Transfer Bot: You said: one" in output


async def test_what_comes_while_nobody_types_is_shown_at_once() -> None:
    stage = Stage(terminal=True)
    other = stage.telegram.add_person(8, "Ben")

    async def lines() -> AsyncIterator[str]:
        yield "one"
        await call(stage.telegram, "sendMessage", chat_id=7, text="Imported after all")
        stage.telegram.say(other, "not for Ana's eyes")
        await stage.output.shows("Imported after all")

    await stage.talk(lines())
    assert "not for Ana's eyes" not in stage.output.getvalue()
    assert "╭─ Transfer Bot" in stage.output.getvalue()


async def test_a_line_that_fails_to_be_read_ends_the_chat_with_its_error() -> None:
    async def lines() -> AsyncIterator[str]:
        yield "one"
        raise OSError("the terminal is gone")

    with pytest.raises(OSError, match="the terminal is gone"):
        await Stage().talk(lines())


async def test_being_cancelled_leaves_no_task_behind() -> None:
    stage = Stage()
    waiting = asyncio.Event()

    async def lines() -> AsyncIterator[str]:
        waiting.set()
        await asyncio.Event().wait()
        yield "never"

    talk = asyncio.create_task(stage.talk(lines()))
    async with asyncio.timeout(LIMIT):
        await waiting.wait()
        talk.cancel()
        with suppress(asyncio.CancelledError):
            await talk
    assert asyncio.all_tasks() == {asyncio.current_task()}
