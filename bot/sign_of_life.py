"""The sign of life of a running bot: a file of the data folder that it writes every few seconds, and others read.

A file and no row, so that it says something of the process also where the database is what hangs, on whichever server
that is. Its place goes by the token, as that of the process's lock: so there is one for each bot of a computer.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.process_lock import is_served, lock_of_token
from bot.settings import Settings

#: A sign that is older is none any more.
OLD_AFTER = timedelta(seconds=25)
#: Bytes of the file, unless more hangs than they have room for.
_LENGTH = 1024


@dataclass(frozen=True, slots=True)
class Sign:
    """``at`` and ``since`` are moments in UTC, as seconds: of the sign, and of the start of process ``pid``.

    ``hanging`` names the loops that hang, ``serving`` says whether it has begun to serve.
    """

    pid: int
    at: float
    since: float
    version: str
    serving: bool
    hanging: Sequence[str] = ()


def sign_file(settings: Settings) -> Path:
    return lock_of_token(settings).with_suffix(".alive")


def give_sign(file: Path, sign: Sign) -> None:
    """Write the sign over the last one. Raises ``OSError``."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # In one piece and in its place: that needs no room on a disk that has none, and nobody reads half of it.
    written = json.dumps(asdict(sign)).encode().ljust(_LENGTH)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    try:
        os.write(descriptor, written)
        os.ftruncate(descriptor, len(written))
    finally:
        os.close(descriptor)


def take_back_sign(file: Path) -> None:
    """The process ends: from here on there is no sign of it."""
    with contextlib.suppress(OSError):
        file.unlink(missing_ok=True)


def last_sign(file: Path) -> Sign | None:
    """The last sign that was given; None where there is none that can be read."""
    try:
        return Sign(**json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def how_it_runs(settings: Settings, now: datetime) -> tuple[bool, str]:
    """Whether the bot runs on this computer as it should, and a sentence that says so."""
    sign = last_sign(sign_file(settings))
    return judge(sign, now, served=sign is not None and is_served(settings))


def judge(sign: Sign | None, now: datetime, *, served: bool) -> tuple[bool, str]:
    """The same by its last sign, and by whether there is a process that serves it."""
    if sign is None:
        return False, "not running: it has given no sign of life"
    given = datetime.fromtimestamp(sign.at, UTC)
    if not served:
        return False, f"not running: its last sign of life is of {given:%Y-%m-%d %H:%M:%S} UTC"
    if not -OLD_AFTER < now - given < OLD_AFTER:
        return False, f"stopped or hanging: no sign of life since {given:%Y-%m-%d %H:%M:%S} UTC"
    if sign.hanging:
        return False, f"hanging: no sign of life of {', '.join(sign.hanging)}"
    since = datetime.fromtimestamp(sign.since, UTC)
    what = "running" if sign.serving else "starting"
    return True, f"{what} since {since:%Y-%m-%d %H:%M:%S} UTC, version {sign.version}"
