"""Invitations as people make, forward and open them."""

from __future__ import annotations

import re

from tests.standins.telegram_state import Message, Person
from tests.support.world import World

_LINK = re.compile(r"https://t\.me/\S+")


def link_in(message: Message) -> str:
    """The link in a message, which must have one."""
    [link] = _LINK.findall(message.text)
    return str(link)


async def invite(world: World, *choices: str, admin: Person | None = None) -> str:
    """An admin (Ana) makes an invitation with these choices; its link."""
    admin = admin or world.ana
    card = await world.say("/invite", admin)
    for label in choices:
        await world.tap(label, admin, card)
    return link_in(await world.tap("Make link", admin, card))


async def follow(world: World, link: str, person: Person | None = None) -> Message:
    """Somebody (Sam) opens a link; the newest message of the bot in their chat."""
    person = person or world.sam
    world.telegram.follow(person, link)
    await world.rest()
    return world.newest(person.id)
