"""What is typed where buttons ask which proxy: ordinary messages stay, and what may hold a login does not."""

from __future__ import annotations

import pytest

from bot.domain.draft import Step
from bot.domain.message_secrets import secrets_in
from bot.domain.transfer_code import find_codes
from bot.usecases.message_deletion import DELETED
from bot.usecases.records import Place
from bot.usecases.sent_messages import Message as SentMessage
from bot.usecases.sent_messages import TakeText
from tests.domain.test_message_secrets import ORDINARY
from tests.standins.telegram_state import Chat, Message
from tests.support.chatting import GROUP, labels, said
from tests.support.groups import say
from tests.support.journeys import ASKS, asked, furnish
from tests.support.world import World, button_of

DELETED_TEXT = "I deleted your message, because it contained a password or a key."
ASKED = ASKS[Step.PROXY]


@pytest.fixture
async def asked_in_group(world: World) -> Chat:
    group = world.telegram.add_group(GROUP, "Team", can_delete=True)
    assert ASKED in (await say(world, group, world.browser.offer()))[-1]
    return group


def last_typed(world: World, chat: Chat | int) -> Message:
    return [message for message in world.telegram.chat(chat).messages if not message.from_bot][-1]


@pytest.fixture
async def asked_for_proxy(world: World) -> None:
    assert ASKED in (await world.say(world.browser.offer())).text


def test_no_ordinary_message_is_deleted() -> None:
    where = Place(1, 1, None, "en")

    def of(text: str) -> SentMessage:
        found = secrets_in(text, Step.PROXY)
        return SentMessage(TakeText(where, text, addressed=True), None, Step.PROXY, found, find_codes(found.rest))

    assert [text for text in ORDINARY if of(text).answer_fate in DELETED] == []


@pytest.mark.usefixtures("asked_for_proxy")
@pytest.mark.parametrize("text", ["ok", "thank you!!! 👍", "Do we have a proxy for Spain?", "Shop 01"])
async def test_an_ordinary_message_stays_and_cannot_be_read(world: World, text: str) -> None:
    card = await world.say(text)
    assert not last_typed(world, world.ana.id).deleted
    assert ASKED in card.text
    assert "I can't read a proxy in this." in card.text or "I see no proxy address in this." in card.text
    assert all("Delete my message" not in labels(each) for each in world.telegram.chat(world.ana.id).messages)


@pytest.mark.usefixtures("asked_for_proxy")
@pytest.mark.parametrize("text", ["Password: ask Kim", "ASIN B08N5WRWNW lost the buy box"])
async def test_a_doubtful_message_stays_with_a_button(world: World, text: str) -> None:
    card = await world.say(text)
    assert ASKED in card.text
    assert not last_typed(world, world.ana.id).deleted
    [offer] = [each for each in world.telegram.chat(world.ana.id).messages if "Delete my message" in labels(each)]
    world.telegram.press(world.ana, offer, button_of(offer, "Delete my message"))
    await world.rest()
    assert last_typed(world, world.ana.id).deleted


@pytest.mark.usefixtures("asked_for_proxy")
@pytest.mark.parametrize("text", ["tomuser:PLANTED605", "tomuser PLANTED605", "45.67.89.11:99999:tomuser:PLANTED605"])
async def test_what_may_hold_a_login_is_deleted_with_one_sentence(world: World, text: str) -> None:
    card = await world.say(text)
    assert last_typed(world, world.ana.id).deleted
    assert ASKED in card.text
    assert said(world).count(DELETED_TEXT) == 1
    assert "PLANTED" not in "\n".join(said(world))


@pytest.mark.usefixtures("asked_for_proxy")
async def test_what_is_used_is_deleted_with_one_sentence(world: World) -> None:
    card = await world.say("socks5://tomuser:PLANTED605@45.67.89.11:8000")
    assert "Proxy: socks5 45.67.89.11:8000 as tomuser" in card.text
    assert last_typed(world, world.ana.id).deleted
    assert said(world).count(DELETED_TEXT) == 1


@pytest.mark.usefixtures("asked_for_proxy")
async def test_what_can_also_be_a_name_is_used_and_stays_with_a_button(world: World) -> None:
    card = await world.say("vk.com:12:Anna:Petr")
    assert ASKS[Step.CUSTOM_TYPE] in card.text
    assert not last_typed(world, world.ana.id).deleted
    assert any("There is a password or a key in your message." in text for text in said(world))


@pytest.mark.usefixtures("asked_for_proxy")
async def test_a_proxy_without_a_login_is_used_and_stays(world: World) -> None:
    assert ASKS[Step.CUSTOM_TYPE] in (await world.say("203.0.113.7:8080")).text
    assert not last_typed(world, world.ana.id).deleted


@pytest.mark.usefixtures("asked_for_proxy")
@pytest.mark.parametrize(("text", "deleted"), [("thank you all", False), ("tomuser:PLANTED605", True)])
async def test_of_messages_that_are_edited_the_same_are_deleted(world: World, text: str, *, deleted: bool) -> None:
    await world.say("thank you")
    own = last_typed(world, world.ana.id)
    world.telegram.edit(world.ana, own, text)
    await world.rest()
    assert own.deleted is deleted
    assert any(DELETED_TEXT in each for each in said(world)) is deleted
    assert "PLANTED" not in "\n".join(said(world))


@pytest.mark.parametrize("text", ["ok thanks", "Shop 01"])
async def test_in_a_group_an_ordinary_reply_stays(world: World, asked_in_group: Chat, text: str) -> None:
    await say(world, asked_in_group, text, reply_to=asked_in_group.card)
    assert not last_typed(world, asked_in_group).deleted
    assert "Tap one below." in asked_in_group.card.text


@pytest.mark.parametrize("text", ["tomuser:PLANTED605", "tomuser PLANTED605"])
async def test_in_a_group_a_reply_that_may_hold_a_login_is_deleted_with_one_sentence(
    world: World, asked_in_group: Chat, text: str
) -> None:
    answers = await say(world, asked_in_group, text, reply_to=asked_in_group.card)
    assert last_typed(world, asked_in_group).deleted
    assert answers.count(DELETED_TEXT) == 1
    assert "PLANTED" not in "\n".join(answers)


BESIDE_BUTTONS = [Step.READING, Step.CUSTOM_TYPE, Step.LINK_TYPE, Step.FORMAT, Step.METHOD]


@pytest.mark.parametrize("step", BESIDE_BUTTONS)
@pytest.mark.parametrize(("text", "deleted"), [("thank you all", False), ("tomuser:PLANTED605", True)])
async def test_so_it_is_beside_all_buttons_of_a_proxy(world: World, step: Step, text: str, *, deleted: bool) -> None:
    furnish(world.browser)
    await asked(world, step)
    told = said(world).count(DELETED_TEXT)
    card = await world.say(text)
    assert last_typed(world, world.ana.id).deleted is deleted
    assert ASKS[step] in card.text
    assert said(world).count(DELETED_TEXT) - told == int(deleted)
    assert "PLANTED" not in "\n".join(said(world))
