"""The sign of life that a running bot gives, and what is judged by it; and what is measured of its disk."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.measures import measure_disk
from bot.process_lock import hold
from bot.sign_of_life import OLD_AFTER, Sign, give_sign, how_it_runs, judge, last_sign, sign_file, take_back_sign
from tests.standins.telegram import TOKEN
from tests.support.world import settings_for

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SIGN = Sign(7, NOW.timestamp(), (NOW - timedelta(hours=1)).timestamp(), "1.2", serving=True)


def test_the_last_sign_is_the_one_that_is_read(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "bot.alive"
    assert last_sign(file) is None
    for sign in (SIGN, replace(SIGN, pid=8, hanging=("presenter",))):
        give_sign(file, sign)
        read = last_sign(file)
        assert read is not None
        assert replace(read, hanging=tuple(read.hanging)) == sign
    assert [each.name for each in file.parent.iterdir()] == ["bot.alive"]
    take_back_sign(file)
    take_back_sign(file)
    assert last_sign(file) is None


def test_a_sign_needs_no_more_room_than_the_one_before(tmp_path: Path) -> None:
    file = tmp_path / "bot.alive"
    give_sign(file, SIGN)
    before = file.stat()
    give_sign(file, replace(SIGN, hanging=[f"showing in chat {chat}" for chat in range(99)]))
    assert file.stat().st_size > before.st_size
    for hanging in (["presenter"], []):
        give_sign(file, replace(SIGN, hanging=hanging))
        assert (file.stat().st_ino, file.stat().st_size) == (before.st_ino, before.st_size)
        assert last_sign(file) == replace(SIGN, hanging=hanging)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
def test_it_is_its_owner_s_alone(tmp_path: Path) -> None:
    give_sign(tmp_path / "bot.alive", SIGN)
    assert stat.S_IMODE((tmp_path / "bot.alive").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"pid": 7}', b"\xff"])
def test_what_is_no_sign_counts_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bot.alive").write_bytes(content)
    assert last_sign(tmp_path / "bot.alive") is None


def test_its_place_goes_by_the_token_and_does_not_show_it(tmp_path: Path) -> None:
    here = sign_file(settings_for(tmp_path))
    assert here == sign_file(settings_for(tmp_path, station="elsewhere"))
    assert TOKEN not in str(here)


@pytest.mark.parametrize(
    ("sign", "right", "said"),
    [
        (None, False, "not running: it has given no sign of life"),
        (SIGN, True, "running since 2026-03-01 11:00:00 UTC, version 1.2"),
        (replace(SIGN, serving=False), True, "starting since 2026-03-01 11:00:00 UTC, version 1.2"),
        (replace(SIGN, hanging=("presenter", "sending")), False, "hanging: no sign of life of presenter, sending"),
        (
            replace(SIGN, at=(NOW - OLD_AFTER).timestamp()),
            False,
            "stopped or hanging: no sign of life since 2026-03-01 11:59:35 UTC",
        ),
        (
            replace(SIGN, at=(NOW + timedelta(hours=1)).timestamp()),
            False,
            "stopped or hanging: no sign of life since 2026-03-01 13:00:00 UTC",
        ),
    ],
)
def test_it_says_whether_the_bot_runs_as_it_should(sign: Sign | None, right: bool, said: str) -> None:
    assert judge(sign, NOW, served=True) == (right, said)


def test_a_sign_of_a_process_that_is_gone_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.process_lock.data_folder", lambda: tmp_path / "data")
    settings = settings_for(tmp_path)
    give_sign(sign_file(settings), SIGN)
    assert how_it_runs(settings, NOW) == (False, "not running: its last sign of life is of 2026-03-01 12:00:00 UTC")
    with hold(settings):
        assert how_it_runs(settings, NOW)[0]
    assert not how_it_runs(settings, NOW)[0]


def test_the_disk_of_a_folder_that_is_still_to_be_made_is_known(tmp_path: Path) -> None:
    disk = measure_disk(tmp_path / "to" / "be" / "made" / "bot.db")
    assert disk is not None
    assert 0 < disk.free <= disk.total
    assert measure_disk(None) is not None
