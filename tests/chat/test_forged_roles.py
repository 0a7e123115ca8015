"""What only admins decide, forged: presses on their buttons, and links, by strangers, viewers and members."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from bot.chat.access.card import Action
from bot.chat.callbacks import ACCESS, AUDIT, FEED, GROUP_CHAT, INVITATION, MEMBERS, Press
from bot.chat.invitations.handlers import ACTIONS
from bot.usecases.access_requests import AnswerRequest, AskForAccess, answer_request, ask_for_access
from bot.usecases.actor import Actor
from bot.usecases.records import Role
from tests.standins.telegram_state import Button, Message, Person
from tests.support.chatting import GROUP, ready_to_import, snapshot
from tests.support.groups import say
from tests.support.invitations import follow, invite
from tests.support.role_states import somebody
from tests.support.world import ADMIN, World, running, settings_for

pytestmark = pytest.mark.usefixtures("calm_log")

PRESSES, LINKS = 700, 300
#: Done before it is looked whether anything has changed.
ROUND = 100
SEED = 20261126

_ROLES = [role.value for role in Role]
_CHANGES = [f"{was}_{role}" for was in ("none", *_ROLES) for role in ("none", *_ROLES)]
#: What the buttons of each letter do, with what may stand behind.
FORGED: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    ACCESS: ([*Action], ["", "1", "13", "99999"]),
    INVITATION: ([*ACTIONS], ["", "1", "5", "3600", "0", *_ROLES]),
    MEMBERS: (
        ["page", "person", "role", "role_yes", "remove", "remove_yes", "codes"],
        ["", "none", *_ROLES, *_CHANGES],
    ),
    GROUP_CHAT: (["allow", "refuse", "refuse_all"], ["", "1"]),
    FEED: (["move", "keep", "stop", "imported", "handed_over", "failed"], ["", "off", "silent", "loud", "1"]),
    AUDIT: (["page", "people", "kinds"], ["", "n0", "b5", "a5", "n0/denied", "b1/removed"]),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """Something of everything that admins decide; people who are none, with a message of the bot each.

    ``links`` let none of them in, ``real`` is on buttons of the admin's. ``fresh`` has never asked for anything.
    """

    world: World
    fresh: Person
    people: Sequence[Person]
    messages: Sequence[Message]
    links: Sequence[str]
    real: Sequence[str]

    @classmethod
    async def set_up(cls, world: World) -> Scene:
        member, viewer = await somebody(world, Role.MEMBER), await somebody(world, Role.VIEWER)
        waits, refused, fresh = (world.telegram.add_person(5000 + number, f"S{number}") for number in range(3))
        for number in range(12):
            asker = Actor(5000 + number + 8 * (number > 1), f"S{number}", None, "en")
            await world.app.store.write(ask_for_access, asker, AskForAccess())
        ana = Actor(ADMIN, "Ana", Role.ADMIN, "en")
        await world.app.store.write(answer_request, ana, AnswerRequest(ADMIN, 2, allow=False))
        # Their cards are there before those of the commands below.
        await world.rest()
        links = [await cls._links_to_nowhere(world)]
        await invite(world, "👤 5")
        await world.say("/invite")
        await cls._remove_somebody_with_codes(world)
        team = world.telegram.add_group(GROUP, "Team")
        for number in range(7):
            world.telegram.add_group(GROUP - 1 - number, f"Shop {number}", added_by=fresh)
        await world.rest()
        for command in ("/members", "/audit", "/invite"):
            await world.say(command)
        await say(world, team, "/feed")
        real = [str(Press(MEMBERS, member.id, 0, action, "member")) for action in ("remove", "remove_yes")]
        real.append(str(Press(MEMBERS, viewer.id, 0, "role_yes", "viewer_member")))
        for message in world.telegram.chat(ADMIN).messages:
            real += [button.callback_data or "" for button in message.all_buttons if not message.deleted]
        real += [button.callback_data or "" for button in team.answer.all_buttons]
        people = [waits, refused, fresh, member, viewer]
        for person in people:
            # What strangers are told once an hour is told.
            world.telegram.say(person, "hello")
            world.telegram.say(person, "/start i_first")
            world.telegram.follow(person, links[0])
        await world.rest()
        own = [world.telegram.post(world.telegram.chat(p.id), world.telegram.bot, text="old") for p in people]
        return cls(world, fresh, people, [*own, world.telegram.post(team, world.telegram.bot, text="old")], links, real)

    @staticmethod
    async def _links_to_nowhere(world: World) -> str:
        """One that is used up: what strangers are told of it is another sentence than of a guess."""
        link = await invite(world)
        await follow(world, link, await somebody(world, None))
        return link

    @staticmethod
    async def _remove_somebody_with_codes(world: World) -> None:
        gone = await somebody(world, Role.MEMBER)
        card = await ready_to_import(world, world.browser.offer(), person=gone)
        world.browser.running = False
        await world.tap("✅ Import", gone, card)
        await world.say(f"/remove {gone.id}")
        world.browser.running = True

    def forge_press(self, random: Random) -> tuple[Person, Message, str]:
        person = random.choice(self.people)
        own = self.messages[self.people.index(person)]
        message = random.choice([own, own, self.messages[-1]])
        if random.random() < 0.5:
            return person, message, random.choice(self.real)
        letter = random.choice([*FORGED])
        actions, arguments = FORGED[letter]
        action = random.choice(actions)
        if letter == ACCESS and action == Action.ASK and person is self.fresh:
            # They may.
            action = Action.ALLOW
        number = random.choice([*range(16), *(each.id for each in self.people), ADMIN, 10**17])
        revision = random.choice([0, 0, 1, 2, 10**8])
        press = Press(letter, number, revision, action, random.choice(arguments))
        return person, message, str(press)

    def forge_link(self, random: Random) -> tuple[Person, str]:
        token = self.links[0].partition("start=")[2]
        guess = "".join(random.choices("ABCxyz019-_", k=random.choice((1, 31, 32, 33, 60))))
        kinds = [token, f"i_{guess}", f"private_{guess}", f"i_{token}", guess, f"i_{token[2:-1]}", "i_", "private_"]
        return random.choice(self.people), f"/start {random.choice(kinds)}"


@pytest.mark.not_followed
@pytest.mark.parametrize(("strangers", "presses", "links"), [("answer", PRESSES, LINKS), ("silent", ROUND, ROUND)])
async def test_a_thousand_forged_presses_and_links_change_nothing_and_are_answered(
    tmp_path: Path, strangers: str, presses: int, links: int
) -> None:
    async with running(settings_for(tmp_path, strangers=strangers)) as world:
        scene, random = await Scene.set_up(world), Random(SEED)
        before = await snapshot(world)
        answered, pressed = len(world.telegram.answers), Counter[str]()
        while pressed.total() < presses:
            for _ in range(ROUND):
                person, message, data = scene.forge_press(random)
                world.telegram.press(person, message, Button("?", data), inaccessible=random.random() < 0.3)
                pressed[data[0]] += 1
            await world.rest()
            assert await snapshot(world) == before
        assert world.telegram.unanswered == {}
        new = world.telegram.answers[answered:]
        assert len(new) == presses
        if strangers == "silent":
            assert {answer.text for answer in new if answer.person in scene.people[:3]} == {""}
        assert min(pressed[letter] for letter in FORGED) >= presses // 12

        told = [len(world.telegram.chat(person.id).messages) for person in scene.people]
        for number in range(links):
            person, text = scene.forge_link(random)
            world.telegram.say(person, text)
            if number % ROUND == ROUND - 1:
                await world.rest()
                assert await snapshot(world) == before
        for person, count in zip(scene.people[:3], told, strict=False):
            assert not [m for m in world.telegram.chat(person.id).messages[count:] if m.from_bot]
