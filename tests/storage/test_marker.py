"""The marker beside the installation, and which databases fit it."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import shutil
import stat
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from bot.app import App
from bot.errors import StorageError, Superseded
from bot.storage import marker
from bot.storage.backup_files import back_up_sqlite
from bot.storage.database import Database
from bot.storage.holders import HUB, Holder
from bot.storage.key import key_file
from bot.storage.marker import (
    LAST_GENERATION,
    NONE_FITS,
    Marker,
    MarkerKeeper,
    fit_nothing,
    marker_file,
    read_marker,
    write_marker,
)
from bot.storage.tables import installation
from bot.storage.url import engine_url
from bot.storage.work import SqlWork
from bot.usecases.audit import AuditKind
from bot.usecases.recovery_rows import Misfit, Recovery
from tests.storage.support import CODE, confirmed, draft_of, rows
from tests.support.clock import MovableClock, settle
from tests.support.world import settings_for


async def started(folder: Path, more: bool = False) -> Recovery | None:
    """Start and stop a bot, which does something; the recovery with which it began, None for none."""
    app = App(settings_for(folder))
    await app.prepare()
    found = await app.store.read(lambda work: work.recoveries.current())
    if more:
        await confirmed(app.store, draft_of(CODE))
        await app.marker.keep()
    await app.close()
    return found


def note(work: SqlWork) -> None:
    work.audit.note(AuditKind.ASKED, 1)


async def test_the_first_start_writes_the_marker_and_the_second_finds_that_it_fits(tmp_path: Path) -> None:
    assert await started(tmp_path) is None
    file = tmp_path / "bot.db.marker"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert await started(tmp_path, more=True) is None
    assert await started(tmp_path) is None
    seen = read_marker(file)
    assert seen is not None
    assert (seen.generation, seen.newest_import) == (1, 1)


@pytest.mark.parametrize("more", [False, True])
async def test_an_older_backup_is_known(tmp_path: Path, more: bool) -> None:
    await started(tmp_path)
    back_up_sqlite(tmp_path / "bot.db", tmp_path / "one.db")
    await started(tmp_path, more)
    shutil.copy(tmp_path / "one.db", tmp_path / "bot.db")
    recovery = await started(tmp_path)
    assert recovery is not None
    assert (recovery.generation > 1, recovery.why) == (True, Misfit.OLDER)
    # It is begun once.
    assert await started(tmp_path) == recovery


async def test_one_that_has_lost_a_row_of_the_same_run_is_known(tmp_path: Path) -> None:
    app = App(settings_for(tmp_path))
    await app.prepare()
    await app.store.write(note)
    back_up_sqlite(tmp_path / "bot.db", tmp_path / "one.db")
    await app.store.write(note)
    await app.marker.keep()
    await app.close()
    shutil.copy(tmp_path / "one.db", tmp_path / "bot.db")
    recovery = await started(tmp_path)
    assert recovery is not None
    assert recovery.why is Misfit.OLDER


async def test_a_backup_of_before_there_were_markers_is_known(tmp_path: Path) -> None:
    await started(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    await started(other)
    for name in ("bot.db", "bot.db.key"):
        shutil.copy(other / name, tmp_path / name)
    recovery = await started(tmp_path)
    assert recovery is not None
    assert recovery.why is Misfit.OLDER


async def test_a_copy_in_another_folder_is_known_with_the_marker_and_without(tmp_path: Path) -> None:
    await started(tmp_path)
    for names in (["bot.db", "bot.db.key"], ["bot.db", "bot.db.key", "bot.db.marker"]):
        folder = tmp_path / str(len(names))
        folder.mkdir()
        for name in names:
            shutil.copy(tmp_path / name, folder / name)
        recovery = await started(folder)
        assert recovery is not None
        assert recovery.why is Misfit.MOVED
    assert await started(tmp_path) is None


async def test_another_computer_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await started(tmp_path)
    monkeypatch.setattr(marker, "machine_id", lambda: "another")
    recovery = await started(tmp_path)
    assert recovery is not None
    assert recovery.why is Misfit.MOVED


def written(**values: object) -> str:
    """A marker's text, with something that does not belong there."""
    return json.dumps(asdict(Marker("a", 1, "", 0, 0, 0, 0)) | values)


@pytest.mark.parametrize(
    "content",
    [
        *("{", "", "[]", "{}"),
        written(generation="1"),
        written(starts=None),
        written(database=1),
        written(mark=-1),
        written(generation=9_999_999),
    ],
)
async def test_a_marker_that_cannot_be_read_fits_nothing(tmp_path: Path, content: str) -> None:
    await started(tmp_path)
    (tmp_path / "bot.db.marker").write_text(content)
    recovery = await started(tmp_path)
    assert recovery is not None
    # Buttons have room for it.
    assert recovery.generation <= LAST_GENERATION
    assert await started(tmp_path) == recovery


