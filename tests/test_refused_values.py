"""What is wrong in a setting is refused with its reason, and never shown."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings

from bot.errors import SettingError
from bot.settings import NAMES
from tests.support.setting_values import EXAMPLES, SECRET, TOKEN, loaded, reason

pytestmark = pytest.mark.usefixtures("only_what_a_test_sets")


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
