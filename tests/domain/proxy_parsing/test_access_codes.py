"""Codes, words and keys with which somebody gets in, beside a password."""

from __future__ import annotations

import pytest

from bot.domain.proxy_parsing.finder import find_labelled_passwords
from tests.domain.proxy_parsing.strategies import sees


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        *(
            ("пин от карты 4417 если что", "4417"),
            ("mã pin két 2580 nhé", "2580"),
            ("код двухфакторки 482913", "482913"),
        ),
        *(("Your verification code is 604417.", "604417"), ("код подтверждения с почты пришел 11 82 04", "11 82 04")),
        *(("код от сейфа на складе 30-12-77", "30-12-77"), ("смс от озона: 9921", "9921"), ("CVV 771", "771")),
        *(("домофон 48К2091", "48К2091"), ("пароль приложения: abcd efgh ijkl mnop", "abcd efgh ijkl mnop")),
        *(("recovery phrase for the wallet: apple river stone lamp", "apple"), ("door code 7193, ring", "7193")),
        *(("пинкод от сейфа 4471", "4471"), ("PIN for the bank app is 9034", "9034"), ("ПИН 9034", "9034")),
        *(("passcode of the phone 250817", "250817"), ("пароль от рабочего телефона 250817", "250817")),
        *(("кодовое слово в банке: подсолнух", "подсолнух"), ("the secret word for support - sunflower", "sunflower")),
        *(("резервные коды гугл\n4821 9930\n1177 0254", "4821 9930"), ("backup code 77f2-91ka", "77f2-91ka")),
        *(("recovery codes: 4821-9930", "4821-9930"), ("备用验证码 48219930", "48219930")),
        *(("сид фраза: " + "river " * 11 + "stone", "river"), ("Seed phrase\n" + "river " * 11 + "stone", "river")),
        *(("2fa JRXXG5BAMZXXE3LB", "JRXXG5BAMZXXE3LB"), ("mã 2fa của em nè JRXXG5BAMZXXE3LB", "JRXXG5BAMZXXE3LB")),
        *(("WiFi Office-5G / guest2026", "guest2026"), ("вайфай Склад 2 - guest2026", "guest2026")),
        *(("new server, root / Sneg7745", "Sneg7745"), ("сервер, admin: Sneg_7", "Sneg_7")),
    ],
)
def test_what_opens_something_is_seen(text: str, secret: str) -> None:
    assert sees(text, secret)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "PIN the message, 2026 is the year",
            "резервные коды храни сам",
            "send backup codes",
        ),
        *(
            "код от профиля 76686828-89727101",
            "the code for Shop 12",
            "sms from the bank",
            "PIN it, 2026",
            "cvv is wrong",
        ),
        *("домофон не работает", "код 3 дня назад", "app for the team"),
        *("кодовое слово знает Марина", "seed: tomato", "2fa is on for SHOP", "turn on 2FA", "wifi Office-5G"),
        *(
            "wifi is down, restart it",
            "wi-fi: Shop / Office",
            "вайфай на складе - не работает",
            "root / home",
            "admin: Anna",
        ),
    ],
)
def test_words_about_such_codes_are_none(text: str) -> None:
    assert not find_labelled_passwords(text)


@pytest.mark.parametrize(
    "words", ["код от Ани", "код из чата:", "sms from Kim", "код подтверждения", "verification code:"]
)
@pytest.mark.parametrize(
    "code",
    ["28087799 19876849", "2808779919876849", "28087799_19876849", "2808 7799 - 1987 6849", "28087799\n19876849"],
)
def test_a_transfer_code_that_is_not_written_as_one_is_none(words: str, code: str) -> None:
    assert not find_labelled_passwords(f"{words} {code}")
