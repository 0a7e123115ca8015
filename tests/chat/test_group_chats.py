"""In a group: what the bot answers there, where it asks for secrets, and what becomes of topics and of the group."""

from __future__ import annotations

import pytest

from bot.storage.tables import batches, drafts, outbox
from bot.storage.work import SqlWork
from bot.usecases.records import Place
from tests.standins.telegram_state import Chat, Message, Person
from tests.support.chatting import GROUP, labels, said, snapshot
from tests.support.groups import say, tap
from tests.support.world import ADMIN, World, button_of

pytestmark = pytest.mark.usefixtures("calm_log")


@pytest.fixture
def group(world: World) -> Chat:
    return world.telegram.add_group(GROUP, "Team")


# --- what is answered -------------------------------------------------------------------------------------------------


async def test_what_members_say_to_one_another_is_not_answered(world: World, group: Chat) -> None:
    for text in ("good morning", "12345678", "is 76686828 right?", "/roll@dice_bot", "203.0.113.7:1080"):
        assert await say(world, group, text) == []
    world.telegram.send_photo(world.ana, chat=group)
    world.telegram.send_sticker(world.ana, group)
    await world.rest()
    assert said(world, group) == []


async def test_a_code_is_answered_whatever_stands_around_it(world: World, group: Chat) -> None:
    [_, card] = await say(world, group, f"can somebody take {world.browser.offer()} please?")
    assert "Which proxy?" in card


async def test_a_code_in_a_caption_is_answered(world: World, group: Chat) -> None:
    world.telegram.send_photo(world.ana, world.browser.offer(), group)
    await world.rest()
    assert "Which proxy?" in group.answer.text


@pytest.mark.parametrize("command", ["/help", "/help@transfer_demo_bot", "/history", "/cancel"])
async def test_commands_are_answered(world: World, group: Chat, command: str) -> None:
    assert len(await say(world, group, command)) == 1


async def test_a_command_that_names_another_bot_is_not_answered(world: World, group: Chat) -> None:
    assert await say(world, group, "/help@dice_bot") == []


async def test_a_reply_to_the_bot_is_answered(world: World, group: Chat) -> None:
    await say(world, group, "/help")
    answer = group.answer
    assert "Send me a transfer code" in (await say(world, group, "and now?", reply_to=answer))[-1]
    assert "I don't know this command" in (await say(world, group, "/improt", reply_to=answer))[-1]


async def test_a_reply_to_somebody_else_is_not_answered(world: World, group: Chat) -> None:
    await say(world, group, "good morning")
    assert await say(world, group, "hello", reply_to=group.last) == []


async def test_an_edited_message_is_answered_only_where_the_bot_was_meant(world: World, group: Chat) -> None:
    await say(world, group, "good morning")
    own = group.last
    world.telegram.edit(world.ana, own, "good evening")
    await world.rest()
    assert said(world, group) == []
    world.telegram.edit(world.ana, own, world.browser.offer())
    await world.rest()
    assert "Which proxy?" in group.answer.text


async def test_an_import_in_a_group_goes_to_its_end_there(world: World, group: Chat) -> None:
    await say(world, group, world.browser.offer("Shop"))
    await tap(world, group, "Keep")
    result = await tap(world, group, "✅ Import")
    assert "“Shop”" in result.text
    [row] = await world.log()
    assert (row["chat_id"], row["user_id"]) == (GROUP, ADMIN)


async def test_typing_part_of_a_groups_name_works_as_a_reply(world: World, group: Chat) -> None:
    world.browser.add_group("Shops")
    world.browser.add_group("Ads")
    await say(world, group, world.browser.offer())
    card = group.answer
    await say(world, group, "sho")
    assert group.answer is card
    await say(world, group, "sho", reply_to=card)
    assert "Shops" in labels(group.answer)
    assert "Ads" not in labels(group.answer)


async def test_each_member_has_a_draft_of_their_own(world: World, group: Chat) -> None:
    await world.let_in(world.mai)
    await say(world, group, world.browser.offer())
    await say(world, group, world.browser.offer(), world.mai)
    rows = await world.rows(drafts)
    assert [(row["user_id"], row["chat_id"]) for row in rows] == [(ADMIN, GROUP), (world.mai.id, GROUP)]


