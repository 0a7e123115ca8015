"""Settings: read once, checked, and explained in a sentence each where they are wrong."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.data_folder import data_folder
from bot.redaction import Redactor
from bot.settings import NO_ADMIN, demo_settings, load_settings
from tests.support.env_file import TOKEN, complaint, write_env

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")


def test_a_token_is_all_that_is_needed() -> None:
    settings = load_settings()
    assert settings.telegram_token.get_secret_value() == TOKEN
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert settings.telegram_proxy is None
    assert settings.ixbrowser_url == "http://127.0.0.1:53200"
    assert (settings.ixbrowser_concurrency, settings.ixbrowser_timeout, settings.ixbrowser_grace) == (3, 60, 15)
    assert settings.database_file == data_folder() / "transfer-bot.db"
    assert settings.admin_ids == frozenset()
    assert settings.log_level == "INFO"
    assert settings.station
    assert (settings.owner, settings.strangers) == (None, "answer")
    assert settings.taken_for == timedelta(hours=4)
    assert settings.warnings == ()


def test_every_setting_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "TELEGRAM_API_URL": " HTTP://Bot.Example:8081/ ",
        "TELEGRAM_PROXY": "socks5://ana:p%40ss@proxy.example:1080",
        "IXBROWSER_URL": "http://[::1]:53200",
        "IXBROWSER_CONCURRENCY": "5",
        "IXBROWSER_TIMEOUT": "0.5",
        "IXBROWSER_GRACE": "0",
        "DATABASE_URL": "postgresql://ana:secret@db.example/bot",
        "ADMIN_IDS": "11, 22 33;44,",
        "LOG_LEVEL": "debug",
        "STATION": " Büro 2 ",
        "OWNER": " Kim's shop ",
        "STRANGERS": "Silent",
        "HANDOFF_HOURS": "1.5",
    }.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert settings.telegram_api_url == "http://bot.example:8081"
    assert settings.telegram_proxy is not None
    assert settings.telegram_proxy.get_secret_value() == "socks5://ana:p%40ss@proxy.example:1080"
    assert settings.ixbrowser_url == "http://[::1]:53200"
    assert (settings.ixbrowser_concurrency, settings.ixbrowser_timeout, settings.ixbrowser_grace) == (5, 0.5, 0)
    assert settings.database_url.get_secret_value() == "postgresql://ana:secret@db.example/bot"
    assert settings.database_file is None
    assert settings.admin_ids == {11, 22, 33, 44}
    assert settings.log_level == "DEBUG"
    assert settings.station == "Büro 2"
    assert (settings.owner, settings.strangers) == ("Kim's shop", "silent")
    assert settings.taken_for == timedelta(minutes=90)


def test_a_missing_token_says_where_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TELEGRAM_TOKEN")
    assert "TELEGRAM_TOKEN is missing" in complaint()
    assert "@BotFather" in complaint()
    assert complaint().count("\n") == 0


@pytest.mark.parametrize("slip", ["TELEGRAM_TOKE", "TELEGRAM_BOT_TOKEN", "telegramtoken"])
def test_a_slip_in_the_name_of_the_missing_token_is_pointed_out(slip: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TELEGRAM_TOKEN")
    write_env(f"{slip}={TOKEN}\n")
    assert f"is {slip.upper()} there a slip for it?" in complaint()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_TOKEN", "planted"),
        ("TELEGRAM_TOKEN", "123456789:planted-short"),
        ("TELEGRAM_TOKEN", f"bot{TOKEN}/planted/planted"),
        ("TELEGRAM_API_URL", "https://planted.example/path"),
        ("TELEGRAM_API_URL", "https://user:planted@host.example"),
        ("TELEGRAM_API_URL", "https://planted.example?query"),
        ("TELEGRAM_API_URL", "ftp://planted.example"),
        ("TELEGRAM_API_URL", "planted.example"),
        ("TELEGRAM_PROXY", "socks4://planted.example:1080"),
        ("TELEGRAM_PROXY", "http://planted.example:99999"),
        ("TELEGRAM_PROXY", "socks5://ana:planted#x@host.example:1080"),
        ("TELEGRAM_PROXY", "planted.example:1080"),
        ("IXBROWSER_URL", "localhost:53200/planted"),
        ("IXBROWSER_URL", "http://planted.example/api/v1"),
        ("IXBROWSER_CONCURRENCY", "0"),
        ("IXBROWSER_CONCURRENCY", "21"),
        ("IXBROWSER_CONCURRENCY", "2.5"),
        ("IXBROWSER_CONCURRENCY", "planted"),
        ("IXBROWSER_TIMEOUT", "0"),
        ("IXBROWSER_TIMEOUT", "601"),
        ("IXBROWSER_TIMEOUT", "nan"),
        ("IXBROWSER_TIMEOUT", "planted"),
        ("IXBROWSER_GRACE", "-1"),
        ("IXBROWSER_GRACE", "inf"),
        ("HANDOFF_HOURS", "0"),
        ("HANDOFF_HOURS", "25"),
        ("HANDOFF_HOURS", "planted"),
        ("DATABASE_URL", "mysql://planted@host.example/bot"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite:///planted.db?mode=ro"),
        ("DATABASE_URL", "sqlite:///planted\0.db"),
        ("DATABASE_URL", "postgresql:///planted"),
        ("DATABASE_URL", "postgresql://planted.example"),
        ("DATABASE_URL", "postgresql://ana:planted@host.example/bot?sslmod=planted"),
        ("DATABASE_URL", "postgresql://host.example/bot?sslmode=planted"),
        ("DATABASE_URL", "postgresql://ana:plan/ted@host.example/planted"),
        ("DATABASE_URL", "sqlite:///${NOT_SET}/planted.db"),
        ("DATABASE_URL", "planted"),
        ("ADMIN_IDS", "@planted"),
        ("ADMIN_IDS", "11,-5"),
        ("ADMIN_IDS", "0"),
        ("ADMIN_IDS", "99999999999999999999"),
        ("LOG_LEVEL", "planted"),
        ("STATION", "planted\tname"),
        ("OWNER", "planted\tshop"),
        ("OWNER", "planted" * 20),
        ("STRANGERS", "planted"),
        ("STATION", "planted" * 20),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence_without_its_value(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TELEGRAM_TOKEN")
    write_env(f"TELEGRAM_TOKEN='{TOKEN}'\n{name}='{value}'\n")
    text = complaint()
    assert text.startswith(f"{name} is wrong: ")
    assert text.endswith(".")
    assert "\n" not in text
    assert "planted" not in text


def test_each_wrong_setting_has_its_own_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "loud")
    monkeypatch.setenv("IXBROWSER_TIMEOUT", "soon")
    monkeypatch.setenv("ADMIN_IDS", "ana,bob")
    named = [line.split()[0] for line in complaint().splitlines()]
    assert named == ["IXBROWSER_TIMEOUT", "ADMIN_IDS", "LOG_LEVEL"]


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///some/bot.db", "{here}/some/bot.db"),
        ("sqlite:////var/lib/bot.db", "/var/lib/bot.db"),
        ("sqlite:///~/bot.db", "{home}/bot.db"),
        ("sqlite:///my%20files/100%25.db", "{here}/my files/100%.db"),
        ("sqlite:///my files/bot#1.db", "{here}/my files/bot#1.db"),
        ("sqlite+aiosqlite:///some/bot.db", "{here}/some/bot.db"),
        ("sqlite+pysqlite:////var/lib/bot.db", "/var/lib/bot.db"),
    ],
)
def test_a_sqlite_file_is_named_in_full(
    url: str, file: str, in_an_empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    settings = load_settings()
    monkeypatch.chdir("/")
    assert settings.database_file == Path(file.format(here=in_an_empty_folder, home=Path.home()))


def test_a_wrong_parameter_of_the_database_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ana:planted@host.example/bot?sslmod=planted")
    monkeypatch.setenv("LOG_LEVEL", "loud")
    assert complaint().splitlines() == [
        "DATABASE_URL is wrong: PostgreSQL has no parameter sslmod that can be used here: write sslmode if that is"
        " meant.",
        "LOG_LEVEL is wrong: write DEBUG, INFO, WARNING or ERROR.",
    ]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+asyncpg://ana:pl%40nted-1@h.example/bot",
        "postgres://ana:pl@nted-1@h1:1,h2:2/bot",
        "postgresql+psycopg://h.example/bot?user=ana&password=pl%40nted-1",
        "postgresql:///bot?host=/run/pg&password=pl%40nted-1",
        "postgresql://h.example/bot?sslpassword=pl%40nted-1",
        "postgresql://h.example/bot?oauth_client_secret=pl%40nted-1",
        "postgresql://h.example/bot?scram_client_key=pl%40nted-1",
    ],
)
def test_a_password_of_the_database_is_in_no_log_however_it_was_written(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    redact = Redactor(load_settings().secrets)
    for text in (url, "pl@nted-1", "pl%40nted-1", "refused: pl@nted-1.", r"pl\u0040nted-1"):
        assert "nted-1" not in redact(text)


def test_no_secret_shows_in_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_PROXY", "http://ana:planted1@host.example:1")
    monkeypatch.setenv("DATABASE_URL", "postgresql://ana:planted2@host.example/bot")
    settings = load_settings()
    assert "planted" not in f"{settings!r} {settings} {settings.model_dump_json()}"
    assert settings.secrets == (
        TOKEN,
        "http://ana:planted1@host.example:1",
        "postgresql://ana:planted2@host.example/bot",
    )


def test_the_name_of_this_computer_has_no_domain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.node", lambda: "anas-mac.fritz.box")
    assert load_settings().station == "anas-mac"
    monkeypatch.setattr("platform.node", lambda: "")
    assert load_settings().station == "station"


def test_the_demo_reads_neither_environment_nor_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", "wrong")
    monkeypatch.setenv("STATION", "from the environment")
    write_env("LOG_LEVEL=wrong")
    settings = demo_settings(tmp_path / "demo")
    assert settings.station == "demo"
    assert settings.database_file == tmp_path / "demo" / "demo.db"
    assert settings.admin_ids


def test_the_sentence_about_admins_names_the_setting() -> None:
    assert NO_ADMIN.startswith("ADMIN_IDS is missing: ")
