"""What may be written in DATABASE_URL for a file, and that everything else is a database or a sentence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.database_url import read_database_url
from bot.domain.characters import without_unseen
from bot.errors import SettingError
from bot.sqlite_file import SqliteFile
from tests.support.database_urls import SET, said


@pytest.mark.parametrize("scheme", ["sqlite", "SQLite", "sqlite+aiosqlite", "sqlite+pysqlite", "sqlite+apsw"])
@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("some/bot.db", "{here}/some/bot.db"),
        ("/var/lib/bot.db", "/var/lib/bot.db"),
        ("~/bot.db", "{home}/bot.db"),
        ("my%20files/100%25.db", "{here}/my files/100%.db"),
        ("my files/bot#1.db", "{here}/my files/bot#1.db"),
        ("/tmp/100%2541%3F.db", "/tmp/100%41?.db"),
        ("/tmp/店铺 $1.db", "/tmp/店铺 $1.db"),
    ],
)
def test_a_file_is_named_in_full_whatever_the_driver(scheme: str, path: str, file: str) -> None:
    found = read_database_url(f"{scheme}:///{path}")
    assert found == SqliteFile(Path(file.format(here=Path.cwd(), home=Path.home())))
    assert read_database_url(found.url) == found


@pytest.mark.parametrize(
    ("url", "about"),
    [
        ("", "sqlite:///folder/file.db or postgresql://"),
        ("planted.db", "it is a file's name alone, so write sqlite:/// in front of it"),
        ("/planted/bot.sqlite3", "it is a file's name alone"),
        ("planted", "sqlite:///folder/file.db or postgresql://"),
        ("mysql://planted@host/bot", "sqlite:///folder/file.db or postgresql://"),
        ("mysql+psycopg://planted@host/bot", "sqlite:///folder/file.db or postgresql://"),
        ("postgresql:host=planted", "sqlite:///folder/file.db or postgresql://"),
        ("host=planted dbname=bot", "sqlite:///folder/file.db or postgresql://"),
        ("sqlite://", "three slashes"),
        ("sqlite://planted.db", "three slashes"),
        ("sqlite:///", "name a file"),
        ("sqlite:///:memory:", "name a file"),
        ("sqlite:///planted/", "name a file"),
        ("sqlite:///planted\0.db", "control character"),
        ("sqlite:///C:\\planted\new.db", "write / in its place"),
        ("sqlite:///plan\u200dted.db", "nobody can see"),
        ("sqlite:///planted%ff.db", "write what is special"),
        ("sqlite:///planted.db?mode=ro", "takes no parameters"),
        ("sqlite+pysqlcipher://:planted@/bot.db", "encrypted"),
        ("sqlite:///${NOT_SET}/planted.db", "the variable NOT_SET in the file's path is not set"),
        ("sqlite:///$NOT_SET/planted.db", "the variable NOT_SET in the file's path is not set"),
        ("sqlite:///%USERPROFILE%/planted.db", "the variable USERPROFILE in the file's path is not set"),
        ("sqlite:////srv/$HOME/planted.db", "stands at the beginning"),
        ("sqlite:///${HOME:-planted}/bot.db", "write it as ${NAME}"),
        ("sqlite:///$(pwd)/planted.db", "commands are not run"),
        ("sqlite:///~planted-is-nobody/bot.db", "whose folder is meant by ~"),
    ],
)
def test_what_names_no_file_gets_its_sentence(url: str, about: str) -> None:
    assert about in said(url)


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("${HOME}/bot.db", "/home/ana b/bot.db"),
        ("/${HOME}/bot.db", "/home/ana b/bot.db"),
        ("$HOME/my%20files/bot.db", "/home/ana b/my files/bot.db"),
        ("$env:HOME/bot.db", "/home/ana b/bot.db"),
        ("${env:HOME}/bot.db", "/home/ana b/bot.db"),
        ("%HOME%/bot.db", "/home/ana b/bot.db"),
        ("%home%/bot.db", "/home/ana b/bot.db"),
        ("/srv/${TEAM}/$TEAM/%TEAM%.db", "/srv/shops/shops/shops.db"),
        ("/srv/$1 %41%C3%A4 100%25.db", "/srv/$1 Aä 100%.db"),
        ("/~/bot.db", "{home}/bot.db"),
        ("/srv/%7E/bot.db", "/srv/~/bot.db"),
        ("/srv/%24%7BHOME%7D/bot.db", "/srv/${HOME}/bot.db"),
        ("/srv/\u200bmy\u00a0files\ufeff/bot.db", "/srv/my files/bot.db"),
    ],
)
def test_variables_in_the_path_of_a_file_are_filled_in(path: str, file: str) -> None:
    found = read_database_url(f"sqlite:///{path}", SET)
    assert found == SqliteFile(Path(file.replace("{home}", str(Path.home()))))
    assert read_database_url(found.url) == found


@pytest.mark.parametrize("path", ["%APPDATA%/bot.db", "%HOMEDRIVE%%HOMEPATH%/bot.db"])
def test_a_folder_of_windows_is_filled_in_as_it_stands(path: str) -> None:
    found = read_database_url(f"sqlite:///{path}", SET)
    assert isinstance(found, SqliteFile)
    assert str(found.path).endswith("C:\\Users\\ana/bot.db" if os.name == "posix" else "C:\\Users\\ana\\bot.db")


@given(st.text() | st.builds("{}://{}".format, st.sampled_from(["sqlite", "postgresql", "postgres+x"]), st.text()))
def test_whatever_is_written_it_is_a_database_or_a_sentence(text: str) -> None:
    try:
        found = read_database_url(text)
    except SettingError as error:
        sentence = str(error)
    else:
        sentence = ""
        assert read_database_url(found.url) == found
    assert sentence.isprintable()


@given(
    folder=st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Cn", "Co")), min_size=1),
    url=st.sampled_from(["sqlite:///${HOME}/bot.db", "sqlite:////${HOME}/bot.db", "sqlite:///%HOME%/bot.db"]),
)
def test_whatever_a_variable_holds_its_folder_is_meant(folder: str, url: str) -> None:
    try:
        found = read_database_url(url, {"HOME": f"/home/{folder}"})
    except SettingError:
        # Some characters without any width are none in a path.
        assert not without_unseen(folder).isprintable()
        return
    assert found == SqliteFile(Path(f"/home/{folder}/bot.db"))
    assert read_database_url(found.url) == found


@given(st.text(st.sampled_from("$%~{}()/\\:HOMETA1. \u200b\u00a0"), max_size=20))
def test_whatever_is_written_in_a_path_it_is_a_file_or_a_sentence(path: str) -> None:
    sentence = ""
    try:
        found = read_database_url(f"sqlite:///{path}", SET)
        assert read_database_url(found.url) == found
    except SettingError as error:
        sentence = str(error)
    assert sentence.isprintable()
