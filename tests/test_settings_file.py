"""The settings file: however an editor saved it, and what is said where it can't be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SettingError
from bot.settings import NAMES, load_settings
from tests.support.env_file import TOKEN, complaint, write_env

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")


def test_the_environment_outranks_the_file_and_an_empty_value_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    write_env("STATION=from the file\nLOG_LEVEL=DEBUG\nTELEGRAM_PROXY=\nADMIN_IDS=5\n")
    monkeypatch.setenv("STATION", "from the environment")
    monkeypatch.setenv("ADMIN_IDS", "")
    settings = load_settings()
    assert (settings.station, settings.log_level, settings.telegram_proxy) == ("from the environment", "DEBUG", None)
    assert settings.admin_ids == {5}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_the_file_is_read_however_an_editor_saved_it(encoding: str, ending: str) -> None:
    lines = ["# a comment", "", 'STATION="Büro 2"', "export LOG_LEVEL='debug'", "IXBROWSER_TIMEOUT = 7 # s", "OTHER=x"]
    write_env(ending.join(lines).encode(encoding))
    settings = load_settings()
    assert (settings.station, settings.log_level, settings.ixbrowser_timeout) == ("Büro 2", "DEBUG", 7)
    assert settings.warnings == ()


def test_a_value_with_a_dollar_sign_is_taken_as_it_is() -> None:
    write_env("STATION=${HOME} $x")
    assert load_settings().station == "${HOME} $x"


def test_a_slip_in_an_optional_name_is_a_warning() -> None:
    write_env("IXBROWSER_TIMOUT=7\n")
    assert load_settings().warnings == (
        "IXBROWSER_TIMOUT in the settings file is not a setting: did you mean IXBROWSER_TIMEOUT?",
    )


def test_a_line_that_cannot_be_read_is_a_warning_without_its_text() -> None:
    write_env(f"STATION=here\n\n{TOKEN}\nLOG_LEVEL debug\n")
    settings = load_settings()
    assert settings.station == "here"
    assert [warning.split(" of ")[0] for warning in settings.warnings] == ["Line 3", "Line 4"]
    assert "planted" not in str(settings.warnings)


def test_what_cannot_be_read_in_the_file_is_said_when_a_setting_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TELEGRAM_TOKEN")
    write_env(f"TELEGRAM_TOKEN {TOKEN}\n")
    assert "Line 1 of .env can't be read" in complaint()
    assert "planted" not in complaint()


def test_a_file_that_is_no_text_gets_a_sentence() -> None:
    write_env(b"STATION=\xe9\xff\n")
    assert complaint() == ".env is not written in UTF-8: save it again as UTF-8 text."
    write_env(b"\xff\xfeS")
    assert "UTF-8" in complaint()


def test_a_folder_in_the_files_place_gets_a_sentence() -> None:
    Path(".env").mkdir()
    assert ".env is a folder" in complaint()


def test_a_file_that_may_not_be_opened_gets_a_sentence() -> None:
    # A link to itself can't be opened by anybody, root included.
    Path(".env").symlink_to(".env")
    assert ".env can't be read (" in complaint()


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
def test_a_file_that_others_may_read_is_a_warning() -> None:
    write_env("STATION=here\n")
    Path(".env").chmod(0o644)
    assert load_settings().warnings == (
        ".env holds secrets and can be read by others on this computer: run chmod 600 .env.",
    )


def test_without_a_file_only_the_environment_counts() -> None:
    write_env("STATION=from the file\n")
    assert load_settings(None).station != "from the file"


@given(
    content=st.binary()
    | st.lists(st.tuples(st.sampled_from(NAMES), st.text()), max_size=5).map(
        lambda lines: "\n".join(f"{name}={value}" for name, value in lines).encode("utf-8", "replace")
    )
)
def test_whatever_the_file_holds_it_is_settings_or_a_sentence(content: bytes) -> None:
    write_env(content)
    try:
        said = load_settings().warnings
    except SettingError as error:
        said = tuple(str(error).splitlines())
    assert all(sentence.endswith((".", "?")) and sentence.isprintable() for sentence in said)


def test_a_settings_file_with_a_hidden_txt_behind_its_name_is_pointed_out(tmp_path: Path) -> None:
    (tmp_path / ".env.txt").write_text("TELEGRAM_TOKEN=1")

    [warning] = load_settings(tmp_path / ".env").warnings

    assert "rename that to .env" in warning
