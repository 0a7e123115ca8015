"""An admin invites somebody by a link: made, forwarded, opened, revoked, and what all admins see of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.invitations import invitations
from bot.storage.tables import outbox
from bot.usecases.records import Role
from tests.support.chatting import GROUP, all_run, imported, labels, said, snapshot, timed
from tests.support.invitations import follow, invite, link_in
from tests.support.jumping_clock import JumpingClock
from tests.support.members import role_of
from tests.support.world import ADMIN, STRANGER, World, running, settings_for

pytestmark = pytest.mark.usefixtures("calm_log")

KIM = 4711


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[tuple[World, JumpingClock]]:
    async with timed(tmp_path) as (world, clock):
        yield world, clock


async def test_a_link_is_chosen_made_forwarded_and_opened(world: World) -> None:
    world.sam.username = "sam_s"
    card = await world.say("/invite")
    assert labels(card) == [
        *("✓ Member", "Viewer"),
        *("✓ 👤 1", "👤 5", "👤 20", "👤 100"),
        *("⏱ 1 hour", "✓ ⏱ 24 hours", "⏱ 7 days"),
        *("Make link", "Choose a person", "Open invitations"),
    ]
    message = await world.tap("Make link", message=card)
    assert "Forward the message below" in card.text
    assert message.text.startswith("Ana invites you to a private bot.")
    assert "It works once, until" in message.text
    assert (message.buttons, message.silent) == ((), True)

    welcome = await follow(world, link_in(message))
    assert welcome.text.startswith("Welcome, Sam! You can use this bot now.")
    assert await role_of(world, STRANGER) == "member"
    assert message.text == "✅ This invitation has been used. Its link no longer works."
    assert world.card().text == f"👋 Sam (@sam_s, {STRANGER}) joined with an invitation from Ana.\nRole: Member"
    assert "Imported" in (await imported(world, person=world.sam)).text


async def test_what_is_chosen_is_ticked_and_is_what_the_link_does(world: World) -> None:
    card = await world.say("/invite")
    for label, ticked in (("Viewer", "✓ Viewer"), ("👤 5", "✓ 👤 5"), ("⏱ 7 days", "✓ ⏱ 7 days")):
        await world.tap(label, message=card)
        assert ticked in labels(card)
    message = await world.tap("Make link", message=card)
    assert "Viewer · 0 of 5 used · until " in card.text
    assert "It works for 5 people, until " in message.text
    welcome = await follow(world, link_in(message))
    assert "/history" in welcome.text
    assert labels(welcome) == []
    assert await role_of(world, STRANGER) == "viewer"
    assert "invites you" in message.text
    await world.tap("Open invitations", message=card)
    assert "1. Viewer · 1 of 5 used · until " in card.text


async def test_two_taps_make_one_link(world: World) -> None:
    card = await world.say("/invite")
    for _ in range(2):
        world.telegram.press(world.ana, card, "Make link")
    await world.rest()
    assert [row["state"] for row in await world.rows(invitations)] == ["open"]
    assert len([text for text in said(world) if "invites you" in text]) == 1
    assert world.popups() == ["This button is out of date. The card shows the current state."]


async def test_the_link_is_in_no_row_and_no_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    link = await invite(world)
    token = link.partition("start=i_")[2]
    assert len(token) == 32
    assert token not in str(await snapshot(world))
    assert await world.rows(outbox) == []
    await follow(world, link)
    assert token not in caplog.text


async def test_the_open_ones_are_listed_and_each_can_be_revoked(world: World) -> None:
    links = [await invite(world) for _ in range(3)]
    card = await world.say("/invite")
    await world.tap("Open invitations", message=card)
    assert labels(card) == ["Revoke 1", "Revoke 2", "Revoke 3", "New invitation"]
    assert card.text.count("Member · 0 of 1 used · until") == card.text.count("by Ana") == 3
    await world.tap("Revoke 1", message=card)
    assert labels(card) == ["Revoke 1", "Revoke 2", "New invitation"]
    assert "This invitation is not valid any more." in (await follow(world, links[2])).text
    assert "Welcome" in (await follow(world, links[1])).text
    for _ in range(2):
        await world.tap("Revoke 1", message=card)
    assert card.text == "There are no open invitations."
    assert len([text for text in said(world) if "was revoked. Its link" in text]) == 2
    await world.tap("New invitation", message=card)
    assert "Make link" in labels(card)


async def test_a_link_can_be_revoked_where_it_was_made(world: World) -> None:
    card = await world.say("/invite")
    link = link_in(await world.tap("Make link", message=card))
    world.telegram.press(world.ana, card, "Revoke")
    await world.rest()
    assert card.text == "There are no open invitations."
    assert "not valid any more" in (await follow(world, link)).text


async def test_a_list_of_many_has_pages(world: World) -> None:
    for _ in range(9):
        await invite(world)
    card = await world.say("/invite")
    await world.tap("Open invitations", message=card)
    assert labels(card)[-2:] == ["Next ›", "New invitation"]
    await world.tap("Next", message=card)
    assert labels(card) == ["Revoke 9", "‹ Previous", "New invitation"]
    await world.tap("Revoke 9", message=card)
    assert labels(card)[-1:] == ["New invitation"]
    assert len([label for label in labels(card) if label.startswith("Revoke")]) == 8


async def test_its_time_ends_and_its_message_says_so(scene: tuple[World, JumpingClock]) -> None:
    world, clock = scene
    link = await invite(world, "⏱ 1 hour")
    message = world.newest(ADMIN)
    clock.jump(3601)
    assert "This invitation is too old." in (await follow(world, link)).text
    await world.app.housekeeping.tidy()
    await all_run(world)
    await world.rest()
    assert message.text.startswith("⌛ This invitation is too old now.")


async def test_every_admin_sees_who_has_come_and_one_of_them_removes_them(tmp_path: Path) -> None:
    async with running(settings_for(tmp_path, admin_ids=frozenset({ADMIN, KIM}))) as world:
        kim = world.telegram.add_person(KIM, "Kim", language_code="ru")
        await world.say("/help", kim)
        link = await invite(world)
        await follow(world, link)
        ana_s, kim_s = world.card(), world.card(kim)
        assert "joined with an invitation from Ana" in ana_s.text
        assert (ana_s.silent, kim_s.silent) == (False, False)

        await world.tap("Remove", message=ana_s)
        assert ana_s.text.startswith("Remove Sam?\nRole: Member\nThen they can't use this bot any more.")
        await world.tap("Back", message=ana_s)
        assert "joined with an invitation from Ana" in ana_s.text
        assert await role_of(world, STRANGER) == "member"

        # Who has become more since the question was asked is not removed by it.
        await world.tap("Remove", message=ana_s)
        await world.app.store.write(lambda work: work.users.set_role(STRANGER, Role.ADMIN, ADMIN, work.now))
        await world.tap("Remove", message=ana_s)
        assert world.popups()[-1].startswith("This person's role has just changed")
        assert ana_s.text.startswith("Remove Sam?\nRole: Admin\n")
        assert await role_of(world, STRANGER) == "admin"

        await world.tap("Remove", message=ana_s)
        assert await role_of(world, STRANGER) is None
        assert ana_s.text.endswith("🚫 Removed by Ana.")
        assert "Ana" in kim_s.text.splitlines()[-1]
        assert (labels(ana_s), labels(kim_s)) == ([], [])
        assert str(STRANGER) in (await world.say("hello", world.sam)).text


async def test_who_was_removed_comes_back_by_a_new_link_alone(scene: tuple[World, JumpingClock]) -> None:
    world, clock = scene
    old = await invite(world, "👤 5")
    await follow(world, old)
    await world.say(f"/remove {STRANGER}")
    assert "🚫 Removed by Ana." in "\n".join(said(world))
    assert "not valid any more" in (await follow(world, old)).text
    clock.jump(1)
    assert "Welcome" in (await follow(world, await invite(world))).text


async def test_an_admin_who_loses_that_loses_the_links_and_what_was_begun(world: World) -> None:
    await world.let_in(world.mai)

    async def make(role: Role) -> None:
        await world.app.store.write(lambda work: work.users.set_role(world.mai.id, role, ADMIN, work.now))

    await make(Role.ADMIN)
    link = await invite(world, admin=world.mai)
    begun = await world.say("/invite", world.mai)
    await make(Role.MEMBER)
    assert "not valid any more" in (await follow(world, link)).text
    world.telegram.press(world.mai, begun, "Make link")
    await world.rest()
    assert world.popups()[-1] == "Only an admin can do this."
    assert await role_of(world, STRANGER) is None


async def test_a_group_is_no_place_for_links(world: World) -> None:
    group = world.telegram.add_group(GROUP, "Team")
    answer = await world.say("/invite", chat=group)
    assert "Send me /invite in private." in answer.text
    assert await world.rows(invitations) == []


async def test_only_admins_invite(world: World) -> None:
    await world.let_in(world.mai)
    assert (await world.say("/invite", world.mai)).text == "Only an admin can do this."
    await world.say("/invite", world.sam)
    assert await world.rows(invitations) == []


async def test_it_is_spoken_in_the_language_of_who_reads_it(world: World) -> None:
    await world.say("/language")
    await world.tap("Русский")
    card = await world.say("/invite")
    message = await world.tap(labels(card)[-3], message=card)
    assert "ixBrowser" in message.text
    assert "invites" not in message.text
    world.sam.language_code = "vi"
    assert "Sam" in (await follow(world, link_in(message))).text
    assert "Welcome" not in world.newest(STRANGER).text
    assert "Role" not in world.card().text
