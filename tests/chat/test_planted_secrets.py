"""Secrets in sentences, at every step, in private and in groups: used, deleted, and afterwards nowhere to be found."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from telegram.ext import CommandHandler

from bot.domain.draft import Step
from tests.standins.telegram_state import Chat, Message, Person
from tests.support.chatting import GROUP, labels, said
from tests.support.journeys import ASKS, WAYS, asked, newcomer, walk
from tests.support.sentences import PLANTED, logins, secrets, sentences
from tests.support.world import World, button_of

#: Tests that share a world with the others of this module.
busy = pytest.mark.asyncio(loop_scope="module")

few = settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
_groups: Iterator[int] = itertools.count(GROUP - 1, -1)


@pytest.fixture(autouse=True)
def whole_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Every line of the bot's log is kept, those for developers too, and none may hold a secret."""
    with caplog.at_level(logging.DEBUG, logger="bot"):
        yield
    assert PLANTED not in caplog.text


def traces(world: World, *chats: Chat | Person) -> list[str]:
    """Where a planted secret is found: in what the bot says, over presses, and in the files beside its database."""
    found = [text for chat in chats for text in said(world, chat) if PLANTED in text]
    found += [text for text in world.popups() if PLANTED in text]
    file = world.app.database.file
    assert file is not None
    files = [path for path in file.parent.rglob("*") if path.is_file()]
    assert file in files
    return found + [path.name for path in files if PLANTED.encode() in path.read_bytes()]


def last_typed(world: World, chat: Chat | int) -> Message:
    return [message for message in world.telegram.chat(chat).messages if not message.from_bot][-1]


@busy
@pytest.mark.parametrize("at", WAYS)
@few
@given(text=sentences(secrets()))
async def test_in_private_it_is_used_at_every_step(busy_world: World, at: Step, text: str) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, at, person)
    await busy_world.say(text, person)
    assert last_typed(busy_world, person.id).deleted
    assert traces(busy_world, person) == []


@busy
@few
@given(text=sentences(secrets()))
async def test_in_private_it_is_kept_where_nothing_is_asked(busy_world: World, text: str) -> None:
    person = await newcomer(busy_world)
    await busy_world.say(text, person)
    assert last_typed(busy_world, person.id).deleted
    assert "I keep this proxy for ten minutes." in "\n".join(said(busy_world, person))
    assert traces(busy_world, person) == []


@busy
@pytest.mark.parametrize("taps", [(), ("Shops EU",), ("Shops EU", "Direct")], ids=["group", "proxy", "confirm"])
@few
@given(text=sentences(logins()))
async def test_in_a_group_what_is_said_to_the_bot_is_used(busy_world: World, taps: tuple[str, ...], text: str) -> None:
    person = await newcomer(busy_world)
    group = busy_world.telegram.add_group(next(_groups), "Team", can_delete=True)
    await busy_world.say(busy_world.browser.offer(), person, group)
    for label in taps:
        busy_world.telegram.press(person, group.card, button_of(group.card, label))
        await busy_world.rest()
    busy_world.telegram.say(person, text, group, reply_to=group.card)
    await busy_world.rest()
    assert last_typed(busy_world, group).deleted
    assert traces(busy_world, group, person) == []


@busy
@few
@given(text=sentences(secrets()))
async def test_in_a_group_what_is_said_to_others_stays(busy_world: World, text: str) -> None:
    person = await newcomer(busy_world)
    group = busy_world.telegram.add_group(next(_groups), "Team", can_delete=True)
    busy_world.telegram.say(person, text, group)
    await busy_world.rest()
    assert not last_typed(busy_world, group).deleted
    assert traces(busy_world, group, person) == []


@busy
@few
@given(text=sentences(secrets()))
async def test_of_a_strangers_message_nothing_is_used_kept_or_deleted(busy_world: World, text: str) -> None:
    await busy_world.say(text, busy_world.sam)
    assert not last_typed(busy_world, busy_world.sam.id).deleted
    assert "ten minutes" not in "\n".join(said(busy_world, busy_world.sam))
    assert traces(busy_world, busy_world.sam) == []


# --- behind commands, and where words are asked for -------------------------------------------------------------------

#: A name and a password, which may have a colon in it.
PAIRS = (f"tomuser:{PLANTED}605", f"tomuser:x:{PLANTED}605")
#: A secret that is certain, and some that are doubtful.
CERTAIN = f"45.67.89.11:8000:tomuser:{PLANTED}1"
DOUBTFUL = (f"password: {PLANTED}2", f"https://proxies.example/search/?text={PLANTED}3", *PAIRS)
ANYTHING = (CERTAIN, *DOUBTFUL)
#: Ways to the other questions that are answered with words.
TO_WORDS = {
    Step.CODES: ("/import",),
    Step.RECEIVER: ("CODE", "[Shops EU]", "[Direct]", "[Hand over]"),
    Step.HANDOFF_NOTE: ("CODE", "[Shops EU]", "[Direct]", "[Hand over]", "[Ana]", "[Note]"),
}


