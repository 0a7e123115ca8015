"""People who come and go: they ask to be let in or open the link of an invitation, import while they may, and bring the
bot into group chats. They may be refused, promoted, demoted and removed at any moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from bot.chat.access.card import Action
from bot.chat.callbacks import ACCESS, Press
from bot.usecases.records import Role
from tests.end_to_end.heard import REFUSED
from tests.end_to_end.people import WAITS, Somebody
from tests.end_to_end.talk import Talk, button_with, kind
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Chat, Message, Person

#: Seconds that somebody who has asked waits for an answer, before they try something else.
WAITS_FOR_ANSWER = 6.0
#: How often somebody brings the bot into a group chat before they go on.
_BRINGS = 0.02
#: So many of the newest links are tried: some are used up, others revoked.
_TRIED_LINKS = 4
_FIRST_GROUP_CHAT = -1003000000000


@dataclass(slots=True)
class Doings:
    """What people of one office know of each other: the links that admins have made, and the group chats."""

    links: list[str] = field(default_factory=list)
    groups: list[Chat] = field(default_factory=list)

    def bring(self, telegram: FakeTelegram, person: Person) -> None:
        """Somebody adds the bot to a new group chat."""
        number = len(self.groups) + 1
        self.groups.append(telegram.add_group(_FIRST_GROUP_CHAT - number, f"Chat {number}", added_by=person))


class Newcomer(Somebody):
    """``interrupted`` are the talks in which they lost their role: whether those imports began they were not told."""

    # Who loses their role may not have seen the newest.
    sees_all_drafts = False

    def __init__(
        self,
        telegram: FakeTelegram,
        person: Person,
        random: Random,
        offer: Callable[[], str],
        confirmed: list[str],
        *,
        doings: Doings,
    ) -> None:
        super().__init__(telegram, person, random, offer, confirmed)
        self.interrupted: list[Talk] = []
        # Some are to be in the queue still when their person is removed.
        self._counts = (1, 2, 4, 8)
        self._doings = doings

    async def live(self, over: asyncio.Event, working: asyncio.Event) -> None:
        """Come in, import, lose the role, and come in again, until it is over or they have had enough."""
        weary = False
        while await working.wait() and not over.is_set() and not weary:
            if self._random.random() < _BRINGS:
                self._doings.bring(self._telegram, self.person)
            if self.heard.may_import:
                weary = not await self._import() and self._random.random() < 0.3
            else:
                await self._come_in()
                weary = self.heard.last == REFUSED and self._random.random() < 0.3
        await self._told(self.promises)

    async def _import(self) -> bool:
        """Whether they could go on to the end."""
        talk = await self._begin()
        while await self._go_on(talk):
            pass
        if not self.heard.may_import:
            self.interrupted.append(talk)
        return self.heard.may_import

    def _news(self, talk: Talk) -> tuple[Message, Press] | bool:
        """It is news too that they may not go on."""
        return super()._news(talk) if self.heard.may_import else True

    async def _come_in(self) -> None:
        """Try one way to come in, or to become a member, and wait for a while for what is said to it."""
        heard = len(self.heard.roles)
        links = self._doings.links[-_TRIED_LINKS:]
        must_be_invited = self.heard.last in {REFUSED, Role.VIEWER}
        waits = WAITS
        if links and (must_be_invited or self._random.random() < 0.4):
            self.updates.add(self._telegram.follow(self.person, self._random.choice(links)))
        elif not must_be_invited and await self._ask():
            waits = WAITS_FOR_ANSWER
        await self.sees(lambda: len(self.heard.roles) > heard, waits)

    async def _ask(self) -> bool:
        """Tap Ask for access, once that is offered; False where it is not, since strangers are told once an hour."""
        if self._way_in() is None:
            self._say("/start")
            await self.sees(self._way_in, WAITS)
        card = self._way_in()
        button = None if card is None else button_with(card, Action.ASK)
        if card is not None and button is not None:
            self._press(card, button)
        return card is not None

    def _way_in(self) -> Message | None:
        """The newest message that offers to ask."""
        offers = (m for m in reversed(self.chat.messages) if m.from_bot and not m.deleted and kind(m) == ACCESS)
        return next((message for message in offers if button_with(message, Action.ASK)), None)
