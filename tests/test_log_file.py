"""The log in a file: private, without secrets, in turn, and no reason for anything to fail."""

from __future__ import annotations

import io
import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import log_file
from bot.errors import SettingError
from bot.log_file import LogFile, LogFileHandler
from bot.logs import log_to_file, set_up_logging
from bot.settings import NAMES, load_settings

TOKEN = "123456789:AAH-planted_token_planted_token_pl"
CODE = "76686828-89727101"
ON_POSIX = pytest.mark.skipif(os.name != "posix", reason="needs the rights of POSIX")

LOG = logging.getLogger("bot.app")


@pytest.fixture
def stderr() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    set_up_logging("INFO", [TOKEN], stream)
    yield stream
    for each in [each for each in logging.getLogger().handlers if isinstance(each, LogFileHandler)]:
        logging.getLogger().removeHandler(each)
        each.close()


def begin(path: Path, *, largest: int = 1_000_000, count: int = 3, alone: bool = False) -> None:
    log_to_file(LogFile(path, largest, count), [TOKEN], alone=alone)


def texts(folder: Path) -> dict[str, list[str]]:
    """The files, each with the ends of its lines."""
    return {
        file.name: [line.rpartition(" ")[2] for line in file.read_text("utf-8").splitlines()]
        for file in sorted(folder.iterdir())
    }


def test_it_is_as_on_standard_error_and_holds_no_secret(tmp_path: Path, stderr: io.StringIO) -> None:
    path = tmp_path / "logs" / "bot.log"
    begin(path)
    try:
        int(f"{TOKEN} {CODE}")
    except ValueError:
        LOG.exception("failed for %s and %s\nno line of its own \u00fc", TOKEN, CODE)
    LOG.debug("too little")
    assert path.read_text("utf-8") == stderr.getvalue()
    assert "planted" not in path.read_text("utf-8")
    assert "failed for ••• and 7668••••-••••7101" in path.read_text("utf-8")


@ON_POSIX
def test_it_is_its_owners_alone_also_where_it_was_there_before(tmp_path: Path, stderr: io.StringIO) -> None:
    path = tmp_path / "logs" / "bot.log"
    path.parent.mkdir()
    path.write_text("of before\n")
    path.chmod(0o644)
    begin(path, largest=40)
    for _ in range(3):
        LOG.info("something")
    assert {stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()} == {0o600}
    assert path.with_name("bot.log.2").exists()
    assert stderr.getvalue().count("something") == 3


@ON_POSIX
def test_a_folder_that_is_made_for_it_is_its_owners_alone(tmp_path: Path, stderr: io.StringIO) -> None:
    begin(tmp_path / "logs" / "bot.log")
    assert stat.S_IMODE((tmp_path / "logs").stat().st_mode) == 0o700
    assert stderr.getvalue() == ""


@pytest.mark.usefixtures("stderr")
def test_full_files_are_put_aside_and_the_oldest_is_deleted(tmp_path: Path) -> None:
    begin(tmp_path / "bot.log", largest=100)
    for number in range(9):
        LOG.info("number %d", number)
    assert texts(tmp_path) == {"bot.log": ["8"], "bot.log.1": ["6", "7"], "bot.log.2": ["4", "5"]}


@pytest.mark.usefixtures("stderr")
@pytest.mark.parametrize("count", [1, 2])
def test_there_are_never_more_files_than_wanted(count: int, tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"bot.log.{number}").touch()
    (tmp_path / "bot.log.txt").touch()
    begin(tmp_path / "bot.log", largest=100, count=count)
    for number in range(9):
        LOG.info("number %d", number)
    assert (
        texts(tmp_path) == {"bot.log": ["8"], "bot.log.1": ["6", "7"], "bot.log.txt": []}
        if count == 2
        else {
            "bot.log": ["8"],
            "bot.log.txt": [],
        }
    )


@pytest.mark.usefixtures("stderr")
def test_a_record_that_is_larger_than_a_file_may_be_is_written_whole(tmp_path: Path) -> None:
    begin(tmp_path / "bot.log", largest=60)
    LOG.info("x" * 200)
    LOG.info("short")
    assert texts(tmp_path) == {"bot.log": ["short"], "bot.log.1": ["x" * 200]}


@pytest.mark.usefixtures("stderr")
def test_a_start_goes_on_with_the_file_of_before(tmp_path: Path) -> None:
    for number in range(2):
        begin(tmp_path / "bot.log")
        LOG.info("number %d", number)
    assert texts(tmp_path) == {"bot.log": ["0", "1"]}


