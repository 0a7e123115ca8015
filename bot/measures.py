"""What is measured on this computer, and who has it told."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from bot import __version__
from bot.chat.health.monitor import HealthMonitor
from bot.clock import booted_at
from bot.data_folder import data_folder
from bot.settings import Settings
from bot.usecases.health_rows import Disk
from bot.usecases.ports import Clock, Store


def health_monitor(
    settings: Settings, store: Store, clock: Clock, telegram_at: Callable[[], datetime | None]
) -> HealthMonitor:
    """What notes how the hub on this computer is."""
    disk = partial(measure_disk, settings.database_file)
    return HealthMonitor(store, clock, __version__, telegram_at=telegram_at, disk=disk, booted_at=booted_at())


def measure_disk(database_file: Path | None) -> Disk | None:
    """The disk of an SQLite database, or of the bot's own files where the database is on a server; None: not known."""
    folder = data_folder() if database_file is None else database_file.absolute().parent
    try:
        # Of a folder that is still to be made it is the disk of the first that is there.
        there = next(each for each in (folder, *folder.parents) if each.exists())
        usage = shutil.disk_usage(there)
    except (OSError, StopIteration):
        return None
    return Disk(usage.free, usage.total)
