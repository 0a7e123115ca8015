"""Where the password of a labelled login begins and ends, in a sentence and in lines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.proxy_parsing.reader import Clear, Unclear, read_proxy
from tests.domain.proxy_parsing.examples import ADDRESS, ASKED, READ, SOCKS5
from tests.domain.proxy_parsing.strategies import refusal


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
        "203.0.113.7:8000 логин/пароль ana:Pw1secret, скорость 30 мбит",
        "host 203.0.113.7 port 8000 login ana password Pw1secret — rotation: https://gate.example/api/rot/33/77ab12",
        "203.0.113.7:8000\nLOGIN=ana PASS=Pw1secret EXP=2026-12-28",
    ],
)
def test_neither_the_sign_of_a_sentence_nor_what_follows_is_a_part_of_the_password(text: str) -> None:
    assert read_proxy(text) == Clear(READ)


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
        "*login:* ana *password:* Pw1secret* 203.0.113.7:8000",
        "**login:** ana **password:** Pw1secret** 203.0.113.7:8000",
        "203.0.113.7:8000\n_Login:_ ana\n_Password:_ Pw1secret_",
    ],
)
def test_a_password_that_may_end_earlier_or_later_is_asked_for(text: str) -> None:
    assert read_proxy(text) == Clear(ASKED)


def test_so_is_one_before_a_comma_between_labels_that_only_spaces_part() -> None:
    text = "203.0.113.7:8000 login ana password Pw1secret, type socks5"
    assert read_proxy(text) == Clear(replace(SOCKS5, password=None))


def test_a_login_of_something_else_in_the_sentence_before_is_not_taken() -> None:
    text = "Server of the panel 203.0.113.9, login bob, password Pw1secret. Proxy: 203.0.113.7:8000 ana:Pw2secret"
    assert refusal(text).reason == "unreadable"


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
    assert read_proxy(text) == Clear(replace(READ, host="gate.example"))


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
    assert read_proxy(text) == Clear(SOCKS5)


@pytest.mark.parametrize(
    "text",
    [
        "login =ana password =Pw1secret host =203.0.113.7 port =8000",
        "login: ana\npassword :Pw1secret\nhost: 203.0.113.7\nport: 8000",
        "user==ana pass==Pw1secret host==203.0.113.7 port==8000",
        f"{ADDRESS}\nuser==ana\npass==Pw1secret",
        f"{ADDRESS}\nuser=>ana\npass=>Pw1secret",
        f"{ADDRESS}\nlogin:: ana\npass:: Pw1secret",
        "*login:* ana *password:* Pw1secret 203.0.113.7:8000",
    ],
)
def test_a_sign_that_every_label_has_is_no_part_of_a_value(text: str) -> None:
    assert read_proxy(text) == Clear(READ)


@pytest.mark.parametrize(
    "text",
    [
        "login ana+shop password =Pw1secret= host 203.0.113.7 port 8000",
        "login ana+shop password :Pw1secret host 203.0.113.7 port 8000",
        "user=ana+shop pass==Pw1secret host=203.0.113.7 port=8000",
    ],
)
def test_a_password_that_may_begin_with_a_sign_that_no_other_label_has_is_asked_for(text: str) -> None:
    assert read_proxy(text) == Clear(replace(ASKED, user="ana+shop"))


@pytest.mark.parametrize(
    "labels",
    [
        "user=ana\npass==x=",
        "login: ana\npass::Pw1",
        "login: ana\npass=>Pw1",
        "user=ana\npassword==Pw1",
        "login: ana\npass: :Pw1secret:",
    ],
)
def test_a_password_that_may_begin_with_the_end_of_a_sign_is_asked_for(labels: str) -> None:
    assert read_proxy(f"{ADDRESS}\n{labels}") == Clear(ASKED)


def test_a_user_that_may_begin_with_it_is_asked_about() -> None:
    text = f"{ADDRESS}\nlogin==ana\npass=Pw1secret"
    assert read_proxy(text) == Unclear((READ, replace(READ, user="=ana")))


@pytest.mark.parametrize("password", ["=x=", "x==", "-Pw1secret-"])
def test_a_password_keeps_its_signs_behind_a_sign_with_a_space(password: str) -> None:
    assert read_proxy(f"{ADDRESS}\nlogin: ana\npass: {password}") == Clear(replace(READ, password=password))


def test_a_user_with_one_mark_of_two_is_not_read() -> None:
    assert refusal("203.0.113.7:8000\n*Login:* ana*\n*Password:* Pw1secret").reason == "unreadable"
