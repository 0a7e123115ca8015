"""Admins who let people in, invite, promote, demote and remove them, and decide about group chats, while the bot dies
and comes back. What they have begun they go on with to its end: one lost answer leaves them waiting for ever."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from random import Random

from bot.chat.callbacks import ACCESS, GROUP_CHAT, INVITATION, MEMBERS, read
from bot.usecases.records import Role
from tests.end_to_end.heard import REMOVED
from tests.end_to_end.newcomers import Doings
from tests.end_to_end.people import WAITS
from tests.end_to_end.talk import action_of, button_with, kind, needed
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Button, Message, Person

#: Seconds between two things that an admin does, at most.
_PAUSE = 0.2
#: How often an admin who has invited somebody brings the bot into a group chat too.
_BRINGS = 0.1
#: Messages, from the newest, among which a card is looked for.
_LOOKED_AT = 80
#: How often each answer is given to who wants to be let in, and to who has brought the bot into a group chat.
_ANSWERS = {"allow": 5, "refuse": 1, "next": 5, "refuse_all": 1, "sure": 1, "keep": 1}
_LINK = re.compile(r"https://t\.me/\S+")
_ID = re.compile(r"\((?:@\w+, )?(\d+)\)")


class Admin:
    """``pressed`` and ``done`` count what was to become of whom: what was tapped, and what was seen to be done.

    ``theirs`` tells whose roles this admin changes: of two who change the same one, neither could know what is true.
    """

    def __init__(
        self, telegram: FakeTelegram, person: Person, random: Random, doings: Doings, theirs: Callable[[int], bool]
    ) -> None:
        self.person = person
        self.chat = telegram.chat(person.id)
        self.updates: set[int] = set()
        self.pressed: Counter[tuple[int, str]] = Counter()
        self.done: Counter[tuple[int, str]] = Counter()
        self._telegram = telegram
        self._random = random
        self._doings = doings
        self._theirs = theirs
        self._links: set[str] = set()

    async def live(self, over: asyncio.Event, working: asyncio.Event, colleagues: Sequence[Person] = ()) -> None:
        """Let the colleagues in, and do one thing after another while people work, until it is over."""
        for colleague in colleagues:
            self.updates.add(self._telegram.say(self.person, f"/allow {colleague.id}"))
        acts = {self._answer: 5, self._invite: 2, self._change_role: 5, self._remove_joined: 1}
        while await working.wait() and not over.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._random.uniform(0, _PAUSE)):
                    await over.wait()
            [act] = self._random.choices(tuple(acts), tuple(acts.values()))
            await act()

    # --- who wants to be let in, and where the bot may work ---------------------------------------------------------

    async def _answer(self) -> None:
        """Answer one of the newest cards. Another admin may be faster, so that nobody waits for what becomes of it."""
        asking = [
            (card, button)
            for card in self._cards(ACCESS, GROUP_CHAT)
            for button in card.all_buttons
            if action_of(button) in _ANSWERS
        ]
        if asking:
            weights = [_ANSWERS[action_of(button)] for _, button in asking]
            [(card, button)] = self._random.choices(asking, weights)
            before = card.changed
            self._press(card, button)
            await self._sees(lambda: card.changed > before, WAITS)

    # --- invitations ------------------------------------------------------------------------------------------------

    async def _invite(self) -> None:
        if self._links and self._random.random() < 0.2 and (made := self._newest(INVITATION, "revoke")) is not None:
            await self._press_and_see(made, needed(made, "revoke"))
            return
        card = await self._say("/invite", lambda m: button_with(m, "make") is not None)
        for argument in ("viewer", "5"):
            choice = next(b for b in card.all_buttons if (p := read(b.callback_data)) and p.argument == argument)
            if self._random.random() < 0.3:
                await self._press_and_see(card, choice)
        self._press(card, needed(card, "make"))
        await self._telegram.settled(self._new_link, None, chat=self.chat)
        link = self._new_link()
        self._links.add(link)
        self._doings.links.append(link)
        if self._random.random() < _BRINGS:
            self._doings.bring(self._telegram, self.person)

    def _new_link(self) -> str:
        """A link that was not handed out yet; empty while there is none."""
        found = (_LINK.search(message.text) for message in islice(reversed(self.chat.messages), _LOOKED_AT))
        return next((link.group() for link in found if link is not None and link.group() not in self._links), "")

    async def _remove_joined(self) -> None:
        """Remove somebody by the card that told of their coming. It may be an older copy, on which nothing is shown."""
        told = ((card, button_with(card, "ask"), _ID.search(card.text)) for card in self._cards(INVITATION))
        some = ((card, ask, int(who[1])) for card, ask, who in told if ask is not None and who is not None)
        card, ask, user_id = next((each for each in some if self._theirs(each[2])), (None, None, 0))
        if card is None or ask is None:
            return
        self._press(card, ask)
        await self._sees(lambda: button_with(card, "remove"), WAITS)
        remove = button_with(card, "remove")
        if remove is not None:
            self.pressed[user_id, REMOVED] += 1
            self._press(card, remove)
            await self._sees(lambda: not card.buttons, WAITS)

    # --- roles ------------------------------------------------------------------------------------------------------

    async def _change_role(self) -> None:
        card = await self._say("/members", lambda m: kind(m) == MEMBERS and "Who may use this bot" in m.text)
        person = self._one_of_theirs(card)
        if person is None:
            turn = [button for button in card.all_buttons if action_of(button) == "page"]
            if turn:
                await self._press_and_see(card, self._random.choice(turn))
                person = self._one_of_theirs(card)
        if person is None:
            return
        await self._press_and_see(card, person)
        offered = [button for button in card.all_buttons if action_of(button) in {"role", "remove"}]
        if not offered:
            return
        await self._press_and_see(card, self._random.choice(offered))
        yes = button_with(card, "role_yes") or button_with(card, "remove_yes")
        press = None if yes is None else read(yes.callback_data)
        if yes is None or press is None:
            # They have another role by now.
            return
        role = press.argument.partition("_")[2] or REMOVED
        self.pressed[press.id, role] += 1
        await self._press_and_see(card, yes)
        done = "may no longer use this bot" if role == REMOVED else f", {role}\n"
        # A viewer may have opened the link of a member in this moment.
        self.done[press.id, role] += done in card.text and role != Role.MEMBER

    def _one_of_theirs(self, card: Message) -> Button | None:
        people = [(button, read(button.callback_data)) for button in card.all_buttons]
        theirs = [button for button, press in people if press and press.action == "person" and self._theirs(press.id)]
        return self._random.choice(theirs) if theirs else None

    # --- hands and eyes ---------------------------------------------------------------------------------------------

    async def _say(self, text: str, until: Callable[[Message], object]) -> Message:
        """Write something; the message that answers it."""
        before = max((message.id for message in self.chat.messages), default=0)
        self.updates.add(self._telegram.say(self.person, text))

        def answers() -> Iterator[Message]:
            news = islice(reversed(self.chat.messages), _LOOKED_AT)
            return (m for m in news if m.id > before and m.from_bot and not m.deleted and until(m))

        await self._telegram.settled(lambda: any(True for _ in answers()), None, chat=self.chat)
        return next(answers())

    def _press(self, card: Message, button: Button) -> None:
        self.updates.add(self._telegram.press(self.person, card, button))

    async def _press_and_see(self, card: Message, button: Button) -> None:
        """Tap a button, and wait until the card has become something else."""
        before = card.changed
        self._press(card, button)
        await self._telegram.settled(lambda: card.changed > before, None, chat=self.chat)

    async def _sees(self, what: Callable[[], object], seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._telegram.settled(what, None, chat=self.chat)
                return True
        return False

    def _cards(self, *kinds: str) -> Iterator[Message]:
        """The newest cards of these kinds."""
        some = islice(reversed(self.chat.messages), _LOOKED_AT)
        return (m for m in some if m.from_bot and not m.deleted and kind(m) in kinds)

    def _newest(self, wanted: str, action: str) -> Message | None:
        return next((card for card in self._cards(wanted) if button_with(card, action) is not None), None)
