"""People whose bot is restored, copied and moved under their hands, and the admins who let it go on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

from bot.chat.callbacks import RECOVERY, Press
from bot.chat.generation import unmarked
from bot.chat.recovery.card import GO_ON, MEMBERS, STOP
from bot.domain.transfer_code import mask
from tests.end_to_end.couriers import Courier
from tests.end_to_end.handoff_cards import HandoffCards
from tests.end_to_end.people import WAITS
from tests.end_to_end.talk import button_with, kind
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Message, Person

#: Messages, from the newest, among which a card is looked for.
_LOOKED_AT = 60
#: Seconds between two looks of an admin whether there is something to be answered.
_LOOK_EVERY = 0.3


def generation_of(card: Message) -> int:
    """Of which life of the database the buttons under a card are; 0 without one."""
    return unmarked(card.all_buttons[0].callback_data or "")[1] if card.buttons else 0


@dataclass(slots=True)
class Lives:
    """What people see of the lives that their bot has had.

    ``number`` goes up with each break, after which nobody waits any more for what they have begun. Cards before
    ``since`` are not of the ``generation`` that is served, unless their buttons say so. ``asked_since`` is the message
    after which a recovery's card is one of the bot that goes on; with ``undecided`` nobody lets it go on.
    """

    number: int = 0
    generation: int = 1
    since: int = 0
    asked_since: int = 0
    undecided: bool = False
    when_let_go_on: Callable[[int], None] = lambda _: None

    def counts(self, card: Message) -> bool:
        return generation_of(card) == self.generation if card.buttons else card.id > self.since


class Survivor(Courier):
    """Whoever was interrupted lets go of what they have begun, and begins with what they find then."""

    def __init__(self, *given: Any, lives: Lives, **named: Any) -> None:
        super().__init__(*given, **named)
        self._lives = lives
        self._life = lives.number
        self._roles_before = 0

    async def live(self, over: asyncio.Event, working: asyncio.Event) -> None:
        await self._telegram.settled(lambda: self.heard.may_import, None, chat=self.chat)
        while await working.wait() and not over.is_set():
            if self._life != self._lives.number:
                self._let_go()
            await self._turn()
            # Somebody for whom there is nothing to wait for lets the others act too.
            await asyncio.sleep(0)

    def _let_go(self) -> None:
        self._life = self._lives.number
        # Numbers of drafts and batches may come again.
        self._answered.clear()
        self.batches.clear()
        self.drafts.clear()
        self._cards_of_handoffs = HandoffCards(self.chat, self._lives.counts)

    async def _turn(self) -> None:
        if self._random.random() < 0.2 and (code := self._not_told()):
            await self._send_again(code)
        else:
            await super()._turn()

    def was_told(self, code: str, sign: str) -> bool:
        """Whether they were ever told this of a code."""
        return (mask(code), sign) in self._endings.ever

    def _not_told(self) -> str:
        """A code that they have sent, and of which they were told nothing."""
        codes = [code for code in self.codes[-20:] if not self.ending(code)]
        return self._random.choice(codes) if codes else ""

    async def _send_again(self, code: str) -> None:
        before = self._now()
        self._say(code)
        await self.sees(lambda: self._lost_role() or self._now() > before, WAITS)

    async def _begin(self) -> Any:
        talk = await super()._begin()
        self._post.codes |= {mask(code): code for code in talk.codes}
        return talk

    def _lost_role(self) -> bool:
        return self._life != self._lives.number or super()._lost_role()

    def _open_cards(self) -> Iterator[tuple[Message, Press]]:
        return ((card, press) for card, press in super()._open_cards() if self._lives.counts(card))

    async def _told(self, codes: Collection[str]) -> None:
        """What became of what they have sent is read in the end, by others."""

    def press_old(self) -> tuple[int, str] | None:
        """Press a button from before; of which person, and what it carries. None where there is none."""
        old = [
            message
            for message in self.chat.messages[-_LOOKED_AT:]
            if message.from_bot and not message.deleted and message.buttons and not self._lives.counts(message)
        ]
        buttons = [(message, b) for message in old for b in message.all_buttons if b.callback_data]
        if not buttons:
            return None
        message, button = self._random.choice(buttons)
        self.updates.add(self._telegram.press(self.person, message, button))
        return self.person.id, button.callback_data or ""


class Restorer:
    """An admin of the settings, who answers what a recovery asks."""

    def __init__(self, telegram: FakeTelegram, person: Person, random: Random, lives: Lives) -> None:
        self.person = person
        self.chat = telegram.chat(person.id)
        self._telegram = telegram
        self._random = random
        self._lives = lives

    async def live(self, over: asyncio.Event) -> None:
        while not over.is_set():
            card = self._card()
            if card is None or not self._act(card):
                await self._sees(lambda: False, _LOOK_EVERY)
                continue
            # A tap may be lost: the bot that had it is gone.
            shown = card.changed
            await self._sees(partial(_is_another, card, shown), WAITS)

    async def _sees(self, what: Callable[[], object], seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._telegram.settled(what, None, chat=self.chat)

    def _card(self) -> Message | None:
        """The newest card of a recovery, where it is one of now and asks something."""
        for message in reversed(self.chat.messages[-_LOOKED_AT:]):
            if message.from_bot and not message.deleted and message.buttons and kind(message) == RECOVERY:
                return message if message.id > self._lives.asked_since else None
        return None

    def _act(self, card: Message) -> bool:
        """Tap one of its buttons, or none."""
        members, go_on, stop = (button_with(card, action) for action in (MEMBERS, GO_ON, STOP))
        wanted = None
        if stop is not None and (self._lives.undecided or self._random.random() < 0.2):
            wanted = stop
        elif members is not None and (go_on is None or self._lives.undecided or self._random.random() < 0.6):
            wanted = members
        elif go_on is not None and not self._lives.undecided:
            self._lives.when_let_go_on(generation_of(card))
            wanted = go_on
        if wanted is not None:
            self._telegram.press(self.person, card, wanted)
        return wanted is not None


def _is_another(card: Message, shown: int) -> bool:
    return card.deleted or card.changed > shown
