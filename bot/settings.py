"""What may be set, read once from the environment and from ``.env``; nothing else reads either."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import Annotated, Final, Literal

from dotenv.parser import parse_stream
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import PydanticCustomError, Url

from bot.data_folder import data_folder
from bot.database_url import SqliteFile, read_database_url
from bot.errors import SettingError

#: For when neither ``ADMIN_IDS`` nor the database names an admin.
NO_ADMIN: Final = (
    "ADMIN_IDS is missing: put your own Telegram id there, a number such as 123456789 (the bot @userinfobot tells you"
    " yours), since without an admin nobody may use the bot."
)

_ENV_FILE: Final = Path(".env")
#: The kind of fault that brings its own sentence.
_EXPLAINED: Final = "explained"


# --- one check a kind of value; what it raises is a ValueError whose text nobody sees ---------------------------------


def _secretly(check: Callable[[str], str]) -> AfterValidator:
    """A check of a secret's text, which stays a secret."""
    return AfterValidator(lambda secret: SecretStr(check(secret.get_secret_value().strip())))


def _bot_token(text: str) -> str:
    if not re.fullmatch("[0-9]{6,}:[A-Za-z0-9_-]{30,}", text):
        raise ValueError("not a token")
    return text


def _origin(text: str) -> str:
    """``https://host:port`` without the trailing slash that people add."""
    url = Url(text)
    if url.scheme not in {"http", "https"} or url.path != "/":
        raise ValueError("no http origin")
    if any(part is not None for part in (url.username, url.password, url.query, url.fragment)):
        raise ValueError("more than an origin")
    return str(url).rstrip("/")


def _proxy(text: str) -> str:
    """A proxy's URL, with whatever is special in its user and password percent-encoded."""
    url = Url(text)
    if url.scheme not in {"http", "socks5"} or not url.host or url.path not in {None, "/"} or url.query or url.fragment:
        raise ValueError("no proxy")
    return str(url).rstrip("/")


def _database(text: str) -> str:
    """The URL in its one spelling, an SQLite file's with its whole path: the same file wherever the process goes."""
    try:
        return read_database_url(text).url
    except SettingError as error:
        # Said as it is, in place of the field's description.
        raise PydanticCustomError(_EXPLAINED, "{sentence}", {"sentence": str(error)}) from None


def _key(text: str) -> str:
    if not re.fullmatch("[0-9a-fA-F]{64}", text):
        raise ValueError("no key")
    return text.lower()


def _ids(value: object) -> object:
    """Ids from a text with commas or spaces between them."""
    return value.replace(",", " ").replace(";", " ").split() if isinstance(value, str) else value


