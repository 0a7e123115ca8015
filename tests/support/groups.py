"""What people do in a group chat, and what they see there."""

from __future__ import annotations

from tests.standins.telegram_state import Chat, Message, Person
from tests.support.chatting import said
from tests.support.world import World, button_of


async def say(
    world: World,
    group: Chat,
    text: str,
    person: Person | None = None,
    *,
    thread: int | None = None,
    reply_to: Message | None = None,
) -> list[str]:
    """Somebody (Ana) writes into the group; what the bot says there in the end."""
    world.telegram.say(person or world.ana, text, group, thread, reply_to)
    await world.rest()
    return said(world, group)


async def tap(
    world: World, group: Chat, label: str, person: Person | None = None, *, message: Message | None = None
) -> Message:
    """Somebody (Ana) presses a card, the group's newest one; the newest message of the bot that there is then."""
    card = message or group.card
    world.telegram.press(person or world.ana, card, button_of(card, label))
    await world.rest()
    return group.answer


def prompts(group: Chat, person: Person) -> list[Message]:
    """The messages to which the person's phone opens a reply by itself."""
    return [message for message in group.messages if message.opens_reply(person)]


async def reply(world: World, group: Chat, text: str, person: Person | None = None) -> Message:
    """Somebody (Ana) answers the one prompt that there is for them; the card that there is then."""
    [prompt] = prompts(group, person or world.ana)
    world.telegram.say(person or world.ana, text, group, prompt.thread, prompt)
    await world.rest()
    return group.card
