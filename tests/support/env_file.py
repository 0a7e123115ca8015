"""A settings file in the folder of a test, and what is said of what is wrong in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingError
from bot.settings import load_settings

TOKEN = "123456789:AAH-planted_token_planted_token_pl"


def complaint(env_file: Path | None = Path(".env")) -> str:
    with pytest.raises(SettingError) as caught:
        load_settings(env_file)
    return str(caught.value)


def write_env(content: str | bytes) -> None:
    file = Path(".env")
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    file.chmod(0o600)
