"""What is evident in a setting is forgiven, and what can be read by others on its way is warned of."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.settings import load_settings
from tests.support.setting_values import EXAMPLES, SECRET, TOKEN, loaded, value_of

pytestmark = pytest.mark.usefixtures("only_what_a_test_sets")

#: Settings as they should be written.
PLAIN = {
    "TELEGRAM_TOKEN": TOKEN,
    "TELEGRAM_API_URL": "https://api.telegram.org",
    "TELEGRAM_PROXY": "socks5://ana:p%40ss@proxy.example:1080",
    "IXBROWSER_URL": "http://127.0.0.1:53200",
    "IXBROWSER_CONCURRENCY": "5",
    "IXBROWSER_TIMEOUT": "12.5",
    "DATABASE_URL": "postgresql://ana:secret@db.example/bot",
    "ENCRYPTION_KEY": "0123456789abcdef" * 4,
    "ADMIN_IDS": "123456789,987654321",
    "LOG_LEVEL": "DEBUG",
    "STATION": "office",
}
MARKS = "\u200b\u200e\u200f\u202a\u202c\u2060\u2066\ufeff\u00ad"
QUOTES = ['""', "''", "“”", "„“", "‘’", "«»", "「」", "``", "<>"]


# --- what is forgiven -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("quotes", QUOTES)
def test_quotes_spaces_and_marks_around_a_value_are_passed_over(name: str, quotes: str) -> None:
    plain = value_of(name, PLAIN[name])
    assert value_of(name, f"\u200b {quotes[0]} {PLAIN[name]}\u00a0{quotes[1]}\ufeff\t") == plain


@pytest.mark.parametrize("name", [name for name in PLAIN if name != "STATION"])
@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_a_mark_that_nobody_sees_changes_no_setting_wherever_it_stands(name: str, data: st.DataObject) -> None:
    plain = PLAIN[name]
    text = plain
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text)))
        text = text[:place] + data.draw(st.sampled_from(MARKS)) + text[place:]
    assert value_of(name, text) == value_of(name, plain)


@pytest.mark.parametrize(
    "text",
    [
        f"bot{TOKEN}",
        f"Bot{TOKEN}",
        f"https://api.telegram.org/bot{TOKEN}/getMe",
        f"https://api.telegram.org/bot{TOKEN}",
        f"https://api.telegram.org/file/bot{TOKEN}/",
        f"{TOKEN[:20]} {TOKEN[20:]}",
        TOKEN.replace(":", " : "),
        TOKEN.replace(":", "："),
        TOKEN.replace("-", "\u2011"),
        f'"{TOKEN}',
    ],
)
def test_a_token_is_taken_as_people_copy_it(text: str) -> None:
    assert value_of("TELEGRAM_TOKEN", text) == TOKEN


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("123456789", {123456789}),
        ("123456789 987654321\n55", {123456789, 987654321, 55}),
        ("123456789，987654321；55、66", {123456789, 987654321, 55, 66}),
        ("['123456789', \"987654321\"]", {123456789, 987654321}),
        ("Id: 123456789", {123456789}),
        ("１２３４５６７８９", {123456789}),
        ("٤٥٦٧", {4567}),
        ("123456789\u00a0987654321", {123456789, 987654321}),
        ("11, 222, 3333", {11, 222, 3333}),
    ],
)
def test_ids_are_taken_as_people_write_them(text: str, ids: set[int]) -> None:
    assert value_of("ADMIN_IDS", text) == ids


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("127.0.0.1:53201", "http://127.0.0.1:53201"),
        ("localhost:53201/", "http://localhost:53201"),
        ("[::1]:53201", "http://[::1]:53201"),
        ("//127.0.0.1:53201", "http://127.0.0.1:53201"),
        ("53201", "http://127.0.0.1:53201"),
        (":53201", "http://127.0.0.1:53201"),
        ("http://127.0.0.1:53201/api/v2/", "http://127.0.0.1:53201"),
        ("127.0.0.1:53201/api/v2", "http://127.0.0.1:53201"),
        ("http:/127.0.0.1:53201", "http://127.0.0.1:53201"),
        ("http;//127.0.0.1:53201", "http://127.0.0.1:53201"),
        ("http：//127.0.0.1：53201", "http://127.0.0.1:53201"),
        (" HTTP:// Office : 53201 /", "http://office:53201"),
    ],
)
def test_an_address_of_ixbrowser_is_taken_as_people_write_it(text: str, url: str) -> None:
    assert value_of("IXBROWSER_URL", text) == url


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("api.example:8081", "http://api.example:8081"),
        ("api.telegram.org:443", "https://api.telegram.org"),
        ("https://api.telegram.org/bot", "https://api.telegram.org"),
    ],
)
def test_an_address_of_the_bot_api_is_taken_as_people_write_it(text: str, url: str) -> None:
    assert value_of("TELEGRAM_API_URL", text) == url


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("203.0.113.7:8080", "http://203.0.113.7:8080"),
        ("ana:pw@203.0.113.7:3128/", "http://ana:pw@203.0.113.7:3128"),
        ("http://203.0.113.7:80", "http://203.0.113.7:80"),
        ("socks5h://ana:pw@host.example:1080", "socks5://ana:pw@host.example:1080"),
        ("socks://host.example:1080", "socks5://host.example:1080"),
        ("SOCKS5 : // ana:pw@host.example : 1080", "socks5://ana:pw@host.example:1080"),
        ("http://ana:p@ss@host.example:1", "http://ana:p%40ss@host.example:1"),
        ("http://ana:p@ss w@[::1]:1", "http://ana:p%40ss%20w@[::1]:1"),
    ],
)
def test_a_proxy_is_taken_as_people_write_it(text: str, url: str) -> None:
    assert value_of("TELEGRAM_PROXY", text) == url


@pytest.mark.parametrize(("text", "seconds"), [("5 s", 5), ("1,5", 1.5), ("５", 5), ("20 seconds", 20)])
def test_seconds_are_taken_as_people_write_them(text: str, seconds: float) -> None:
    assert value_of("IXBROWSER_TIMEOUT", text) == seconds


@pytest.mark.parametrize(("text", "hours"), [("2 h", 2), ("1,5", 1.5), ("８", 8), ("3 Hours", 3), ("4hrs.", 4)])
def test_hours_are_taken_as_people_write_them(text: str, hours: float) -> None:
    assert value_of("HANDOFF_HOURS", text) == hours


@pytest.mark.parametrize("text", ["0x" + "AB" * 32, " ".join(["abab"] * 16)])
def test_a_key_is_taken_as_programs_print_it(text: str) -> None:
    assert value_of("ENCRYPTION_KEY", text) == "ab" * 32


@given(
    kind=st.sampled_from(["http", "socks5"]),
    host=st.sampled_from(["203.0.113.7", "[::1]", "proxy.example"]),
    port=st.integers(1, 65535),
    login=st.tuples(SECRET.filter(bool), SECRET),
)
def test_a_login_of_a_proxy_stays_as_it_was_written(kind: str, host: str, port: int, login: tuple[str, str]) -> None:
    user, password = (quote(part, safe="") for part in login)
    found = urlsplit(str(value_of("TELEGRAM_PROXY", f"{kind}://{user}:{password}@{host}:{port}")))
    assert (found.scheme, found.hostname, found.port) == (kind, host.strip("[]"), port)
    assert (unquote(found.username or ""), unquote(found.password or "")) == login


# --- the settings file ------------------------------------------------------------------------------------------------


def test_what_nobody_sees_is_passed_over_in_the_settings_file(tmp_path: Path) -> None:
    lines = [
        "\ufeff\u200b# a comment",
        f"\u200bTELEGRAM_TOKEN\u200b\u00a0=\u00a0“{TOKEN}”",
        "\u2060",
        "\u200eexport ADMIN_IDS=\u200e123456\u200f",
        "DATA\u200b_FOLDER=/srv/bot",
        "DATABASE_URL=sqlite:///${DATA_FOLDER}/bot.db",
    ]
    file = tmp_path / ".env"
    file.write_text("\n".join(lines), encoding="utf-8")
    file.chmod(0o600)
    settings = load_settings(file)
    assert settings.telegram_token.get_secret_value() == TOKEN
    assert settings.admin_ids == {123456}
    assert settings.database_file == Path("/srv/bot/bot.db").absolute()
    assert settings.warnings == ()


# --- what is readable on its way --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "url", "risky"),
    [
        ("IXBROWSER_URL", "http://127.0.0.1:53200", False),
        ("IXBROWSER_URL", "http://127.1.2.3:53200", False),
        ("IXBROWSER_URL", "http://localhost:53200", False),
        ("IXBROWSER_URL", "http://[::1]:53200", False),
        ("IXBROWSER_URL", "http://[::ffff:127.0.0.1]:53200", False),
        ("IXBROWSER_URL", "http://host.docker.internal:53200", False),
        ("IXBROWSER_URL", "https://office.example:53200", False),
        ("IXBROWSER_URL", "http://office:53200", True),
        ("IXBROWSER_URL", "http://192.168.1.7:53200", True),
        ("IXBROWSER_URL", "192.168.1.7:53200", True),
        ("IXBROWSER_URL", "http://[fe80::1]:53200", True),
        ("IXBROWSER_URL", "http://office", True),
        ("TELEGRAM_API_URL", "http://bot-api.example:8081", True),
        ("TELEGRAM_API_URL", "http://localhost:8081", False),
    ],
)
def test_what_goes_to_another_computer_unencrypted_is_warned_of(name: str, url: str, risky: bool) -> None:
    risks = loaded(**{name: url}).risks
    assert [risk.split()[0] for risk in risks] == ([name] if risky else [])
    assert all("can be read by others" in risk for risk in risks)
