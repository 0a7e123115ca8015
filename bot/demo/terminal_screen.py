"""How the chat looks in a terminal: bubbles; and as plain lines where the output is not a terminal."""

from __future__ import annotations

import io
import itertools
import math
import sys
from collections.abc import Sequence

from rich.align import Align
from rich.cells import cell_len
from rich.console import Console
from rich.control import Control
from rich.panel import Panel
from rich.segment import ControlType
from rich.table import Column, Table
from rich.text import Text

from bot.demo import texts
from bot.demo.telegram_state import Answer, Message
from bot.demo.texts import Say

PROMPT = "> "
_WIDEST = 72
_STYLES = {"b": "bold", "i": "italic", "code": "cyan"}
#: Colours of buttons, as the Bot API names them.
_COLOURS: dict[str | None, str] = {"success": "bold green", "danger": "bold red", "primary": "bold blue"}


def open_console() -> Console:
    """Standard output as a console that never fails for a character that it can't show."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    return Console(highlight=False)


class Screen:
    """Puts messages, notes and tables on a console."""

    def __init__(self, console: Console, t: Say) -> None:
        self._t = t
        self._console = console
        self._fancy = console.is_terminal

    def message(self, message: Message, *, numbered: bool) -> None:
        """A message as a bubble, the bot's on the left; ``numbered`` when its buttons can be pressed by number."""
        if not self._fancy:
            self._plain(message.transcript(texts.edited(self._t), numbered=numbered))
            return
        body = _styled(message)
        if message.buttons:
            body.append("\n")
        numbers = itertools.count(1)
        for row in message.buttons:
            body.append("\n")
            labels = [f"#{next(numbers)} [{button.text}]" if numbered else f"[{button.text}]" for button in row]
            for label, button, between in zip(labels, row, ["", *["  "] * (len(row) - 1)], strict=True):
                body.append(between).append(label, _COLOURS.get(button.style, "bold yellow"))
        bubble = Panel(
            body,
            title=Text(" · ".join([message.sender.first_name, *[texts.edited(self._t)] * message.edited])),
            title_align="left",
            border_style="cyan" if message.from_bot else "green",
            expand=False,
        )
        width = min(_WIDEST, max(self._console.width - 8, 20))
        self._console.print(Align(bubble, "left" if message.from_bot else "right", width=width))

    def deleted(self, message: Message) -> None:
        self.note(texts.deleted(self._t) if message.from_bot else texts.yours_deleted(self._t))

    def popup(self, answer: Answer) -> None:
        """What pops up on the phone after a press."""
        self.note(texts.popup(self._t, answer.text))

    def note(self, text: str) -> None:
        """A line that is not part of the chat."""
        if self._fancy:
            self._console.print(Text(text, "dim"))
        else:
            self._plain(text)

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        if not self._fancy:
            for row in (headings, *rows):
                self._plain(" | ".join(row))
            return
        table = Table(*(Column(Text(heading)) for heading in headings))
        for row in rows:
            table.add_row(*map(Text, row))
        self._console.print(table)

    def prompt(self) -> None:
        if self._fancy:
            self._console.print(PROMPT, end="")

    def break_prompt(self) -> None:
        """Leave the line of a prompt at which nothing has been typed yet."""
        if self._fancy:
            self._console.print()

    def typed(self, line: str, *, bubble: bool) -> None:
        """What was typed is about to be shown as a ``bubble``, or is not; piped lines leave no trace of their own."""
        if not self._fancy:
            if not bubble:
                self._plain(PROMPT + line)
        elif bubble:
            rows = max(1, math.ceil(cell_len(PROMPT + line) / self._console.width))
            up = [(ControlType.CURSOR_UP, 1), (ControlType.ERASE_IN_LINE, 2)] * rows
            self._console.control(Control(*up, ControlType.CARRIAGE_RETURN))

    def _plain(self, text: str) -> None:
        self._console.print(Text(text), soft_wrap=True)


def _styled(message: Message) -> Text:
    """The text with its styles."""
    text = Text(message.text)
    for start, end, tag in message.spans:
        text.stylize(_STYLES.get(tag, ""), start, end)
    return text
