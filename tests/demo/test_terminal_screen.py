from __future__ import annotations

import io
import re
import sys

import pytest
from rich.console import Console

from bot.demo.telegram import DemoTelegram
from bot.demo.telegram_state import Message
from bot.demo.terminal_screen import Screen, open_console
from bot.demonstration import saying
from tests.support.telegram_calls import keyboard

T = saying("en")


class Terminal:
    """A screen over a console that is a terminal, or is not."""

    def __init__(self, *, real: bool, width: int = 80) -> None:
        self.file = io.StringIO()
        console = Console(
            file=self.file, force_terminal=real, width=width, color_system="standard", highlight=False, _environ={}
        )
        self.screen = Screen(console, T)

    @property
    def lines(self) -> list[str]:
        return self.file.getvalue().splitlines()

    @property
    def bare(self) -> str:
        """What is shown, without colours."""
        return re.sub(r"\x1b\[[0-9;]*m", "", self.file.getvalue())


@pytest.fixture
def telegram() -> DemoTelegram:
    return DemoTelegram("7000000001:nobody")


async def card(telegram: DemoTelegram) -> Message:
    telegram.add_person(7, "Ana")
    text = "😀 <b>Group</b>\n[bold] &amp; <code>x</code>"
    buttons = keyboard([("Import", "i"), ("Cancel", "c")], [("Back", "b")])
    await telegram.handle("sendMessage", {"chat_id": 7, "text": text, "parse_mode": "HTML", "reply_markup": buttons})
    return telegram.chat(7).messages[-1]


async def test_where_it_is_no_terminal_a_message_is_plain_lines(telegram: DemoTelegram) -> None:
    terminal = Terminal(real=False, width=20)
    terminal.screen.message(await card(telegram), numbered=True)
    assert terminal.lines == [
        "Transfer Bot: 😀 Group",
        "    [bold] & x",
        "    #1 [Import]  #2 [Cancel]",
        "    #3 [Back]",
    ]


async def test_in_a_terminal_the_bots_bubble_is_on_the_left_and_ones_own_on_the_right(telegram: DemoTelegram) -> None:
    terminal = Terminal(real=True)
    terminal.screen.message(await card(telegram), numbered=True)
    first = terminal.lines[0]
    assert "╭─" in first
    assert not first.startswith(" ")
    output = terminal.file.getvalue()
    assert "\x1b[1mGroup\x1b[0m" in output
    assert "[bold] & " in output
    assert "#1 [Import]  #2 [Cancel]" in terminal.bare

    telegram.say(telegram.add_person(8, "Ben"), "hello")
    own = Terminal(real=True)
    own.screen.message(telegram.chat(8).messages[-1], numbered=False)
    assert all(line.startswith(" " * 40) for line in own.lines)


async def test_a_bubble_never_grows_wider_than_the_terminal(telegram: DemoTelegram) -> None:
    telegram.say(telegram.add_person(8, "Ben"), "word " * 100)
    terminal = Terminal(real=True, width=40)
    terminal.screen.message(telegram.chat(8).messages[-1], numbered=False)
    assert len(terminal.lines) > 10


async def test_buttons_that_can_not_be_pressed_have_no_numbers(telegram: DemoTelegram) -> None:
    terminal = Terminal(real=True)
    terminal.screen.message(await card(telegram), numbered=False)
    assert "[Import]  [Cancel]" in terminal.bare


async def test_a_button_has_the_colour_that_the_bot_gives_it(telegram: DemoTelegram) -> None:
    telegram.add_person(7, "Ana")
    buttons = [{"text": "Import", "callback_data": "i", "style": "success"}]
    buttons += [{"text": "Cancel", "callback_data": "c", "style": "danger"}, {"text": "Back", "callback_data": "b"}]
    markup = {"inline_keyboard": [buttons]}
    await telegram.handle("sendMessage", {"chat_id": 7, "text": "Import?", "reply_markup": markup})
    terminal = Terminal(real=True)
    terminal.screen.message(telegram.chat(7).messages[-1], numbered=False)
    output = terminal.file.getvalue()
    green, red, yellow = (f"\x1b[1;{number}m" for number in (32, 31, 33))
    assert f"{green}[Import]" in output
    assert f"{red}[Cancel]" in output
    assert f"{yellow}[Back]" in output


async def test_an_edited_bubble_says_so(telegram: DemoTelegram) -> None:
    message = await card(telegram)
    await telegram.handle("editMessageText", {"chat_id": 7, "message_id": message.id, "text": "<b>Done</b>"})
    terminal = Terminal(real=True)
    terminal.screen.message(message, numbered=False)
    assert "Transfer Bot · edited" in terminal.file.getvalue()


@pytest.mark.parametrize("real", [True, False])
def test_a_table_shows_every_cell(*, real: bool) -> None:
    terminal = Terminal(real=real)
    terminal.screen.table(("id", "status"), [("1", "[b]imported"), ("2", "中文")])
    output = terminal.file.getvalue()
    assert all(cell in output for cell in ("id", "status", "1", "[b]imported", "2", "中文"))


def test_what_was_typed_gives_way_to_its_bubble_in_a_terminal() -> None:
    terminal = Terminal(real=True, width=10)
    terminal.screen.prompt()
    terminal.screen.typed("#1", bubble=False)
    terminal.screen.typed("twelve chars", bubble=True)
    assert terminal.file.getvalue() == "> " + "\x1b[1A\x1b[2K" * 2 + "\r"


def test_what_was_piped_is_shown_where_it_has_no_bubble() -> None:
    terminal = Terminal(real=False)
    terminal.screen.prompt()
    terminal.screen.typed("hello", bubble=True)
    terminal.screen.typed("#2", bubble=False)
    terminal.screen.break_prompt()
    assert terminal.lines == ["> #2"]


def test_a_character_that_the_output_can_not_show_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="cp1252"))
    Screen(open_console(), T).note("😀 café")
    sys.stdout.flush()
    assert written.getvalue().decode("cp1252").splitlines() == ["? café"]


def test_an_output_that_is_no_file_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr(sys, "stdout", written)
    Screen(open_console(), T).note("café")
    assert written.getvalue() == "café\n"
