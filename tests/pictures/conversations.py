"""The conversations that are shown, each had with the bot itself between the demo's Telegram and ixBrowser."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.chat.callbacks import read
from bot.demo.ixbrowser import SAMPLE_CODE, DemoIxBrowser
from bot.demo.telegram_html import Span
from bot.demo.telegram_state import Button, Message, Rows
from bot.demonstration import Stage, at_rest, stage


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message as it looked at the time."""

    text: str
    spans: tuple[Span, ...]
    rows: Rows
    from_bot: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """The screen at one time; ``tapped`` is the button of the last message that is pressed next."""

    bubbles: tuple[Bubble, ...]
    tapped: Button | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """Columns of screens, to be read from top to bottom and then from left to right."""

    name: str
    columns: Sequence[Sequence[Frame]]

    @property
    def frames(self) -> Iterator[Frame]:
        return itertools.chain.from_iterable(self.columns)


class Phone:
    """One person's chat with the bot, and pictures of its screen."""

    def __init__(self, on: Stage) -> None:
        self._on = on
        self._chat = on.telegram.chat(on.person.id)

    async def say(self, text: str) -> Frame:
        """Write to the bot and wait for its answer; the screen as it was before the answer."""
        self._on.telegram.say(self._on.person, text)
        sent = Frame((_bubble(self._chat.messages[-1]),))
        await self._answer()
        return sent

    async def tap(self, wanted: str) -> Frame:
        """Press the button of this label, or that does this; the screen as it was before."""
        card = self._chat.card
        assert card is not None
        pressed = next(button for button in card.all_buttons if wanted in (button.text, *_does(button)))
        before = Frame(self.screen.bubbles, pressed)
        self._on.telegram.press(self._on.person, card, pressed)
        await self._answer()
        return before

    async def close_ixbrowser(self) -> None:
        self._on.browser.running = False

    async def open_ixbrowser(self) -> None:
        self._on.browser.running = True
        self._on.app.importer.imports_queued()
        await self._answer()

    @property
    def screen(self) -> Frame:
        """What there is to see now."""
        return Frame(tuple(_bubble(message) for message in self._chat.messages if not message.deleted))

    async def _answer(self) -> None:
        await self._on.telegram.until(lambda: not self._on.telegram.pending)
        await at_rest(self._on.app, waited_for=self._on.browser.running)


def _bubble(message: Message) -> Bubble:
    return Bubble(message.text, message.spans, message.buttons, message.from_bot)


def _does(button: Button) -> tuple[str, ...]:
    press = read(button.callback_data)
    return (press.action, press.argument) if press else ()


@asynccontextmanager
async def phone(language: str) -> AsyncIterator[Phone]:
    """A chat with the bot in a world that is always the same."""
    codes = (f"{number:08}-{number * 7 % 10**8:08}" for number in itertools.count(41_873_209, 10_459_307))
    with tempfile.TemporaryDirectory() as folder:
        async with stage(Path(folder), language, DemoIxBrowser(lambda: next(codes))) as on:
            yield Phone(on)


#: What is written with a code: names of shops are kept, whatever the language.
_SHOP = "Shop Berlin"
_PROXY = "socks5://203.0.113.7:1080:ana:pw7"


async def importing(language: str) -> Picture:
    """From the code to the result."""
    async with phone(language) as ana:
        await ana.say(f"{_SHOP}: {SAMPLE_CODE}")
        group = await ana.tap("Shops EU")
        proxy = await ana.tap("keep")
        confirm = await ana.tap("import")
        last = Frame(ana.screen.bubbles[-1:])
    return Picture("import", [[group], [_card_alone(proxy)], [_card_alone(confirm), last]])


async def typing_a_proxy(language: str) -> Picture:
    """Code and proxy in one message, which is deleted because of the password."""
    async with phone(language) as ana:
        await ana.say(SAMPLE_CODE)
        await ana.tap("Shops EU")
        await ana.tap("keep")
        await ana.tap("import")
        before = len(ana.screen.bubbles)
        typed = await ana.say(f"41873209-93112463\n{_PROXY}")
        confirm = await ana.tap("import")
        result = ana.screen
    return Picture("proxy", [[typed], [Frame(confirm.bubbles[before:], confirm.tapped)], [Frame(result.bubbles[-1:])]])


async def waiting(language: str) -> Picture:
    """ixBrowser is closed: the import waits, and goes on."""
    async with phone(language) as ana:
        await ana.say(SAMPLE_CODE)
        await ana.tap("Shops EU")
        await ana.tap("keep")
        await ana.close_ixbrowser()
        confirm = await ana.tap("import")
        waits = Frame(ana.screen.bubbles[-1:])
        await ana.open_ixbrowser()
        done = Frame(ana.screen.bubbles[-1:])
    return Picture("waiting", [[_card_alone(confirm)], [waits], [done]])


async def languages(_language: str) -> Picture:
    """The same question in the other languages that the bot speaks."""
    columns = []
    for language in ("ru", "zh", "vi"):
        async with phone(language) as ana:
            await ana.say(f"{_SHOP}: {SAMPLE_CODE}")
            await ana.tap("Shops EU")
            await ana.tap("keep")
            columns.append([_card_alone(await ana.tap("import")), Frame(ana.screen.bubbles[-1:])])
    return Picture("languages", columns)


PICTURES: Sequence[Callable[[str], Awaitable[Picture]]] = (importing, typing_a_proxy, waiting, languages)


def _card_alone(frame: Frame) -> Frame:
    return Frame(frame.bubbles[-1:], frame.tapped)
