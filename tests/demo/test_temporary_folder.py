from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from bot.demo.temporary_folder import temporary_folder


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def left(name: str, parent: Path, *, old: bool = True, lock: bool = True) -> Path:
    """A folder in the place of the demo's, and what a demo has in it."""
    folder = parent / name
    folder.mkdir()
    (folder / "demo.db").touch()
    if lock:
        (folder / "in-use").touch()
    if old:
        os.utime(folder, (0, 0))
    return folder


def test_the_folder_is_gone_with_all_that_is_in_it(temporary: Path) -> None:
    with temporary_folder() as folder:
        (folder / "demo.db").touch()
        assert folder.parent == temporary

    assert list(temporary.iterdir()) == []


def test_what_nobody_uses_any_more_is_removed(temporary: Path) -> None:
    left("transfer-bot-demo-killed", temporary)

    with temporary_folder() as folder:
        assert list(temporary.iterdir()) == [folder]


def test_what_is_in_use_or_new_or_somebody_elses_stays(temporary: Path) -> None:
    kept = {
        left("transfer-bot-demo-just-made", temporary, old=False),
        left("transfer-bot-demo-of-somebody-else", temporary, lock=False),
        left("another-program", temporary),
    }
    with temporary_folder() as in_use:
        os.utime(in_use, (0, 0))
        with temporary_folder() as folder:
            assert set(temporary.iterdir()) == {*kept, in_use, folder}
            assert (folder / "in-use").exists()


def test_a_link_is_not_followed(temporary: Path) -> None:
    elsewhere = left("photos", temporary)
    link = temporary / "transfer-bot-demo-link"
    try:
        link.symlink_to(elsewhere, target_is_directory=True)
    except OSError:
        pytest.skip("this user can't make links here")
    os.utime(link, (0, 0), follow_symlinks=os.utime not in os.supports_follow_symlinks)

    with temporary_folder():
        assert (elsewhere / "demo.db").exists()
        assert link.is_symlink()