def test_alone_nothing_goes_to_standard_error(tmp_path: Path, stderr: io.StringIO) -> None:
    begin(tmp_path / "bot.log", alone=True)
    LOG.info("here")
    assert stderr.getvalue() == ""
    assert texts(tmp_path) == {"bot.log": ["here"]}


@pytest.mark.usefixtures("stderr")
def test_a_file_that_another_program_keeps_grows_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = True

    rename = os.rename

    def refused(source: str, target: str) -> None:
        if kept:
            raise PermissionError(13, "it is open in another program")
        rename(source, target)

    monkeypatch.setattr(os, "rename", refused)
    monkeypatch.setattr(log_file, "AGAIN", 0.0)
    begin(tmp_path / "bot.log", largest=100)
    for number in range(5):
        LOG.info("number %d", number)
    assert texts(tmp_path) == {"bot.log": ["0", "1", "2", "3", "4"]}
    kept = False
    LOG.info("number 5")
    assert texts(tmp_path) == {"bot.log": ["5"], "bot.log.1": ["0", "1", "2", "3", "4"]}


def test_a_file_that_cannot_be_opened_leaves_standard_error_as_it_is(tmp_path: Path, stderr: io.StringIO) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        begin(tmp_path / "file" / "bot.log", alone=True)
    LOG.info("here")
    assert "here" in stderr.getvalue()


def test_what_cannot_be_written_stops_nothing_and_is_not_printed(
    tmp_path: Path, stderr: io.StringIO, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    begin(tmp_path / "bot.log")

    def full(*_: object) -> bool:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(LogFileHandler, "shouldRollover", full)
        LOG.info("code %s", CODE)
    LOG.info("later")
    assert texts(tmp_path) == {"bot.log": ["later"]}
    assert capsys.readouterr() == ("", "")
    assert "later" in stderr.getvalue()


# --- the settings -----------------------------------------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment in which only the token is set."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return monkeypatch


@pytest.mark.parametrize(("platform", "there"), [("linux", False), ("darwin", True), ("win32", True)])
def test_there_is_one_by_default_where_nobody_keeps_standard_error(
    platform: str, there: bool, settings: pytest.MonkeyPatch
) -> None:
    settings.setattr("bot.data_folder.sys.platform", platform)
    log = load_settings(None).log
    assert (log is not None) == there
    if log is not None:
        assert (log.path.name, log.largest, log.count) == ("transfer-bot.log", 10_000_000, 5)
        assert log.path.is_absolute()


@pytest.mark.parametrize("typed", ["~/logs/bot.log", "${HOME}/logs/bot.log", ' "logs/bot.log" '])
def test_its_place_and_size_can_be_set(typed: str, tmp_path: Path, settings: pytest.MonkeyPatch) -> None:
    settings.setenv("LOG_FILE", typed)
    settings.setenv("LOG_FILE_MB", "2,5 MB")
    settings.setenv("LOG_FILES", "2")
    assert load_settings(None).log == LogFile(tmp_path / "logs/bot.log", 2_500_000, 2)


@pytest.mark.parametrize("typed", ["off", "OFF", "none", "no"])
def test_it_can_be_done_without(typed: str, settings: pytest.MonkeyPatch) -> None:
    settings.setattr("bot.data_folder.sys.platform", "darwin")
    settings.setenv("LOG_FILE", typed)
    assert load_settings(None).log is None


@pytest.mark.parametrize(
    ("name", "typed", "why"),
    [
        ("LOG_FILE", "${NOBODY_HAS_SET_THIS}/bot.log", "can't be filled in"),
        ("LOG_FILE", "$(pwd)/bot.log", "can't be filled in"),
        ("LOG_FILE", "logs/", "it is a folder"),
        ("LOG_FILE", ".", "it is a folder"),
        ("LOG_FILE_MB", "0", "how many megabytes"),
        ("LOG_FILE_MB", "large", "how many megabytes"),
        ("LOG_FILES", "0", "how many files"),
        ("LOG_FILES", "2.5", "how many files"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(
    name: str, typed: str, why: str, settings: pytest.MonkeyPatch
) -> None:
    settings.setenv(name, typed)
    with pytest.raises(SettingError, match=f"^{name} is wrong: .*{why}"):
        load_settings(None)
