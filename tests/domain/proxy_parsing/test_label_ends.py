"""Where the password of a labelled login in a sentence begins and ends."""

from __future__ import annotations

import pytest

from bot.domain.proxy import Custom, ProxyType
from bot.domain.proxy_parsing.reader import Clear, read_proxy
from bot.errors import InputError


def read(text: str) -> Custom:
    reading = read_proxy(text)
    assert isinstance(reading, Clear)
    return reading.proxy


@pytest.mark.parametrize(
    "text",
    [
        "Прокси для Анны, 203.0.113.7:8000, логин ana, пароль Pw1secret. Оплата до 19 числа, потом продлим",
        "use 203.0.113.7 on port 8000 with login ana and password Pw1secret. It works well",
        "IP 203.0.113.7, cổng 8000, tài khoản ana, mật khẩu Pw1secret, hết hạn 12/12",
        "203.0.113.7:8000, login: ana, password: Pw1secret; valid through Dec 9",
        "203.0.113.7:8000 user ana pass Pw1secret, thanks a lot",
        "代理：IP 203.0.113.7，端口8000，用户名ana，密码Pw1secret，谢谢",
        "ip：203.0.113.7 端口：8000 用户：ana 密码：Pw1secret。收到请回复",
        "Сервер=203.0.113.7;Порт=8000;Логин=ana;Пароль=Pw1secret;",
    ],
)
def test_the_sign_of_a_sentence_is_no_part_of_the_password(text: str) -> None:
    assert read(text) == Custom("203.0.113.7", 8000, None, "ana", "Pw1secret")


@pytest.mark.parametrize(
    "text",
    [
        "IP 203.0.113.7, порт 8000, логин ana, пароль Pw1secret.",
        "IP 203.0.113.7, порт 8000, логин ana, пароль Pw1secret!",
        "IP 203.0.113.7 порт 8000 логин ana пароль Pw1secret. Оплата до 19 числа",
        "203.0.113.7:8000, login ana, password Pw1;secret;, thanks",
        "Host: 203.0.113.7\nPort: 8000\nLogin: ana\nPassword: Pw1secret, do not share",
        "203.0.113.7:8000, login ana, password Pw1secret, shop password Pw2secret",
        "203.0.113.7:8000, login ana, pass green fields, thanks",
        "203.0.113.7:8000 login ana, password Pw1secret)",
        "203.0.113.7:8000 (login ana, password Pw1secret))",
        "203.0.113.7:8000 (login ana, password Pw(1)secret)",
        "203.0.113.7:8000 login ana password Pw1secret (the first letter is big)",
        "203.0.113.7:8000 login ana, password Pw1secret, with a dot at the end",
        "203.0.113.7:8000, логин ana, пароль Pw1secret. Нет, Pw2secret",
        "203.0.113.7:8000，账号ana，密码Pw1secret，不对，是Pw2secret",
    ],
)
def test_what_may_be_a_part_of_it_is_asked_about(text: str) -> None:
    assert read(text) == Custom("203.0.113.7", 8000, None, "ana", None)


def test_so_is_a_comma_between_labels_that_only_spaces_part() -> None:
    text = "203.0.113.7:8000 login ana password Pw1secret, type socks5"
    assert read(text) == Custom("203.0.113.7", 8000, ProxyType.SOCKS5, "ana", None)


def test_a_sentence_with_an_address_may_begin_what_is_told_of_the_proxy() -> None:
    with pytest.raises(InputError) as refused:
        read_proxy(
            "Server of the panel 203.0.113.9, login bob, password Pw1secret. Proxy: 203.0.113.7:8000 ana:Pw2secret"
        )
    assert refused.value.reason == "unreadable"


@pytest.mark.parametrize(
    "text",
    [
        "here: gate.example:8000 (login ana, password Pw1secret)",
        "gate.example:8000 (password Pw1secret, login ana)",
        "gate.example 8000 [user ana, pass Pw1secret].",
        "请用 gate.example:8000（账号ana，密码Pw1secret），谢谢",
    ],
)
def test_the_bracket_around_labels_is_no_part_of_the_login(text: str) -> None:
    assert read(text) == Custom("gate.example", 8000, None, "ana", "Pw1secret")


@pytest.mark.parametrize(
    "text",
    [
        "203.0.113.7:8000 usuario ana clave Pw1secret (socks5)",
        "Логин: ana\nПароль: Pw1secret (socks5)\nIP: 203.0.113.7:8000",
        "Server 203.0.113.7 Port 8000 Login ana Pass Pw1secret Type SOCKS5 Exp 2025-12-11 Geo UA Price 3$",
        "代理 203.0.113.7:8000 账号 ana 密码 Pw1secret socks5",
        "203.0.113.7 端口 8000 账号 ana 密码 Pw1secret 类型 socks5 时长10分钟",
        "ip 203.0.113.7 port 8000 login ana password Pw1secret type socks5",
        "--host 203.0.113.7 --port 8000 --user ana --password Pw1secret --type socks5",
    ],
)
def test_a_type_behind_a_password_is_the_type(text: str) -> None:
    assert read(text) == Custom("203.0.113.7", 8000, ProxyType.SOCKS5, "ana", "Pw1secret")


@pytest.mark.parametrize(
    "text",
    [
        "203.0.113.7:8000 логин/пароль ana:Pw1secret, скорость 30 мбит",
        "host 203.0.113.7 port 8000 login ana password Pw1secret — rotation: https://gate.example/api/rot/33/77ab12",
        "203.0.113.7:8000\nLOGIN=ana PASS=Pw1secret EXP=2026-12-28",
    ],
)
def test_so_are_other_words(text: str) -> None:
    assert read(text) == Custom("203.0.113.7", 8000, None, "ana", "Pw1secret")


@pytest.mark.parametrize(
    "text",
    [
        "login ana+shop password =Pw1secret= host 203.0.113.7 port 8000",
        "login ana+shop password :Pw1secret host 203.0.113.7 port 8000",
        "user=ana+shop pass==Pw1secret host=203.0.113.7 port=8000",
    ],
)
def test_a_sign_that_no_other_label_has_may_be_the_beginning_of_the_password(text: str) -> None:
    assert read(text) == Custom("203.0.113.7", 8000, None, "ana+shop", None)


@pytest.mark.parametrize(
    "text",
    [
        "login =ana password =Pw1secret host =203.0.113.7 port =8000",
        "login: ana\npassword :Pw1secret\nhost: 203.0.113.7\nport: 8000",
        "user==ana pass==Pw1secret host==203.0.113.7 port==8000",
    ],
)
def test_that_of_all_labels_is_not(text: str) -> None:
    assert read(text) == Custom("203.0.113.7", 8000, None, "ana", "Pw1secret")


@pytest.mark.parametrize(
    "text",
    [
        "*login:* ana *password:* Pw1secret* 203.0.113.7:8000",
        "**login:** ana **password:** Pw1secret** 203.0.113.7:8000",
        "203.0.113.7:8000\n_Login:_ ana\n_Password:_ Pw1secret_",
    ],
)
def test_a_mark_that_stands_around_the_label_may_be_no_end_of_the_password(text: str) -> None:
    assert read(text) == Custom("203.0.113.7", 8000, None, "ana", None)


def test_one_that_stands_around_the_label_alone_is_no_part_of_the_password() -> None:
    assert read("*login:* ana *password:* Pw1secret 203.0.113.7:8000").password == "Pw1secret"


def test_nor_is_a_user_read_with_one() -> None:
    with pytest.raises(InputError):
        read_proxy("203.0.113.7:8000\n*Login:* ana*\n*Password:* Pw1secret")
