"""One process at a time on a database and with a token."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.data_folder import data_folder
from bot.errors import AlreadyRunning, StorageError
from bot.process_lock import hold, is_held
from bot.settings import Settings, demo_settings

HOLDER = """
import sys
from pathlib import Path
from pydantic import SecretStr
from bot.settings import Settings
from bot.process_lock import hold

with hold(Settings(telegram_token=SecretStr(sys.argv[1]), database_url=SecretStr(sys.argv[2]))):
    print("held", flush=True)
    sys.stdin.read()
"""


def token(letter: str) -> str:
    return "123456789:" + letter * 35


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr("bot.process_lock.data_folder", lambda: tmp_path / "data")
    return demo_settings(tmp_path / "demo")


def other(settings: Settings, *, bot: str | None = None, database: str | None = None) -> Settings:
    """The same settings with another token or database."""
    return Settings(
        telegram_token=settings.telegram_token if bot is None else SecretStr(bot),
        database_url=settings.database_url if database is None else SecretStr(database),
    )


@contextlib.contextmanager
def another_process(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    secrets = [settings.telegram_token.get_secret_value(), settings.database_url.get_secret_value()]
    command = [sys.executable, "-c", HOLDER, *secrets]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


def test_held_twice_the_second_is_told_which_database_is_served(settings: Settings) -> None:
    with hold(settings), pytest.raises(AlreadyRunning, match=r"already serves the database .*demo\.db"):
        hold(other(settings, bot=token("b"))).__enter__()


def test_held_twice_the_second_is_told_that_the_bot_is_served(settings: Settings, tmp_path: Path) -> None:
    elsewhere = other(settings, database=f"sqlite:///{tmp_path}/other.db")
    with hold(settings):
        with pytest.raises(AlreadyRunning, match="already serves the bot of this TELEGRAM_TOKEN"):
            hold(elsewhere).__enter__()
        # What the refused one had taken by then is free again.
        with hold(other(elsewhere, bot=token("b"))):
            pass


def test_two_bots_with_two_databases_run_side_by_side(settings: Settings, tmp_path: Path) -> None:
    with hold(settings), hold(other(settings, bot=token("b"), database=f"sqlite:///{tmp_path}/other.db")):
        locks = {path.name for path in tmp_path.rglob("*.lock")}
    assert {"demo.db.lock", "other.db.lock"} < locks


def test_it_can_be_held_again_afterwards(settings: Settings) -> None:
    for _ in range(2):
        with hold(settings):
            assert settings.database_file is not None
            assert settings.database_file.with_name("demo.db.lock").exists()


def test_a_database_is_the_same_by_whichever_way_it_is_reached(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "demo")
    by_link = other(settings, bot=token("b"), database=f"sqlite:///{tmp_path}/link/demo.db")
    with hold(settings), pytest.raises(AlreadyRunning, match="database"):
        hold(by_link).__enter__()


def test_a_database_on_a_server_has_locks_of_its_own(settings: Settings) -> None:
    url = "postgresql://ana:planted@db.example/bot"
    with hold(other(settings, database=url)), hold(other(settings, bot=token("b"), database=url)):
        pass


def test_whether_a_file_is_held_can_be_looked_at_and_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    file = settings.database_file
    assert file is not None
    assert not is_held(file)
    assert list(tmp_path.rglob("*.lock")) == []
    with hold(settings):
        assert is_held(file)
    assert not is_held(file)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
def test_the_lock_files_are_their_owners_alone_and_tell_no_token(settings: Settings, tmp_path: Path) -> None:
    with hold(settings):
        locks = list(tmp_path.rglob("*.lock"))
    assert len(locks) == 2
    assert {stat.S_IMODE(lock.stat().st_mode) for lock in locks} == {0o600}
    assert stat.S_IMODE((tmp_path / "data" / "locks").stat().st_mode) == 0o700
    secret = settings.telegram_token.get_secret_value().partition(":")[2]
    assert secret not in " ".join(f"{lock} {lock.read_text()}" for lock in locks)


def test_a_lock_that_cannot_be_made_gets_a_sentence(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"bot\.db\.lock, which keeps a second process away, can't be locked"):
        hold(other(settings, database=f"sqlite:///{tmp_path}/file/bot.db")).__enter__()


def test_another_process_is_kept_away_until_this_one_ends(tmp_path: Path) -> None:
    settings = demo_settings(tmp_path)
    with another_process(settings) as process:
        with pytest.raises(AlreadyRunning):
            hold(settings).__enter__()
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=30) == 0
    with hold(settings):
        assert (data_folder() / "locks").is_dir()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows ends processes in another way")
def test_a_killed_process_leaves_nothing_held(tmp_path: Path) -> None:
    settings = demo_settings(tmp_path)
    with another_process(settings) as process:
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=30)
        with hold(settings), another_process(other(settings, bot=token("c"), database=f"sqlite:///{tmp_path}/c.db")):
            pass