def _upper(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


def _this_computer() -> str:
    """The computer's name without its domain, which changes with the network that it is in."""
    return platform.node().partition(".")[0][:100] or "station"


class Settings(BaseModel):
    """Checked settings. A field's description says how to get it right: it ends the sentence about a wrong one.

    A field is set by the variable of the same name in capitals; one without a description is not for setting.
    Secrets are wrapped, so that no ``repr`` shows them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)

    telegram_token: Annotated[SecretStr, _secretly(_bot_token)] = Field(
        description="put the token that @BotFather gives you on Telegram, which looks like 123456789:AAExampleExample,"
        " in the environment or in a file named .env"
    )
    telegram_api_url: Annotated[str, AfterValidator(_origin)] = Field(
        default="https://api.telegram.org",
        description="write the address of a Bot API server with nothing behind the host and port, such as"
        " https://api.telegram.org",
    )
    telegram_proxy: Annotated[SecretStr, _secretly(_proxy)] | None = Field(
        default=None,
        description="write http://user:password@host:port or socks5://user:password@host:port, or leave it out",
    )
    ixbrowser_url: Annotated[str, AfterValidator(_origin)] = Field(
        default="http://127.0.0.1:53200",
        description="write the Local API's address with nothing behind the host and port, such as"
        " http://127.0.0.1:53200",
    )
    ixbrowser_concurrency: int = Field(
        default=3,
        ge=1,
        le=20,
        description="write how many imports may run at the same time, a whole number from 1 to 20",
    )
    ixbrowser_timeout: float = Field(
        default=60,
        gt=0,
        le=600,
        description="write how many seconds to wait for ixBrowser's answer, above 0 and at most 600",
    )
    ixbrowser_grace: float = Field(
        default=15,
        ge=0,
        le=600,
        description="write how many seconds lie between the two looks at what ixBrowser has received, from 0 to 600",
    )
    database_url: Annotated[SecretStr, _secretly(_database)] = Field(
        default_factory=lambda: SecretStr(SqliteFile(data_folder() / "transfer-bot.db").url),
        description="write sqlite:///folder/file.db or postgresql://user:password@host/name",
    )
    encryption_key: Annotated[SecretStr, _secretly(_key)] | None = Field(
        default=None,
        description="write the key's 64 hexadecimal digits, as they stand in the key file, or leave it out",
    )
    admin_ids: Annotated[frozenset[Annotated[int, Field(gt=0, lt=2**63)]], BeforeValidator(_ids)] = Field(
        default=frozenset(),
        description="write Telegram ids, which are numbers such as 123456789 and not names, with commas between them",
    )
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)] = Field(
        default="INFO", description="write DEBUG, INFO, WARNING or ERROR"
    )
    station: str = Field(
        default_factory=_this_computer,
        min_length=1,
        max_length=100,
        pattern=r"^[^\x00-\x1f\x7f]+$",
        description="write a name for this computer of at most 100 characters",
    )
    warnings: tuple[str, ...] = ()

    @property
    def bot_id(self) -> int:
        """The bot's number: what stands before the colon of its token."""
        return int(self.telegram_token.get_secret_value().partition(":")[0])

    @property
    def database_file(self) -> Path | None:
        """The SQLite file, None for another database."""
        found = read_database_url(self.database_url.get_secret_value())
        return found.path if isinstance(found, SqliteFile) else None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be logged: the token, the key, and the URLs that may hold a password."""
        database_url = None if self.database_file else self.database_url
        held = [self.telegram_token, self.telegram_proxy, database_url, self.encryption_key]
        return tuple(secret.get_secret_value() for secret in held if secret is not None)


#: The variables that are read.
NAMES: Final = tuple(name.upper() for name, field in Settings.model_fields.items() if field.description)


def load_settings(env_file: Path | None = _ENV_FILE) -> Settings:
    """The settings from the environment, and from ``env_file`` what is not there.

    An empty value counts as none. Raises ``SettingError`` with one sentence a wrong setting, and one for what is odd
    about the file, a line each. None of them repeats a value.
    """
    written, warnings = _read(env_file) if env_file is not None else ({}, ())
    given = _filled(written) | _filled(os.environ)
    values: dict[str, object] = {name.lower(): given[name] for name in NAMES if name in given}
    try:
        return Settings.model_validate({**values, "warnings": (*warnings, *_slips(written))})
    except ValidationError as error:
        sentences = dict.fromkeys(
            fault["msg"]
            if fault["type"] == _EXPLAINED
            else _sentence(str(fault["loc"][0]), missing=fault["type"] == "missing", given=given)
            for fault in error.errors(include_url=False, include_context=False, include_input=False)
        )
    raise SettingError("\n".join([*sentences, *warnings]))


def demo_settings(folder: Path) -> Settings:
    """Settings for the demo, which keeps its database in ``folder``. Neither the environment nor a file is read."""
    return Settings(
        telegram_token=SecretStr("1000000000:a-token-for-the-demo-and-nothing-else"),
        database_url=SecretStr(SqliteFile(folder.absolute() / "demo.db").url),
        ixbrowser_timeout=5,
        ixbrowser_grace=1,
        admin_ids=frozenset({1}),
        log_level="ERROR",
        station="demo",
    )


def _filled(variables: Mapping[str, str]) -> dict[str, str]:
    return {name.upper(): value for name, value in variables.items() if value.strip()}


def _sentence(field: str, *, missing: bool, given: Iterable[str]) -> str:
    name = field.upper()
    advice = Settings.model_fields[field].description
    if not missing:
        return f"{name} is wrong: {advice}."
    near = get_close_matches(name, [other for other in given if other not in NAMES], n=1, cutoff=0.8)
    return f"{name} is missing: {advice}" + (f" (is {near[0]} there a slip for it?)." if near else ".")


def _slips(written: Iterable[str]) -> Iterable[str]:
    """A sentence for each name in the file that is no setting and nearly one."""
    for name in written:
        near = [] if name.upper() in NAMES else get_close_matches(name.upper(), NAMES, n=1, cutoff=0.8)
        if near:
            yield f"{name} in the settings file is not a setting: did you mean {near[0]}?"


def _read(file: Path) -> tuple[dict[str, str], tuple[str, ...]]:
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
    for binding in parse_stream(StringIO(_decoded(content, file))):
        if binding.error or (binding.key is not None and binding.value is None):
            text = binding.original.string
            line = binding.original.line + text[: len(text) - len(text.lstrip())].count("\n")
            warnings.append(f"Line {line} of {file} can't be read and is passed over: write NAME=value.")
        elif binding.key is not None and binding.value is not None:
            values[binding.key] = binding.value
    return values, tuple(warnings)


def _decoded(content: bytes, file: Path) -> str:
    """The text of a settings file. Windows PowerShell's ``>`` and old editors write UTF-16, which its mark tells."""
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise SettingError(f"{file} is not written in UTF-8: save it again as UTF-8 text.") from None