def commands_of(world: World) -> list[str]:
    """Every command that the bot has, links that start it, and one that it does not have."""
    handlers = itertools.chain.from_iterable(world.app.telegram.handlers.values())
    known = {name for handler in handlers if isinstance(handler, CommandHandler) for name in handler.commands}
    assert {"start", "audit", "history", "allow", "feed"} <= known
    return [*(f"/{name} " for name in sorted(known)), "/start private_x ", "/start i_x ", "/improt "]


def dealt_with(world: World, chat: Chat | Person, text: str) -> bool:
    """Whether the newest message is deleted where it holds a secret, and can be by a button where it may."""
    last, shown = last_typed(world, chat.id), world.telegram.chat(chat.id).messages
    offered = any(
        "Delete my message" in labels(message) for message in shown if message.from_bot and message.id > last.id
    )
    return last.deleted if text is CERTAIN else offered and not last.deleted


@busy
@pytest.mark.parametrize("text", ANYTHING)
async def test_what_stands_behind_a_command_is_used_or_offered_to_be_deleted(busy_world: World, text: str) -> None:
    for person in (busy_world.ana, await newcomer(busy_world)):
        for command in commands_of(busy_world):
            await busy_world.say(f"{command}{text}", person)
            assert dealt_with(busy_world, person, text), command
            assert traces(busy_world, person) == [], command


@busy
async def test_who_may_not_use_a_command_is_told_so_beside_the_secret(busy_world: World) -> None:
    person = await newcomer(busy_world)
    await busy_world.say(f"/audit {CERTAIN}", person)
    assert "Only an admin can do this." in said(busy_world, person)
    assert "I keep this proxy for ten minutes." in "\n".join(said(busy_world, person))


@busy
@pytest.mark.parametrize("at", [*WAYS, *TO_WORDS])
@pytest.mark.parametrize("text", ANYTHING)
async def test_where_words_are_asked_for_no_secret_is_shown_or_kept(busy_world: World, at: Step, text: str) -> None:
    person = await newcomer(busy_world)
    if at in TO_WORDS:
        await walk(
            busy_world, *(way.replace("CODE", busy_world.browser.offer()) for way in TO_WORDS[at]), person=person
        )
    else:
        await asked(busy_world, at, person)
    assert ASKS[at] in busy_world.card(person).text
    await busy_world.say(text, person)
    assert traces(busy_world, person) == []
    if at is not Step.BYPASS or "://" not in text:  # of a page only the domain is kept there
        assert last_typed(busy_world, person.id).deleted or dealt_with(busy_world, person, text)


@busy
@pytest.mark.parametrize("command", ["/help", "/history", "/start", "/import", "/audit", "/improt@transfer_demo_bot"])
async def test_in_a_group_a_command_is_said_to_the_bot_with_what_stands_behind_it(
    busy_world: World, command: str
) -> None:
    person = await newcomer(busy_world)
    group = busy_world.telegram.add_group(next(_groups), "Team", can_delete=True)
    await busy_world.say(f"{command} {CERTAIN}", person, group)
    assert last_typed(busy_world, group).deleted
    assert "I keep this proxy for ten minutes." in "\n".join(said(busy_world, group))
    await busy_world.say(f"{command} {DOUBTFUL[0]}", person, group)
    assert not last_typed(busy_world, group).deleted
    assert "Delete my message" in [label for message in group.messages for label in labels(message)]
    assert traces(busy_world, group, person) == []


@busy
async def test_in_a_group_the_command_of_another_bot_is_left_alone(busy_world: World) -> None:
    group = busy_world.telegram.add_group(next(_groups), "Team", can_delete=True)
    busy_world.telegram.say(busy_world.ana, "/roll@dice_bot", group)
    await busy_world.rest()
    assert said(busy_world, group) == []
    await busy_world.say("/improt@transfer_demo_bot", busy_world.ana, group)
    assert "I don't know this command" in said(busy_world, group)[-1]
    await busy_world.say(f"/roll@dice_bot {CERTAIN}", busy_world.ana, group)
    assert not last_typed(busy_world, group).deleted


@busy
@pytest.mark.parametrize("pair", PAIRS)
async def test_a_name_and_a_password_do_not_become_a_group_in_ixbrowser(busy_world: World, pair: str) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, Step.GROUP_TITLE, person)
    await busy_world.say(pair, person)
    assert ASKS[Step.GROUP_TITLE] in busy_world.card(person).text
    assert PLANTED not in repr(busy_world.browser.groups)
