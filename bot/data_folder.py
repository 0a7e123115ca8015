"""Where this program keeps its files where nothing else is set."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs


def data_folder() -> Path:
    """The platform's own folder for such files. It may not exist yet."""
    return platformdirs.user_data_path("ixbrowser-transfer-bot", appauthor=False)


def usual_log_file() -> Path | None:
    """Where the log goes to where nothing else is set; None on systems that keep standard error."""
    if sys.platform not in {"darwin", "win32"}:
        return None
    return platformdirs.user_log_path("ixbrowser-transfer-bot", appauthor=False) / "transfer-bot.log"
