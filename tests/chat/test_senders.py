"""Whoever can send something: each gets an answer, or the silence that ``bot.chat.incoming_update`` lists."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from telegram import Update
from telegram.constants import UpdateType

from bot.chat.incoming_update import NAME_LENGTH, TELEGRAMS_OWN
from bot.storage.tables import users
from tests.support.chatting import GROUP, said, snapshot
from tests.support.updates import deliver
from tests.support.world import ADMIN, MEMBER, World

pytestmark = pytest.mark.usefixtures("calm_log")

CHANNEL = -1002
ANA = {"id": ADMIN, "is_bot": False, "first_name": "Ana", "language_code": "en"}
BOT = {"id": 5000, "is_bot": True, "first_name": "Another bot", "username": "other_bot"}
PRIVATE = {"id": ADMIN, "type": "private", "first_name": "Ana"}
TEAM = {"id": GROUP, "type": "supergroup", "title": "Team"}
NEWS = {"id": CHANNEL, "type": "channel", "title": "News"}
CODE = "76686828-89727101"


def message(chat: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A message with a transfer code, as the Bot API writes it."""
    return {"message_id": 90, "date": 1, "chat": chat, "text": CODE, **fields}


def texts_of(world: World) -> list[str]:
    """Everything that the bot has said, wherever."""
    return [text for chat in (world.ana, world.mai, world.sam) for text in said(world, chat)]


# --- kinds of updates -------------------------------------------------------------------------------------------------

_RIGHTS = dict.fromkeys(
    (
        "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
        "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
        "can_delete_stories",
    ),
    False,
)  # fmt: skip
_MEMBER = {"status": "member", "user": ANA}
_ADMIN = {"status": "administrator", "user": ANA, "can_be_edited": False, **_RIGHTS}
_CHANGED = {"chat": TEAM, "from": ANA, "date": 1, "old_chat_member": _MEMBER, "new_chat_member": _ADMIN}
_BOOST = {"boost_id": "b", "add_date": 1, "expiration_date": 2, "source": {"source": "premium", "user": ANA}}
_POLL = {
    "id": "1", "question": CODE, "options": [{"text": CODE, "voter_count": 1, "persistent_id": "0"}],
    "total_voter_count": 1, "is_closed": False, "is_anonymous": True, "type": "regular",
    "allows_multiple_answers": False, "allows_revoting": False, "members_only": False,
}  # fmt: skip

#: An update of every kind that the bot does not ask for, as an admin brings it about.
PASSED_OVER: dict[str, dict[str, Any]] = {
    "channel_post": message(NEWS, sender_chat=NEWS),
    "edited_channel_post": message(NEWS, sender_chat=NEWS, edit_date=2) | {"from": ANA},
    "business_connection": {"id": "c", "user": ANA, "user_chat_id": ADMIN, "date": 1, "is_enabled": True},
    "business_message": message(PRIVATE, business_connection_id="c") | {"from": ANA},
    "edited_business_message": message(PRIVATE, business_connection_id="c", edit_date=2) | {"from": ANA},
    "deleted_business_messages": {"business_connection_id": "c", "chat": PRIVATE, "message_ids": [1]},
    "guest_message": message(TEAM, guest_query_id="g", guest_bot_caller_user=ANA) | {"from": ANA},
    "message_reaction": {
        "chat": TEAM, "message_id": 1, "user": ANA, "date": 1,
        "old_reaction": [], "new_reaction": [{"type": "emoji", "emoji": "👍"}],
    },
    "message_reaction_count": {"chat": TEAM, "message_id": 1, "date": 1, "reactions": []},
    "inline_query": {"id": "1", "from": ANA, "query": CODE, "offset": ""},
    "chosen_inline_result": {"result_id": "1", "from": ANA, "query": CODE},
    "shipping_query": {"id": "1", "from": ANA, "invoice_payload": CODE, "shipping_address": {
        "country_code": "VN", "state": "", "city": "", "street_line1": "", "street_line2": "", "post_code": "",
    }},
    "pre_checkout_query": {"id": "1", "from": ANA, "currency": "XTR", "total_amount": 1, "invoice_payload": CODE},
    "purchased_paid_media": {"from": ANA, "paid_media_payload": CODE},
    "poll": _POLL,
    "poll_answer": {"poll_id": "1", "user": ANA, "option_ids": [0], "option_persistent_ids": ["0"]},
    "chat_member": _CHANGED,
    "chat_join_request": {"chat": TEAM, "from": ANA, "user_chat_id": ADMIN, "date": 1},
    "chat_boost": {"chat": TEAM, "boost": _BOOST},
    "removed_chat_boost": {"chat": TEAM, "boost_id": "b", "remove_date": 2, "source": _BOOST["source"]},
    "managed_bot": {"user": ANA, "bot": BOT},
    "of_a_kind_that_is_new": {"from": ANA, "text": CODE},
}  # fmt: skip


