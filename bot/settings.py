"""What may be set, read once from the environment and from ``.env``; nothing else reads either."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)
from pydantic_core import ErrorDetails

from bot.data_folder import data_folder, usual_log_file
from bot.database_url import read_database_url
from bot.errors import SettingError
from bot.log_file import LogFile
from bot.setting_types import (
    EXPLAINED,
    NAME,
    bot_id_of,
    database,
    days,
    ids,
    log_path,
    megabytes,
    secretly,
    this_computer,
)
from bot.setting_values import (
    REASON,
    bot_token,
    hours,
    is_another_computer,
    key,
    level,
    number,
    origin,
    plain_name,
    proxy,
    unquoted,
    word,
)
from bot.settings_file import read_settings_file
from bot.sqlite_file import SqliteFile

#: For when neither ``ADMIN_IDS`` nor the database names an admin.
NO_ADMIN: Final = (
    "ADMIN_IDS is missing: put your own Telegram id there, a number such as 123456789 (the bot @userinfobot tells you"
    " yours), since without an admin nobody may use the bot."
)

_DAYS: Final = "write for how many days, as a whole number,"
ENV_FILE: Final = Path(".env")
_NOTHING_MOVED: Final[Mapping[str, str]] = MappingProxyType({})


class Settings(BaseModel):
    """Checked settings. A field's description says how to get it right: it ends the sentence about a wrong one.

    A field is set by the variable of the same name in capitals; one without a description is not for setting.
    Secrets are wrapped, so that no ``repr`` shows them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)

    telegram_token: Annotated[SecretStr, secretly(bot_token)] = Field(
        description="put the token that @BotFather gives you on Telegram, which looks like 123456789:AAExampleExample,"
        " in the environment or in a file named .env"
    )
    telegram_api_url: Annotated[str, AfterValidator(origin("/bot"))] = Field(
        default="https://api.telegram.org",
        description="write the address of a Bot API server with nothing behind the host and port, such as"
        " https://api.telegram.org",
    )
    telegram_proxy: Annotated[SecretStr, secretly(proxy)] | None = Field(
        default=None,
        description="write http://user:password@host:port or socks5://user:password@host:port, or leave it out",
    )
    ixbrowser_url: Annotated[str, AfterValidator(origin("/api/v2", port_alone=True))] = Field(
        default="http://127.0.0.1:53200",
        description="write the Local API's address with nothing behind the host and port, such as"
        " http://127.0.0.1:53200",
    )
    ixbrowser_concurrency: Annotated[int, BeforeValidator(number)] = Field(
        default=3,
        ge=1,
        le=20,
        description="write how many imports may run at the same time, a whole number from 1 to 20",
    )
    ixbrowser_timeout: Annotated[float, BeforeValidator(number)] = Field(
        default=60,
        gt=0,
        le=600,
        description="write how many seconds to wait for ixBrowser's answer, above 0 and at most 600",
    )
    ixbrowser_grace: Annotated[float, BeforeValidator(number)] = Field(
        default=15,
        ge=0,
        le=600,
        description="write how many seconds lie between the two looks at what ixBrowser has received, from 0 to 600",
    )
    database_url: Annotated[SecretStr, AfterValidator(database)] = Field(
        default_factory=lambda: SecretStr(SqliteFile(data_folder() / "transfer-bot.db").url),
        description="write sqlite:///folder/file.db or postgresql://user:password@host/name",
    )
    encryption_key: Annotated[SecretStr, secretly(key)] | None = Field(
        default=None,
        description="write the key's 64 hexadecimal digits, as they stand in the key file, or leave it out",
    )
    admin_ids: Annotated[frozenset[Annotated[int, Field(gt=0, lt=2**63)]], BeforeValidator(ids)] = Field(
        default=frozenset(),
        description="write Telegram ids, which are numbers such as 123456789 and not names, with commas between them",
    )
    owner: Annotated[str, NAME, BeforeValidator(plain_name)] | None = Field(
        default=None,
        description="write whose bot this is, such as Kim's shop, in at most 100 characters, or leave it out",
    )
    strangers: Annotated[Literal["answer", "silent"], BeforeValidator(word)] = Field(
        default="answer",
        description="write answer, or silent for people who may not use the bot to be told nothing",
    )
    handoff_hours: Annotated[float, BeforeValidator(hours)] = Field(
        default=4,
        gt=0,
        le=24,
        description="write for how many hours codes may be taken and not imported, above 0 and at most 24",
    )
    backups_kept: Annotated[int, BeforeValidator(number)] = Field(
        default=7,
        ge=0,
        le=1000,
        description="write how many daily backups are kept, a whole number from 0, for none, to 1000",
    )
    forget_codes_days: Annotated[int | None, BeforeValidator(days)] = Field(
        default=None, ge=1, le=36_500, description=f"{_DAYS} codes that are spent are kept, from 1 to 36500, or off"
    )
    forget_chats_days: Annotated[int | None, BeforeValidator(days)] = Field(
        default=None, ge=1, le=36_500, description=f"{_DAYS} it is kept in which chats was imported, from 1, or off"
    )
    # What is kept of what has failed, and of handoffs, has to be over by then.
    forget_rows_days: Annotated[int | None, BeforeValidator(days)] = Field(
        default=None, ge=31, le=36_500, description=f"{_DAYS} imports stay in the log, from 31 to 36500, or off"
    )
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(level)] = Field(
        default="INFO", description="write DEBUG, INFO, WARNING or ERROR"
    )
    log_file: Annotated[Path | None, BeforeValidator(log_path)] = Field(
        default_factory=usual_log_file,
        description="write the path of a file, such as ~/logs/transfer-bot.log, or off for none",
    )
    log_file_mb: Annotated[float, BeforeValidator(megabytes)] = Field(
        default=10,
        ge=0.1,
        le=10_000,
        description="write how many megabytes a file of the log may have, from 0.1 to 10000",
    )
    log_files: Annotated[int, BeforeValidator(number)] = Field(
        default=5,
        ge=1,
        le=1000,
        description="write how many files of the log there are at most, a whole number from 1 to 1000",
    )
    station: Annotated[str, NAME, BeforeValidator(plain_name)] = Field(
        default_factory=this_computer,
        description="write a name for this computer of at most 100 characters",
    )
    warnings: tuple[str, ...] = ()

    @property
    def bot_id(self) -> int:
        return bot_id_of(self.telegram_token)

    @property
    def risks(self) -> tuple[str, ...]:
        """A sentence for each address that passwords travel to readable for others."""
        found = {
            "IXBROWSER_URL": (self.ixbrowser_url, "transfer codes and proxy passwords"),
            "TELEGRAM_API_URL": (self.telegram_api_url, "the bot's token and everything that is written"),
        }
        return tuple(
            f"{name} begins with http:// and names another computer: {what} can be read by others on the way there."
            " Use https://, or run both on one computer."
            for name, (url, what) in found.items()
            if url.startswith("http:") and is_another_computer(url)
        )

    @property
    def taken_for(self) -> timedelta:
        """For how long codes that were left may be taken and not imported."""
        return timedelta(hours=self.handoff_hours)

    @property
    def retention(self) -> Mapping[str, timedelta]:
        """For how long codes, chats and rows are kept; what is kept for ever is not there."""
        found = {"codes": self.forget_codes_days, "chats": self.forget_chats_days, "rows": self.forget_rows_days}
        return {what: timedelta(days=days) for what, days in found.items() if days is not None}

    @property
    def log(self) -> LogFile | None:
        """The file that the log goes to, None for none."""
        return None if self.log_file is None else LogFile(self.log_file, round(self.log_file_mb * 1e6), self.log_files)

    @property
    def database_file(self) -> Path | None:
        """The SQLite file, None for another database."""
        found = read_database_url(self.database_url.get_secret_value())
        return found.path if isinstance(found, SqliteFile) else None

    @property
    def telegram_proxy_url(self) -> str | None:
        """What everything to Telegram goes through, None for nothing."""
        return None if self.telegram_proxy is None else self.telegram_proxy.get_secret_value()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be logged: the token, the key, and the URLs that may hold a password."""
        database_url = None if self.database_file else self.database_url
        held = [self.telegram_token, self.telegram_proxy, database_url, self.encryption_key]
        return tuple(secret.get_secret_value() for secret in held if secret is not None)


#: The variables that are read.
NAMES: Final = tuple(name.upper() for name, field in Settings.model_fields.items() if field.description)


def load_settings(env_file: Path | None = ENV_FILE, moved: Mapping[str, str] = _NOTHING_MOVED) -> Settings:
    """The settings from the environment, and from ``env_file`` what is not there; ``moved`` is for what is in neither.

    An empty value counts as none. Raises ``SettingError`` with one sentence a wrong setting, and one for what is odd
    about the file, a line each. None of them repeats a value.
    """
    written, warnings = read_settings_file(env_file) if env_file is not None else ({}, ())
    given = dict(moved) | _filled(written) | _filled(os.environ)
    values: dict[str, object] = {name.lower(): given[name] for name in NAMES if name in given}
    try:
        return Settings.model_validate(
            {**values, "warnings": (*warnings, *_slips(written))}, context={**written, **os.environ}
        )
    except ValidationError as error:
        sentences = dict.fromkeys(
            _sentence(fault, given)
            for fault in error.errors(include_url=False, include_context=False, include_input=False)
        )
    raise SettingError("\n".join([*sentences, *warnings]))


def service_socket() -> str:
    """The address at which systemd wants to be told of the process; empty where nobody does."""
    return os.environ.get("NOTIFY_SOCKET", "")


def demo_settings(folder: Path) -> Settings:
    """Settings for the demo, which keeps its database in ``folder``. Neither the environment nor a file is read."""
    return Settings(
        telegram_token=SecretStr("1000000000:a-token-for-the-demo-and-nothing-else"),
        database_url=SecretStr(SqliteFile(folder.absolute() / "demo.db").url),
        ixbrowser_timeout=5,
        ixbrowser_grace=1,
        admin_ids=frozenset({1}),
        backups_kept=0,
        log_level="ERROR",
        log_file=None,
        station="demo",
    )


def _filled(variables: Mapping[str, str]) -> dict[str, str]:
    return {name.upper(): plain for name, value in variables.items() if (plain := unquoted(value))}


def _sentence(fault: ErrorDetails, given: Iterable[str]) -> str:
    if fault["type"] == EXPLAINED:
        return fault["msg"]
    name = str(fault["loc"][0]).upper()
    advice = Settings.model_fields[name.lower()].description
    if fault["type"] == REASON:
        return f"{name} is wrong: {fault['msg']}; {advice}."
    if fault["type"] != "missing":
        return f"{name} is wrong: {advice}."
    near = get_close_matches(name, [other for other in given if other not in NAMES], n=1, cutoff=0.8)
    return f"{name} is missing: {advice}" + (f" (is {near[0]} there a slip for it?)." if near else ".")


def _slips(written: Iterable[str]) -> Iterable[str]:
    """A sentence for each name in the file that is no setting and nearly one."""
    for name in written:
        near = [] if name.upper() in NAMES else get_close_matches(name.upper(), NAMES, n=1, cutoff=0.8)
        if near:
            yield f"{name} in the settings file is not a setting: did you mean {near[0]}?"
