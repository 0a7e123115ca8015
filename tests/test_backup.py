"""``transfer-bot backup``."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import NOT_RIGHT, OK, main
from bot.storage.backup_files import look_through
from bot.storage.key import key_file
from tests.standins.telegram import TOKEN
from tests.support.migrated import put_database
from tests.support.world import running, settings_for


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings in whose folder there is no database yet; its file."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "bot.db"
    for name, value in {"TELEGRAM_TOKEN": TOKEN, "ADMIN_IDS": "1001", "DATABASE_URL": f"sqlite:///{file}"}.items():
        monkeypatch.setenv(name, value)
    return file


def test_it_names_the_file_and_the_key_that_is_not_in_it(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_database(settings)
    assert main(["backup"]) == OK
    (made,) = (settings.parent / "backups").iterdir()
    said = capsys.readouterr().err
    assert f"Backed up as {made}, with " in said
    assert f"Keep a copy of {key_file(settings)} too" in said


def test_a_file_and_a_folder_can_be_named_and_nothing_is_written_over(
    settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_database(settings)
    (tmp_path / "stick").mkdir()
    assert main(["backup", "one.db"]) == OK
    assert main(["backup", "stick"]) == OK
    assert look_through(tmp_path / "one.db")["installation"] == 1
    assert len(list((tmp_path / "stick").iterdir())) == 1
    assert main(["backup", "one.db"]) == NOT_RIGHT
    assert "is there already" in capsys.readouterr().err


def test_without_a_database_none_is_made(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup"]) == NOT_RIGHT
    assert not settings.exists()
    assert "There is no database yet" in capsys.readouterr().err


async def test_it_works_beside_a_bot_that_serves(tmp_path: Path) -> None:
    from bot.upkeep import back_up_by_hand  # noqa: PLC0415 - as the command does

    settings = settings_for(tmp_path)
    async with running(settings) as world:
        await world.say("76686828-89727101")
        said: list[str] = []
        await back_up_by_hand(settings, tmp_path / "now.db", said.append)
        assert look_through(tmp_path / "now.db")["drafts"] == 1
        assert b"76686828-89727101" not in (tmp_path / "now.db").read_bytes()