async def test_somebody_elses_card_is_not_mine_to_press(world: World, group: Chat) -> None:
    await world.let_in(world.mai)
    await say(world, group, world.browser.offer())
    before = await snapshot(world)
    await tap(world, group, "Keep", world.mai)
    await tap(world, group, "Cancel", world.mai)
    assert world.popups() == ["This card belongs to Ana."] * 2
    after = await snapshot(world)
    assert (after["drafts"], after["draft_codes"]) == (before["drafts"], before["draft_codes"])


async def test_a_card_names_whose_it_is_and_replies_to_their_message(world: World, group: Chat) -> None:
    await world.let_in(world.mai)
    await say(world, group, world.browser.offer())
    assert owner_of(group.card) == ("👤 Ana", newest_of(group, world.ana))
    await say(world, group, world.browser.offer("Shop"), world.mai)
    assert owner_of(group.card) == ("👤 Mai", newest_of(group, world.mai))
    await say(world, group, "/import")
    assert owner_of(group.card) == ("👤 Ana", newest_of(group, world.ana))
    assert newest_of(group, world.ana).text == "/import"


def owner_of(card: Message) -> tuple[str, Message | None]:
    """Whose a card is, as it says, and what it replies to."""
    return card.text.splitlines()[0], card.reply_to


def newest_of(group: Chat, person: Person) -> Message:
    return group.newest(lambda message: message.sender is person)


async def test_a_result_is_told_to_whose_it_is(world: World, group: Chat) -> None:
    await say(world, group, world.browser.offer("Shop"))
    typed = group.messages[0]
    await tap(world, group, "Keep")
    result = await tap(world, group, "✅ Import")
    assert owner_of(result) == ("👤 Ana", typed)


async def test_what_is_replied_to_may_be_deleted_meanwhile(world: World, group: Chat) -> None:
    world.telegram.say(world.ana, world.browser.offer(), group)
    world.telegram.delete(group.last)
    await world.rest()
    assert owner_of(group.card) == ("👤 Ana", None)


async def test_in_private_a_card_names_nobody_and_replies_to_nothing(world: World) -> None:
    card = await world.say(world.browser.offer())
    assert ("👤" in card.text, card.reply_to) == (False, None)


# --- secrets ----------------------------------------------------------------------------------------------------------


async def test_secrets_are_not_asked_for_in_a_group(world: World, group: Chat) -> None:
    [_, card] = await say(world, group, world.browser.offer())
    assert "private chat" in card
    assert not {"Custom", "Extraction link"} & set(labels(group.answer))


async def test_a_last_choice_that_needs_a_password_is_asked_anew_in_a_group(world: World, group: Chat) -> None:
    await world.say(world.browser.offer())
    await world.tap("Custom")
    await world.say("socks5://ana:s3cret@203.0.113.7:1080")
    await world.tap("✅ Import")
    card = (await say(world, group, world.browser.offer()))[-1]
    assert "Which proxy?" in card
    assert "Type the password" not in card


@pytest.mark.parametrize("can_delete", [True, False])
async def test_a_secret_that_is_typed_there_all_the_same_is_deleted_or_said_to_stay(
    world: World, *, can_delete: bool
) -> None:
    group = world.telegram.add_group(GROUP, "Team", can_delete=can_delete)
    await say(world, group, world.browser.offer())
    await say(world, group, "socks5://ana:s3cret@203.0.113.7:1080", reply_to=group.card)
    typed = next(message for message in group.messages if "s3cret" in message.text)
    assert typed.deleted is can_delete
    assert any("I can't delete it" in text for text in said(world, group)) is not can_delete
    tables = await snapshot(world)
    assert [row["value"] for row in tables.pop("secrets")] == ["s3cret"]
    assert "s3cret" not in str(tables)


# --- topics -----------------------------------------------------------------------------------------------------------


