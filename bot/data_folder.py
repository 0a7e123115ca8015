"""Where this program keeps its files where nothing else is set."""

from __future__ import annotations

from pathlib import Path

import platformdirs


def data_folder() -> Path:
    """The platform's own folder for such files. It may not exist yet."""
    return platformdirs.user_data_path("ixbrowser-transfer-bot", appauthor=False)
