"""One person's Telegram: what they do is counted, and everything that they are shown is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from bot.chat.callbacks import OFFER, PREFERENCE, Press, read
from bot.chat.languages import LANGUAGES, Language, spoken
from bot.chat.translator import Html, Translator, plain, translator
from bot.domain.almost_code import read_almost
from tests.standins.telegram_state import Button, Chat, Message, Person
from tests.stories.screen import faults
from tests.support.chatting import until_ended
from tests.support.groups import prompts
from tests.support.jumping_clock import JumpingClock
from tests.support.world import PATIENCE, World

SUPERGROUP = -1001234567890

#: Names that are no words of any language, so that none of them hides one that does not belong there.
TITLES = tuple(f"Zorvex {number}" for number in range(1, 13))
PROFILE = "Quilba"
LOGIN = "pluvo"
_NAMES = ("Ana", "Mai", "Zorvex", PROFILE, LOGIN)


@dataclass(frozen=True, slots=True)
class Counts:
    """What a story takes: taps, messages that are typed, and messages of the bot that ring."""

    taps: int
    typed: int
    sounds: int = 0


@dataclass(slots=True)
class _Counted:
    taps: int = 0
    typed: int = 0
    #: The number of the message behind which sounds count.
    since: int = 0


@dataclass(slots=True)
class Phone:
    """Somebody's (Ana's), at their private chat with the bot or at a group chat in which it is in privacy mode.

    Each act waits until the bot has come to rest, and then reads what is new on the screen.
    """

    world: World
    clock: JumpingClock
    language: Language
    chat: Chat
    random: Random
    person: Person
    #: The phones of others, on which something new may stand after each act too.
    beside: list[Phone] = field(default_factory=list, repr=False)
    _counted: _Counted = field(default_factory=_Counted)
    _read: int = 0
    _popups_read: int = 0

    # --- who and where ----------------------------------------------------------------------------------------------

    @property
    def private(self) -> bool:
        return self.chat.person is not None

    @property
    def t(self) -> Translator:
        return translator(self.language.tag)

    @property
    def other_language(self) -> Language:
        """The next one of the list."""
        return LANGUAGES[(LANGUAGES.index(self.language) + 1) % len(LANGUAGES)]

    def code(self) -> str:
        """A fresh code, which nobody takes for the number of a bank card."""
        while True:
            digits = f"{self.random.randrange(10**16):016}"
            code = f"{digits[:8]}-{digits[8:]}"
            almost = read_almost(digits)
            if almost and not almost.is_card_number and code not in self.world.browser.offers:
                return self.world.browser.offer(f"{PROFILE} {len(self.world.browser.offers) + 1}", code=code)

    # --- what is done with it -----------------------------------------------------------------------------------------

    async def send(self, text: str) -> None:
        """Write to the bot of one's own accord; in a group that has to be a command."""
        await self._type(text if self.private else f"/import {text}", None)

    async def command(self, text: str) -> None:
        await self._type(text, None)

    async def answer(self, text: str) -> None:
        """Type what is asked for: in a group as a reply, to the message that the phone opens one to, or to the card."""
        asked = prompts(self.chat, self.person)
        await self._type(text, None if self.private else asked[-1] if asked else self.card)

    @contextmanager
    def in_private(self) -> Iterator[None]:
        """What is done meanwhile is done in the private chat."""
        chat, self.chat = self.chat, self.world.telegram.chat(self.person.id)
        yield
        self.chat = chat

    async def tap(self, action: str, argument: str = "", *, label: str = "", person: Person | None = None) -> None:
        """Press the newest button that does this, and says this where that is given."""
        self.press(action, argument, label=label, person=person)
        await self.rest()

    def press(self, action: str, argument: str = "", *, label: str = "", person: Person | None = None) -> None:
        """The same, and wait for nothing: others may do something at this moment too."""
        card, button = self._button(action, argument, label)
        if person is None:
            self._counted.taps += 1
        self.world.telegram.press(person or self.person, card, button)

    async def follow(self, url: str) -> None:
        """Open a link that leads to the private chat."""
        self._counted.taps += 1
        self.world.telegram.follow(self.person, url)
        await self.rest()

    async def group_is_made(self) -> None:
        """Wait until the group is there that was to be made."""
        await self.world.telegram.settled(lambda: self.offers("proxy"), PATIENCE)
        await self.rest()

    async def let_in(self) -> Person:
        """Somebody else (Mai), who is let in; in the next of the languages."""
        mai = self.world.mai
        mai.language_code = self.other_language.tag
        with self.in_private():
            await self.command(f"/allow {mai.id}")
        return mai

    async def wait_for_results(self) -> None:
        """Let time pass until nothing is under way."""
        await until_ended(self.world, self.clock)
        await self.rest()

    async def rest(self) -> None:
        await self.world.rest()
        for phone in (self, *self.beside):
            phone.look()

    def _button(self, action: str, argument: str, label: str) -> tuple[Message, Button]:
        """Found by what it does, whatever the language of its label; with its message."""
        for message in reversed(self.chat.messages):
            for button in () if message.deleted else message.all_buttons:
                press = _press(button)
                if press.action == action and argument in ("", press.argument) and label in ("", button.text):
                    return message, button
        raise LookupError(f"no button for {action} {argument} {label} in {self.chat.transcript()}")

    # --- what is seen on it -------------------------------------------------------------------------------------------

    @property
    def card(self) -> Message:
        """The newest message with buttons that belong to an import."""

        def belongs(message: Message) -> bool:
            return any(_press(button).kind not in (OFFER, PREFERENCE) for button in message.all_buttons)

        return self.chat.newest(belongs)

    def offers(self, action: str) -> bool:
        """Whether the card has a button that does this."""
        return any(_press(button).action == action for button in self.card.all_buttons)

    def says(self, sentence: Html) -> bool:
        """Whether the card has this sentence."""
        return seen(sentence) in self.card.text

    def look(self) -> None:
        """Read everything that is new: messages, buttons, what is written in an empty field, and what pops up."""
        news = [
            message
            for message in self._messages()
            if message.from_bot and not message.deleted and message.changed > self._read
        ]
        for message in news:
            forced = message.forced_reply
            self._check(
                message.text, forced.placeholder if forced else "", *(each.text for each in message.all_buttons)
            )
            self._read = max(self._read, message.changed)
        answers = self.world.telegram.answers
        for answer in answers[self._popups_read :]:
            own = answer.person is self.person
            self._check(answer.text, language=self.language if own else spoken(answer.person.language_code))
        self._popups_read = len(answers)

    def _check(self, *texts: str, language: Language | None = None) -> None:
        for text in texts:
            found = faults(text, language or self.language, _NAMES)
            assert not found, f"{found} in {text!r}"

    # --- counting ---------------------------------------------------------------------------------------------------

    def count_from_here(self) -> None:
        """What was done so far is another story."""
        self._counted = _Counted(since=max((message.id for message in self._messages()), default=0))

    @property
    def counts(self) -> Counts:
        heard = {
            message.id
            for message in self._messages()
            if message.from_bot and not message.silent and message.id > self._counted.since
        }
        return Counts(self._counted.taps, self._counted.typed, len(heard))

    def _messages(self) -> list[Message]:
        chats = {self.person.id: self.world.telegram.chat(self.person.id), self.chat.id: self.chat}
        return [message for chat in chats.values() for message in chat.messages]

    async def _type(self, text: str, reply_to: Message | None) -> None:
        self._counted.typed += 1
        self.world.telegram.say(self.person, text, self.chat, None, reply_to)
        await self.rest()


def seen(sentence: Html) -> str:
    """A sentence as Telegram shows it."""
    return plain(Html(re.sub(r"<[^<>]*>", "", sentence)))


def _press(button: Button) -> Press:
    return read(button.callback_data) or Press("", 0, 0, "")