async def test_answers_go_to_the_topic_in_which_it_began(world: World) -> None:
    forum = world.telegram.add_group(GROUP, "Team", threads=(7, 8))
    await say(world, forum, world.browser.offer(), thread=8)
    await tap(world, forum, "Keep")
    await tap(world, forum, "✅ Import")
    world.telegram.say(world.ana, "/help", forum, 7)
    await world.rest()
    assert {message.thread for message in forum.messages[:-2] if message.from_bot} == {8}
    assert forum.answer.thread == 7
    [row] = await world.rows(batches)
    assert row["thread_id"] == 8


@pytest.mark.parametrize("words", ["message thread not found", "TOPIC_CLOSED", "TOPIC_DELETED"])
async def test_what_belongs_into_a_topic_that_is_gone_goes_to_the_group(world: World, words: str) -> None:
    forum = world.telegram.add_group(GROUP, "Team", threads=(7,))
    world.telegram.fail("sendMessage", 400, f"Bad Request: {words}")
    await say(world, forum, "/help", thread=7)
    assert "How to import" in forum.answer.text
    assert forum.answer.thread is None


# --- a group that becomes a supergroup --------------------------------------------------------------------------------

SUPERGROUP = -1002000


async def test_an_open_import_goes_on_in_the_supergroup(world: World) -> None:
    old = world.telegram.add_group(-77, "Team", kind="group")
    await say(world, old, world.browser.offer("Shop"))
    new = world.telegram.migrate(world.sam, old, SUPERGROUP)
    await world.rest()
    world.telegram.say(world.ana, "/import", new)
    await world.rest()
    assert "Which proxy?" in new.answer.text
    await tap(world, new, "Keep")
    assert "“Shop”" in (await tap(world, new, "✅ Import")).text
    assert len(await world.rows(drafts)) == 1


async def test_the_cards_of_the_old_group_are_not_looked_for_in_the_new(world: World) -> None:
    """Messages are counted anew there: what has the old number is another one."""
    old = world.telegram.add_group(-77, "Team", kind="group")
    await say(world, old, world.browser.offer())
    card = old.answer
    new = world.telegram.migrate(world.ana, old, SUPERGROUP)
    other = new.by_id[card.id] = world.telegram.post(new, world.telegram.bot, text="something else of the bot's")
    await say(world, new, "/import")
    assert "Which proxy?" in new.answer.text
    await tap(world, new, "Keep")
    assert (other.text, other.deleted) == ("something else of the bot's", False)


async def test_what_was_still_to_be_edited_or_deleted_there_is_no_more(world: World) -> None:
    old = world.telegram.add_group(-77, "Team", kind="group")
    here = Place(ADMIN, old.id, None, "en")
    new = world.telegram.add_group(SUPERGROUP, "Team")
    others = [world.telegram.post(new, world.telegram.bot, text=f"number {number}") for number in range(3)]

    def change(work: SqlWork) -> None:
        now = world.app.clock.now()
        work.outbox.say(here, "A page", now, edit_message_id=others[0].id)
        work.outbox.delete_card(here, others[1].id, now)
        work.outbox.delete_secret(here, others[2].id, deleted_text="", refused_text="It stays", now=now)
        work.cards.move_chat(old.id, new.id)

    await world.app.store.write(change)
    world.app.presenter.tell(new.id)
    await world.rest()
    assert said(world, new) == ["number 0", "number 1", "number 2", "A page", "It stays"]


async def test_a_result_that_comes_after_the_move_is_told_in_the_supergroup(world: World) -> None:
    old = world.telegram.add_group(-77, "Team", kind="group")
    await say(world, old, world.browser.offer("Shop"))
    await tap(world, old, "Keep")
    world.browser.import_seconds = 0.3
    world.telegram.press(world.ana, old.card, button_of(old.card, "✅ Import"))
    await world.telegram.settled(lambda: "Importing" in old.answer.text)
    # The message about it is lost; the bot hears of the move when it writes.
    new = world.telegram.migrate(world.ana, old, SUPERGROUP)
    world.telegram.updates.clear()
    await world.telegram.settled(lambda: "“Shop”" in new.answer.text)
    await world.rest()
    [row] = await world.log()
    assert row["chat_id"] == SUPERGROUP
    assert await world.rows(outbox) == []
