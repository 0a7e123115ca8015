"""Several imports at once in a group chat: of several people, and of one person in several topics."""

from __future__ import annotations

import pytest

from bot.storage.tables import batches, drafts
from tests.standins.telegram_state import Chat, Message
from tests.support.chatting import labels, said
from tests.support.groups import prompts, say, tap
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("calm_log")

FORUM = -1001234567890
PROXY = "socks5://ana:s3cret@203.0.113.7:1080"


@pytest.fixture
def forum(world: World) -> Chat:
    return world.telegram.add_group(FORUM, "Team", threads=(7, 8), privacy=True)


def card_in(forum: Chat, thread: int | None) -> Message:
    """The newest card of a topic; the offers to delete a message are none."""
    return forum.newest(
        lambda message: message.thread == thread and message.buttons and "Delete my message" not in labels(message)
    )


async def press(world: World, forum: Chat, thread: int, label: str) -> None:
    """Ana presses the card of a topic."""
    await tap(world, forum, label, message=card_in(forum, thread))


async def begin(world: World, forum: Chat, thread: int, name: str) -> None:
    """Ana begins an import in a topic, and is asked for the proxy."""
    await say(world, forum, f"/import {world.browser.offer(name)}", thread=thread)
    assert "Which proxy?" in card_in(forum, thread).text


async def test_one_person_goes_on_in_each_topic_as_if_there_was_no_other(world: World, forum: Chat) -> None:
    await begin(world, forum, 7, "Seven")
    await begin(world, forum, 8, "Eight")
    await press(world, forum, 7, "Direct")
    await press(world, forum, 8, "Direct")
    await press(world, forum, 7, "Bypass")
    await press(world, forum, 8, "Bypass")
    asked = {prompt.thread: prompt for prompt in prompts(forum, world.ana)}
    assert asked.keys() == {7, 8}
    await say(world, forum, "seven.example.com", thread=7, reply_to=asked[7])
    assert prompts(forum, world.ana) == [asked[8]]
    await say(world, forum, "eight.example.com", thread=8, reply_to=asked[8])
    for thread, domain in ((7, "seven.example.com"), (8, "eight.example.com")):
        assert f"Bypass: {domain}" in card_in(forum, thread).text
        await press(world, forum, thread, "✅ Import")
    shown = {thread: card_in(forum, thread).text for thread in (7, 8)}
    assert ("“Seven”" in shown[7], "“Eight”" in shown[8]) == (True, True)
    assert {row["thread_id"] for row in await world.rows(batches)} == {7, 8}
    assert {message.thread for message in forum.messages if message.from_bot} == {7, 8}


async def test_what_ends_in_one_topic_leaves_the_other_open(world: World, forum: Chat) -> None:
    await begin(world, forum, 7, "Seven")
    await begin(world, forum, 8, "Eight")
    await say(world, forum, "/cancel", thread=8)
    assert {row["thread_id"]: row["state"] for row in await world.rows(drafts)} == {7: "open", 8: "cancelled"}
    await press(world, forum, 7, "Keep")
    await press(world, forum, 7, "✅ Import")
    assert "“Seven”" in card_in(forum, 7).text


async def test_two_people_in_one_topic_do_not_answer_for_one_another(world: World, forum: Chat) -> None:
    await world.let_in(world.mai)
    await say(world, forum, f"/import {world.browser.offer()}", thread=7)
    hers = card_in(forum, 7)
    await say(world, forum, f"/import {world.browser.offer()}", world.mai, thread=7)
    for card in (hers, card_in(forum, 7)):
        person = world.ana if card is hers else world.mai
        await tap(world, forum, "Direct", person, message=card)
        await tap(world, forum, "Bypass", person, message=card)
    [for_ana], [for_mai] = prompts(forum, world.ana), prompts(forum, world.mai)
    await say(world, forum, "mai.example.com", world.mai, thread=7, reply_to=for_mai)
    await say(world, forum, "ana.example.com", world.ana, thread=7, reply_to=for_ana)
    assert prompts(forum, world.ana) == prompts(forum, world.mai) == []
    shown = {card.text.splitlines()[0]: card.text for card in forum.messages if card.buttons and not card.deleted}
    assert "Bypass: ana.example.com" in shown["👤 Ana"]
    assert "Bypass: mai.example.com" in shown["👤 Mai"]


async def test_a_secret_for_each_of_two_topics_is_typed_in_private(world: World, forum: Chat) -> None:
    for thread, name in ((7, "Seven"), (8, "Eight")):
        await begin(world, forum, thread, name)
        await press(world, forum, thread, "🔒 Continue in private")
        world.telegram.follow(world.ana, world.telegram.answers[-1].url)
        await world.rest()
    # The newer of them is asked about; with its end it is the older one's turn.
    await world.say(PROXY)
    assert "as ana, password" in card_in(forum, 8).text
    assert "Which proxy?" in card_in(forum, 7).text
    await world.say("http://203.0.113.8:8080")
    assert "203.0.113.8" in card_in(forum, 7).text
    assert "203.0.113.7" in card_in(forum, 8).text


async def test_a_card_whose_topic_was_closed_goes_to_the_group_and_replies_to_nothing(
    world: World, forum: Chat
) -> None:
    await begin(world, forum, 7, "Seven")
    world.telegram.fail("sendMessage", 400, "Bad Request: TOPIC_CLOSED")
    await say(world, forum, "/import", thread=7)
    card = card_in(forum, None)
    assert ("Which proxy?" in card.text, card.reply_to) == (True, None)


@pytest.mark.parametrize("words", ["message to be replied not found", "REPLY_MESSAGE_ID_INVALID"])
async def test_what_cannot_be_a_reply_is_sent_all_the_same(world: World, forum: Chat, words: str) -> None:
    world.telegram.fail("sendMessage", 400, f"Bad Request: {words}")
    await say(world, forum, "/help", thread=7)
    assert "How to import" in forum.answer.text
    assert (forum.answer.thread, forum.answer.reply_to) == (7, None)


async def test_what_is_said_to_somebody_replies_to_what_they_wrote(world: World, forum: Chat) -> None:
    await say(world, forum, "/help", thread=7)
    assert forum.answer.reply_to is forum.messages[0]
    await world.say("/help")
    assert world.newest(world.ana.id).reply_to is None
    assert "How to import" in said(world)[-1]