def test_every_kind_of_update_is_tried() -> None:
    asked_for = {UpdateType.MESSAGE, UpdateType.EDITED_MESSAGE, UpdateType.CALLBACK_QUERY, UpdateType.MY_CHAT_MEMBER}
    assert {str(kind) for kind in UpdateType if kind not in asked_for} <= set(PASSED_OVER)


async def test_what_is_not_asked_for_is_passed_over_in_silence(world: World) -> None:
    world.telegram.add_group(GROUP, "Team")
    before = await snapshot(world)

    for kind, update in PASSED_OVER.items():
        world.telegram.raw_update({kind: update})
        await world.rest()

        assert texts_of(world) == [], kind
        assert said(world, world.telegram.chat(GROUP)) == [], kind
        assert await snapshot(world) == before, kind
        assert world.telegram.updates.pending == [], kind


async def test_no_kind_is_refused_by_the_parser(world: World) -> None:
    # Or else it would be passed over for another reason than the one that is tried.
    for kind in PASSED_OVER.keys() & set(Update.__slots__):
        parsed = Update.de_json({"update_id": 1, kind: PASSED_OVER[kind]}, world.app.telegram.bot)
        assert getattr(parsed, kind) is not None, kind


# --- senders of messages ----------------------------------------------------------------------------------------------

_LINKED = {
    "is_automatic_forward": True,
    "forward_origin": {"type": "channel", "date": 1, "chat": NEWS, "message_id": 4},
}

