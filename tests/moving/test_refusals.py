"""What is wrong with a file that was moved, or with the computer that it comes to: said, and nothing is changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import ALREADY_RUNNING, NOT_RIGHT, WRONG_SETTING
from tests.support.moves import Computer, restore

KEY = "5ec7e7" + "0" * 58


def _damage(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[:9000] + b"\0" + content[9001:])


def _put_database(new: Computer) -> None:
    new.database.parent.mkdir(parents=True)
    new.database.touch()


def _put_other_key(new: Computer) -> None:
    new.database.parent.mkdir(parents=True)
    new.database.with_name("transfer-bot.db.key").write_text(KEY)


@dataclass(frozen=True)
class Fault:
    """What is done to the file, or on the new computer, and what comes of it. ``typed``: another passphrase."""

    status: int
    said: str
    done: Callable[[Path, Computer], object] = lambda _file, _new: None
    typed: str | None = None


def _writes(text: str) -> Callable[[Path, Computer], object]:
    return lambda _, new: new.env.write_text(text)


FAULTS = {
    "passphrase": Fault(NOT_RIGHT, "This is not the passphrase of", typed="bako " * 6),
    "no passphrase": Fault(NOT_RIGHT, "This is not the passphrase of", typed=""),
    "damaged": Fault(NOT_RIGHT, "is damaged, or not all of it is there", lambda file, _: _damage(file)),
    "cut off": Fault(NOT_RIGHT, "is damaged, or not all", lambda file, _: file.write_bytes(file.read_bytes()[:-1])),
    "database": Fault(NOT_RIGHT, "There is a database already,", lambda _, new: _put_database(new)),
    "key": Fault(NOT_RIGHT, "There is another key already in the file", lambda _, new: _put_other_key(new)),
    "settings": Fault(NOT_RIGHT, "sets ADMIN_IDS, OWNER to something else", _writes("OWNER=Lee\nADMIN_IDS=7")),
    "key in the settings": Fault(NOT_RIGHT, "ENCRYPTION_KEY is set here", _writes(f"ENCRYPTION_KEY={KEY}")),
    "wrong setting": Fault(WRONG_SETTING, "LOG_LEVEL is wrong", _writes("LOG_LEVEL=LOUD")),
    "of another bot": Fault(ALREADY_RUNNING, "belongs to", _writes(f"TELEGRAM_TOKEN=123456789:{'A' * 35}")),
    "on a server": Fault(NOT_RIGHT, "holds an SQLite file", _writes("DATABASE_URL=postgresql://a@127.0.0.1:9/b")),
    "a folder": Fault(WRONG_SETTING, "is a folder", lambda _, new: new.env.mkdir()),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_does_not_fit_is_said_and_nothing_is_changed(
    name: str,
    moved: tuple[Path, str],
    new: Computer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fault, (file, passphrase) = FAULTS[name], moved
    new.entered()
    fault.done(file, new)
    before = new.files()
    assert restore(monkeypatch, file, passphrase if fault.typed is None else fault.typed) == fault.status
    assert fault.said in capsys.readouterr().err
    assert new.files() == before