async def test_copies_of_one_database_begin_generations_of_their_own(tmp_path: Path) -> None:
    await started(tmp_path)
    begun = set()
    for number in range(4):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name in ("bot.db", "bot.db.key"):
            shutil.copy(tmp_path / name, folder / name)
        recovery = await started(folder)
        assert recovery is not None
        begun.add(recovery.generation)
    # By chance two may be the same.
    assert len(begun) > 1


async def test_a_copy_is_known_where_the_system_does_not_say_which_computer_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marker, "machine_id", lambda: "")
    volume, elsewhere = tmp_path / "volume", tmp_path / "elsewhere"
    volume.mkdir()
    assert await started(volume) is None
    assert await started(volume, more=True) is None
    # Another container with the same volume.
    assert await started(volume) is None
    # A copy of the volume on another computer, in which all has the same names.
    shutil.copytree(volume, elsewhere)
    volume.rename(tmp_path / "first")
    elsewhere.rename(volume)
    recovery = await started(volume)
    assert recovery is not None
    assert recovery.why is Misfit.MOVED


async def test_what_could_not_be_noted_is_noted_once_it_can_be(tmp_path: Path) -> None:
    app = App(settings_for(tmp_path))
    await app.prepare()
    await app.store.write(note)
    in_the_way = tmp_path / "bot.db.marker.part"
    in_the_way.mkdir()
    with pytest.raises(StorageError, match=r"bot\.db\.marker can't be written"):
        await app.marker.keep()
    in_the_way.rmdir()
    await app.marker.keep()
    await app.close()
    seen = read_marker(tmp_path / "bot.db.marker")
    assert seen is not None
    assert seen.newest_audit == 1


def test_a_full_disk_is_called_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="free some space") as raised:
        fit_nothing(tmp_path / "bot.db", engine_url(f"sqlite:///{tmp_path / 'bot.db'}"))
    assert raised.value.reason == "disk_full"


async def test_a_restore_is_known_whatever_was_restored(tmp_path: Path) -> None:
    await started(tmp_path)
    fit_nothing(tmp_path / "bot.db", engine_url(f"sqlite:///{tmp_path / 'bot.db'}"))
    recovery = await started(tmp_path)
    assert recovery is not None
    assert (recovery.generation > 1, recovery.why) == (True, Misfit.OLDER)


async def test_a_recovery_that_could_not_be_begun_is_begun_by_the_next_start(tmp_path: Path) -> None:
    await started(tmp_path)
    (tmp_path / "bot.db.marker").unlink()
    app = App(settings_for(tmp_path))
    begun = []

    async def dies(generation: int, _why: Misfit) -> None:
        begun.append(generation)
        raise StorageError("no room")

    keeper = MarkerKeeper(app.database, app.holding.hub, app.clock)
    with pytest.raises(StorageError, match="no room"):
        await keeper.begin(dies)
    await app.close()
    recovery = await started(tmp_path)
    assert recovery is not None
    assert recovery.generation > begun[0] > 1
    assert recovery.why is Misfit.MOVED


async def test_a_recovery_that_was_begun_and_not_noted_is_not_begun_again(tmp_path: Path) -> None:
    await started(tmp_path)
    file = tmp_path / "bot.db.marker"
    file.unlink()
    begun = await started(tmp_path)
    assert begun is not None
    noted = read_marker(file)
    assert noted is not None
    # As it is before it begins: the process has died before it could note more.
    write_marker(file, replace(noted, place=NONE_FITS))
    assert await started(tmp_path) == begun


async def test_a_process_that_has_been_superseded_notes_nothing(
    database: Database, clock: MovableClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marker, "data_folder", lambda: tmp_path)
    hub = Holder(HUB)
    hub.epoch = await database.write(hub.take)
    keeper = MarkerKeeper(database, hub, clock)
    await keeper.begin(no_recovery)
    await keeper.keep(at_end=True)
    before = await rows(database, installation), read_marker(marker_file(database.file, database.url))
    assert before[0][0]["mark"] == 1

    await database.write(Holder(HUB).take)
    with pytest.raises(Superseded):
        await keeper.keep(at_end=True)
    # Nor does that keep the process from ending.
    running = asyncio.create_task(keeper.run())
    await settle()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert (await rows(database, installation), read_marker(marker_file(database.file, database.url))) == before


async def no_recovery(_generation: int, _why: Misfit) -> None:
    raise AssertionError


def test_the_marker_of_a_server_is_named_for_the_database_and_for_nobodys_password() -> None:
    urls = [engine_url(f"postgresql://{login}@db.example/{name}") for login, name in
            [("bot:one", "bot"), ("bot:two", "bot"), ("bot:one", "other")]]  # fmt: skip
    one, same, other = (marker_file(None, url) for url in urls)
    assert one == same != other
    assert one.parent == key_file(None).parent
