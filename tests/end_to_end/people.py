"""People who import while the bot dies and comes back: each acts on what the newest card asks, and on nothing else.

Nobody repeats what they have said: only a question that stands there once more, in another message, is answered again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from random import Random

from bot.chat.callbacks import BATCH, DRAFT, Press
from bot.domain.draft import Step
from bot.domain.transfer_code import mask
from tests.end_to_end.heard import Endings, Heard
from tests.end_to_end.office import asked
from tests.end_to_end.talk import Promise, Talk, action_of, button_with, needed, read, value
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Button, Message, Person

#: Seconds for which some look at a card, before they go on with something else.
WAITS = 2.0
#: Seconds without news after which they tap again on a question that stands there twice.
TAPS_AGAIN = 8.0
#: How often somebody sends a code that somebody else has confirmed.
BORROWS = 1 / 15
#: Messages, from the newest, among which the card is looked for.
_LOOKED_AT = 60
#: What buttons do that stand under every question, and answer none.
_NO_ANSWERS = frozenset({"back", "cancel", "hand", "codes", "take_out"})


class Somebody:
    """``promises`` are the codes whose import was seen to be confirmed, ``drafts`` the ids of the drafts seen.

    ``refused`` are codes that were left out because somebody else has them, ``cancelled`` those whose import was
    cancelled. ``offer`` gives a code to send, ``confirmed`` are all that anybody has confirmed. ``secrets`` takes what
    was typed and must not be found anywhere. ``updates`` are the ids of what they did. They begin once they are let in.
    ``did_last`` is what they did last; ``sees_all_drafts``: a draft of theirs that they have not seen has been lost.
    """

    sees_all_drafts = True

    def __init__(
        self, telegram: FakeTelegram, person: Person, random: Random, offer: Callable[[], str], confirmed: list[str]
    ) -> None:
        self.person = person
        self.promises: dict[str, Promise] = {}
        self.refused: set[str] = set()
        self.cancelled: set[str] = set()
        self.drafts: set[int] = set()
        self.batches: set[int] = set()
        self.codes: list[str] = []
        self.secrets: set[str] = set()
        self.updates: set[int] = set()
        self.did_last = ""
        self.chat = telegram.chat(person.id)
        self.heard = Heard(self.chat)
        self._telegram = telegram
        self._random = random
        self._offer, self._counts = offer, (1, 1, 2, 3)
        self._confirmed = confirmed
        # By which tap a question was answered, None where it was not by one.
        self._answered: dict[tuple[int, int], tuple[Message, Button] | None] = {}
        self._endings = Endings(self.chat)

    async def live(self, over: asyncio.Event, working: asyncio.Event) -> None:
        """Import one thing after another while people work, until it is over; then wait to be told of every end."""
        await self._telegram.settled(lambda: self.heard.may_import, None, chat=self.chat)
        while await working.wait() and not over.is_set():
            talk = await self._begin()
            while await self._go_on(talk):
                pass
            if self._random.random() < 0.3:
                await self.sees(partial(self._are_told, [c for c in talk.codes if c in self.promises]), WAITS)
        await self._told(self.promises)

    def ending(self, code: str) -> str:
        """The sign with which a code's import ended, as its card says; empty while it does not."""
        return self._endings.of(code)

    # --- one draft --------------------------------------------------------------------------------------------------

    async def _begin(self) -> Talk:
        talk = Talk([self._offer() for _ in range(self._random.choice(self._counts))])
        self.codes += talk.codes
        if self._random.random() < BORROWS:
            talk.borrowed = next((code for code in reversed(self._confirmed) if code not in self.codes), None)
            self.codes += [talk.borrowed] if talk.borrowed else []
        way = self._random.random()
        if way < 0.15:
            self._say("/import")
        elif way < 0.3 and (again := self._button_of_a_batch("another")) is not None:
            self._press_again(talk, *again)
        else:
            self._tell_codes(talk)
        return talk

    async def _go_on(self, talk: Talk) -> bool:
        """Wait for the next thing that concerns the draft, and do something about it; whether there is more to do."""
        while not await self.sees(lambda: self._news(talk), TAPS_AGAIN):
            self._tap_again()
        what = self._news(talk)
        if isinstance(what, bool):
            return False
        message, press = what
        if press.kind == BATCH and press.id in self.batches:
            self._press_again(talk, message, needed(message, "another"))
            return True
        if press.kind == DRAFT:
            talk.again = None
            self.drafts.add(press.id)
            self._answered[press.id, press.revision] = None
            self._answer(talk, message)
            return True
        self.batches.add(press.id)
        codes = list(talk.codes)
        if talk.borrowed is not None and mask(talk.borrowed) in message.text:
            codes.append(talk.borrowed)
        elif talk.borrowed is not None:
            self.refused.add(talk.borrowed)
        if talk.promise is not None:
            self.promises |= dict.fromkeys(codes, talk.promise)
            self._confirmed += codes
        if self._random.random() < 0.15 and (cancel := button_with(message, "cancel")):
            self.cancelled.update(codes)
            self._press(message, cancel)
        return False

    def _news(self, talk: Talk) -> tuple[Message, Press] | bool:
        """A batch of these codes, or a draft that asks something new; True when the draft was cancelled.

        Or the batch whose button was to open it, where it has changed: then the button may have been too old.
        """
        asking: tuple[Message, Press] | None = None
        for message, press in self._cards():
            if press.kind == BATCH and press.id not in self.batches and mask(talk.codes[0]) in message.text:
                return message, press
            if press.kind == DRAFT and asking is None:
                asking = message, press
        if asking is not None and (asking[1].id, asking[1].revision) not in self._answered:
            return asking
        if talk.again is not None and (again := self._button_of_a_batch("another", talk.again.id)) is not None:
            now = read(again[1].callback_data)
            if now is not None and now.revision > talk.again.revision:
                return again[0], now
        since = talk.cancelled_at
        return since is not None and any(
            message.changed > since and message.from_bot and message.text.startswith("Cancelled.")
            for message in islice(reversed(self.chat.messages), _LOOKED_AT)
        )

    def _cards(self) -> Iterator[tuple[Message, Press]]:
        """The cards from the newest on, each with what its first button carries."""
        for message in islice(reversed(self.chat.messages), _LOOKED_AT):
            if message.from_bot and not message.deleted and message.buttons:
                press = read(message.all_buttons[0].callback_data)
                if press is not None:
                    yield message, press

    def _answer(self, talk: Talk, card: Message) -> None:
        for question, answer in _ANSWERS.items():
            if question in card.text:
                answer(self, talk, card)
                return
        raise AssertionError(f"nobody knows what to answer to {card.text!r}")

    # --- what is answered to each question --------------------------------------------------------------------------

    def _tell_codes(self, talk: Talk, _card: Message | None = None) -> None:
        if talk.told:
            return
        talk.told = True
        if talk.borrowed is not None:
            self._say(f"{talk.borrowed} and {', '.join(talk.codes)}")
        elif self._random.random() < 0.3:
            for code in talk.codes:
                self._say(code)
        else:
            self._say(f"here: {', '.join(talk.codes)}")

    def _group(self, _talk: Talk, card: Message) -> None:
        way = self._random.random()
        if way < 0.15:
            self._press(card, needed(card, "new_group"))
        elif way < 0.3:
            self._press(card, needed(card, "default"))
        elif way < 0.45 and button_with(card, "all") is None:
            self._say("Shop")
        else:
            listed = [button for button in card.all_buttons if action_of(button) == "group"]
            self._press(card, self._random.choice(listed) if listed else needed(card, "default"))

    def _title(self, _talk: Talk, _card: Message) -> None:
        self._say(f"Group {self._random.getrandbits(64):016x}")

    def _proxy(self, talk: Talk, card: Message) -> None:
        talk.secret = ""
        kinds = [button for button in card.all_buttons if action_of(button) == "proxy"]
        self._press(card, self._random.choice(kinds))

    def _address(self, talk: Talk, _card: Message) -> None:
        self._say(f"socks5://ana:{self._secret(talk)}@203.0.113.7:1080")

    def _password(self, talk: Talk, _card: Message) -> None:
        self._say(self._secret(talk))

    def _link(self, talk: Talk, _card: Message) -> None:
        self._say(f"https://proxies.example/{self._secret(talk)}")

    def _domains(self, _talk: Talk, _card: Message) -> None:
        self._say("*.example.com\nwww.example.org")

    def _any(self, _talk: Talk, card: Message) -> None:
        choices = [button for button in card.all_buttons if action_of(button) not in _NO_ANSWERS]
        self._press(card, self._random.choice(choices))

    def _confirm(self, talk: Talk, card: Message) -> None:
        if not all(mask(code) in card.text for code in talk.codes):
            # The codes are on their way.
            self._tell_codes(talk)
            return
        way = self._random.random()
        if way < 0.08:
            talk.cancelled_at = max(message.changed for message in self.chat.messages)
            self._press(card, needed(card, "cancel"))
        elif way < 0.2:
            self._press(card, self._random.choice([b for b in card.all_buttons if action_of(b) == "change"]))
        else:
            talk.promise = Promise(value(card, "Group: "), value(card, "Proxy: "), talk.secret)
            self._press(card, needed(card, "import"))

    def _secret(self, talk: Talk) -> str:
        """The same for one draft, however often it is asked for."""
        if not talk.secret:
            talk.secret = f"secret{self._random.getrandbits(64):016x}"
            self.secrets.add(talk.secret)
        return talk.secret

    # --- hands and eyes ---------------------------------------------------------------------------------------------

    async def sees(self, what: Callable[[], object], seconds: float) -> bool:
        """Whether this comes true in their chat within so many seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._telegram.settled(what, None, chat=self.chat), seconds)
            return True
        return False

    def _say(self, text: str) -> None:
        self._did(f"wrote {text!r}", self._telegram.say(self.person, text))

    def _press(self, card: Message, button: Button) -> None:
        press = read(button.callback_data)
        if press is not None and press.kind == DRAFT:
            self._answered[press.id, press.revision] = card, button
        what = f"pressed {button.text!r} on #{card.id}, {button.callback_data}"
        self._did(what, self._telegram.press(self.person, card, button))

    def _did(self, what: str, update_id: int) -> None:
        self.did_last = f"{what}, update {update_id}"
        self.updates.add(update_id)

    def _tap_again(self) -> None:
        """Answer as before what is asked anew: by a process that was killed before it had noted that it had asked."""
        for card, press in islice((each for each in self._cards() if each[1].kind == DRAFT), 1):
            answer = self._answered.get((press.id, press.revision))
            if answer is not None and answer[0] is not card:
                self._press(card, answer[1])

    def _press_again(self, talk: Talk, card: Message, button: Button) -> None:
        talk.again = read(button.callback_data)
        self._press(card, button)

    def _button_of_a_batch(self, action: str, batch_id: int | None = None) -> tuple[Message, Button] | None:
        batches = (card for card, press in self._cards() if press.kind == BATCH and batch_id in {None, press.id})
        return next(((card, button) for card in batches if (button := button_with(card, action))), None)

    async def _told(self, codes: Collection[str]) -> None:
        await self._telegram.settled(partial(self._are_told, codes), None, chat=self.chat)

    def _are_told(self, codes: Collection[str]) -> bool:
        return all(map(self.ending, codes))


_ANSWERS: dict[str, Callable[[Somebody, Talk, Message], None]] = {
    **dict.fromkeys(("Import this profile?", "Import these"), Somebody._confirm),
    asked(Step.CODES): Somebody._tell_codes,
    asked(Step.GROUP): Somebody._group,
    asked(Step.GROUP_TITLE): Somebody._title,
    asked(Step.GROUP_MAKING): lambda *_: None,  # it goes on by itself
    asked(Step.PROXY): Somebody._proxy,
    asked(Step.CUSTOM): Somebody._address,
    "Type the password": Somebody._password,
    asked(Step.LINK): Somebody._link,
    asked(Step.BYPASS): Somebody._domains,
    **dict.fromkeys(map(asked, (Step.CUSTOM_TYPE, Step.LINK_TYPE, Step.FORMAT, Step.METHOD)), Somebody._any),
}