#: Who can't be told by their message, or is no person.
HIDDEN: dict[str, dict[str, Any]] = {
    "an anonymous admin": {
        "from": {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"},
        "sender_chat": TEAM,
        "author_signature": "Boss",
    },
    "an anonymous admin whose group is not told": {"from": {"id": 1087968824, "is_bot": False, "first_name": "Group"}},
    "a channel": {
        "from": {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"},
        "sender_chat": NEWS,
    },
    "a linked channel": {
        "from": {"id": 777000, "is_bot": False, "first_name": "Telegram"},
        "sender_chat": NEWS,
        **_LINKED,
    },
    "Telegram itself": {"from": {"id": 777000, "is_bot": False, "first_name": "Telegram"}},
    "an admin's name and a channel": {"from": ANA, "sender_chat": NEWS},
    "another bot": {"from": BOT},
    "a bot for another bot": {"from": BOT, "via_bot": BOT},
    "nobody": {},
}


async def test_who_can_not_be_told_gets_no_answer(world: World) -> None:
    world.telegram.add_group(GROUP, "Team")
    before = await snapshot(world)

    for who, kind in itertools.product(HIDDEN, ("message", "edited_message")):
        for text in (CODE, "/import", "/start@transfer_demo_bot", "hello"):
            entities = [{"type": "bot_command", "offset": 0, "length": len(text)}] if text.startswith("/") else []
            world.telegram.raw_update({kind: message(TEAM, **HIDDEN[who]) | {"text": text, "entities": entities}})
        await world.rest()

        assert said(world, world.telegram.chat(GROUP)) == [], (who, kind)
        assert await snapshot(world) == before, (who, kind)


@pytest.mark.parametrize("telegrams", sorted(TELEGRAMS_OWN))
async def test_to_let_in_what_is_telegrams_own_lets_in_nobody(world: World, telegrams: int) -> None:
    group = world.telegram.add_group(GROUP, "Team")
    await world.say(f"/allow {telegrams}")
    sender = {"from": {"id": telegrams, "is_bot": False, "first_name": "Group"}}
    world.telegram.raw_update({"message": message(TEAM, **sender)})
    await world.rest()
    assert said(world, group) == []


async def test_the_direct_messages_of_a_channel_get_no_answer(world: World) -> None:
    group = world.telegram.add_group(GROUP, "News")
    chat = {**TEAM, "is_direct_messages": True}
    topic = {"topic_id": 7, "user": ANA}
    world.telegram.raw_update({"message": message(chat, direct_messages_topic=topic) | {"from": ANA}})
    await world.rest()
    assert said(world, group) == []


_ORIGINS = {
    "a person": {"type": "user", "date": 1, "sender_user": {"id": 7, "is_bot": False, "first_name": "Kim"}},
    "a hidden person": {"type": "hidden_user", "date": 1, "sender_user_name": "Kim"},
    "a group": {"type": "chat", "date": 1, "sender_chat": TEAM},
    "a channel": {"type": "channel", "date": 1, "chat": NEWS, "message_id": 4},
    "a bot": {"type": "user", "date": 1, "sender_user": BOT},
}


@pytest.mark.parametrize("origin", _ORIGINS)
async def test_what_somebody_forwards_is_theirs(world: World, origin: str) -> None:
    world.telegram.raw_update({"message": message(PRIVATE, forward_origin=_ORIGINS[origin]) | {"from": ANA}})
    await world.rest()
    assert "Which proxy?" in world.newest(world.ana.id).text


async def test_what_somebody_types_with_the_help_of_another_bot_is_theirs(world: World) -> None:
    world.telegram.raw_update({"message": message(PRIVATE, via_bot=BOT) | {"from": ANA}})
    await world.rest()
    assert "Which proxy?" in world.newest(world.ana.id).text


# --- presses ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "press",
    [
        {"inline_message_id": "i", "data": "n:0:0:new"},
        {"inline_message_id": "i", "game_short_name": "g"},
        {"message": {"chat": NEWS, "message_id": 5, "date": 0}, "data": "n:0:0:new", "from": BOT},
    ],
    ids=["inline", "a game", "a bot"],
)
async def test_a_press_that_is_on_no_message_of_the_bots_is_passed_over(world: World, press: dict[str, Any]) -> None:
    before = await snapshot(world)
    world.telegram.raw_update({"callback_query": {"id": "1", "from": ANA, "chat_instance": "c", **press}})
    await world.rest()
    assert texts_of(world) == []
    assert await snapshot(world) == before


@pytest.mark.parametrize("what", [{"data": "n:0:0:new"}, {"game_short_name": "g"}, {}], ids=["data", "game", "nothing"])
async def test_a_press_on_a_message_that_is_out_of_reach_does_no_harm(world: World, what: dict[str, Any]) -> None:
    out_of_reach = {"chat": PRIVATE, "message_id": 5, "date": 0}
    query = {"id": "1", "from": ANA, "chat_instance": "c", "message": out_of_reach, **what}
    world.telegram.raw_update({"callback_query": query})
    await world.rest()
    assert len(said(world)) == ("data" in what)


async def test_an_anonymous_admin_is_known_by_their_press(world: World) -> None:
    group = world.telegram.add_group(GROUP, "Team")
    world.telegram.say(world.ana, world.browser.offer(), group)
    await world.rest()
    # What is pressed on stands in the group; Telegram names the person all the same.
    world.telegram.press(world.ana, group.card, group.card.all_buttons[0])
    await world.rest()
    assert "Import this profile?" in group.answer.text


# --- names ------------------------------------------------------------------------------------------------------------


async def known_as(world: World, update_id: int, **sender: Any) -> str:
    """The name that is noted of Mai after a message that says who she is in this way."""
    chat = {"id": MEMBER, "type": "private", "first_name": ""}
    fields = {"id": MEMBER, "is_bot": False, **sender}
    update = {"update_id": update_id, "message": message(chat) | {"text": "/start", "from": fields} | _START}
    await deliver(world, update)
    [name] = [row["name"] for row in await world.rows(users) if row["id"] == MEMBER]
    return str(name)


_START = {"entities": [{"type": "bot_command", "offset": 0, "length": 6}]}


NAMES: list[tuple[dict[str, Any], str]] = [
    ({"first_name": "Mai"}, "Mai"),
    ({"first_name": "Mai", "last_name": "Le"}, "Mai Le"),
    ({"first_name": "", "last_name": "Le"}, "Le"),
    ({"first_name": "", "username": "mai_le"}, "@mai_le"),
    ({"first_name": ""}, str(MEMBER)),
    ({"first_name": "\u3164"}, str(MEMBER)),
    ({"first_name": "\u2800\u200d\u202e", "username": "mai_le"}, "@mai_le"),
    ({"first_name": "Mai\u202egnp.exe"}, "Maignp.exe"),
    ({"first_name": "\u2067Mai", "last_name": "\u200fLe\u2069"}, "Mai Le"),
    ({"first_name": "Mai\nBot:\t✅"}, "Mai Bot: ✅"),
    ({"first_name": "Mai\x00\x1b[31m"}, "Mai [31m"),
    ({"first_name": "👩\u200d💻"}, "👩\u200d💻"),
    ({"first_name": "مریم\u200cها"}, "مریم\u200cها"),
    ({"first_name": "\ud83d"}, "\N{REPLACEMENT CHARACTER}"),
    ({"first_name": "x" * 400}, "x" * NAME_LENGTH),
    ({"first_name": "🛒" * 400}, "🛒" * NAME_LENGTH),
]


async def test_somebody_is_called_by_what_can_be_seen_of_their_name(world: World) -> None:
    await world.let_in(world.mai)
    for update_id, (sender, name) in enumerate(NAMES, start=9000):
        assert await known_as(world, update_id, **sender) == name
        assert f"Hello {'👋' if name == str(MEMBER) else name}" in world.newest(MEMBER).text
        assert name[:20] in (await world.say("/allow")).text


async def test_somebody_without_a_name_can_import(world: World) -> None:
    await world.let_in(world.mai)
    world.mai.first_name = ""
    await world.say(world.browser.offer(), world.mai)
    await world.tap("Keep", world.mai)
    await world.tap("✅ Import", world.mai)
    [row] = await world.log()
    assert (row["status"], row["user_name"]) == ("imported", str(MEMBER))


async def test_a_stranger_without_a_name_is_told_their_id(world: World) -> None:
    world.sam.first_name = ""
    assert str(world.sam.id) in (await world.say("Hello?", world.sam)).text
