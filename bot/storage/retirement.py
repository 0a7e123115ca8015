"""Whether an installation was moved to another computer: it does not run any more, unless it is brought back.

A file beside the marker says so, and not the database, which may be on its way elsewhere.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL

from bot.errors import Retired
from bot.storage.backup_files import failures_told, make_private, part_of, put_in_place
from bot.storage.marker import marker_file


def retired_file(file: Path | None, url: URL) -> Path:
    return marker_file(file, url).with_suffix(".retired")


def is_retired(file: Path | None, url: URL) -> bool:
    return retired_file(file, url).exists()


def retire(file: Path | None, url: URL, moved_by: Path, now: datetime) -> None:
    """Have nothing serve here from now on, which is on the disk when this returns. Raises ``StorageError``."""
    at = retired_file(file, url)
    part = part_of(at)
    with failures_told(f"{at} can't be written"):
        make_private(part)
        part.write_text(json.dumps({"at": now.isoformat(), "file": str(moved_by)}), "utf-8")
        put_in_place(part, at)


def bring_back(file: Path | None, url: URL) -> None:
    """Raises ``StorageError``."""
    at = retired_file(file, url)
    with failures_told(f"{at} can't be deleted"):
        at.unlink(missing_ok=True)


def refuse_retired(file: Path | None, url: URL) -> None:
    """Raise ``Retired`` where the installation was moved, with how to bring it back."""
    at = retired_file(file, url)
    if not at.exists():
        return
    how = ""
    try:
        said = json.loads(at.read_text("utf-8"))
        how = f" on {datetime.fromisoformat(said['at']).astimezone():%Y-%m-%d %H:%M}, by the file {said['file']}"
    except (OSError, ValueError, TypeError, KeyError):
        # Whatever is in it, it is there.
        pass
    raise Retired(
        f"This installation was moved to another computer{how}, and does not run here any more. To bring it back, stop"
        " the bot there, and call here: transfer-bot move --undo"
    )
