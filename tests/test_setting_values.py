"""What is evident in a setting is forgiven, and what is wrong is refused with its reason."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.errors import SettingError
from bot.settings import NAMES, Settings, load_settings

TOKEN = "700000001:AAH-planted_token_planted_token_plx"

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
#: For each setting, of which there are a dozen.
EXAMPLES = 25
QUOTES = ['""', "''", "“”", "„“", "‘’", "«»", "「」", "``", "<>"]


@pytest.fixture(autouse=True)
def only_what_a_test_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def loaded(**values: str) -> Settings:
    """The settings of an environment that has a token, and these values."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"TELEGRAM_TOKEN": TOKEN, **values}.items():
            patch.setenv(name, value)
        return load_settings(None)


def value_of(name: str, text: str) -> object:
    value = getattr(loaded(**{name: text}), name.lower())
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def reason(name: str, text: str) -> str:
    with pytest.raises(SettingError) as caught:
        loaded(**{name: text})
    said = str(caught.value)
    assert said.startswith(f"{name} is wrong: ")
    assert said.endswith(".")
    assert "\n" not in said
    assert "planted" not in said
    return said


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


# --- what is refused, and why -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("TELEGRAM_TOKEN", "@planted_bot", "a bot's name is not its token"),
        ("TELEGRAM_TOKEN", "123456789", "only the number before the colon"),
        ("TELEGRAM_TOKEN", "AAH-planted_token_planted_token_plx", "its beginning"),
        ("TELEGRAM_TOKEN", "123456789:AAH-planted", "its end is missing"),
        ("TELEGRAM_TOKEN", f"{TOKEN} {TOKEN}", "there are two tokens"),
        ("TELEGRAM_TOKEN", f"{TOKEN} my planted bot", "there is a space"),
        ("TELEGRAM_TOKEN", TOKEN.replace("-", "—"), "there is a character in it that no token has"),
        (
            "TELEGRAM_TOKEN",
            TOKEN.replace("A", "\N{CYRILLIC CAPITAL LETTER A}"),
            "there is a character in it that no token has",
        ),
        ("TELEGRAM_TOKEN", "123456789:AAExampleExampleExampleExample", "it is the example"),
        ("ADMIN_IDS", "@planted", "it is a name, and a name is not an id"),
        ("ADMIN_IDS", "123456789, planted", "entry 2 is a name, and a name is not an id"),
        ("ADMIN_IDS", "https://t.me/planted", "a link is not an id"),
        ("ADMIN_IDS", "+84912345678", "a phone number is not an id"),
        ("ADMIN_IDS", "+84 91 234 56 78", "a phone number is not an id"),
        ("ADMIN_IDS", "0912345678", "a phone number is not an id"),
        ("ADMIN_IDS", "84-912-345-678", "a phone number is not an id"),
        ("ADMIN_IDS", "-1001234567890", "negative, as the ids of groups are"),
        ("ADMIN_IDS", "123456789, −1001234567890", "entry 2 is negative, as the ids of groups are"),
        ("ADMIN_IDS", "- 1001234567890", "negative, as the ids of groups are"),
        ("ADMIN_IDS", "123,456,789", "between the digits of a number"),
        ("ADMIN_IDS", "1 234 567 890", "between the digits of a number"),
        ("ADMIN_IDS", "55, 1.234.567", "between the digits of a number"),
        ("ADMIN_IDS", f"55,{TOKEN}", "entry 2 is a bot's token"),
        ("ADMIN_IDS", "987654321, 700000001", "one of them is the bot's own number"),
        ("ADMIN_IDS", "0", "that nobody on Telegram has"),
        ("ADMIN_IDS", str(1 << 52), "that nobody on Telegram has"),
        ("ADMIN_IDS", "9" * 5000, "that nobody on Telegram has"),
        ("ADMIN_IDS", "1087968824", "Telegram's own"),
        ("TELEGRAM_API_URL", "planted.example", "http:// or https:// is missing"),
        ("TELEGRAM_API_URL", f"https://api.telegram.org/bot{TOKEN}", "something stands behind the host and port"),
        ("IXBROWSER_URL", "127.0.0.1", "http:// or https:// is missing"),
        ("IXBROWSER_URL", "htpp://127.0.0.1:53200", "neither with http:// nor with https://"),
        ("IXBROWSER_URL", "http://127.0.0.1:99999", "a port is a number from 1 to 65535"),
        ("IXBROWSER_URL", "99999", "a port is a number from 1 to 65535"),
        ("IXBROWSER_URL", "0", "a port is a number from 1 to 65535"),
        ("IXBROWSER_URL", "http://ana:planted@127.0.0.1:53200", "a login stands before the host"),
        ("IXBROWSER_URL", "http://my planted:53200", "there is a space in it"),
        ("TELEGRAM_PROXY", "planted.example:1080", "its kind is missing"),
        ("TELEGRAM_PROXY", "203.0.113.7:8080:ana:planted", "its kind is missing"),
        ("TELEGRAM_PROXY", "http://203.0.113.7:8080:ana:planted", "the login stands behind the host"),
        ("TELEGRAM_PROXY", "socks4://planted.example:1080", "a proxy of its kind can't be used"),
        ("TELEGRAM_PROXY", "http://ana:pla#nted@host.example:1080", "# as %23"),
        ("TELEGRAM_PROXY", "http://ana:pla/nted@host.example:1080", "/ as %2F"),
        ("TELEGRAM_PROXY", "socks5://planted.example", "does not end with host and port"),
        ("TELEGRAM_PROXY", "http://host.example:1080#planted", "does not end with host and port"),
        ("TELEGRAM_PROXY", "http://host.example:0", "a port is a number from 1 to 65535"),
        ("ENCRYPTION_KEY", "ab" * 31, "it has 62 digits in place of 64"),
        ("ENCRYPTION_KEY", "planted" * 10, "other characters than hexadecimal digits"),
    ],
)
def test_what_is_wrong_is_said_with_its_reason(name: str, text: str, why: str) -> None:
    assert why in reason(name, text)


SECRET = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=30)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=EXAMPLES)
@given(before=SECRET, after=SECRET)
@example(before="http://ana:", after="@host")
@example(before="socks5://host:1080:ana:", after="")
@example(before="postgresql://ana:", after="#@h/bot")
def test_whatever_is_written_is_a_setting_or_a_sentence_without_it(name: str, before: str, after: str) -> None:
    try:
        loaded(**{name: f"{before}planted{after}"})
    except SettingError as error:
        said = str(error)
        assert said.isprintable()
        assert said.endswith(".")
        assert "planted" not in said


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
