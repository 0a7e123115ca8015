"""Which group chats the bot works in: who brings it there, who is asked, and what their answer does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.storage.audit import audit
from bot.storage.group_chats import group_chats
from bot.usecases.records import Role
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_membership import ANONYMOUS_ADMIN
from tests.standins.telegram_state import Button, Chat, Message, Person
from tests.support.chatting import GROUP, hanging_calls, labels, said, snapshot, timed
from tests.support.groups import say
from tests.support.world import World, button_of, running, settings_for

pytestmark = pytest.mark.usefixtures("calm_log")

GREETING = "Reply to this message with a transfer code"


async def with_role(world: World, person: Person, role: Role) -> Person:
    """Somebody who has this role, and has started the bot."""
    now = world.app.clock.now()
    await world.app.store.write(lambda work: work.users.keep(person.id, person.first_name, "en", now))
    await world.app.store.write(lambda work: work.users.set_role(person.id, role, world.ana.id, now))
    return person


async def added(world: World, person: Person, chat_id: int = GROUP, title: str = "Team") -> Chat:
    group = world.telegram.add_group(chat_id, title, added_by=person)
    await world.rest()
    return group


async def states(world: World) -> dict[int, str]:
    return {row["chat_id"]: row["state"] for row in await world.rows(group_chats)}


async def noted(world: World) -> list[tuple[str, int, int]]:
    """What the audit has of group chats: what was done, by whom, where."""
    rows = await world.rows(audit)
    return [(row["kind"], row["actor_id"], row["chat_id"]) for row in rows if row["kind"].startswith("group_")]


def cards(world: World, person: Person | None = None) -> list[Message]:
    """Everything that stands in somebody's (Ana's) private chat."""
    chat = world.telegram.chat((person or world.ana).id)
    return [message for message in chat.messages if message.from_bot and not message.deleted]


# --- who brings it ----------------------------------------------------------------------------------------------------


async def test_a_group_to_which_an_admin_adds_it_is_greeted_in_their_language_and_works(world: World) -> None:
    await world.let_in(world.mai)
    await world.say("/language")
    await world.tap("Русский")
    group = await added(world, world.ana)
    [greeting] = said(world, group)
    assert "Здесь я импортирую профили ixBrowser" in greeting
    assert "ответом на это сообщение" in greeting
    assert "Which proxy?" in (await say(world, group, world.browser.offer(), world.mai))[-1]
    # Whoever is a stranger stays one.
    assert len(await say(world, group, "/import", world.sam)) == len(said(world, group)) == 3
    assert await noted(world) == [("group_joined", world.ana.id, GROUP), ("group_allowed", world.ana.id, GROUP)]


async def test_in_a_strangers_group_it_is_silent_and_the_admins_are_asked(world: World) -> None:
    await world.let_in(world.mai)
    await world.say("/help", world.mai)
    world.sam.first_name, world.sam.username = "Sam <b>&", "sam_1"
    group = await added(world, world.sam, title="<i>Shops</i> & co")
    card = world.newest(world.ana.id)
    assert "<i>Shops</i> & co" in card.text
    assert f"Sam <b>& (@sam_1, {world.sam.id})" in card.text
    assert labels(card) == ["Allow", "Refuse"]
    assert not card.silent

    before = await snapshot(world)
    for person in (world.ana, world.mai, world.sam):
        world.telegram.say(person, world.browser.offer(), group)
        world.telegram.say(person, "good morning", group)
    for text in ("/import", "/start@transfer_demo_bot", "@transfer_demo_bot hello", "/history"):
        world.telegram.say(world.mai, text, group)
        world.telegram.say(world.sam, text, group)
    old = world.telegram.post(group, world.telegram.bot, text="old")
    for person in (world.ana, world.mai, world.sam):
        world.telegram.press(person, old, Button("Import", "n:0:0:new"))
    await world.rest()
    assert said(world, group) == ["old"]
    assert await snapshot(world) == before
    assert (len(world.telegram.answers), world.popups()) == (3, [])


async def test_allow_lets_it_work_and_every_card_says_who_has_answered(world: World) -> None:
    boss = await with_role(world, world.mai, Role.ADMIN)
    group = await added(world, world.sam)
    mine, theirs = world.newest(world.ana.id), world.newest(boss.id)
    refuse = button_of(mine, "Refuse")
    await world.tap("Allow", boss, theirs)
    # On a phone that has not seen the answer yet.
    world.telegram.press(world.ana, mine, refuse)
    await world.rest()
    assert [GREETING in text for text in said(world, group)] == [True]
    assert group.closed is None
    for card in (mine, theirs):
        assert card.text == "I may work in the group chat “Team”. Mai has allowed it."
        assert card.buttons == ()
    assert len(world.popups()) == 1
    assert "out of date" in world.popups()[0]
    assert "Which proxy?" in (await say(world, group, world.browser.offer(), boss))[-1]
    assert await noted(world) == [("group_joined", world.sam.id, GROUP), ("group_allowed", boss.id, GROUP)]


async def test_refuse_leaves_it_and_for_a_week_nobody_is_question(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        group = await added(world, world.sam)
        await world.tap("Refuse")
        assert group.closed == "bot is not a member of the supergroup chat"
        assert said(world, group) == []
        assert world.newest(world.ana.id).text == "I have left the group chat “Team”. Ana has refused it."

        answered = len(cards(world))
        world.telegram.membership.bring(world.sam, group)
        await world.rest()
        assert group.closed is not None
        assert len(cards(world)) == answered
        assert await states(world) == {GROUP: "refused"}

        clock.jump(timedelta(days=7).total_seconds())
        world.telegram.membership.bring(world.sam, group)
        await world.rest()
        assert group.closed is None
        assert labels(world.newest(world.ana.id)) == ["Allow", "Refuse"]
        # It rings, and stands where it is seen.
        assert not world.newest(world.ana.id).silent
        assert len(cards(world)) == answered + 1
        # An admin's own wish outranks a refusal.
        await world.tap("Refuse")
        world.telegram.membership.bring(world.ana, group)
        await world.rest()
        assert group.closed is None
        assert await states(world) == {GROUP: "allowed"}


async def test_it_leaves_also_when_the_bot_dies_before_it_could(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        group = await added(world, world.sam)
        with hanging_calls(world, "leaveChat") as calls:
            telegram.press(world.ana, world.newest(world.ana.id), "Refuse")
            await telegram.settled(lambda: calls)
            await telegram.handled()
            # Nor can it leave while the process ends.
            telegram.down = True
    telegram.down = False
    assert group.closed is None
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        await telegram.settled(lambda: group.closed)
        await world.rest()


async def test_an_anonymous_admin_and_a_person_without_a_username_are_named_as_well_as_can_be(world: World) -> None:
    await added(world, ANONYMOUS_ADMIN)
    assert "An anonymous admin of the group chat wants me in the group chat “Team”." in world.newest(world.ana.id).text
    await added(world, world.sam, GROUP - 1, "")
    card = world.newest(world.ana.id).text
    assert f"Sam ({world.sam.id}) wants me in the group chat “without a name”." in card


async def test_a_channel_is_no_group(world: World) -> None:
    before = await snapshot(world)
    news = world.telegram.add_group(GROUP, "News", kind="channel", added_by=world.ana)
    await world.rest()
    assert said(world, news) == []
    assert await snapshot(world) == before


async def test_of_two_answers_at_once_one_counts_and_both_admins_see_whose(world: World) -> None:
    boss = await with_role(world, world.mai, Role.ADMIN)
    group = await added(world, world.sam)
    mine, theirs = world.newest(world.ana.id), world.newest(boss.id)
    world.telegram.press(boss, theirs, "Allow")
    world.telegram.press(world.ana, mine, "Refuse")
    await world.rest()
    allowed = group.closed is None
    said_of_it = "Mai has allowed it." if allowed else "Ana has refused it."
    assert mine.text == theirs.text
    assert mine.text.endswith(said_of_it)
    assert labels(mine) == labels(theirs) == []
    assert len(said(world, group)) == allowed
    assert len(world.popups()) == 1
    assert await states(world) == {GROUP: "allowed" if allowed else "refused"}


# --- where the bot does not know that it is ---------------------------------------------------------------------------


def unknown_group(world: World) -> Chat:
    """A group in which the bot is without having been told so."""
    world.telegram.group_added = lambda _: None
    return world.telegram.add_group(GROUP, "Team")


async def test_an_admin_who_writes_to_it_in_a_group_allows_it_there(world: World) -> None:
    group = unknown_group(world)
    for text in ("good morning", world.browser.offer(), "/roll@dice_bot"):
        assert await say(world, group, text) == []
    greeting, *answers = await say(world, group, f"/import {world.browser.offer()}")
    assert GREETING in greeting
    assert any("Which proxy?" in answer for answer in answers)
    assert await states(world) == {GROUP: "allowed"}


async def test_an_admin_who_writes_there_answers_for_all(world: World) -> None:
    group = await added(world, world.sam)
    greeting, _ = await say(world, group, "@transfer_demo_bot hello")
    assert GREETING in greeting
    assert world.newest(world.ana.id).text == "I may work in the group chat “Team”. Ana has allowed it."


async def test_where_a_member_writes_to_it_in_a_group_the_admins_are_asked_once(world: World) -> None:
    await world.let_in(world.mai)
    await with_role(world, world.sam, Role.VIEWER)
    group = unknown_group(world)
    await say(world, group, "/import", world.sam)
    assert await states(world) == {}
    for text in (world.browser.offer(), "/import", "/import"):
        assert await say(world, group, text, world.mai) == []
    assert [text for text in said(world) if "Team" in text] == [world.newest(world.ana.id).text]
    assert world.newest(world.ana.id).text.startswith(f"Mai ({world.mai.id}) wants me in the group chat “Team”.")
    await world.tap("Allow")
    assert "reply to this with the transfer code" in (await say(world, group, "/import", world.mai))[-1]


# --- presses that nobody was offered ----------------------------------------------------------------------------------


async def test_nobody_but_an_admin_answers_whatever_they_press(world: World) -> None:
    await world.let_in(world.mai)
    viewer = await with_role(world, world.telegram.add_person(2000, "Vi"), Role.VIEWER)
    group = await added(world, world.sam)
    [row] = await world.rows(group_chats)
    before, asked = await world.rows(group_chats), world.newest(world.ana.id).text
    entries = await noted(world)
    for person in (world.mai, viewer, world.sam):
        own = world.telegram.post(world.telegram.chat(person.id), world.telegram.bot, text="old")
        for message in (own, world.newest(world.ana.id)):
            for action in ("allow", "refuse", "refuse_all"):
                world.telegram.press(person, message, Button("?", f"g:{row['id']}:0:{action}"))
    await world.rest()
    assert await world.rows(group_chats) == before
    assert (await noted(world), group.closed) == (entries, None)
    assert (world.newest(world.ana.id).text, said(world, group)) == (asked, [])

    # An admin presses what there is not.
    for data in ("g:99:0:allow", "g:99:0:refuse_all", f"g:{row['id']}:0:left", "g:0:0:refuse"):
        world.telegram.press(world.ana, world.newest(world.ana.id), Button("?", data))
    await world.rest()
    assert await world.rows(group_chats) == before
    *refused, _, _, _, _ = world.popups()
    assert refused == ["Only an admin can do this."] * 6


# --- many at once -----------------------------------------------------------------------------------------------------


async def test_a_flood_of_groups_is_five_cards_and_two_taps_refuse_what_was_seen(world: World) -> None:
    await world.say("/help")
    groups = [world.telegram.add_group(GROUP - n, f"Shop {n}", added_by=world.sam) for n in range(50)]
    await world.rest()
    *_, card = asked = cards(world)[1:]
    assert len(asked) == 5
    assert card.text.startswith("46 group chats wait for an answer.")
    # Which come first is up to the order in which they were handled.
    assert [label.startswith("Allow: Shop ") for label in labels(card)] == [True] * 8 + [False]
    allowed = labels(card)[0].removeprefix("Allow: ")
    await world.tap(f"Allow: {allowed}", message=card)
    assert card.text.startswith("45 group chats wait")
    assert f"“{allowed}”: allowed by Ana" in card.text or "and" in card.text
    question = await world.tap("Refuse all", message=card)
    assert question.text == "Refuse 45 group chats? I leave them then."
    late = world.telegram.add_group(GROUP - 99, "Late", added_by=world.sam)
    await world.rest()
    await world.tap("Refuse all", message=question)
    assert question.text == "45 group chats were refused."
    assert not late.closed
    await world.tap("Refuse all", message=await world.tap("Refuse all", message=card))
    assert card.text.startswith("All of these group chats are answered.")
    assert labels(card) == []
    assert len([group for group in groups if group.closed]) == 45
    assert sorted(set((await states(world)).values())) == ["allowed", "refused", "waiting"]
    assert GREETING in said(world, next(group for group in groups if group.title == allowed))[0]
