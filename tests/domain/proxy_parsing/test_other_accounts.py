"""Logins of other accounts that stand beside a proxy."""

from __future__ import annotations

import pytest

from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.finder import find_labelled_passwords
from bot.domain.proxy_parsing.reader import Clear, read_proxy

READ = Custom("203.0.113.7", 8000, None, "ana", "Pw1secret")
SHOP = "Login: shop1\nPassword: Pw2secret"
OWN = "Proxy login: ana\nProxy password: Pw1secret"
ADDRESS = "Proxy: 203.0.113.7:8000"


@pytest.mark.parametrize(
    "text",
    [
        f"{SHOP}\n{ADDRESS}\n{OWN}",
        f"{OWN}\n{SHOP}\n{ADDRESS}",
        f"{SHOP}\n{ADDRESS}\nProxy login/password: ana / Pw1secret",
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
    other = Custom("203.0.113.7", 8000, None, "shop1", "Pw2secret")
    text = f"{SHOP}\n{ADDRESS}\nLogin: ana\nPassword: Pw1secret"
    assert read_proxy(text).ways == (READ, other)


def test_a_login_in_front_of_each_of_two_proxies_is_that_ones() -> None:
    text = f"Login: ana\nPassword: Pw1secret\n{ADDRESS}\nLogin: bob\nPassword: Pw2secret\nProxy: 198.51.100.7:8001"
    assert read_proxy(text) == Clear(READ, several=True)


def test_the_password_of_the_other_account_is_still_known_for_one() -> None:
    text = f"{SHOP}\n{ADDRESS}\n{OWN}"
    assert "Pw2secret" in {text[start:end] for start, end in find_labelled_passwords(text)}
