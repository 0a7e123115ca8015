"""``transfer-bot erase``: what somebody at the terminal is asked and told, and what is left of who was erased."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.cli import main
from bot.domain.pseudonym import FIRST, LAST
from bot.process_lock import hold
from bot.storage.audit import audit
from bot.storage.tables import imports, users
from tests.standins.telegram import TOKEN
from tests.support.chatting import imported, ready_to_import, said
from tests.support.world import ADMIN, MEMBER, World, running, settings_for

OK, NOT_RIGHT, WRONG_SETTING, ALREADY_RUNNING = 0, 1, 2, 3
#: A name that is in no other text.
NAME = "Mai-plum-4417"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the bot's database is; the settings are those of the world."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("ADMIN_IDS", str(ADMIN))
    monkeypatch.setenv("STATION", "office")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'bot.db'}")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    return tmp_path


def files_of(folder: Path) -> bytes:
    """All that the database's files hold."""
    return b"".join(file.read_bytes() for file in folder.glob("bot.db*"))


async def use(world: World) -> None:
    """Mai has imported, and begun something else."""
    world.mai.first_name = NAME
    await world.let_in(world.mai)
    await world.say("/timezone Berlin", world.mai)
    await imported(world, person=world.mai)
    await ready_to_import(world, world.browser.offer(), person=world.mai)


async def test_who_was_erased_is_a_stranger_and_the_log_is_nobodys(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with running(settings_for(folder)) as world:
        await use(world)
        telegram = world.telegram
    assert await asyncio.to_thread(main, ["erase", str(MEMBER), "--yes"]) == OK
    assert capsys.readouterr().err == f"{MEMBER} is erased.\n"
    left = files_of(folder)
    assert NAME.encode() not in left
    assert b"Berlin" not in left

    async with running(settings_for(folder), telegram=telegram) as world:
        [row] = await world.rows(imports)
        assert FIRST <= row["user_id"] <= LAST
        assert row["user_name"] == str(row["user_id"])
        assert {each["actor_id"] for each in await world.rows(audit)} == {ADMIN, row["user_id"]}
        assert [each["id"] for each in await world.rows(users)] == [ADMIN]
        await world.say("/history")
        assert f"erased person {str(row['user_id'])[-6:]}" in (await world.tap("Everyone's")).text
        assert f"erased person {str(row['user_id'])[-6:]} confirmed import 1" in (await world.say("/audit")).text
        # What stands in the chat does nothing any more.
        for button in world.card(world.mai).all_buttons:
            world.telegram.press(world.mai, world.card(world.mai), button)
        await world.say("Hello?", world.mai)
        assert str(MEMBER) in said(world, world.mai)[-1]
    assert await asyncio.to_thread(main, ["erase", "7", "--yes"]) == OK
    assert capsys.readouterr().err.splitlines()[-1] == "Nothing is known of 7: nothing was changed."


async def test_nobody_is_erased_by_mistake(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with running(settings_for(folder)) as world:
        await world.let_in(world.mai)

    async def erase(answer: str, user_id: int = MEMBER) -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(answer))
        status = await asyncio.to_thread(main, ["erase", str(user_id)])
        return status, capsys.readouterr().err

    asked = f"Erase {MEMBER}? This can't be undone. Type yes to go on:\n"
    for answer in ("", "\n", "no\n", f"{MEMBER}\n"):
        assert await erase(answer) == (NOT_RIGHT, f"{asked}Nothing was changed.\n")
    status, told = await erase("yes\n", ADMIN)
    assert (status, "an admin by the setting ADMIN_IDS" in told) == (NOT_RIGHT, True)
    with hold(settings_for(folder, telegram_token=SecretStr(TOKEN))):
        assert (await erase("yes\n"))[0] == ALREADY_RUNNING
    assert await erase(" Yes\n") == (OK, f"{asked}{MEMBER} is erased.\n")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("typed", ["@mai", "-5", "0", "1.5", str(2**52), "９"])
def test_an_id_is_a_number_that_telegram_gives(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["erase", "--yes", "--", typed])
    assert ended.value.code == WRONG_SETTING
    assert "write the person's Telegram id" in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
def test_a_database_of_an_older_version_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["erase", "7", "--yes"]) == NOT_RIGHT
    assert "Nobody was erased: the database is not up to date" in capsys.readouterr().err
