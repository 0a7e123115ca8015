"""A lost key: what ``transfer-bot new-key`` does, and what everybody whose codes were kept with it is told."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from bot.cli import main
from bot.domain.transfer_code import mask
from bot.errors import KeyMissing, SettingError, StorageError, WrongKey
from bot.new_key import new_key
from bot.settings import Settings
from bot.storage.key import key_file
from bot.storage.tables import draft_codes, secrets
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_actions import IMPORT, RECORDS
from tests.standins.ixbrowser_faults import Reply, cut_after, refusal, spoiled
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Message
from tests.support.chatting import labels, ready_to_import
from tests.support.world import ADMIN, World, running, settings_for

KEY = "ab" * 32


class Office:
    """The bot of one database, which is stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self.settings = settings_for(folder)
        self.telegram = FakeTelegram()
        self.browser = FakeIxBrowser()
        assert self.settings.database_file is not None
        self.key = key_file(self.settings.database_file)

    def running(self, settings: Settings | None = None) -> AbstractAsyncContextManager[World]:
        return running(settings or self.settings, telegram=self.telegram, browser=self.browser)

    async def new_key(self, settings: Settings | None = None, *, sure: bool = True) -> list[str]:
        """Have a new key made; what is said."""
        said: list[str] = []
        await new_key(settings or self.settings, said.append, sure=sure)
        return said


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


async def imported(world: World, code: str) -> None:
    await ready_to_import(world, code)
    await world.tap("✅ Import")


async def confirmed(world: World, code: str, said: str) -> None:
    """Import a code as far as this is said."""
    card = await ready(world, code)
    world.telegram.press(world.ana, card, "✅ Import")
    await world.telegram.settled(lambda: said in world.newest(ADMIN).text, 10)


async def ready(world: World, code: str) -> Message:
    world.telegram.say(world.ana, code)
    await world.telegram.settled(lambda: mask(code) in world.card().text, 10)
    # Group and proxy are those of the last import.
    await world.telegram.settled(lambda: "✅ Import" in labels(world.card()), 10)
    return world.card()


async def test_without_its_key_the_bot_does_not_start_and_says_what_to_do(office: Office) -> None:
    async with office.running():
        pass
    kept = office.key.read_text()
    office.key.unlink()
    with pytest.raises(KeyMissing, match=r"put the file .*bot\.db\.key back.*transfer-bot new-key"):
        async with office.running():
            pass
    assert not office.key.exists()
    office.key.write_text(f"{KEY}\n")
    with pytest.raises(WrongKey, match="is not the key of this database: use the one"):
        async with office.running():
            pass
    office.key.write_text(kept)
    async with office.running():
        pass


async def test_what_is_lost_is_said_before_anything_is_changed(office: Office) -> None:
    async with office.running():
        pass
    kept = office.key.read_text()
    assert await office.new_key() == ["The database's key is here and fits: nothing was changed."]
    office.key.unlink()
    with pytest.raises(SettingError, match="transfer-bot new-key --yes"):
        await office.new_key(sure=False)
    office.key.write_text(kept)
    async with office.running():
        pass


async def test_whoever_has_something_open_is_told_what_to_do(office: Office) -> None:
    sent_code, waiting_code = office.browser.offer("Sent"), office.browser.offer("Waiting")
    done_code, draft_code = office.browser.offer("Done"), office.browser.offer("Draft")
    async with office.running() as world:
        await imported(world, done_code)
        office.browser.fail(IMPORT, cut_after())
        office.browser.always(RECORDS, spoiled(Reply.NOT_JSON))
        await confirmed(world, sent_code, "checking whether the profile has arrived")
        office.browser.running = False
        await confirmed(world, waiting_code, "ixBrowser is not running")
        world.telegram.say(world.ana, draft_code)
        await world.telegram.settled(lambda: mask(draft_code) in world.card().text, 10)
    office.key.unlink()
    await office.new_key()

    office.browser.running = True
    office.browser.heal(RECORDS)
    async with office.running() as world:
        await world.rest()
        shown = [message.text for message in world.telegram.chat(ADMIN).messages if message.from_bot]
        about = {code: [text for text in shown if mask(code) in text][-1] for code in (sent_code, waiting_code)}
        assert "Result unknown. The key to the saved codes was lost while this was on its way." in about[sent_code]
        assert "Not imported. The key to the saved codes was lost" in about[waiting_code]
        assert "Send the code again" in about[waiting_code]
        assert any("The key to the saved codes was lost, so I closed this." in text for text in shown)
        assert [row["status"] for row in await world.log()] == ["imported", "unknown", "failed"]
        assert await world.rows(secrets) == await world.rows(draft_codes) == []

        # Sent again: what has arrived is found before anything is sent, what has not is imported.
        requests = len(office.browser.imports)
        await imported(world, sent_code)
        await world.telegram.settled(lambda: "“Sent”" in world.newest(ADMIN).text, 10)
        assert len(office.browser.imports) == requests
        await imported(world, waiting_code)
        assert "“Waiting”" in world.newest(ADMIN).text
        # A code that is spent is known as such with the new key too.
        await world.say(done_code)
        assert "was already imported by you" in world.newest(ADMIN).text


async def test_a_new_key_may_be_given_in_the_settings(office: Office, tmp_path: Path) -> None:
    async with office.running() as world:
        await world.say(office.browser.offer("Shop"))
    office.key.unlink()
    given = settings_for(tmp_path, encryption_key=KEY)
    with pytest.raises(WrongKey, match="ENCRYPTION_KEY is not the key of this database"):
        async with office.running(given):
            pass
    await office.new_key(given)
    async with office.running(given) as world:
        await imported(world, office.browser.offer("Other"))
        assert "“Other”" in world.newest(ADMIN).text
    assert not office.key.exists()


async def test_a_file_with_another_key_stays_since_another_database_may_need_it(office: Office) -> None:
    async with office.running():
        pass
    office.key.write_text(f"{KEY}\n")
    [said] = await office.new_key()
    assert said.startswith(f"The database goes on with another key, that of the file {office.key}. Not finished")
    assert [file.read_text() for file in office.key.parent.glob(f"{office.key.name}*")] == [f"{KEY}\n"]
    async with office.running() as world:
        await imported(world, office.browser.offer("Shop"))
        assert "“Shop”" in world.newest(ADMIN).text


async def test_a_file_that_holds_no_key_is_left_and_may_be_deleted(office: Office) -> None:
    async with office.running():
        pass
    office.key.write_text("spoiled\n")
    with pytest.raises(StorageError, match="if that is lost for good, delete the file and run transfer-bot new-key"):
        await office.new_key()
    assert office.key.read_text() == "spoiled\n"
    office.key.unlink()
    await office.new_key()
    async with office.running():
        pass


async def test_what_was_refused_can_be_sent_again_but_not_by_its_button(office: Office) -> None:
    code = office.browser.offer("Shop")
    async with office.running() as world:
        office.browser.fail(IMPORT, refusal(1014))
        await imported(world, code)
        assert world.card().button("Try again")
    office.key.unlink()
    await office.new_key()
    async with office.running() as world:
        await world.tap("Try again")
        assert world.popups()
        await imported(world, code)
        assert "“Shop”" in world.newest(ADMIN).text


def test_the_command_says_what_it_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TELEGRAM_TOKEN", "1000000000:a-token-for-the-demo-and-nothing-else")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'bot.db'}")
    assert main(["new-key"]) == 1
    assert "The key was not changed: the database is not up to date" in capsys.readouterr().err
