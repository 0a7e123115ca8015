"""Logins of other accounts that stand beside a proxy."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.proxy_parsing.reader import Clear, Unclear, read_proxy
from tests.domain.proxy_parsing.examples import READ, WITHOUT_LOGIN
from tests.domain.proxy_parsing.strategies import refusal, sees

SHOP = "Login: shop1\nPassword: Pw2secret"
OF_SHOP = replace(READ, user="shop1", password="Pw2secret")
OWN = "Proxy login: ana\nProxy password: Pw1secret"
PROXY = "Proxy: 203.0.113.7:8000"


@pytest.mark.parametrize(
    "text",
    [
        f"{SHOP}\n{PROXY}\n{OWN}",
        f"{OWN}\n{SHOP}\n{PROXY}",
        f"{SHOP}\n{PROXY}\nProxy login/password: ana / Pw1secret",
        "Логин: shop1\nПароль: Pw2secret\nПрокси: 203.0.113.7:8000\nЛогин прокси: ana\nПароль прокси: Pw1secret",
        "Логин (ЛК): shop1\nПароль (ЛК): Pw2secret\nЛогин (прокси): ana\nПароль (прокси): Pw1secret\n203.0.113.7:8000",
        "login: shop1 / password: Pw2secret / proxy: 203.0.113.7:8000 / proxy user: ana / proxy pass: Pw1secret",
        "账号：shop1\n密码：Pw2secret\n代理：203.0.113.7:8000\n代理账号：ana\n代理密码：Pw1secret",
        "Game login: shop1\nGame password: Pw2secret\nip: 203.0.113.7\nport: 8000\nlogin: ana\npassword: Pw1secret",
    ],
)
def test_the_login_that_is_said_to_be_the_proxys_is_read(text: str) -> None:
    assert read_proxy(text) == Clear(READ)


def test_where_either_of_two_may_be_its_own_both_are_asked_about() -> None:
    text = f"{SHOP}\n{PROXY}\nLogin: ana\nPassword: Pw1secret"
    assert read_proxy(text).ways == (READ, OF_SHOP)


def test_a_login_in_front_of_each_of_two_proxies_is_that_ones() -> None:
    text = f"Login: ana\nPassword: Pw1secret\n{PROXY}\nLogin: bob\nPassword: Pw2secret\nProxy: 198.51.100.7:8001"
    assert read_proxy(text) == Clear(READ, several=True)


def test_the_password_of_the_other_account_is_still_known_for_one() -> None:
    text = f"{SHOP}\n{PROXY}\n{OWN}"
    assert sees(text, "Pw2secret")


@pytest.mark.parametrize(
    "text",
    [
        "прокси 203.0.113.7:8000 (IP-auth). Профиль: логин shop1 пароль Pw2secret",
        "203.0.113.7:8000 account login shop1 pass Pw2secret",
        f"{PROXY}\nInstagram login: shop1 password: Pw2secret",
        f"{PROXY}\nЛичный кабинет: логин shop1 пароль Pw2secret",
        f"{PROXY}\nдоступ в панель: логин shop1, пароль Pw2secret",
        f"{PROXY}\nЛогин (инста): shop1\nПароль (инста): Pw2secret",
        f"Steam\n{SHOP}\n\n{PROXY}",
    ],
)
def test_a_login_that_is_said_to_be_of_an_account_is_asked_about(text: str) -> None:
    assert read_proxy(text) == Unclear((WITHOUT_LOGIN, OF_SHOP))


@pytest.mark.parametrize(
    "text",
    [
        "profile: shop1:Pw2secret\n203.0.113.7:8000",
        "Facebook shop1:Pw2secret 203.0.113.7:8000",
    ],
)
def test_so_is_one_in_front_of_the_address(text: str) -> None:
    assert read_proxy(text) == Unclear((OF_SHOP, WITHOUT_LOGIN))


@pytest.mark.parametrize(
    "text",
    [
        f"Профиль 12\n{PROXY}\nлогин ana пароль Pw1secret",
        f"{PROXY}\nAccount: ana\nPassword: Pw1secret",
        "для профиля facebook 203.0.113.7:8000 логин ana пароль Pw1secret",
        "facebook proxy: 203.0.113.7:8000 login ana pass Pw1secret",
        "Proxy for Instagram\nHost: 203.0.113.7\nPort: 8000\nLogin: ana\nPassword: Pw1secret",
        "Instagram 203.0.113.7:8000:ana:Pw1secret",
        f"{PROXY}\nДоступ: логин ana пароль Pw1secret",
    ],
)
def test_what_a_proxy_is_for_says_nothing_of_its_login(text: str) -> None:
    assert read_proxy(text) == Clear(READ)


def test_the_name_of_an_account_is_no_user() -> None:
    assert refusal("203.0.113.7:8000\nлогин инсты shop1 пароль Pw2secret").reason == "unreadable"
