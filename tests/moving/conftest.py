"""A bot that is moved, and the computer on which it arrives."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import OK, main
from bot.settings import NAMES, load_settings
from tests.standins.telegram import TOKEN
from tests.support.moves import Computer, make_quick, passphrase_in, serve_once


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    make_quick(monkeypatch)


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Computer:
    """A bot with a member, whose settings are in a file; its database is where it is by default."""
    computer = Computer(tmp_path / "old", monkeypatch).entered()
    lines = [f"TELEGRAM_TOKEN={TOKEN}", "ADMIN_IDS=1001,1003", 'OWNER="Kim\'s #1 shop"', "BACKUPS_KEPT=3"]
    computer.env.write_text("\n".join([*lines, "IXBROWSER_URL=http://127.0.0.1:53999", ""]))
    computer.env.chmod(0o600)
    serve_once(load_settings())
    return computer


@pytest.fixture
def new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Computer:
    return Computer(tmp_path / "new", monkeypatch)


@pytest.fixture
def moved(old: Computer, capsys: pytest.CaptureFixture[str]) -> tuple[Path, str]:
    """What was moved, and its passphrase."""
    to = old.folder.parent / "bot.move"
    assert main(["move", str(to)]) == OK
    return to, passphrase_in(capsys.readouterr().err)
