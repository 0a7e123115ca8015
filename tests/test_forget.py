"""``transfer-bot forget``: the file that somebody gets of themselves, what is settled, said, and left of them."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import stat
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.cli import main
from bot.domain.import_state import Status
from bot.domain.pseudonym import FIRST, LAST
from bot.process_lock import hold
from bot.storage.audit import audit
from bot.storage.tables import imports, users
from tests.standins.ixbrowser_actions import IMPORT
from tests.standins.ixbrowser_faults import Fault
from tests.standins.telegram import TOKEN
from tests.support.chatting import imported, ready_to_import, said
from tests.support.world import ADMIN, MEMBER, World, running, settings_for

OK, NOT_RIGHT, WRONG_SETTING, ALREADY_RUNNING = 0, 1, 2, 3
#: A name that is in no other text.
NAME = "Mai-plum-4417"
PASSWORD = "tarn-9931-password"


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


async def forget(user_id: int = MEMBER) -> int:
    return await asyncio.to_thread(main, ["forget", str(user_id), "--yes"])


def exports(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.glob("person-*.json"))


def exported(folder: Path, name: str = f"person-{MEMBER}.json") -> Any:
    return json.loads((folder / name).read_text("utf-8"))


async def use(world: World) -> tuple[str, str]:
    """Mai has imported, typed a password, and begun something else; the code of the one and of the other."""
    world.mai.first_name = NAME
    await world.let_in(world.mai)
    await world.say("/timezone Berlin", world.mai)
    used, begun = world.browser.offer("Shop Berlin"), world.browser.offer()
    await imported(world, used, person=world.mai)
    await world.say(f"{begun} 203.0.113.7:1080:ana:{PASSWORD}", world.mai)
    return used, begun


async def test_somebody_gets_what_was_known_of_them_and_is_a_stranger(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with running(settings_for(folder)) as world:
        used, begun = await use(world)
        telegram = world.telegram
    assert await forget() == OK
    told = capsys.readouterr().err.splitlines()
    assert told[0] == f"Exported to {folder / f'person-{MEMBER}.json'}, which only you can read."
    assert told[1] == f"{MEMBER} is forgotten."
    assert re.fullmatch(r"Deleted: .*1 in drafts, .*1 in users.*\.", told[2])
    assert re.fullmatch(r"Under a pseudonym: \d+ in audit, 1 in batches, 1 in drafts, 1 in imports\.", told[3])
    assert told[4:] == ["Settled: 1 open drafts closed."]

    file = folder / f"person-{MEMBER}.json"
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    content = exported(folder)
    assert content["person"] == MEMBER
    rows = content["rows"]
    assert (rows["users"][0]["name"], rows["users"][0]["role"], rows["users"][0]["time_zone"]) == (
        NAME,
        "member",
        "Europe/Berlin",
    )
    assert rows["imports"][0]["transfer_code"] == used
    assert rows["draft_codes"][0]["code"] == f"{begun[:4]}••••-••••{begun[-4:]}"
    assert "203.0.113.7" in json.dumps(rows["drafts"])
    assert {"audit", "batches"} <= rows.keys()
    # No secret is in it.
    assert PASSWORD not in file.read_text("utf-8")
    assert begun not in file.read_text("utf-8")

    left = files_of(folder)
    assert NAME.encode() not in left
    assert b"Berlin" not in left.replace(b"Shop Berlin", b"")
    async with running(settings_for(folder), telegram=telegram) as world:
        [row] = await world.rows(imports)
        assert FIRST <= row["user_id"] <= LAST
        assert row["user_name"] == str(row["user_id"])
        assert [each["id"] for each in await world.rows(users)] == [ADMIN]
        assert MEMBER not in {each[column] for each in await world.rows(audit) for column in ("actor_id", "subject_id")}
        await world.say("/history")
        assert f"erased person {str(row['user_id'])[-6:]}" in (await world.tap("Everyone's")).text
        assert f"erased person {str(row['user_id'])[-6:]} confirmed import 1" in (await world.say("/audit")).text
        # What stands in the chat does nothing any more.
        for button in world.card(world.mai).all_buttons:
            world.telegram.press(world.mai, world.card(world.mai), button)
        await world.say("Hello?", world.mai)
        assert str(MEMBER) in said(world, world.mai)[-1]
    assert await forget(7) == OK
    assert capsys.readouterr().err.splitlines()[-1] == "Nothing is known of 7: nothing was changed."
    assert not (folder / "person-7.json").exists()


async def test_what_waits_is_cancelled_and_codes_that_were_left_are_settled(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    telegram, browser = None, None
    async with running(settings_for(folder)) as world:
        telegram, browser = world.telegram, world.browser
        await world.let_in(world.mai)
        # Ana leaves one for Mai, and Mai one for the team.
        for giver, receiver in ((world.ana, NAME), (world.mai, "The team")):
            world.mai.first_name = NAME
            await world.say("/help", world.mai)
            await ready_to_import(world, world.browser.offer(), person=giver)
            await world.tap("Hand over", giver)
            await world.tap(receiver, giver)
            await world.tap("✅ Hand over", giver)
        await ready_to_import(world, world.browser.offer(), person=world.mai)
        world.browser.running = False
        await world.tap("✅ Import", world.mai)
    assert await forget() == OK
    told = capsys.readouterr().err
    assert f"Settled: 1 imports cancelled, 1 handoffs given back, 1 handoffs handed on to {ADMIN}." in told

    async with running(settings_for(folder), telegram=telegram, browser=browser) as world:
        browser.running = True
        await world.rest()
        assert [row["status"] for row in await world.rows(imports)] == [Status.CANCELLED]
        given = (await world.say("/given")).text
        assert NAME not in given
        assert browser.violations() == []
        assert sum(browser.made.values()) == 0


async def test_an_import_whose_end_is_not_known_has_to_end_first(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with running(settings_for(folder)) as world:
        await world.let_in(world.mai)
        await ready_to_import(world, world.browser.offer(), person=world.mai)
        world.browser.fail(IMPORT, Fault(after=60))
        world.telegram.press(world.mai, world.card(world.mai), world.card(world.mai).button("✅ Import"))
        await world.telegram.handled()
        async with asyncio.timeout(10):
            while [row["status"] for row in await world.rows(imports)] == [Status.QUEUED]:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    before = files_of(folder)
    assert await forget() == NOT_RIGHT
    assert "it is not known how they end (1)" in capsys.readouterr().err
    assert exports(folder) == []
    assert files_of(folder) == before


async def test_nobody_is_forgotten_by_mistake(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with running(settings_for(folder)) as world:
        await world.let_in(world.mai)

    async def ask(answer: str, user_id: int = MEMBER) -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(answer))
        status = await asyncio.to_thread(main, ["forget", str(user_id)])
        return status, capsys.readouterr().err

    for answer in ("", "no\n", f"{MEMBER}\n"):
        status, told = await ask(answer)
        assert (status, told.splitlines()[-1]) == (NOT_RIGHT, "Nothing was changed.")
        assert told.startswith(f"Forget {MEMBER}? Their data is written to ")
    status, told = await ask("yes\n", ADMIN)
    assert (status, "an admin by the setting ADMIN_IDS" in told) == (NOT_RIGHT, True)
    with hold(settings_for(folder, telegram_token=SecretStr(TOKEN))):
        assert (await ask("yes\n"))[0] == ALREADY_RUNNING
    assert exports(folder) == []
    # A file of before is not written over.
    (folder / f"person-{MEMBER}.json").write_text("of before")
    assert (await ask(" Yes\n"))[0] == OK
    assert (folder / f"person-{MEMBER}.json").read_text() == "of before"
    assert exported(folder, f"person-{MEMBER}-2.json")["person"] == MEMBER


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
async def test_a_folder_that_cannot_be_written_to_leaves_everything_as_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(settings_for(folder)) as world:
        await world.let_in(world.mai)
    closed = folder / "closed"
    closed.mkdir(mode=0o500)
    monkeypatch.chdir(closed)
    assert await forget() == NOT_RIGHT
    async with running(settings_for(folder)) as world:
        assert len(await world.rows(users)) == 2


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("typed", ["@mai", "-5", "0", "1.5", str(2**52), "９"])
def test_an_id_is_a_number_that_telegram_gives(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["forget", "--yes", "--", typed])
    assert ended.value.code == WRONG_SETTING
    assert "write the person's Telegram id" in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
def test_a_database_of_an_older_version_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forget", "7", "--yes"]) == NOT_RIGHT
    assert "Nobody was forgotten: the database is not up to date" in capsys.readouterr().err
