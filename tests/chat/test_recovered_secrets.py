"""What was secret in a chat when the database was restored, and was to go, goes all the same."""

from __future__ import annotations

from pathlib import Path

from bot.storage.work import SqlWork
from bot.usecases.records import Place
from tests.chat.test_recovery import Office, so
from tests.support.chatting import labels
from tests.support.world import ADMIN

CODE = "76686828-89727101"


async def test_a_code_that_was_shown_is_hidden(tmp_path: Path) -> None:
    office = Office(tmp_path)
    async with office.serves() as world:
        await world.say(f"{CODE} socks5://ana:secret123@203.0.113.7:1080")
        chat = world.telegram.chat(ADMIN)
        await so(world, lambda: "Show code" in labels(chat.card))
        world.telegram.press(world.ana, chat.card, "Show code")
        await so(world, lambda: any(message.text == CODE for message in chat.messages))
        [shown] = [message for message in chat.messages if message.text == CODE]
        office.keep()
    office.put_back()
    async with office.serves() as world:
        await so(world, lambda: shown.deleted or shown.text == "Code hidden.")


async def test_a_password_is_deleted_and_nothing_is_said_of_it(tmp_path: Path) -> None:
    office = Office(tmp_path)
    async with office.serves() as world:
        await world.say("/help")
        typed = next(m for m in world.telegram.chat(ADMIN).messages if not m.from_bot)

        def note(work: SqlWork) -> None:
            where = Place(ADMIN, ADMIN, None, "en")
            work.outbox.delete_secret(
                where, typed.id, deleted_text="I deleted it.", refused_text="Delete it.", now=work.now
            )

        await world.app.store.write(note)
        office.keep()
    office.put_back()
    async with office.serves() as world:
        await so(world, lambda: typed.deleted)
        await world.rest()
        said = [message.text for message in world.telegram.chat(ADMIN).messages if message.from_bot]
        assert not {"I deleted it.", "Delete it."} & set(said)
