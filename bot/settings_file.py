"""The file in which settings may be written, a line ``NAME=value`` each, however an editor has saved it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from io import StringIO
from pathlib import Path

from dotenv.parser import parse_stream

from bot.domain.characters import without_marks
from bot.errors import SettingError


def read_settings_file(file: Path) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """The names and values in a settings file, and warnings about it. No file: no values."""
    if file.is_dir():
        raise SettingError(f"{file} is a folder: settings are read from a file of that name, so rename it.")
    try:
        content = file.read_bytes()
        mode = file.stat().st_mode & 0o777
    except FileNotFoundError:
        # Windows hides what its editor puts behind the name.
        hidden = file.with_name(f"{file.name}.txt")
        return {}, (
            (f"There is no {file.absolute()}, but a {hidden.name}: rename that to {file.name}.",)
            if hidden.exists()
            else ()
        )
    except OSError as error:
        raise SettingError(f"{file} can't be read ({error.strerror}): allow this user to read it.") from None
    values: dict[str, str] = {}
    warnings: list[str] = []
    if os.name == "posix" and mode & 0o077:
        warnings.append(f"{file} holds secrets and can be read by others on this computer: run chmod 600 {file}.")
    for binding in parse_stream(StringIO(_plain_beginnings(decoded(content, file)))):
        if binding.error or (binding.key is not None and binding.value is None):
            text = binding.original.string
            line = binding.original.line + text[: len(text) - len(text.lstrip())].count("\n")
            warnings.append(f"Line {line} of {file} can't be read and is passed over: write NAME=value.")
        elif binding.key is not None and binding.value is not None:
            values[_plain_name(binding.key)] = binding.value
    return values, tuple(warnings)


def decoded(content: bytes, file: Path) -> str:
    """The text of a settings file. Windows PowerShell's ``>`` and old editors write UTF-16, which its mark tells."""
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise SettingError(f"{file} is not written in UTF-8: save it again as UTF-8 text.") from None


def _plain_beginnings(text: str) -> str:
    """The text without what nobody sees at the beginning of a line, where it would be a part of the name."""
    return "".join(re.sub(r"^[^\w#\"'=\s]+", lambda found: without_marks(found[0]), line) for line in _lines(text))


def _lines(text: str) -> list[str]:
    return re.split(r"(?<=\n)", text)


def _plain_name(name: str) -> str:
    return "".join(each for each in without_marks(name) if each.isprintable())
