"""Which settings move with the bot to another computer, and how they are written there.

Where the database is stays behind: a path is one computer's, and a server may be out of reach from another. What names
the computer itself is kept as a note: ixBrowser's port, or a proxy's, is another one there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.errors import Refused
from bot.setting_values import is_another_computer
from bot.settings import NAMES, Settings
from bot.settings_file import decoded, read_settings_file
from bot.storage.backup_files import failures_told, make_private, part_of, put_in_place

_STAYS: Final = frozenset({"DATABASE_URL"})
_ADDRESSES: Final = frozenset({"IXBROWSER_URL", "TELEGRAM_API_URL", "TELEGRAM_PROXY"})
#: What needs no quotes, whoever reads the file.
_PLAIN: Final = re.compile(r"[A-Za-z0-9_:/.,@%+=-]+", re.ASCII)


def moving_settings(settings: Settings) -> dict[str, str]:
    """What is set, by the names of the variables, as it may be written in a settings file."""
    names = [name for name in NAMES if name.lower() in settings.model_fields_set and name not in _STAYS]
    values = {name: getattr(settings, name.lower()) for name in names}
    return {name: _text(value) for name, value in values.items() if value is not None}


def _text(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, frozenset):
        return ",".join(map(str, sorted(value)))
    return f"{value:g}" if isinstance(value, float) else str(value)


def is_bound(name: str, value: str) -> bool:
    """Whether a setting is that of one computer: it names that itself."""
    if name not in _ADDRESSES:
        return False
    host = urlsplit(value).hostname
    return host is None or not is_another_computer(f"http://{host}")


def taken_over(moved: Mapping[str, str]) -> dict[str, str]:
    """Those that hold on another computer too."""
    return {name: value for name, value in moved.items() if name in NAMES and not is_bound(name, value)}


def added_settings(file: Path, moved: Mapping[str, str]) -> str:
    """What the settings file is to hold: what is there, and what was moved. Raises ``Refused`` where both set one."""
    written = {name.upper(): value for name, value in read_settings_file(file)[0].items()}
    other = sorted(name for name, value in taken_over(moved).items() if written.get(name, value) not in {value, ""})
    if other:
        raise Refused(
            f"Nothing was changed: {file.absolute()} sets {', '.join(other)} to something else than the moved bot has."
            " Take that out, or rename the file."
        )
    with failures_told(f"{file} can't be read"):
        before = decoded(file.read_bytes(), file) if file.exists() else ""
    lines = [f"{name}={_written(value)}" for name, value in taken_over(moved).items() if not written.get(name)]
    for name, value in moved.items():
        if is_bound(name, value):
            lines += [f"# As on the other computer; see what it is here:\n# {name}={_written(value)}"]
    if not lines:
        return before
    begin = before if before.endswith("\n") or not before else f"{before}\n"
    return begin + "\n".join(["# Moved here from another computer by transfer-bot restore.", *lines, ""])


def write_settings(file: Path, text: str) -> None:
    """Have the file on the disk, which only this user can read. Raises ``StorageError``."""
    part = part_of(file.absolute())
    with failures_told(f"{file} can't be written"):
        make_private(part)
        try:
            part.write_bytes(text.encode())
            put_in_place(part, file.absolute())
        finally:
            part.unlink(missing_ok=True)


def _written(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
