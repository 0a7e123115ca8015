"""A team with its phones: each person in a language of their own, and what each of them is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

from bot.chat import words
from bot.chat.access.card import ask_button
from bot.chat.help.texts import commands_of
from bot.chat.languages import LANGUAGES, Language
from bot.chat.translator import Html
from bot.usecases.records import Role
from tests.standins.telegram_state import Chat, Message, Person
from tests.stories.phone import Phone, seen
from tests.stories.telling import is_imported
from tests.support.invitations import link_in
from tests.support.jumping_clock import JumpingClock
from tests.support.world import World

HOUR = 3600
WEEK = 7 * 24 * HOUR


@dataclass(slots=True)
class Team:
    """Ana is the admin by the settings. Each person who is called has the next of the languages, from Ana's on."""

    world: World
    clock: JumpingClock
    language: Language
    random: Random
    phones: list[Phone] = field(default_factory=list)
    ana: Phone = field(init=False)
    _heard: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ana = self._phone(self.world.ana)

    def somebody(self, name: str = "", *, started: bool = True) -> Phone:
        """Somebody new, of whom the bot knows nothing."""
        user_id = 2001 + len(self.phones)
        name = name or f"Zorvex {user_id}"
        return self._phone(self.world.telegram.add_person(user_id, name, started=started))

    async def member(self, name: str = "", role: Role = Role.MEMBER) -> Phone:
        """Somebody who asks, whom Ana lets in and makes what they are to be; what was said of that is heard by all."""
        phone = self.somebody(name)
        await self.ask(phone)
        await self.ana.tap("allow")
        if role is not Role.MEMBER:
            await self.change_role(self.ana, phone, Role.MEMBER, role)
        self.all_heard()
        return phone

    async def change_role(self, admin: Phone, of: Phone, was: Role, role: Role) -> None:
        """By the pages of /members, with the second tap."""
        await self.open_page(admin, of)
        await admin.tap("role", f"{was}_{role}")
        await admin.tap("role_yes")

    async def remove(self, admin: Phone, of: Phone) -> None:
        await self.open_page(admin, of)
        await admin.tap("remove")
        await admin.tap("remove_yes")

    async def open_page(self, admin: Phone, of: Phone) -> None:
        await admin.command("/members")
        while True:
            try:
                await admin.tap("person", label=of.person.first_name)
            except LookupError:
                await admin.tap("page", label=f"{words.next_(admin.t)} ›")
            else:
                return

    async def invite(self, admin: Phone, *choices: tuple[str, str]) -> str:
        """Make an invitation with these choices; its link."""
        await admin.command("/invite")
        for action, argument in choices:
            await admin.tap(action, argument)
        await admin.tap("make")
        return link_in(self.newest(admin))

    async def ask(self, stranger: Phone) -> None:
        """Write, as a stranger, and tap Ask for access."""
        await stranger.command("/start")
        await stranger.tap("ask", label=ask_button(stranger.t)[0])

    async def tap_in(self, group: Chat, phone: Phone, action: str, argument: str = "") -> None:
        """Press a button in a group chat, where what others are told is in their languages."""
        private, phone.chat = phone.chat, group
        phone.press(action, argument)
        phone.chat = private
        await phone.rest()

    def newest(self, phone: Phone) -> Message:
        return self.world.newest(phone.person.id)

    def card(self, phone: Phone) -> Message:
        """The newest message with buttons."""
        return self.world.telegram.chat(phone.person.id).card

    def news(self, phone: Phone) -> list[str]:
        """What somebody was told in private since this was asked last, as it stands there now."""
        chat = self.world.telegram.chat(phone.person.id)
        since = self._heard.get(phone.person.id, 0)
        new = [message for message in chat.messages if message.id > since]
        self._heard[phone.person.id] = max([since, *(message.id for message in new)])
        return [message.text for message in new if message.from_bot and not message.deleted]

    def all_heard(self) -> None:
        for phone in self.phones:
            self.news(phone)

    def popup(self, phone: Phone) -> str:
        """What was shown over somebody's last press."""
        return next(a.text for a in reversed(self.world.telegram.answers) if a.person is phone.person)

    def menu(self, phone: Phone) -> Sequence[str]:
        """The commands that Telegram shows somebody in private."""
        telegram, code = self.world.telegram, phone.language.telegram
        own = telegram.menu({"type": "chat", "chat_id": phone.person.id}, code)
        return [entry["command"] for entry in own or telegram.menu(None, code)]

    async def has_commands_of(self, phone: Phone, role: Role | None) -> None:
        names = [name for name, _ in commands_of(phone.t, role)]
        await self.world.telegram.settled(lambda: list(self.menu(phone)) == names)

    async def audited(self, admin: Phone) -> Sequence[str]:
        """All pages of the audit, oldest entry first, without the times."""
        await admin.command("/audit")
        page = self.newest(admin)
        lines: list[str] = []
        while True:
            lines += page.text.splitlines()[2:]
            turn = [button for button in page.all_buttons if button.text.endswith("›")]
            if not turn:
                return list(reversed(lines))
            self.world.telegram.press(admin.person, page, turn[0])
            await admin.rest()

    def _phone(self, person: Person) -> Phone:
        place = LANGUAGES.index(self.language) + len(self.phones)
        language = LANGUAGES[place % len(LANGUAGES)]
        person.language_code = language.tag
        chat = self.world.telegram.chat(person.id)
        phone = Phone(self.world, self.clock, language, chat, self.random, person, self.phones)
        self.phones.append(phone)
        return phone


def said(*sentences: Html) -> list[str]:
    return [seen(sentence) for sentence in sentences]


async def ready_to_import(phone: Phone, *codes: str) -> None:
    """Send codes, and choose until they can be confirmed."""
    await phone.send("\n".join(codes))
    if phone.offers("proxy"):
        await phone.tap("proxy", "keep")


async def imports_a_code(phone: Phone) -> None:
    code = phone.code()
    await ready_to_import(phone, code)
    await phone.tap("import")
    await is_imported(phone, code)


Tell = Callable[[Team], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class TeamStory:
    """``settings`` are those in which the bot differs from other stories."""

    name: str
    tell: Tell
    settings: Mapping[str, Any]


def team_story(**settings: Any) -> Callable[[Tell], TeamStory]:
    return partial(_made, settings=settings)


def _made(tell: Tell, settings: Mapping[str, Any]) -> TeamStory:
    return TeamStory(tell.__name__, tell, settings)
