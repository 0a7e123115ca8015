"""A folder for as long as the demo runs."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

_PREFIX = "transfer-bot-demo-"
_LOCK = "in-use"
#: Seconds for which a file that is not locked may be one that another demo is about to lock.
_NEW_FOR = 60


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder of one's own, removed when the block ends; so are those of demos that could not do that.

    A process that is killed removes nothing, nor does one whose window is closed on Windows. The lock on a file in the
    folder goes with its process, however that ends, and tells the next demo that nobody needs the folder any more.
    """
    _remove_left_behind()
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as name, _lock(Path(name)).acquire(blocking=False):
        yield Path(name)


def _remove_left_behind() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        # What is another user's, or a link, can't be locked, or is none of ours.
        with suppress(OSError, Timeout):
            if _is_old_and_ours(folder):
                _lock(folder).acquire(blocking=False).lock.release()
                shutil.rmtree(folder)


def _is_old_and_ours(folder: Path) -> bool:
    about = folder.lstat()
    ours = not hasattr(os, "getuid") or about.st_uid == os.getuid()
    old = time.time() - about.st_mtime > _NEW_FOR
    return ours and old and not folder.is_symlink() and (folder / _LOCK).is_file()


def _lock(folder: Path) -> FileLock:
    return FileLock(folder / _LOCK, mode=0o600, thread_local=False, fallback_to_soft=False)
