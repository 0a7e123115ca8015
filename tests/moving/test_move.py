"""``transfer-bot move``, ``move --undo``, and ``restore`` with what was moved."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import ALREADY_RUNNING, NOT_RIGHT, OK, TOO_NEW, WRONG_SETTING, main
from bot.process_lock import hold
from bot.settings import load_settings
from bot.storage.backup_files import look_through
from bot.usecases.recovery_rows import Misfit
from tests.standins.telegram import TOKEN
from tests.support.moves import Computer, passphrase_in, restore, started

KEY = "5ec7e7" + "0" * 58


def test_all_arrives_on_another_computer_and_the_start_there_is_a_recovery(
    moved: tuple[Path, str], old: Computer, new: Computer, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    before = look_through(old.database)
    new.entered()
    assert restore(monkeypatch, *moved) == OK
    said = capsys.readouterr().err
    assert look_through(new.database) == before
    key, there = old.database.with_name("transfer-bot.db.key"), new.database.with_name("transfer-bot.db.key")
    assert there.read_text() == key.read_text()
    assert {stat.S_IMODE(file.stat().st_mode) for file in (new.database, there, new.env)} == {0o600}
    settings = load_settings()
    assert settings.telegram_token.get_secret_value() == TOKEN
    assert (settings.admin_ids, settings.owner, settings.backups_kept) == (frozenset({1001, 1003}), "Kim's #1 shop", 3)
    # The port is that of the other computer's ixBrowser.
    assert settings.ixbrowser_url == "http://127.0.0.1:53200"
    assert "# IXBROWSER_URL=http://127.0.0.1:53999" in new.env.read_text()
    assert "Not taken over, since they name the other computer: IXBROWSER_URL." in said
    assert settings.warnings == ()
    recovery, members = started(settings)
    assert recovery is not None
    assert (recovery.why, members) == (Misfit.MOVED, [1002])
    assert recovery.generation > 1
    assert not any("part" in name for name in [*old.files(), *new.files()])


def test_nothing_secret_can_be_read_in_the_file(moved: tuple[Path, str], old: Computer) -> None:
    file, passphrase = moved
    held = file.read_bytes()
    key = old.database.with_name("transfer-bot.db.key").read_text().strip()
    for secret in (TOKEN, key, "CREATE TABLE", "SQLite format 3", *passphrase.split()[:1]):
        assert secret.encode() not in held
    assert bytes.fromhex(key) not in held
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.usefixtures("moved")
def test_what_was_moved_runs_no_more_and_says_how_it_is_brought_back(capsys: pytest.CaptureFixture[str]) -> None:
    Path("any.db").touch()
    for command in (["run"], ["rebind"], ["forget", "1002"], ["move", "again.move"], ["restore", "any.db"]):
        assert main(command) == ALREADY_RUNNING
        said = capsys.readouterr().err
        assert "This installation was moved to another computer on 20" in said
        assert "transfer-bot move --undo" in said


def test_undone_it_runs_again_as_a_recovery(
    moved: tuple[Path, str], old: Computer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["move", "--undo"]) == OK
    assert "It sends nothing to ixBrowser until" in capsys.readouterr().err
    recovery, members = started(load_settings())
    assert recovery is not None
    assert members == [1002]
    assert main(["move", "--undo"]) == NOT_RIGHT
    assert "this installation was not moved" in capsys.readouterr().err
    # It can be moved once more.
    assert main(["move", "again.move"]) == OK
    assert (old.folder / "again.move").exists()
    assert moved[0].exists()


def test_brought_back_and_started_on_both_neither_has_the_others_buttons(
    moved: tuple[Path, str], new: Computer, old: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    generations = set()
    for _ in range(3):
        old.entered()
        assert main(["move", "--undo"]) in {OK, NOT_RIGHT}
        recovery, _ = started(load_settings())
        assert recovery is not None
        generations.add(recovery.generation)
        new.entered()
        if not new.database.exists():
            assert restore(monkeypatch, *moved) == OK
        recovery, _ = started(load_settings())
        assert recovery is not None
        generations.add(recovery.generation)
    # By chance the two may be the same.
    assert len(generations) in {1, 2}


def test_a_damaged_note_of_the_move_keeps_it_from_running_too(
    moved: tuple[Path, str], old: Computer, capsys: pytest.CaptureFixture[str]
) -> None:
    del moved
    old.database.with_name("transfer-bot.db.retired").write_text("{")
    assert main(["run"]) == ALREADY_RUNNING
    assert "was moved to another computer, and does not run here" in capsys.readouterr().err


def test_a_newer_database_is_told_apart(
    old: Computer, new: Computer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(old.database)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    monkeypatch.setattr("bot.moving.newest", lambda: "9999")
    assert main(["move", str(old.folder / "bot.move")]) == OK
    passphrase = passphrase_in(capsys.readouterr().err)
    new.entered()
    before = new.files()
    assert restore(monkeypatch, old.folder / "bot.move", passphrase) == TOO_NEW
    assert "written by a newer version" in capsys.readouterr().err
    assert new.files() == before


@pytest.mark.usefixtures("old")
def test_what_can_not_be_moved_goes_on_running(
    old: Computer, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there").touch()
    before = old.files()
    with hold(load_settings()):
        assert main(["move", "bot.move"]) == ALREADY_RUNNING
    assert main(["move", str(tmp_path / "there")]) == NOT_RIGHT
    assert "is there already" in capsys.readouterr().err
    monkeypatch.setattr("bot.moving.read_head", lambda _: None)
    assert main(["move", "bot.move"]) == NOT_RIGHT
    said = capsys.readouterr().err
    assert "does not hold what was put into it" in said
    assert "passphrase" not in said
    monkeypatch.undo()
    old.entered()
    key = old.database.with_name("transfer-bot.db.key")
    content = key.read_bytes()
    key.unlink()
    assert main(["move", "bot.move"]) == WRONG_SETTING
    assert "their key is missing" in capsys.readouterr().err
    key.write_bytes(content)
    assert old.files() == before


def test_a_restore_that_is_broken_off_can_be_called_once_more(
    moved: tuple[Path, str], new: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Gone(BaseException):
        pass

    def power_cut(*_: object) -> None:
        raise Gone

    new.entered()
    with monkeypatch.context() as cut:
        cut.setattr("bot.arriving.replace_database", power_cut)
        # What a process takes back that only fails, it can't when it is gone.
        cut.setattr("contextlib.ExitStack.callback", lambda *_, **__: None)
        with pytest.raises(Gone):
            restore(monkeypatch, *moved)
    assert new.env.exists()
    assert restore(monkeypatch, *moved) == OK
    assert new.env.read_text().count("TELEGRAM_TOKEN=") == 1
    assert new.database.exists()


def test_settings_that_are_there_stay_and_the_key_of_the_settings_moves_with_them(
    old: Computer, new: Computer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = old.database.with_name("transfer-bot.db.key")
    with old.env.open("a") as env:
        env.write(f"ENCRYPTION_KEY={key.read_text()}TELEGRAM_PROXY=http://u:p@127.0.0.1:8080\nHANDOFF_HOURS=2.5\n")
    key.unlink()
    assert main(["move", "bot.move"]) == OK
    passphrase = passphrase_in(capsys.readouterr().err)
    new.entered()
    at = new.folder / "data" / "here.db"
    new.env.write_bytes(f"\ufeff# My own\r\nTELEGRAM_TOKEN=\r\nDATABASE_URL=sqlite:///{at}".encode())
    new.env.chmod(0o600)
    assert restore(monkeypatch, old.folder / "bot.move", passphrase) == OK
    assert new.env.read_text().startswith("# My own\n")
    settings = load_settings()
    assert settings.database_file == at
    assert settings.encryption_key is not None
    assert (settings.handoff_hours, settings.telegram_proxy) == (2.5, None)
    assert "# TELEGRAM_PROXY=http://u:p@127.0.0.1:8080" in new.env.read_text()
    assert at.exists()
    assert not at.with_name("here.db.key").exists()


def test_without_file_or_undo_it_is_said_what_is_missing(old: Computer, capsys: pytest.CaptureFixture[str]) -> None:
    del old
    with pytest.raises(SystemExit):
        main(["move"])
    assert "FILE --undo is required" in capsys.readouterr().err


def test_check_says_that_it_was_moved(moved: tuple[Path, str], capsys: pytest.CaptureFixture[str]) -> None:
    del moved
    assert main(["check"]) == NOT_RIGHT
    assert "This installation was moved to another computer" in " ".join(capsys.readouterr().out.split())


def test_a_mistyped_file_is_said_where_there_are_no_settings_yet(
    new: Computer, capsys: pytest.CaptureFixture[str]
) -> None:
    new.entered()
    assert main(["restore", "bot.mvoe"]) == NOT_RIGHT
    assert "There is no file bot.mvoe" in capsys.readouterr().err
