"""How each field of the settings is read, with what it means of other fields and of the environment."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo
from pydantic_core import PydanticCustomError

from bot.database_url import read_database_url
from bot.domain.characters import without_unseen
from bot.errors import SettingError
from bot.setting_values import number, person_ids, unquoted, wrong

#: What a name may be.
NAME: Final = Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")
#: How people write that there is to be none of something.
_OFF: Final = frozenset({"off", "none", "no", "false", "0", "-", "never"})
#: The kind of fault that brings its own sentence.
EXPLAINED: Final = "explained"


def secretly(check: Callable[[str], str]) -> AfterValidator:
    """A check of a secret's text, which stays a secret."""
    return AfterValidator(lambda secret: SecretStr(check(secret.get_secret_value())))


def database(secret: SecretStr, info: ValidationInfo) -> SecretStr:
    """The URL in its one spelling, an SQLite file's with its whole path: the same file wherever the process goes."""
    try:
        return SecretStr(read_database_url(unquoted(secret.get_secret_value()), info.context or {}).url)
    except SettingError as error:
        # Said as it is, in place of the field's description.
        raise PydanticCustomError(EXPLAINED, "{sentence}", {"sentence": str(error)}) from None


def ids(value: object, info: ValidationInfo) -> object:
    """Ids of people, of which the bot itself is none."""
    if not isinstance(value, str):
        return value
    found = person_ids(value)
    token = info.data.get("telegram_token")
    if token is not None and bot_id_of(token) in found:
        raise wrong("one of them is the bot's own number, from TELEGRAM_TOKEN")
    return found


def bot_id_of(token: SecretStr) -> int:
    """The bot's number: what stands before the colon of its token."""
    return int(token.get_secret_value().partition(":")[0])


def this_computer() -> str:
    """The computer's name without its domain, which changes with the network that it is in."""
    return platform.node().partition(".")[0][:100] or "station"


def days(value: object) -> object:
    """A number of days; None where something is kept for ever."""
    if not isinstance(value, str):
        return value
    if value.strip().lower() in _OFF:
        return None
    return number(re.sub(r"(?i)(?<=[0-9])\s*(?:d|days?)\W*$", "", value))


def megabytes(value: object) -> object:
    """A number of megabytes as it was meant; what is none is left to be refused."""
    return number(re.sub(r"(?i)(?<=[0-9])\s*(?:mb|mib|megabytes?)\W*$", "", value) if isinstance(value, str) else value)


def log_path(value: object, info: ValidationInfo) -> object:
    """The path of a file with the variables in it filled in; None where there is to be none."""
    if not isinstance(value, str):
        return value
    path = without_unseen(unquoted(value))
    if path.lower() in _OFF:
        return None
    if re.search(r"[\x00-\x1f]", path):
        raise wrong("there is a control character in it")
    variables: Mapping[str, str] = info.context or {}

    def filled(found: re.Match[str]) -> str:
        name = next(filter(None, found.groups()))
        return variables.get(name) or variables.get(name.upper()) or "${}"

    path = re.sub(r"\$\{(\w+)\}|\$([A-Za-z_]\w*)|%(\w+)%", filled, os.path.expanduser(path))  # noqa: PTH111 - as typed
    if re.search(r"\$\{|\$\(|`|^~", path):
        raise wrong("something in the path can't be filled in")
    if path.endswith(("/", "\\")) or os.path.isdir(path):  # noqa: PTH112 - a name that is too long is none
        raise wrong("it is a folder, and no file")
    return Path(path).absolute()
