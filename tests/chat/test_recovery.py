"""The bot starts on an older database than it had: what it keeps back, what people are told, and what admins answer."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.storage.access_requests import access_requests
from bot.storage.backup_files import back_up_sqlite
from bot.storage.handoff_tables import handoff_codes
from bot.storage.invitations import invitations
from bot.storage.tables import drafts
from bot.usecases.records import Role
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Message
from tests.support.chatting import imported, labels, ready_to_import, said
from tests.support.handoffs import leave, take
from tests.support.world import ADMIN, World, running, settings_for


class Office:
    """A bot whose database can be put back to how it was."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.telegram, self.browser = FakeTelegram(), FakeIxBrowser()

    @asynccontextmanager
    async def serves(self) -> AsyncIterator[World]:
        # Which is how long a recovery waits for what may still be under way.
        settings = settings_for(self.folder, ixbrowser_timeout=1)
        async with running(settings, telegram=self.telegram, browser=self.browser) as world:
            yield world

    def keep(self) -> None:
        back_up_sqlite(self.folder / "bot.db", self.folder / "kept.db")

    def put_back(self) -> None:
        for side in ("-wal", "-shm"):
            (self.folder / f"bot.db{side}").unlink(missing_ok=True)
        shutil.copy(self.folder / "kept.db", self.folder / "bot.db")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


BEFORE = "This card is from before the restore."
NOT_YET = "My database was restored. You can use me again as soon as an admin has confirmed who may."


def card(world: World) -> Message:
    """The card of the recovery."""
    found = [message for message in world.telegram.chat(world.ana.id).messages if "My database is" in message.text]
    return found[-1]


async def so(world: World, condition: Callable[[], bool]) -> None:
    await world.telegram.settled(condition, 20)


async def go_on(world: World) -> None:
    await so(world, lambda: "Go on" in labels(card(world)))
    world.telegram.press(world.ana, card(world), card(world).button("Go on"))


async def lose_an_import(office: Office) -> str:
    """Put the database back to how it was while an import waited that was done after; its code."""
    code = office.browser.offer("Shop")
    async with office.serves() as world:
        await world.let_in(world.mai)
        await ready_to_import(world, code)
        office.browser.running = False
        await world.tap("✅ Import")
        office.keep()
    office.browser.running = True
    async with office.serves() as world:
        await so(world, lambda: len(office.browser.imports) == 1 and "Imported" in world.newest(world.ana.id).text)
    office.put_back()
    return code


