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


@pytest.mark.parametrize(
    "text",
    [
        *(
            "the password is wrong",
            "the password is required",
            "password protected archive",
            "password reset link sent",
        ),
        *("the password is incorrect, please try again", "pass through the door", "my password never expires"),
        *("username and password are in the mail", "пароль верный", "пароль обновили", "пароль поменяли без спроса"),
        *("пароль должен быть длиннее", "пароль скоро истекает", "mật khẩu không đúng", "mật khẩu lại sai rồi"),
        *("senha incorreta", "contraseña incorrecta", "şifre yanlış", "mot de passe oublié", "passwort falsch"),
        "password kya hai",
    ],
)
def test_what_goes_on_in_ordinary_words_is_no_password(text: str) -> None:
    assert not find_labelled_passwords(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "the password is monkey",
            "password monkey",
            "pass hunter",
            "пароль солнышко",
            "пароль qwerty",
            "senha verde",
        ),
        *("password: wrong", "пароль: верный", "password - required", "şifre istanbul", "mot de passe soleil"),
        *("the password is wrong, use monkey", "пароль сменили, теперь солнышко", "пароль поменяли на солнышко"),
        *("the password is required: monkey", "пароль верный Pw1secret", "contraseña incorrecta, es Pw1secret"),
    ],
)
def test_a_poor_password_and_one_behind_such_words_is_seen(text: str) -> None:
    assert find_labelled_passwords(text)
