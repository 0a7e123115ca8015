"""What of a bot with a PostgreSQL database moves, and to where."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from bot.cli import ALREADY_RUNNING, NOT_RIGHT, OK, main
from bot.settings import load_settings
from bot.usecases.recovery_rows import Misfit
from tests.standins.telegram import TOKEN
from tests.support.moves import Computer, passphrase_in, restore, serve_once, started
from tests.support.postgresql import find_programs
from tests.support.postgresql_databases import Databases


class Gone(BaseException):
    """The process ends at once."""


def power_cut(*_: object) -> None:
    raise Gone


@pytest.fixture
def urls(postgresql: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """Two empty databases; PostgreSQL's programs are here."""
    programs = find_programs()
    assert programs is not None
    monkeypatch.setenv("PATH", f"{programs / 'bin'}{os.pathsep}{os.environ['PATH']}")
    made = postgresql.make(), postgresql.make()
    yield made
    for url in made:
        postgresql.drop(url)


@pytest.fixture
def served(urls: tuple[str, str], tmp_path: object, monkeypatch: pytest.MonkeyPatch, new: Computer) -> Computer:
    """A bot on the first database, with a member."""
    del tmp_path
    computer = Computer(new.folder.parent / "server", monkeypatch).entered()
    computer.env.write_text(f"TELEGRAM_TOKEN={TOKEN}\nADMIN_IDS=1001\nDATABASE_URL={urls[0]}\n")
    computer.env.chmod(0o600)
    serve_once(load_settings())
    return computer


def test_a_dump_moves_into_another_database_and_the_server_stays_where_it_is(
    served: Computer,
    urls: tuple[str, str],
    new: Computer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["move", "bot.move"]) == OK
    said = capsys.readouterr().err
    assert "Set DATABASE_URL to an empty PostgreSQL database before" in said
    passphrase = passphrase_in(said)
    assert main(["run"]) == ALREADY_RUNNING
    moved = served.folder / "bot.move"

    new.entered()
    before = new.files()
    assert restore(monkeypatch, moved, passphrase) == NOT_RIGHT
    assert "holds a PostgreSQL database: set DATABASE_URL" in capsys.readouterr().err
    monkeypatch.setenv("DATABASE_URL", urls[0])
    assert restore(monkeypatch, moved, passphrase) == NOT_RIGHT
    assert "There are tables already" in capsys.readouterr().err
    assert new.files() == before
    monkeypatch.setenv("DATABASE_URL", urls[1])
    with monkeypatch.context() as cut:
        cut.setattr("bot.arriving._say_arrived", power_cut)
        with pytest.raises(Gone):
            restore(monkeypatch, moved, passphrase)
    # Called once more, it tells what has arrived.
    assert restore(monkeypatch, moved, passphrase) == OK
    assert "The database is restored to" in capsys.readouterr().err
    assert "postgresql" not in new.env.read_text()
    recovery, members = started(load_settings())
    assert recovery is not None
    assert (recovery.why, members) == (Misfit.MOVED, [1002])
    assert restore(monkeypatch, moved, passphrase) == NOT_RIGHT

    monkeypatch.delenv("DATABASE_URL")
    served.entered()
    assert main(["move", "--undo"]) == OK
    recovery, members = started(load_settings())
    assert recovery is not None
    assert members == [1002]


def test_without_the_programs_of_postgresql_it_is_said_and_the_bot_stays(
    served: Computer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(served.folder))
    assert main(["move", "bot.move"]) == NOT_RIGHT
    assert "install PostgreSQL's client programs" in capsys.readouterr().err
    assert not (served.folder / "bot.move").exists()
    recovery, _ = started(load_settings())
    assert recovery is None