async def test_what_was_done_since_becomes_imported_and_is_not_sent_again(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    code = await lose_an_import(office)
    before = len(office.telegram.chat(ADMIN).messages)
    async with office.serves() as world:
        await so(world, lambda: "Go on" in labels(card(world)))
        assert "this is not the database that was served here last (it is older)" in caplog.text
        shown = card(world).text
        assert shown.startswith("⚠️ My database is older than the one I worked with last.")
        assert "Are these the right people?" in shown
        assert shown.splitlines()[4:6] == ["• Ana, admin", "• 1002, member"]
        assert "The last profile that it has received:\nShop · " in shown
        assert shown.endswith(" · te****@example.com")
        assert labels(card(world)) == ["Confirm members", "Go on", "Stop"]
        # It is neither sent nor shown as waiting.
        [row] = await world.log()
        assert row["status"] == "checking"
        since = [message.text for message in office.telegram.chat(ADMIN).messages[before:]]
        assert [text for text in since if "I am checking whether the profile has arrived" in text]
        assert not [text for text in since if "I'll go on by myself" in text]

        world.telegram.press(world.ana, card(world), card(world).button("Go on"))
        await so(world, lambda: "Imports go on." in card(world).text)
        await so(world, lambda: "Imported" in world.newest(world.ana.id).text)
        [row] = await world.log()
        assert (row["status"], row["code"]) == ("imported", code)
    assert len(office.browser.imports) == 1
    assert office.browser.violations() == []


async def test_what_was_not_done_is_sent_once_it_goes_on_and_not_after_stop_or_a_restart(office: Office) -> None:
    await lose_an_import(office)
    # Another account is logged in to: nothing of it is there.
    records, office.browser.records = office.browser.records, []
    async with office.serves() as world:
        await so(world, lambda: "none yet" in card(world).text)
        world.telegram.press(world.ana, card(world), card(world).button("Stop"))
        await so(world, lambda: "Stopped." in card(world).text)
        assert labels(card(world)) == ["Confirm members", "Go on"]
    async with office.serves() as world:
        await asyncio.sleep(2.5)  # as long as two readings take, and more
        assert len(office.browser.imports) == 1
        office.browser.records = records
        old = card(world)
        # What the admin has not seen is not what they say yes to.
        world.app.importer._recovery._not_before = 0.0
        world.app.importer.imports_to_verify()
        await so(world, lambda: "Shop · " in card(world).text)
        assert card(world) is old
        await go_on(world)
        await so(world, lambda: "Imports go on." in card(world).text)
    assert len(office.browser.imports) == 1


async def test_a_copy_gives_what_the_first_was_sending_until_then_the_time_of_a_request(office: Office) -> None:
    async with office.serves():
        pass
    (office.folder / "bot.db.marker").unlink()
    async with office.serves() as world:
        await so(world, lambda: "My database is a copy" in card(world).text)
        # It has been there for long.
        world.app.importer._recovery._begun -= 1000
        await go_on(world)
        tapped = time.monotonic()
        await so(world, lambda: "Imports go on." in card(world).text)
        assert time.monotonic() - tapped > world.app.settings.ixbrowser_timeout


async def test_until_the_members_are_confirmed_only_admins_of_the_settings_may(office: Office) -> None:
    async with office.serves() as world:
        await world.let_in(world.mai)
        office.keep()
        await world.say("/invite")
        await world.say("/import", world.mai)
    office.put_back()
    async with office.serves() as world:
        await so(world, lambda: "Go on" in labels(card(world)))
        assert (await world.say("/import", world.mai)).text == NOT_YET
        shown = card(world)
        # A list that has changed is shown once more.
        await world.app.store.write(lambda work: work.users.keep(world.mai.id, "Mai", "en", work.now))
        await world.app.store.write(lambda work: work.users.set_role(1003, Role.VIEWER, 1, work.now))
        await world.tap("Confirm members", message=shown)
        assert "• Mai, member\n• 1003, viewer" in card(world).text
        assert (await world.say("/import", world.mai)).text == NOT_YET
        await world.tap("Confirm members", message=shown)
        assert "The members are confirmed." in card(world).text
        assert "Send me a transfer code" in (await world.say("/import", world.mai)).text


async def test_drafts_close_and_links_and_requests_end_and_their_people_are_told(office: Office) -> None:
    async with office.serves() as world:
        await world.let_in(world.mai)
        await ready_to_import(world, office.browser.offer(), person=world.mai)
        await world.say("hello", world.sam)
        await world.tap("Ask for access", world.sam)
        await world.say("/invite")
        await world.tap("Make link")
        office.keep()
        await world.say("/cancel", world.mai)
    office.put_back()
    async with office.serves() as world:
        await so(world, lambda: "Go on" in labels(card(world)))
        await so(world, lambda: "What you had not confirmed is closed" in world.newest(world.mai.id).text)
        assert not any("My database was restored" in text for text in said(world))
        rows = await world.rows(drafts)
        assert [row["state"] for row in rows if row["state"] == "open"] == []
        assert [row["state"] for row in await world.rows(access_requests)] == ["expired"]
        assert [row["state"] for row in await world.rows(invitations)] == ["revoked"]
        # Once: the next start has nothing to tell.
        told = len(world.telegram.chat(world.mai.id).messages)
    async with office.serves() as world:
        await world.rest()
        assert len(world.telegram.chat(world.mai.id).messages) == told


async def test_a_card_of_before_says_so_and_does_nothing(office: Office) -> None:
    async with office.serves() as world:
        office.keep()
        old = await ready_to_import(world, office.browser.offer())
    office.put_back()
    async with office.serves() as world:
        await so(world, lambda: "Go on" in labels(card(world)))
        await world.tap("✅ Import", message=old)
        assert world.popups() == [BEFORE]
        # Those of now have the generation, and work.
        new = await ready_to_import(world, office.browser.offer())
        generation = await world.app.store.read(lambda work: work.recoveries.generation())
        assert {str(button.callback_data).partition("~")[0] for button in new.all_buttons} == {str(generation)}
        await world.tap("Cancel", message=new)
        assert "Cancelled" in new.text
    assert office.browser.imports == []


async def test_a_new_import_waits_too_until_it_goes_on(office: Office) -> None:
    async with office.serves() as world:
        office.keep()
        await imported(world)
    office.put_back()
    async with office.serves() as world:
        await so(world, lambda: "Go on" in labels(card(world)))
        new = await ready_to_import(world, office.browser.offer())
        world.telegram.press(world.ana, new, new.button("✅ Import"))
        await so(world, lambda: "Waiting: my database was restored." in new.text)
        await asyncio.sleep(1)
        assert len(office.browser.imports) == 1
        await go_on(world)
        await so(world, lambda: "Imported" in world.newest(world.ana.id).text)
    assert len(office.browser.imports) == 2


async def test_ixbrowser_that_is_closed_is_said_and_cannot_be_answered_yet(office: Office) -> None:
    async with office.serves() as world:
        office.keep()
        await world.say("/import")
    office.put_back()
    office.browser.running = False
    async with office.serves() as world:
        await so(world, lambda: "Stop" in labels(card(world)))
        assert "open it, and log in" in card(world).text
        assert labels(card(world)) == ["Confirm members", "Stop"]


async def test_what_waited_in_a_handoff_and_has_arrived_is_not_taken_again(office: Office) -> None:
    code = office.browser.offer("Shop")
    async with office.serves() as world:
        await world.let_in(world.mai)
        await world.say("/start", world.mai)
        await leave(world, code)
        office.keep()
        await take(world, world.mai)
        for label in ("Default", "Keep", "✅ Import"):
            if label in labels(world.card(world.mai)):
                await world.tap(label, world.mai)
        await so(world, lambda: len(office.browser.imports) == 1)
        await world.rest()
    office.put_back()
    async with office.serves() as world:
        await so(world, lambda: "Confirm members" in labels(card(world)))
        await world.tap("Confirm members", message=card(world))
        inbox = await world.say("/inbox", world.mai)
        assert "Shop" not in inbox.text
        assert "Take" not in labels(inbox)
        await go_on(world)
        await so(world, lambda: "Imports go on." in card(world).text)
        [row] = await world.rows(handoff_codes)
        assert (row["status"], row["import_id"]) == ("imported", None)
        assert "Take" not in labels(await world.say("/inbox", world.mai))
        given = await world.say("/given")
        assert "imported" in given.text.lower() or "imported" in " ".join(labels(given)).lower()
    assert len(office.browser.imports) == 1
    assert office.browser.violations() == []
