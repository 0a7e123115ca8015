"""The file that an SQLite URL names, with the names of variables and ``~`` in its path filled in."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote

from bot.domain.characters import without_unseen
from bot.errors import SettingError

#: A variable as the shells of Unix and Windows write it. ``$NAME`` is one only as a whole folder's name, and ``%NAME%``
#: only where it can't be the code of a character.
_VARIABLE: Final = re.compile(
    r"\$\{(?:env:)?(\w+)\}|\$env:(\w+)|(?:^|(?<=[/\\]))\$([A-Z_][A-Z0-9_]*)(?=[/\\]|$)"
    r"|%(?![0-9A-F]{2})(\w+(?:\(\w+\))?)%",
    re.IGNORECASE,
)
#: The folder of a person's own files, of whoever runs the program or of somebody named.
_HOME: Final = re.compile(r"/?~(?=[/\\])|~[^/\\]+(?=[/\\])")


@dataclass(frozen=True, slots=True)
class SqliteFile:
    """An SQLite database; ``path`` is absolute."""

    path: Path

    @property
    def url(self) -> str:
        # A tilde is encoded, so that it is not filled in when the URL is read again.
        return "sqlite:///" + quote(self.path.as_posix(), safe="/:").replace("~", "%7E")


def wrong(advice: str) -> SettingError:
    return SettingError(f"DATABASE_URL is wrong: {advice}.")


def read_sqlite_file(rest: str, driver: str, variables: Mapping[str, str]) -> SqliteFile:
    """The file, by what stands behind ``sqlite://``. Raises ``SettingError`` and ``UnicodeDecodeError``."""
    if "cipher" in driver.lower():
        raise wrong("an encrypted SQLite file can't be used, so write sqlite:/// without a driver")
    rest = re.sub(r"[^\S ]", _space, without_unseen(rest))
    if not rest.startswith("/"):
        raise wrong("write three slashes before the file, as in sqlite:///folder/file.db")
    if "?" in rest:
        raise wrong("an SQLite file takes no parameters; write a ? that is part of its name as %3F")
    path = unquote(_filled_in(rest[1:], variables), errors="strict")
    if re.search(r"[\x00-\x1f]", path):
        raise wrong(
            "there is a line break or another control character in the file's name; a \\ in double quotes makes one,"
            " so write / in its place"
        )
    if not path or path == ":memory:" or path.endswith("/"):
        raise wrong("name a file, as in sqlite:///folder/file.db")
    if not path.isprintable():
        raise wrong("there is a character in the file's name that nobody can see, so write the name anew")
    if os.name == "posix":
        # Of a slash in the URL and the one with which a variable's value begins.
        path = re.sub("^//+", "/", path)
    return SqliteFile(Path(path).absolute())


def _space(found: re.Match[str]) -> str:
    """A space of another width, such as a web page's, is a plain one; a control character stays, to be refused."""
    return found[0] if found[0].isascii() else " "


def _filled_in(path: str, variables: Mapping[str, str]) -> str:
    """The path with everything in place, still as it is written in a URL."""
    if re.search(r"\$\(|`", path):
        raise wrong("commands are not run, so write the folder itself")
    home = _HOME.match(path)
    if home is not None:
        path = _quoted(_home(home[0].lstrip("/"))) + path[home.end() :]
    filled, end = "", 0
    for found in _VARIABLE.finditer(path):
        filled += path[end : found.start()]
        end = found.end()
        value = _value(next(filter(None, found.groups())), variables)
        if _is_whole(value) and re.fullmatch("/?[A-Za-z]:", filled) is None:
            if filled not in {"", "/"}:
                raise wrong("a variable that holds a whole path, such as HOME, stands at the beginning of the path")
            filled = ""
        filled += _quoted(value)
    path = filled + path[end:]
    if "${" in path:
        raise wrong("a variable in the file's path can't be filled in: write it as ${NAME}, or write the folder itself")
    return path


def _value(name: str, variables: Mapping[str, str]) -> str:
    # Windows tells no capitals apart in the names of variables, and has them all in capitals.
    value = (variables.get(name) or variables.get(name.upper(), "")).strip()
    if not value:
        raise wrong(f"the variable {name} in the file's path is not set, so set it, or write the folder itself")
    return value


def _home(tilde: str) -> str:
    try:
        return str(Path(tilde).expanduser())
    except RuntimeError:
        raise wrong("whose folder is meant by ~ is not known, so write the folder itself") from None


def _is_whole(path: str) -> bool:
    return path.startswith(("/", "\\")) or re.match("[A-Za-z]:", path) is not None


def _quoted(path: str) -> str:
    # What is no UTF-8 is refused where the whole path is decoded.
    return quote(path, safe="/\\:", errors="surrogateescape")
