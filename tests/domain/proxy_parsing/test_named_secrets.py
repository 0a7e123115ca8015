"""Passwords and keys that are named as such are seen in four languages, mistyped or not."""

from __future__ import annotations

import pytest

from bot.domain.proxy_parsing.finder import find_labelled_passwords


@pytest.mark.parametrize(
    "label",
    [
        *("password: ", "Password - ", "pass ", "pasword: ", "passwrod: ", "pasward: ", "passphrase: ", "parol "),
        *("token: ", "access token: ", "api_key: ", "apikey=", "secret: ", "key: ", "2fa: "),
        *("пароль: ", "пороль: ", "парол: ", "пас: ", "пасс ", "токен: ", "ключ: ", "ключ доступа ", "секрет: "),
        *("密码：", "密码是", "密码是 ", "密码为", "密码", "令牌: ", "密钥：", "密匙：", "秘密："),
        *("mật khẩu: ", "mật khẩu là ", "mat khau: ", "matkhau: ", "mk ", "mk: ", "khóa: ", "mã key: "),
        *("my password is ", "the password for the shop is ", "login ana password ", "логин и пароль: ana "),
        *("the login is in here: ana ", "новый пароль от магазина: ", "contraseña: ", "Passwort: "),
    ],
)
def test_a_named_secret_is_seen(label: str) -> None:
    text = f"{label}Pw1secret"
    assert any("Pw1secret" in text[start:end] for start, end in find_labelled_passwords(text))


@pytest.mark.parametrize(
    "text",
    [
        *("pin: 1234", "пин: 1234", "pin code 4321", "Rotate: http://bob:s3cr3t@203.0.113.7:5000"),
        *("login: ana7/password:bob8", "login: ivan77пароль: bob8"),
    ],
)
def test_a_secret_of_another_look_is_seen(text: str) -> None:
    assert find_labelled_passwords(text)


@pytest.mark.parametrize(
    "text",
    [
        *("I forgot my password", "token expired"),
        *("забыл пароль от почты", "пароль не подходит", "密码忘了", "密码错了", "密码不对", "mật khẩu sai rồi"),
        *("mk cái này nhé", "mk không biết", "the key is under the mat", "key: value", "hello: my friend"),
        *("passport: AB1234567", "logic: none", "accounts: 12"),
    ],
)
def test_talk_about_passwords_is_none(text: str) -> None:
    assert not find_labelled_passwords(text)
