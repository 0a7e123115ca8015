"""The commands: their help, what they do with wrong settings, and their exit status."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import __version__
from bot.cli import main
from bot.errors import StorageError
from bot.process_lock import hold
from tests.end_to_end.process import run
from tests.standins.telegram import TOKEN
from tests.support.world import settings_for

OK, NOT_RIGHT, WRONG_SETTING, ALREADY_RUNNING, TOO_NEW = 0, 1, 2, 3, 4


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Started in a folder without a settings file."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Settings with which the bot could start, if there were a Telegram."""
    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("ADMIN_IDS", "1001")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'bot.db'}")
    return monkeypatch


def test_the_help_tells_a_newcomer_where_to_start(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])

    said = capsys.readouterr().out
    assert ended.value.code == OK
    assert "transfer-bot demo" in said
    assert all(command in said for command in ("run", "check", "rebind", "station", "demo"))
    assert "TELEGRAM_TOKEN" in said
    assert max(map(len, said.splitlines())) <= 80


def test_without_a_command_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == WRONG_SETTING
    assert "transfer-bot demo" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "promise"),
    [
        ("run", "goes on until it is\nstopped"),
        ("run", "with 3 another process serves the\nsame database or token"),
        ("check", "Changes nothing"),
        ("rebind", "Drafts close; imports go on"),
        ("station", "NAME"),
        ("demo", "#2 presses the second"),
    ],
)
def test_each_command_explains_itself(command: str, promise: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])

    assert ended.value.code == OK
    assert promise in capsys.readouterr().out


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])

    assert ended.value.code == OK
    assert capsys.readouterr().out == f"transfer-bot {__version__}\n"


def test_an_unknown_command_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["serve"])

    assert ended.value.code == WRONG_SETTING
    assert "serve" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["run", "check"])
def test_without_settings_one_sentence_names_what_is_missing(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command]) == WRONG_SETTING

    [sentence] = capsys.readouterr().err.splitlines()
    assert sentence.startswith("TELEGRAM_TOKEN is missing: ")
    assert "@BotFather" in sentence


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_TOKEN", "not-a-token"),
        ("TELEGRAM_API_URL", "https://api.example/bots"),
        ("TELEGRAM_PROXY", "socks4://127.0.0.1:1080"),
        ("IXBROWSER_URL", "127.0.0.1"),
        ("IXBROWSER_CONCURRENCY", "many"),
        ("IXBROWSER_TIMEOUT", "0"),
        ("IXBROWSER_GRACE", "-1"),
        ("DATABASE_URL", "mysql://host/name"),
        ("ADMIN_IDS", "@ana"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(
    name: str, value: str, settings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.setenv(name, value)

    assert main(["run"]) == WRONG_SETTING

    [sentence] = capsys.readouterr().err.splitlines()
    assert sentence.startswith(f"{name} is wrong: ")
    assert re.search("[:;] (write|put) ", sentence)
    assert sentence.endswith(".")


def test_several_wrong_settings_get_a_sentence_each(
    settings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.setenv("IXBROWSER_URL", "nowhere")
    settings.setenv("LOG_LEVEL", "LOUD")

    assert main(["run"]) == WRONG_SETTING

    sentences = capsys.readouterr().err.splitlines()
    assert [sentence.partition(" ")[0] for sentence in sentences] == ["IXBROWSER_URL", "LOG_LEVEL"]


def test_no_admin_in_settings_and_database_is_a_wrong_setting(
    settings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.delenv("ADMIN_IDS")

    assert main(["run"]) == WRONG_SETTING

    assert capsys.readouterr().err.splitlines()[-1].startswith("ADMIN_IDS is missing: ")


@pytest.mark.usefixtures("settings")
def test_a_bot_that_runs_already_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with hold(settings_for(tmp_path, telegram_token=SecretStr(TOKEN))):
        assert main(["run"]) == ALREADY_RUNNING

    [sentence] = capsys.readouterr().err.splitlines()
    assert sentence.startswith("Another transfer-bot on this computer already serves the database ")
    assert not (tmp_path / "bot.db").exists()


@pytest.mark.usefixtures("settings")
def test_on_sqlite_there_is_no_station_to_take(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["station", "take", "attic"]) == OK

    assert "on SQLite the bot itself takes over" in capsys.readouterr().err
    assert not (tmp_path / "bot.db").exists()


@pytest.mark.usefixtures("settings")
def test_a_database_is_moved_to_a_bot_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for said in ("belongs to the bot 7000000001 from now on", "belongs to the bot 7000000001 already"):
        assert main(["rebind"]) == OK
        assert said in capsys.readouterr().err

    with hold(settings_for(tmp_path, telegram_token=SecretStr(TOKEN))):
        assert main(["rebind"]) == ALREADY_RUNNING


@pytest.mark.usefixtures("settings")
def test_a_database_of_a_newer_version_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "bot.db")) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
        connection.commit()

    assert main(["run"]) == TOO_NEW

    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("The bot can't start: the database was written by a newer version")


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize(
    ("command", "part", "told"),
    [
        ("rebind", "bot.upkeep.move_to_this_bot", "It is not known whether this was done: {why}. Check before you try"),
        ("run", "bot.cli._serve", "The bot can't start: {why}."),
    ],
)
def test_a_commit_that_may_have_been_done_is_not_called_undone(
    command: str, part: str, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def lose_the_answer(*_: object) -> None:
        raise StorageError("the database's server can't be reached", maybe_committed=True)

    monkeypatch.setattr(part, lose_the_answer)
    assert main([command]) == NOT_RIGHT

    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith(told.format(why="the database's server can't be reached"))


def test_a_database_in_a_folder_that_can_not_be_made_is_told(
    tmp_path: Path, settings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    settings.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'file' / 'bot.db'}")

    assert main(["run"]) == NOT_RIGHT

    [sentence] = capsys.readouterr().err.splitlines()
    assert sentence.startswith("The bot can't start: ")
    assert "rights" in sentence


def test_passwords_that_travel_readable_are_warned_of(
    settings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.setenv("IXBROWSER_URL", "http://office.example:53200")
    settings.delenv("ADMIN_IDS")

    # There is no admin, so that it does not go on.
    assert main(["run"]) == WRONG_SETTING

    warning = capsys.readouterr().err.splitlines()[0]
    assert warning.startswith("Warning: IXBROWSER_URL begins with http:// and names another computer: ")


def test_a_settings_file_that_others_can_read_is_warned_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / ".env"
    file.write_text(f"TELEGRAM_TOKEN={TOKEN}\nDATABASE_URL=sqlite:///{tmp_path / 'bot.db'}\n")
    file.chmod(0o644)

    # There is no admin, so that it does not go on.
    assert main(["run"]) == WRONG_SETTING

    warning = capsys.readouterr().err.splitlines()[0]
    assert warning.startswith("Warning: .env holds secrets and can be read by others")
    assert "chmod 600" in warning


def test_as_a_process_nothing_but_the_sentence_is_printed(tmp_path: Path) -> None:
    ended = run(tmp_path, "run", TELEGRAM_TOKEN="not-a-token", ADMIN_IDS="1001")

    assert ended.status == WRONG_SETTING
    assert ended.out == ""
    [sentence] = ended.err.splitlines()
    assert sentence.startswith("TELEGRAM_TOKEN is wrong: it is no token; put the token")
